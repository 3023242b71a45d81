import Content
import Journal
import Models
import Prompts
import Testing

@testable import Attempts

@Suite struct `what a server counts of prompts` {
  /// A take whose prompt the server counted as `share` times the estimate, and the estimate.
  private func take(
    _ share: Double, end: ReplyEnd.Reason = .stop, text: String = "One.\n", window: WindowProof? = .intact("x")
  ) async throws -> Take {
    let told = try await withBench(ToldModel(events: [])) { bench in
      try await bench.make(plan(try await Shop.row(in: bench.folder), through: .prompt))
    }
    let estimate = try #require(told.chain.prompt?.prompt.tokens)
    try #require(estimate >= 300)
    let read = Int((Double(estimate) * share).rounded())
    let events: [ReplyEvent] =
      (text.isEmpty ? [] : [.text(text)])
      + [.end(ReplyEnd(reason: end, model: "m", promptTokens: read, window: window))]
    return try await withBench(ToldModel(events: events)) { bench in
      try await bench.make(plan(try await Shop.row(in: bench.folder), through: .reply))
    }
  }

  @Test func `is learnt from with room for other prompts, and the highest holds`() async throws {
    var counts = TokenCounts()
    #expect(counts.ratio == nil)
    #expect(counts.add(try await take(0.95)))
    #expect((0.68...0.69).contains(try #require(counts.ratio)))
    for _ in 1...4 { #expect(counts.add(try await take(0.7))) }
    #expect(counts.prompts == 5)
    #expect((0.65...0.66).contains(try #require(counts.ratio)))
    // A small vocabulary: what is not code may take much more.
    #expect(counts.add(try await take(1.6)))
    #expect((1.19...1.22).contains(try #require(counts.ratio)))
  }

  @Test func `lowers the ratio a little at most, since dense text takes no less`() async throws {
    var counts = TokenCounts()
    #expect(counts.add(try await take(0.4)))
    #expect(counts.ratio == 0.59)
  }

  @Test func `counts where the prompt was refused, and not where it was cut or not counted`() async throws {
    var counts = TokenCounts()
    #expect(counts.add(try await take(1.5, end: .broken, text: "", window: .refused(prompt: 9, window: 4))))
    #expect(counts.add(try await take(0.2, window: .truncated("x"))) == false)
    #expect(counts.prompts == 1)
    let untold = try await withBench(ToldModel(events: [.text("x"), .end(ReplyEnd(reason: .stop, model: "m"))])) {
      bench in
      try await bench.make(plan(try await Shop.row(in: bench.folder), through: .reply))
    }
    #expect(counts.add(untold) == false)
  }

  @Test func `is kept in the journal, model by model`() async throws {
    let journal = try Journal(at: nil, migrations: AttemptTables.migrations)
    #expect(try journal.tokenCounts(of: "ollama:m").prompts == 0)
    var counts = TokenCounts()
    #expect(counts.add(try await take(1.25)))
    try journal.keep(counts, of: "ollama:m")
    #expect(try journal.tokenCounts(of: "ollama:m").ratio == counts.ratio)
    #expect(try journal.tokenCounts(of: "openai:m").prompts == 0)
    #expect(try journal.tokenCounts().map(\.model) == ["ollama:m"])
  }
}
