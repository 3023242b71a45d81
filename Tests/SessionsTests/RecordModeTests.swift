import Attempts
import Foundation
import Models
import Script
import Sessions
import TestWorld
import Testing

/// What each mode's doc comment says, through whole takes.
@Suite struct `a record mode` {
  /// A saved session of one take that a scripted model answered.
  private func recorded() async throws -> String {
    let folder = try Scratch.newFolder()
    let session = try await sitting(in: folder, script: `a record mode`.replies("recorded"))
    try await session.useModel(ModelName(.scripted))
    _ = try await session.run(django, through: .edits)
    _ = try await session.save(to: "x.ramp", force: false)
    return try contents("\(folder)/x.ramp")
  }

  private static func replies(_ text: String) -> String { "-- scripted/any/1 repeat no-eol --\n\(text)\n" }

  /// A replay in which the live model answers `live`, ready to run.
  private func session(_ text: String, _ mode: RecordMode?, live: Bool = false) async throws -> Session {
    let session = try await sitting(script: text + `a record mode`.replies("live"), mode: mode, live: live)
    try await session.useModel(ModelName(.scripted))
    return session
  }

  private func reply(_ session: Session) async throws -> String? {
    try await session.run(django, through: .edits).chain.reply?.text
  }

  @Test func `none answers from recordings alone, and is the mode of a file that holds replies`() async throws {
    for mode in [nil, RecordMode.none] {
      let session = try await session(recorded(), mode)
      #expect(await session.recordMode == RecordMode.none)
      #expect(try await reply(session) == "recorded")
      await #expect(throws: SessionError.self) { try await session.run(django, through: .edits) }
      #expect(await session.takes[django]?.count == 1)
    }
  }

  @Test func `none refuses even the first where nothing was recorded`() async throws {
    let session = try await session("", RecordMode.none)
    await #expect(throws: SessionError.self) { try await session.run(django, through: .edits) }
  }

  @Test func `once answers from recordings alone where there are any`() async throws {
    let session = try await session(recorded(), .once)
    #expect(try await reply(session) == "recorded")
    await #expect(throws: SessionError.self) { try await session.run(django, through: .edits) }
  }

  @Test func `once asks the model where nothing is recorded, and keeps the replies`() async throws {
    let session = try await session("run \(django) --through edits\n", .once)
    #expect(try await reply(session) == "live")
    let file = try #require(try await session.rerecorded(at: "x.ramp")?.last)
    let again = try ScriptFile.parse(file.bytes, name: "x.ramp")
    #expect(again.text == "run \(django) --through edits\n")
    #expect(again.section("reply", "\(django)/1.1")?.text == "live")
    #expect(again.section("scripted", "any/1") != nil)
  }

  @Test func `new_episodes asks the model for what was not recorded, and keeps both`() async throws {
    let session = try await session(recorded(), .newEpisodes)
    #expect(try await reply(session) == "recorded")
    #expect(try await reply(session) == "live")
    let file = try ScriptFile.parse(try #require(try await session.rerecorded(at: "x.ramp")?.last).bytes, name: "x")
    #expect(file.sections.filter { $0.kind == "reply" }.map(\.text) == ["recorded", "live"])
    #expect(file.sections.filter { $0.kind == "prompt" }.count == 2)
  }

  @Test func `all always asks the model, and keeps the replies anew`() async throws {
    let session = try await session(recorded(), .all)
    #expect(try await reply(session) == "live")
    let file = try ScriptFile.parse(try #require(try await session.rerecorded(at: "x.ramp")?.last).bytes, name: "x")
    #expect(file.sections.filter { $0.kind == "reply" }.map(\.text) == ["live"])
    #expect(file.section("row", django) != nil)
  }

  @Test func `plays no part where the model is asked live`() async throws {
    let session = try await session(recorded(), RecordMode.none, live: true)
    #expect(await session.recordMode == nil)
    #expect(try await reply(session) == "live")
  }

  @Test func `that had nothing to ask leaves the file as it was`() async throws {
    let folder = try Scratch.newFolder()
    let first = try await sitting(in: folder)
    _ = try await first.run(flask, through: .edits)
    _ = try await first.save(to: "x.ramp", force: false)
    let text = try contents("\(folder)/x.ramp")
    let session = try await sitting(script: text, mode: .once)
    _ = try await session.run(flask, through: .edits)
    #expect(try await session.rerecorded(at: "x.ramp") == nil)
  }
}

@Suite struct `a recorded model` {
  @Test func `is the replies of a session file`() async throws {
    let folder = try Scratch.newFolder()
    let first = try await sitting(in: folder)
    _ = try await first.run(django, through: .edits)
    _ = try await first.save(to: "x.ramp", force: false)
    let session = try await sitting(in: folder)
    try await session.useModel(ModelName(.recorded, "x.ramp"))
    #expect(
      try await session.run(django, through: .edits).chain.reply == (await first.takes[django])?.last?.chain.reply)
    #expect(
      await said { try await session.run(django, through: .edits) }.hasPrefix(
        "no reply was recorded for this prompt of \(django); the nearest, \(django)/1.1, differs in the sampling: "
          + "model.seed (recorded 1, now 2), model.temperature (recorded 0.0, now 0.5)\n"))
    let again = Session(host: try testHost(), permissions: Permissions(isScript: false))
    try await again.useModel(ModelName(.recorded, "\(folder)/x.ramp"))
    _ = try await again.run(django, through: .edits)
    #expect(
      await said { try await again.rerun(from: .reply, through: .edits) }.hasPrefix(
        "this prompt of \(django) was recorded 1 times and is asked once more\n"))
  }

  @Test func `needs a file with replies`() async throws {
    let folder = try Scratch.newFolder()
    try "run x\n".write(toFile: "\(folder)/empty.ramp", atomically: true, encoding: .utf8)
    let session = try await sitting(in: folder)
    #expect(
      await said { try await session.useModel(ModelName(.recorded, "empty.ramp")) }.hasPrefix("no section `reply/...`"))
    #expect(
      await said { try ModelName(parsing: "recorded") }
        == "the model `recorded` needs a file\n`model use recorded:FILE`")
  }
}
