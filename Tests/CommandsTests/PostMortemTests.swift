import Attempts
import Content
import Context
import Foundation
import Journal
import Prompts
import Sessions
import TestWorld
import Testing

@testable import Commands

/// A sitting in which a batch of the two practice rows was run: the first is not resolved, the second in its second
/// attempt.
private func afterBatch(_ journal: String? = nil) async throws -> Sitting {
  var host = try testHost()
  if let journal { host.journal = try Journal(at: journal, migrations: SessionTables.migrations) }
  let sitting = try await Sitting(host: host)
  try await sitting.type("batch \(django) \(flask) --model practice --attempts 2")
  return sitting
}

/// Everything that the journal keeps of batches: their takes with each stage, and what their instances came to.
private func campaign(_ session: Session) throws -> [String] {
  let journal = session.host.journal
  let tables = [
    "SELECT * FROM take WHERE sitting LIKE 'batch %' ORDER BY sitting, instance_id, attempt, take",
    "SELECT * FROM stage WHERE sitting LIKE 'batch %' ORDER BY sitting, instance_id, attempt, take, stage",
    "SELECT * FROM result ORDER BY key",
  ]
  return try tables.flatMap { try journal.rows($0) }.map { row in
    row.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "\n")
  }
}

@Suite struct `a batch that was run` {
  @Test func `can be looked at without being opened, and says how it is opened`() async throws {
    let sitting = try await afterBatch()
    #expect(
      await sitting.fault(of: "why") == """
        no instance is current; batch 1 has 1 that failed
        `open next` shows the first; `open ID` any other
        """)
    let attempts = try await sitting.type("attempts \(django)")
    let firsts = attempts.split(separator: "\n").map { $0.split(separator: " ").first.map(String.init) ?? "" }
    #expect(Array(firsts.prefix(3)) == ["TAKE", "1.1", "2.1"])
    #expect(attempts.hasSuffix("  of batch 1\n"))
    #expect(await sitting.session.current == nil)
  }

  @Test func `is walked by its failures`() async throws {
    let sitting = try await afterBatch()
    #expect(
      try await sitting.type("open next").hasPrefix("\(django), 2 takes of batch 1, unresolved, 1 of 1 that failed\n"))
    #expect(
      await sitting.fault(of: "open next") == """
        \(django) is the last of the 1 that failed in batch 1
        `open previous` goes the other way; `open ID` shows any of them
        """)
    #expect(try await sitting.type("open \(flask)").hasPrefix("\(flask), 2 takes of batch 1, resolved\n"))
    #expect(try await sitting.type("open previous").hasPrefix(django))
  }

  @Test func `shows every stage of a take as it was made, and why it failed`() async throws {
    let sitting = try await afterBatch()
    try await sitting.type("set context.budget 500; open \(django)")
    let take = try #require(await sitting.session.takes[django]?.last)
    #expect(try await sitting.type("show prompt 2.1 --raw") == take.chain.prompt?.prompt.rendered)
    #expect(try await sitting.type("diff prompt 1.1 2.1").contains("+"))
    #expect(try await sitting.type("why").hasPrefix("2.1  "))
    #expect(try await sitting.type("regrade").contains("2.1"))
    #expect(try await sitting.type("reparse 2.1").contains("2.1"))
  }

  @Test func `is reran with its own settings, and with what was set since; its record never changes`() async throws {
    let sitting = try await afterBatch()
    let before = try campaign(sitting.session)
    #expect(!before.isEmpty)
    // Set after the batch was run: it goes on top. What was typed on its line, the model, stays.
    try await sitting.type("set context.budget 8000; open \(django); context add \(secondPlace); rerun 1.1")
    let takes = await sitting.session.takes[django] ?? []
    #expect(takes.map(\.id.description) == ["1.1", "2.1", "1.2"])
    let made = try #require(takes.last)
    #expect(made.verdict?.word == .resolved)
    #expect(made.settings.model == "practice")
    #expect(made.settings.context.budget == 8000)
    #expect(takes.first?.settings.context.budget == 9000)
    #expect(made.changes.contains("context.budget 8000") && made.changes.contains("from 1.1"))
    #expect(await sitting.session.isSteered(made))
    #expect(
      try await sitting.type("tweak reply --file reply.md --take 2.1; show reply --raw", files: ["reply.md": "x"])
        == "x")
    #expect(await sitting.session.takes[django]?.last?.id.description == "2.2")
    #expect(try campaign(sitting.session) == before)
    #expect(
      await sitting.fault(of: "export predictions p.jsonl").hasPrefix("no attempt of this sitting has a reply\n"))
  }

  @Test func `leaves the sitting's own takes alone`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django); context add \(secondPlace); rerun")
    try await sitting.type("batch \(django) --model practice --attempts 1")
    #expect(try await sitting.type("open \(django)").hasPrefix("\(django), 1 take of batch 1, unresolved"))
    #expect(sitting.err.take().contains("were put aside"))
    // The take made of the batch's 1.1 is another than the sitting's own 1.2.
    try await sitting.type("rerun context")
    #expect(await sitting.session.takes[django]?.map(\.verdict?.word) == [.unresolved, .unresolved])
    try await sitting.type("open \(django) --own")
    #expect(await sitting.session.takes[django]?.map(\.verdict?.word) == [.unresolved, .resolved])
    try await sitting.type("export predictions p.jsonl")
    #expect(try sitting.read("p.jsonl").split(separator: "\n").count == 1)
    try await sitting.type("open \(django)")
    #expect(await sitting.session.takes[django]?.map(\.id.description) == ["1.1", "1.2"])
  }

  @Test func `answers what instances asks`() async throws {
    let sitting = try await afterBatch()
    func ids(_ line: String) async throws -> [String] {
      try await sitting.type(line).split(separator: "\n").dropFirst().compactMap {
        $0.split(separator: " ").first.map(String.init)
      }.filter { $0.contains("__") }
    }
    #expect(try await ids("instances --verdict unresolved") == [django])
    #expect(try await ids("instances --verdict resolved") == [flask])
    #expect(try await ids("instances --failure logic_error") == [django])
    let cause = try await sitting.type("open \(django); why --json", json: true)
    let kind = try #require(cause.firstMatch(of: /"cause":"([a-z_]+)"/)?.1)
    #expect(try await ids("instances --cause \(kind)") == [django])
    #expect(try await ids("instances --cause timeout") == [])
  }

  @Test func `is opened again by a sitting that goes on, by another, and by number`() async throws {
    let path = try Scratch.newFolder() + "/journal.sqlite"
    let first = try await afterBatch(path)
    try await first.type("open \(django); context add \(secondPlace); rerun 1.1")
    let takes = await first.session.takes[django] ?? []
    var host = try testHost()
    host.journal = try Journal(at: path, migrations: SessionTables.migrations)
    let second = try await Sitting(host: host)
    #expect(try await second.session.resume() == [])
    #expect(await second.session.takes[django] == takes)
    #expect(await second.session.current == django)
    try await second.type("rerun patch")
    #expect(await second.session.takes[django]?.last?.id.description == "1.3")
    // A sitting that knows nothing of it, in a journal that was carried elsewhere.
    let other = try await Sitting(host: host)
    try await other.type("open \(django)")
    #expect(await other.session.takes[django]?.map(\.id.description) == ["1.1", "2.1"])
    let listed = try await other.type("sittings").split(separator: "\n").map(String.init)
    // The first sitting, its batch, the second sitting, and this one.
    #expect(listed.count == 5)
    #expect(listed[1].contains("batch \(django) \(flask) --model practice --attempts 2"))
    #expect(listed[2].contains(/batch 1 +2 +4 +1 +1 +0/))
    try await other.type("sittings open 2")
    #expect(await other.session.current == django)
    try await other.type("sittings open 1")
    #expect(await other.session.takes[django]?.map(\.id.description) == ["1.1", "2.1", "1.2"])
    #expect(await other.fault(of: "sittings open 99").hasPrefix("the journal has no sitting 99: it knows "))
  }

  @Test func `is made again where neither its rows nor its templates are at hand`() async throws {
    let path = try Scratch.newFolder() + "/journal.sqlite"
    var host = try testHost()
    host.journal = try Journal(at: path, migrations: SessionTables.migrations)
    let planted = Planted(1) { _ in 2 }
    let first = try await Sitting(host: try Planted.host { _ in }.with(journal: host.journal))
    try first.write(try planted.rows(), to: "rows.jsonl")
    try first.write("# replies\n\(planted.replies)", to: "replies.ramp")
    try await first.type(
      "load rows.jsonl; template edit --file t.jinja; model use scripted:replies.ramp",
      files: ["t.jinja": "[[user]]\n{{ issue }}\nAnswer with SEARCH and REPLACE.\n"])
    try await first.type("batch --all --attempts 1")
    let id = planted.ids[0]
    // Another sitting in another folder, with nothing loaded.
    let second = try await Sitting(host: try Planted.host { _ in }.with(journal: host.journal))
    try await second.type("open \(id); why; rerun edits; attempts")
    #expect(await second.session.takes[id]?.map(\.id.description) == ["1.1", "1.2"])
    try await second.type("rerun prompt --through prompt")
    #expect(try await second.type("show prompt --raw").contains("Answer with SEARCH and REPLACE."))
  }
}

