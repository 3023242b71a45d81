import Attempts
import Content
import Context
import Foundation
import Instances
import Models
import Script
import Sessions
import TestWorld
import Testing

@testable import Sessions

@Suite struct `a saved session's lines` {
  private func commands(
    _ entries: [Entry], settings: [(name: String, value: String)] = [], takes: [String: [Take]] = [:]
  ) -> [String] {
    let text = SessionWriter(
      entries: entries, settings: settings, made: takes.values.flatMap(\.self).map { MadeTake(take: $0, batch: nil) }
    ).commands().text
    return text.split(separator: "\n").dropFirst().map(String.init)
  }

  private func entry(_ line: String, _ kind: Entry.Kind) -> Entry { Entry(line: line, kind: kind) }

  private let take = Entry(line: "run i", kind: .takes(instanceID: "i", ids: [TakeID(attempt: 1, take: 1)]))

  @Test func `are those that changed something, under the settings that the sitting began with`() {
    let lines = commands(
      [
        entry("show prompt", .looks), entry("set format lines", .changes(slot: "set format")), take,
        entry("attempts", .looks), entry("note 'a; b'", .remarks),
      ], settings: [("context.budget", "5000"), ("repositories", "/my mirrors")])
    #expect(
      lines == [
        "set context.budget 5000", "set repositories '/my mirrors'", "set format lines", "run i", "note 'a; b'",
      ])
  }

  @Test func `hold as comments what a later line made meaningless before any take`() {
    func set(_ value: String) -> Entry { entry("set format \(value)", .changes(slot: "set format")) }
    #expect(
      commands([set("lines"), set("whole"), entry("note x", .remarks), set("search"), take, set("lines")]) == [
        "# superseded: set format lines", "# superseded: set format whole", "note x", "set format search", "run i",
        "set format lines",
      ])
  }

  @Test func `hold as comments what was added and taken back with no take between`() {
    let add = entry("context add a.py", .changes(slot: "context add i a.py"))
    let drop = entry("context drop a.py", .undoes(slot: "context add i a.py"))
    #expect(
      commands([add, drop, add, take, drop, drop]) == [
        "# superseded: context add a.py", "# superseded: context drop a.py", "context add a.py", "run i",
        "context drop a.py", "context drop a.py",
      ])
    let both = entry("context drop a.py b.py", .changes(slot: nil))
    #expect(commands([add, both, drop, take]).allSatisfy { !$0.hasPrefix("#") })
  }

  @Test func `leave out as a comment what concerns an instance without takes`() {
    let change = entry("context add a.py --instance j", .changes(slot: "context add j a.py", of: "j"))
    #expect(commands([change, take])[0] == "# no take was made of it: context add a.py --instance j")
  }

  @Test func `say what a take came to once, and what was expected of each`() async throws {
    let session = try await sitting()
    let first = try await session.run(django, through: .feedback)
    let second = try await session.rerun(from: nil, through: .patch)
    let hash = try #require(first.chain.patch?.hash.short)
    let lines = commands(
      [
        entry("run \(django)", .takes(instanceID: django, ids: [first.id])),
        entry("expect verdict unresolved", .expects), entry("expect attempts 1", .expects),
        entry("expect attempts 1", .expects),
        entry("rerun --through patch", .takes(instanceID: django, ids: [second.id])),
        entry("expect attempts 1", .expects),
      ], takes: [django: [first, second]])
    #expect(
      lines == [
        "run \(django)", "expect verdict unresolved", "expect failure logic_error", "expect patch \(hash)",
        "expect attempts 1", "rerun --through patch", "expect patch \(hash)", "expect attempts 1",
      ])
  }
}

@Suite struct `a saved session` {
  /// A sitting of two takes that knows its lines, as the interpreter would have written them down.
  private func twoTakes(in folder: String? = nil) async throws -> Session {
    let session = try await sitting(in: folder)
    let first = try await session.run(django, through: .feedback)
    await session.remember(Entry(line: "run \(django)", kind: .takes(instanceID: django, ids: [first.id])))
    _ = try await session.addContext([Span(parsing: secondPlace)], of: nil)
    await session.remember(Entry(line: "context add \(secondPlace)", kind: .changes(slot: "c")))
    let second = try await session.rerun(from: nil, through: .feedback)
    await session.remember(Entry(line: "rerun", kind: .takes(instanceID: django, ids: [second.id])))
    return session
  }

