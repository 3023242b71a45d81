import Content
import Instances
import Journal
import Models
import Testing

@testable import Attempts

private struct Stop: Error {}

@Suite struct `an interceptor` {
  @Test func `hears of every stage in order, of a made one before and after`() async throws {
    try await withBench(
      ToldModel(events: [.text("One.\n"), .text("Two.\n"), .end(ReplyEnd(reason: .stop, model: "m"))])
    ) {
      bench in
      let watcher = Watcher()
      let first = try await bench.make(plan(try await Shop.row(in: bench.folder), through: .edits), watching: [watcher])
      #expect(
        watcher.events == [
          .willMake(.workspace), .recorded(.workspace, "made"), .willMake(.context), .recorded(.context, "made"),
          .willMake(.prompt), .recorded(.prompt, "made"), .willMake(.reply), .replied("One.\n"), .replied("Two.\n"),
          .recorded(.reply, "made"), .willMake(.edits), .recorded(.edits, "made"),
        ])
      let later = Watcher()
      let row = try await Shop.row(in: bench.folder)
      try await bench.make(
        plan(
          row, TakeID(attempt: 1, take: 2), base: first, through: .reply, tweak: Tweak(stage: .reply, text: "Three.\n")),
        watching: [later])
      #expect(
        later.events == [
          .recorded(.workspace, "kept"), .recorded(.context, "kept"), .recorded(.prompt, "kept"),
          .recorded(.reply, "tweaked"),
        ])
    }
  }

  @Test(arguments: [Stage.workspace, .baseline, .prompt, .reply, .outcomes, .feedback])
  func `that throws before a stage stops the take there, and what was made is kept`(stage: Stage) async throws {
    try await withBench(saying(Shop.mend)) { bench in
      let row = try await Shop.row(in: bench.folder)
      let watcher = Watcher(will: { if $0 == stage { throw Stop() } })
      await #expect(throws: Stop.self) { try await bench.make(plan(row), watching: [watcher]) }
      #expect(try bench.journaled() == Stage.allCases.filter { $0 < stage })
      #expect(try bench.world.journal.rows("SELECT * FROM take").isEmpty)
      #expect(bench.world.effects.counts.model == (stage > .reply ? 1 : 0))
    }
  }

  @Test(arguments: [Stage.workspace, .baseline, .prompt, .reply, .outcomes, .feedback])
  func `that throws after a stage stops the take there, and that stage is kept too`(stage: Stage) async throws {
    try await withBench(saying(Shop.mend)) { bench in
      let row = try await Shop.row(in: bench.folder)
      let watcher = Watcher(did: { if $0.stage == stage { throw Stop() } })
      await #expect(throws: Stop.self) { try await bench.make(plan(row), watching: [watcher]) }
      #expect(try bench.journaled() == Stage.allCases.filter { $0 <= stage })
      #expect(try bench.world.journal.rows("SELECT * FROM take").isEmpty)
    }
  }

  @Test func `sees an artifact only when the journal has it`() async throws {
    try await withBench(saying(Shop.mend)) { bench in
      let row = try await Shop.row(in: bench.folder)
      let journal = bench.world.journal
      let watcher = Watcher(did: { record in
        let rows = try journal.rows("SELECT * FROM stage WHERE stage = ?", [.text(record.stage.rawValue)])
        #expect(rows.count == 1)
        #expect(rows.first?["content"] == .text(record.content.hex))
        #expect(rows.first?["key"] == .text(record.key.hex))
        #expect(rows.first?["how"] == .text("made"))
        #expect(try journal.bytes(of: record.content) == record.artifact.bytes())
        for hash in record.attachments.values { #expect(try journal.bytes(of: hash) != nil) }
      })
      let take = try await bench.make(plan(row), watching: [watcher])
      #expect(watcher.events.count == 2 * Stage.allCases.count + watcher.replies)
      let kept = try #require(try journal.rows("SELECT * FROM take").first)
      #expect(kept["verdict"] == .text("resolved"))
      #expect(kept["failure"] == .null)
      #expect(kept["assisted"] == .integer(1))
      #expect(kept["tweaked"] == .integer(0))
      #expect(take.verdict?.word == .resolved)
    }
  }

  @Test func `that is cancelled in the middle of a reply leaves the stages before it`() async throws {
    try await withBench(ToldModel(events: [.text("I think")], hangs: true)) { bench in
      let row = try await Shop.row(in: bench.folder)
      let (began, reply) = AsyncStream.makeStream(of: Void.self)
      let task = Task { try await bench.make(plan(row), watching: [Signal(reply)]) }
      for await _ in began { break }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try bench.journaled() == [.workspace, .baseline, .context, .prompt])
      #expect(try bench.world.journal.rows("SELECT * FROM take").isEmpty)
      #expect(bench.world.effects.counts.model == 1)
    }
  }
}

/// Tells when the reply begins.
private struct Signal: Interceptor {
  let continuation: AsyncStream<Void>.Continuation

  init(_ continuation: AsyncStream<Void>.Continuation) { self.continuation = continuation }

  func replied(_ text: String, in plan: Plan) async { continuation.yield() }
}