extension Sitting {
  /// The same with files that lines name.
  @discardableResult
  fileprivate func type(_ text: String, files: [String: String]) async throws -> String {
    for (name, text) in files { try write(text, to: name) }
    return try await type(text)
  }
}

@Suite struct `a take that goes on` {
  @Test func `is the same take, counts, and is asked as a first attempt is`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(flask) --through prompt; show prompt")
    #expect(try await sitting.type("attempts").contains("through prompt"))
    let prompt = try #require(await sitting.session.takes[flask]?.last?.chain.content(of: .prompt))
    try await sitting.type("continue")
    let takes = await sitting.session.takes[flask] ?? []
    #expect(takes.map(\.id.description) == ["1.1"])
    #expect(takes.last?.chain.content(of: .prompt) == prompt)
    #expect(takes.last?.settings.sampling(attempt: 1) == Settings().sampling(attempt: 1))
    #expect(takes.last.map { $0.records.allSatisfy { $0.how == .made } } == true)
    #expect(await sitting.session.isSteered(try #require(takes.last)) == false)
    try await sitting.type("export predictions p.jsonl")
    #expect(try sitting.read("p.jsonl").contains(flask))
    #expect(
      await sitting.fault(of: "continue") == """
        take 1.1 has its verdict, so nothing is left to go on with
        `run \(flask)` makes the next attempt, `rerun` a new take
        """)
    try await sitting.type("rerun")
    #expect(await sitting.session.takes[flask]?.map(\.id.description) == ["1.1", "1.2"])
  }

  @Test(arguments: ["rerun", "run \(flask)", "run \(flask) --attempts 1"])
  func `does so by other lines as well`(line: String) async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(flask) --through context; \(line)")
    let takes = await sitting.session.takes[flask] ?? []
    #expect(takes.map(\.id.description) == ["1.1"])
    #expect(takes.last?.verdict != nil)
    #expect(await sitting.session.isSteered(try #require(takes.last)) == false)
  }

  @Test func `takes in what was changed before the model answered, and not after`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django) --through prompt; context add \(secondPlace); continue")
    let take = try #require(await sitting.session.takes[django]?.last)
    #expect(take.id.description == "1.1" && take.verdict?.word == .resolved)
    #expect(take.changes == ["context + \(secondPlace)"])
    #expect(await sitting.session.isSteered(take) == false)
    try await sitting.type("run \(flask) --through reply; set context.budget 4000")
    #expect(
      await sitting.fault(of: "continue") == """
        the model has answered in take 1.1, and since then changed: context.budget 4000
        `rerun` makes a new take with the change
        """)
    try await sitting.type("rerun")
    #expect(await sitting.session.takes[flask]?.map(\.id.description) == ["1.1", "1.2"])
  }

  @Test func `is not steered by what can reach no model`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(django); set model.timeout.idle 99; set campaign x; set model.price.input 3; run")
    let takes = await sitting.session.takes[django] ?? []
    #expect(takes.map(\.id.description) == ["1.1", "2.1"])
    #expect(Steering.counted(takes).count == 2)
    try await sitting.type("set context.budget 4000; run")
    #expect(Steering.counted(await sitting.session.takes[django] ?? []).count == 2)
  }

  @Test func `is what a replay makes of it`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("run \(flask) --through prompt; continue; save saved.ramp; replay saved.ramp")
    let text = try sitting.read("saved.ramp")
    #expect(text.contains("run \(flask) --through prompt\ncontinue\nexpect verdict"))
  }
}