  @Test func `pins rows, templates, replies and prompts, each with its hash`() async throws {
    let folder = try Scratch.newFolder()
    let saved = try await twoTakes(in: folder).save(to: "two.ramp", force: false)
    #expect(saved.path == "\(folder)/two.ramp")
    #expect((saved.commands, saved.expectations, saved.replies) == (3, 5, 2))
    #expect(saved.recording == nil)
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: saved.path)))
    #expect(saved.bytes == bytes.count)
    let file = try ScriptFile.parse(bytes, name: "two.ramp")
    #expect(
      file.sections.map(\.title) == [
        "row/\(django)", "template/feedback", "template/repair", "template/skills", "reply/\(django)/1.1",
        "prompt/\(django)/1.1", "reply/\(django)/1.2",
        "prompt/\(django)/1.2",
      ])
    #expect(file.sections.allSatisfy { $0[attribute: "sha256"]?.count == 64 })
    #expect(file.serialized() == bytes)
  }

  @Test func `takes the place of a session, and of another file only by force`() async throws {
    let folder = try Scratch.newFolder()
    let session = try await twoTakes(in: folder)
    _ = try await session.save(to: "two.ramp", force: false)
    _ = try await session.save(to: "two.ramp", force: false)
    try "my notes\n".write(toFile: "\(folder)/notes", atomically: true, encoding: .utf8)
    #expect(
      await said { try await session.save(to: "notes", force: false) }
        == "notes is there already\n`save --force notes` takes its place")
    #expect(try contents("\(folder)/notes") == "my notes\n")
    _ = try await session.save(to: "notes", force: true)
    #expect(try contents("\(folder)/notes").hasPrefix(ScriptFile.header))
  }

  @Test func `is written by a script below its own folder alone`() async throws {
    let folder = try Scratch.newFolder()
    let session = try await sitting(in: folder, isScript: true)
    _ = try await session.run(django, through: .workspace)
    try FileManager.default.createDirectory(atPath: "\(folder)/below", withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/out", withDestinationPath: "/tmp")
    _ = try await session.save(to: "below/x.ramp", force: false)
    for path in ["../x.ramp", "/tmp/x.ramp", "out/x.ramp", "below/../../x.ramp"] {
      let text = await said { try await session.save(to: path, force: false) }
      #expect(text.contains("lies outside the script's folder"))
      #expect(text.hasSuffix("`ramp --allow-write SCRIPT` lets a script write anywhere"))
    }
  }

  @Test func `refuses two rows of one id, of which it could replay one`() async throws {
    let session = try await sitting()
    _ = try await session.run(django, through: .workspace)
    var row = try await session.instance(django).instance
    row.problemStatement = "another text"
    let path = try Scratch.newFolder() + "/rows.json"
    try JSONEncoder().encode(row).write(to: URL(fileURLWithPath: path))
    _ = try await session.load(path)
    _ = try await session.run(django, through: .context)
    #expect(
      await said { try await session.save(to: "x.ramp", force: false) } == """
        takes were made of different contents of row \(django), and a session can hold one of each
        begin a new sitting for the other one
        """)
  }

  @Test func `keeps a template that only a sourced script had`() async throws {
    let folder = try Scratch.newFolder()
    let session = try await sitting(in: folder)
    let script =
      "template use mine\n-- template/mine --\nMend: {{ issue }}\n{{ format }}{% for file in files %}{{ file.text }}{% endfor %}\n"
    try script.write(toFile: "\(folder)/steps.ramp", atomically: true, encoding: .utf8)
    _ = try await session.sourcing("steps.ramp") { _ in
      _ = try await session.set("template", to: "mine")
      return try await session.run(django, through: .prompt)
    }
    _ = try await session.save(to: "x.ramp", force: false)
    let file = try ScriptFile.parse(Array(contents("\(folder)/x.ramp").utf8), name: "x")
    #expect(file.section("template", "mine")?.text.hasPrefix("Mend: ") == true)
  }

  @Test func `has the text of the tweak that was made, not of one that was kept`() async throws {
    let folder = try Scratch.newFolder()
    let session = try await sitting(in: folder)
    _ = try await session.run(django, through: .edits)
    _ = try await session.rerun(from: nil, through: .edits, tweak: Tweak(stage: .prompt, text: "[[user]]\nhello\n"))
    _ = try await session.rerun(from: nil, through: .edits, tweak: Tweak(stage: .reply, text: "no edit"))
    _ = try await session.save(to: "x.ramp", force: false)
    let file = try ScriptFile.parse(Array(contents("\(folder)/x.ramp").utf8), name: "x")
    #expect(file.section("tweak", "\(django)/1.2")?[attribute: "stage"] == "prompt")
    #expect(file.section("tweak", "\(django)/1.3")?.text == "no edit")
  }
}

