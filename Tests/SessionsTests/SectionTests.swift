import Attempts
import Foundation
import Models
import Script
import Sessions
import TestWorld
import Testing

@Suite struct `a session's section` {
  private func saved() async throws -> String {
    let folder = try Scratch.newFolder()
    let session = try await sitting(in: folder)
    _ = try await session.run(flask, through: .edits)
    _ = try await session.rerun(
      from: nil, through: .edits, tweak: Tweak(stage: .reply, text: "no edit in this one\n"))
    _ = try await session.save(to: "x.ramp", force: false)
    return try contents("\(folder)/x.ramp")
  }

  private func without(_ title: String, _ text: String) throws -> String {
    let file = try ScriptFile.parse(Array(text.utf8), name: "x.ramp")
    let kept = file.sections.filter { $0.title != title }
    return String(decoding: try ScriptFile(text: file.text, sections: kept).serialized(), as: UTF8.self)
  }

  @Test func `that a line needs and that is missing is named with what is there`() async throws {
    let session = try await sitting(script: without("tweak/\(flask)/1.2", saved()), isScript: true)
    _ = try await session.run(flask, through: .edits)
    #expect(
      await said { try await session.tweakText(.reply, section: nil, file: nil) } == """
        no section `tweak/\(flask)/1.2`; there are row/\(flask), template/feedback, template/repair, template/skills, reply/\(flask)/1.1, \
        prompt/\(flask)/1.1
        add `-- tweak/\(flask)/1.2 --` and its text below the commands, or name a file with `--file`
        """)
    #expect(
      await said { try await session.tweakText(.reply, section: "mine", file: nil) }.hasPrefix(
        "no section `tweak/mine`"))
  }

  @Test func `of scripted replies that is missing is named when the model is chosen`() async throws {
    #expect(
      await said { try await sitting(script: "run x\n").useModel(ModelName(.scripted)) } == """
        no section `scripted/any`
        add `-- scripted/any --` and its text below the commands, or name a file with `--file`
        """)
  }

  @Test func `that was never used is known`() async throws {
    let session = try await sitting(script: saved() + "-- row/o__n-1 --\n{}\n-- tweak/old --\nx\n", isScript: true)
    #expect(await session.unusedSections().count == 9)
    _ = try await session.run(flask, through: .edits)
    _ = try await session.tweakText(.reply, section: nil, file: nil)
    #expect(await session.unusedSections().map(\.title) == ["row/o__n-1", "tweak/old"])
  }

  @Test func `of a reply or prompt counts as used where the model is asked`() async throws {
    let session = try await sitting(script: saved(), live: true, isScript: true)
    _ = try await session.run(flask, through: .edits)
    #expect(await session.unusedSections().map(\.title) == ["tweak/\(flask)/1.2"])
  }

  @Test func `that was edited no longer fits its hash, and the file is refused`() async throws {
    let text = try await saved().replacing("no edit in this one", with: "an edit in this one")
    #expect(
      await said { try ScriptFile.parse(Array(text.utf8), name: "x.ramp") }.contains(
        "and its header says"))
    #expect(
      await said { try ScriptFile.parse(Array(text.utf8), name: "x.ramp") }.hasSuffix(
        "to accept the edit, remove `sha256=...` from the header"))
  }

  @Test(arguments: [" request=[0-9a-f]+", " model=\"[^\"]+\""])
  func `of a reply whose header lacks what a replay needs is named`(attribute: String) async throws {
    let header = try await saved().replacing(try Regex(attribute), with: "")
    let session = try await sitting(script: header, isScript: true)
    #expect(
      await said { try await session.run(flask, through: .edits) } == """
        section reply/\(flask)/1.1 cannot be read: its header needs `request=HASH` and `model=NAME`
        check the path and its permissions
        """)
  }

  @Test func `of a row that is none is named`() async throws {
    let session = try await sitting(script: "run o__n-1\n-- row/o__n-1 --\n{\"instance_id\": \"o__n-1\"}\n")
    #expect(
      await said { try await session.run("o__n-1", through: .edits) }.hasPrefix(
        "section row/o__n-1 cannot be read: "))
  }

  @Test func `of a template takes the place of the built-in one of its name`() async throws {
    let session = try await sitting(script: "-- template/repair --\n[[user]]\nMend it: {{ issue }}\n")
    #expect(try await session.template("repair").source == "[[user]]\nMend it: {{ issue }}\n")
    #expect(await session.templates().filter { $0.name == "repair" }.map(\.place) == ["the session"])
    #expect(try await sitting().template("repair").source != "[[user]]\nMend it: {{ issue }}\n")
  }
}

@Suite struct `a parameter` {
  @Test func `that the program was given is not changed by the script`() async throws {
    let session = try await sitting()
    await session.param("budget", "1")
    await session.fix(["model": "gold"])
    await session.param("model", "practice")
    await session.param("budget", "2")
    #expect(await session.parameters == ["budget": "2", "model": "gold"])
  }
}

@Suite struct `a sourced script` {
  @Test func `lends its sections and its folder for as long as it runs`() async throws {
    let folder = try Scratch.newFolder()
    let session = try await sitting(in: folder)
    try FileManager.default.createDirectory(atPath: "\(folder)/below", withIntermediateDirectories: false)
    try "-- tweak/mine --\nhello\n".write(toFile: "\(folder)/below/s.ramp", atomically: true, encoding: .utf8)
    _ = try await session.run(flask, through: .workspace)
    let text = try await session.sourcing("below/s.ramp") { _ in
      #expect(await session.path("x") == "\(folder)/below/x")
      return try await session.tweakText(.reply, section: "mine", file: nil).text
    }
    #expect(text == "hello\n")
    #expect(await session.path("x") == "\(folder)/x")
    await #expect(throws: SessionError.self) { try await session.tweakText(.reply, section: "mine", file: nil) }
  }

  @Test func `may not source itself for ever`() async throws {
    let folder = try Scratch.newFolder()
    let session = try await sitting(in: folder)
    try "source s.ramp\n".write(toFile: "\(folder)/s.ramp", atomically: true, encoding: .utf8)
    @Sendable func down() async throws { try await session.sourcing("s.ramp") { _ in try await down() } }
    #expect(
      await said { try await down() }
        == "\(folder)/s.ramp is played from itself, or more than 16 deep\nremove the circle")
  }
}
