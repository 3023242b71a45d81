import Content
import Testing

@testable import Context

/// Random selections, made once for all laws.
private struct Case: Sendable {
  let seed: UInt64
  let random: RandomSelection
  /// What it comes to, and what it comes to from a tree that lists its paths in another order.
  let outcomes: [Result<ContextSelection, any Error>]

  static let all = Task {
    var cases: [Strategy: [Case]] = [:]
    for strategy in Strategy.allCases {
      for seed in 0..<150 as Range<UInt64> {
        let random = RandomSelection(seed: seed, strategy: strategy)
        var outcomes: [Result<ContextSelection, any Error>] = []
        for tree in [random.tree, random.shuffledTree] {
          do { outcomes.append(.success(try await random.selection(from: tree))) } catch {
            outcomes.append(.failure(error))
          }
        }
        cases[strategy, default: []].append(Case(seed: seed, random: random, outcomes: outcomes))
      }
    }
    return cases
  }
}

@Suite struct `any selection` {
  /// Calls `body` with each random selection that is possible, and with what it came to.
  private func each(
    _ strategy: Strategy, _ body: (_ seed: UInt64, RandomSelection, ContextSelection) throws -> Void
  ) async throws {
    var possible = 0
    for made in try #require(await Case.all.value[strategy]) {
      guard case .success(let selection) = made.outcomes[0] else { continue }
      possible += 1
      try body(made.seed, made.random, selection)
    }
    #expect(possible > 75)
  }

  @Test(arguments: Strategy.allCases)
  func `is the same whatever order the tree lists its paths in`(strategy: Strategy) async throws {
    for made in try #require(await Case.all.value[strategy]) {
      switch (made.outcomes[0], made.outcomes[1]) {
      case (.success(let one), .success(let other)): try #require(one == other, "seed \(made.seed)")
      case (.failure(let one as ContextError), .failure(let other as ContextError)):
        try #require(one == other, "seed \(made.seed)")
      default: Issue.record("seed \(made.seed): \(made.outcomes)")
      }
    }
  }

  @Test func `by bm25 takes no more than the budget`() async throws {
    var nearly = 0
    try await each(.bm25) { seed, _, selection in
      try #require(selection.tokens <= selection.budget, "seed \(seed)")
      if selection.tokens * 2 > selection.budget { nearly += 1 }
    }
    #expect(nearly > 10)
  }

  @Test(arguments: Strategy.allCases)
  func `shows what was added and not dropped, whole`(strategy: Strategy) async throws {
    try await each(strategy) { seed, random, selection in
      for path in Set(random.added.map(\.path)) {
        let wanted = random.numbers(random.added, of: path).subtracting(random.numbers(random.dropped, of: path))
        let shown = random.numbers(selection.parts.map(\.span), of: path)
        try #require(shown.isSuperset(of: wanted), "seed \(seed)")
      }
    }
  }

  @Test(arguments: Strategy.allCases)
  func `is refused where what was added takes more than the budget, and only there`(strategy: Strategy) async throws {
    var refused = 0
    for made in try #require(await Case.all.value[strategy]) {
      let (seed, random) = (made.seed, made.random)
      var cost = 0
      for path in Set(random.added.map(\.path)) {
        var lines = LineSet()
        for line in random.numbers(random.added, of: path) { lines.insert(line...line) }
        for line in random.numbers(random.dropped, of: path) { lines.subtract(line...line) }
        let bytes = try #require(random.files.first { $0.path == path }?.bytes)
        let file = try #require(SourceFile(path: path, bytes: bytes))
        cost += lines.ranges.reduce(0) { $0 + file.tokens($1, ratio: random.options.tokensRatio) }
      }
      do {
        _ = try made.outcomes[0].get()
        try #require(cost <= random.options.budget, "seed \(seed)")
      } catch ContextError.tooLarge(let budget, let needed, let largest) {
        try #require(cost > budget && (budget + 1...cost).contains(needed), "seed \(seed): \(needed) of \(cost)")
        try #require(budget == random.options.budget && random.added.contains(largest), "seed \(seed)")
        refused += 1
      }
    }
    #expect(refused > 10)
  }

  @Test(arguments: Strategy.allCases)
  func `neither shows nor offers a line that was dropped`(strategy: Strategy) async throws {
    try await each(strategy) { seed, random, selection in
      let spans = selection.parts.map(\.span) + selection.leftOut.map(\.span)
      for path in Set(random.dropped.map(\.path)) {
        let dropped = random.numbers(random.dropped, of: path)
        try #require(random.numbers(spans, of: path).isDisjoint(with: dropped), "seed \(seed)")
      }
    }
  }

  @Test(arguments: Strategy.allCases)
  func `shows lines of the files, each once, with their text, cost and origin`(strategy: Strategy) async throws {
    try await each(strategy) { seed, random, selection in
      for part in selection.parts {
        let lines = try #require(random.lines(of: part.span.path), "seed \(seed)")
        try #require(1 <= part.span.first && part.span.first <= part.span.last && part.span.last <= lines.count)
        let text = String(decoding: lines[part.span.first - 1..<part.span.last].joined(), as: UTF8.self)
        try #require(part.text.utf8.elementsEqual(text.utf8), "seed \(seed)")
        let shown = "\(part.span)\n" + numbered(part)
        try #require(part.tokens == Tokens.estimate(shown, ratio: random.options.tokensRatio), "seed \(seed)")
        let origin = Origin.repository(
          commit: String(repeating: "a", count: 40), path: part.span.path, firstLine: part.span.first,
          lastLine: part.span.last)
        try #require(part.origin == origin)
      }
      for (one, next) in zip(selection.parts, selection.parts.dropFirst()) where one.span.path == next.span.path {
        try #require(one.span.last + 1 < next.span.first, "seed \(seed): \(one.span), \(next.span)")
      }
      let files = selection.parts.map(\.span.path)
      try #require(zip(files, files.dropFirst()).count { $0 != $1 } == max(0, selection.fileCount - 1), "seed \(seed)")
      try #require(selection.parts.reduce(0) { $0 + $1.tokens } == selection.tokens, "seed \(seed)")
    }
  }

  @Test(arguments: Strategy.allCases)
  func `has no more files than were asked for, apart from those added`(strategy: Strategy) async throws {
    var full = 0
    try await each(strategy) { seed, random, selection in
      let chosen = selection.paths.filter { path in !random.added.contains { $0.path == path } }
      try #require(chosen.count <= random.options.files, "seed \(seed)")
      try #require(chosen.allSatisfy { $0.hasSuffix(".py") })
      if chosen.count == random.options.files { full += 1 }
    }
    #expect(full > 25)
  }

  @Test(arguments: Strategy.allCases)
  func `has its files in the order of choice, and what was left out behind them`(strategy: Strategy) async throws {
    try await each(strategy) { seed, random, selection in
      let best = selection.paths.map { path in selection.parts.filter { $0.span.path == path }.map(\.rank).min() ?? 0 }
      try #require(best == best.sorted(), "seed \(seed)")
      try #require(selection.parts.allSatisfy { ($0.rank == 0) == ($0.reason == .pinned) }, "seed \(seed)")
      let ranks = selection.leftOut.map(\.rank)
      try #require(ranks == ranks.sorted() && ranks.count <= 20 && ranks.allSatisfy { $0 > 0 }, "seed \(seed)")
      for candidate in selection.leftOut {
        try #require(!selection.parts.contains { $0.span.overlaps(candidate.span) }, "seed \(seed): \(candidate.span)")
      }
    }
  }
}