@Suite struct `a session above 1 MB` {
  /// A sitting whose replies are together larger than a session file may be.
  private func large(in folder: String) async throws -> Session {
    let session = try await sitting(in: folder)
    let reply = String(repeating: String(repeating: "no edit, ", count: 300) + "\r\n", count: 400)
    try reply.write(toFile: "\(folder)/reply.md", atomically: true, encoding: .utf8)
    try await session.useModel(ModelName(.scripted, "reply.md"))
    await session.remember(Entry(line: "model use scripted:reply.md", kind: .changes(slot: "model use")))
    let take = try await session.run(django, through: .edits)
    await session.remember(
      Entry(line: "run \(django) --through edits", kind: .takes(instanceID: django, ids: [take.id])))
    return session
  }

  @Test func `has its replies and prompts in a recording beside it, and replays from there`() async throws {
    let folder = try Scratch.newFolder()
    let session = try await large(in: folder)
    let saved = try await session.save(to: "big.ramp", force: false)
    #expect(saved.recording == "\(folder)/big.recording.jsonl")
    #expect(saved.bytes < 100_000)
    #expect(saved.replies == 1)
    let again = try await sitting(in: folder, script: contents("\(folder)/big.ramp"), isScript: true)
    #expect(await again.recordMode == RecordMode.none)
    try FileManager.default.removeItem(atPath: "\(folder)/reply.md")
    try await again.useModel(ModelName(.scripted, "reply.md"))
    let take = try await again.run(django, through: .edits)
    #expect(take.records.map(\.content) == (await session.takes[django]?.last)?.records.map(\.content))
    #expect(await again.unusedSections().isEmpty)
  }

  @Test func `says that its recording is gone, or another`() async throws {
    let folder = try Scratch.newFolder()
    _ = try await large(in: folder).save(to: "big.ramp", force: false)
    let path = "\(folder)/big.recording.jsonl"
    try (try contents(path) + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    let text = try contents("\(folder)/big.ramp")
    #expect(
      await said { try await sitting(in: folder, script: text) } == """
        \(path) is not the recording that the session was saved with
        bring back the one it was saved with, or remove `of=...` from the section's header to accept it
        """)
    try "{}\n".write(toFile: path, atomically: true, encoding: .utf8)
    let accepted = text.replacing(/\ of=[0-9a-f]+/, with: "")
    #expect(
      await said { try await sitting(in: folder, script: accepted) }.hasPrefix(
        "\(path):1 cannot be read: it is no line of a recording"))
    try FileManager.default.removeItem(atPath: path)
    #expect(await said { try await sitting(in: folder, script: text) }.hasPrefix("no file \(path)"))
  }

  @Test func `leaves a recording that it no longer names alone`() async throws {
    let folder = try Scratch.newFolder()
    _ = try await large(in: folder).save(to: "big.ramp", force: false)
    let small = try await sitting(in: folder)
    _ = try await small.run(django, through: .edits)
    // It is another sitting's.
    #expect(await said { try await small.save(to: "big.ramp", force: false) }.contains("is there already"))
    #expect(try await small.save(to: "big.ramp", force: true).recording == nil)
    let again = try await sitting(in: folder, script: contents("\(folder)/big.ramp"))
    _ = try await again.run(django, through: .edits)
  }

  @Test func `is recorded anew into a recording`() async throws {
    let folder = try Scratch.newFolder()
    _ = try await large(in: folder).save(to: "big.ramp", force: false)
    let text = try contents("\(folder)/big.ramp")
    let again = try await sitting(in: folder, script: text, mode: .all, isScript: true)
    try await again.useModel(ModelName(.scripted, "reply.md"))
    _ = try await again.run(django, through: .edits)
    #expect(try await again.rerecorded(at: "\(folder)/big.ramp") == nil)
    // Another reply makes another recording, whose hash the session has.
    let other = try contents("\(folder)/reply.md") + "more\n"
    try Data(other.utf8).write(to: URL(fileURLWithPath: "\(folder)/reply.md"))
    let more = try await sitting(in: folder, script: text, mode: .all, isScript: true)
    try await more.useModel(ModelName(.scripted, "reply.md"))
    _ = try await more.run(django, through: .edits)
    let files = try #require(try await more.rerecorded(at: "\(folder)/big.ramp"))
    #expect(files.map(\.path) == ["\(folder)/big.recording.jsonl", "\(folder)/big.ramp"])
    for file in files { try Data(file.bytes).write(to: URL(fileURLWithPath: file.path)) }
    let replayed = try await sitting(in: folder, script: contents("\(folder)/big.ramp"))
    try await replayed.useModel(ModelName(.scripted, "reply.md"))
    #expect(try await replayed.run(django, through: .edits).chain.reply?.text == other)
  }
}
