import Testing

@testable import Instances

private func rows(_ names: [(repo: String, count: Int)]) throws -> [Dataset.Row] {
  try names.flatMap { repo, count in
    try (1...count).map { number in
      let id = "\(repo.replacing("/", with: "__"))-\(number)"
      return try Dataset.Row(
        Instance(
          id: id, repo: repo, baseCommit: String(repeating: "a", count: 40), problemStatement: "x", patch: "",
          testPatch: "", failToPass: ["t"], passToPass: []))
    }
  }
}

@Suite struct `a sample` {
  @Test func `is the same for the same seed, whatever the order of the file`() throws {
    let all = try rows([("a/x", 40), ("b/y", 60)])
    for seed in UInt64(0)..<20 {
      let one = Sample.draw(10, of: all, seed: seed).map(\.id)
      let other = Sample.draw(10, of: all.reversed(), seed: seed).map(\.id)
      #expect(one.count == 10)
      #expect(Set(one) == Set(other))
      #expect(one == all.map(\.id).filter(Set(one).contains), "in the order of the rows")
    }
    #expect(Set((UInt64(0)..<20).map { Sample.draw(10, of: all, seed: $0).map(\.id) }).count == 20)
  }

  @Test func `is pinned: another ramp draws the same`() throws {
    let drawn = Sample.draw(3, of: try rows([("a/x", 30)]), seed: 1).map(\.id)
    #expect(drawn == ["a__x-3", "a__x-4", "a__x-14"])
  }

  @Test func `keeps the shares of its strata, with the largest remainders first`() throws {
    let all = try rows([("a/x", 114), ("b/y", 77), ("c/z", 9), ("d/w", 1)])
    for count in [1, 5, 10, 30, 100] {
      let drawn = Dictionary(grouping: Sample.draw(count, of: all, seed: 4) { $0.repo }) { $0.repo }.mapValues(\.count)
      #expect(drawn.values.reduce(0, +) == count)
      for (repo, size) in [("a/x", 114), ("b/y", 77), ("c/z", 9), ("d/w", 1)] {
        let exact = Double(count * size) / 201
        #expect(abs(Double(drawn[repo] ?? 0) - exact) < 1, "\(repo) of \(count)")
      }
    }
  }

  @Test func `of everything is everything`() throws {
    let all = try rows([("a/x", 4)])
    #expect(Sample.draw(4, of: all, seed: 1).map(\.id) == all.map(\.id))
    #expect(Sample.draw(9, of: all, seed: 1).map(\.id) == all.map(\.id))
  }

  @Test func `takes each row as often as any other`() throws {
    let all = try rows([("a/x", 10)])
    var counts: [String: Int] = [:]
    for seed in UInt64(0)..<2_000 { for row in Sample.draw(3, of: all, seed: seed) { counts[row.id, default: 0] += 1 } }
    // 600 each; 5 standard deviations of a binomial are 102.
    #expect(counts.count == 10)
    #expect(counts.values.allSatisfy { abs($0 - 600) < 102 })
  }
}
