import Attempts
import Grading
import TestWorld
import Testing

@testable import Campaigns

@Suite struct `a comparison of two phases` {
  /// Of ten in two repositories three are gained and one is lost.
  private func campaigns() -> (PhaseResults, PhaseResults) {
    let names = ids(10, repositories: 2)
    let old = names.enumerated().map { index, id in
      index < 3 ? record(id, seconds: 5) : record(id, .applyFailed, seconds: 70)
    }
    let new = names.enumerated().map { index, id in
      (1...5).contains(index) ? record(id, seconds: 4) : record(id, .logicError, seconds: 8)
    }
    return (phase(.small, old, campaign: "old"), phase(.small, Array(new.reversed())))
  }

  @Test func `pairs the same ids, in whatever order`() throws {
    let (old, new) = campaigns()
    let comparison = try Comparison(old, new)
    #expect(comparison.gained.map(\.instanceID) == ["org0__repo-4", "org1__repo-5", "org0__repo-6"])
    #expect(comparison.lost.map(\.instanceID) == ["org1__repo-1"])
    #expect(abs(comparison.paired.pValue - 0.625) < 1e-12)
    #expect(abs(comparison.paired.difference - 0.2) < 1e-12)
    #expect(comparison.answer == .cannotDecide)
    let lines = comparison.lines
    #expect(lines.contains("+ org0__repo-4  apply_failed -> resolved"))
    #expect(lines.contains("- org1__repo-1  resolved -> logic_error"))
    #expect(lines.contains("answer: cannot decide: with 1 lost, 8 gained would decide"))
    #expect(lines.contains { $0.contains("OLS(d, ones)") })
  }

  @Test func `groups by repository, error and time`() throws {
    let (old, new) = campaigns()
    let comparison = try Comparison(old, new)
    #expect(comparison.groups(by: .repository).map(\.name) == ["org0/repo", "org1/repo"])
    #expect(comparison.groups(by: .repository).map(\.gained) == [2, 1])
    #expect(comparison.groups(by: .error).map(\.name) == ["apply_failed", "resolved"])
    #expect(comparison.groups(by: .time).map(\.name) == ["below 10 s", "below 5 min"])
    #expect(comparison.groups(by: .time).map(\.total) == [3, 7])
    #expect(comparison.groups(by: .time)[1].seconds[0] == 70)
  }

  @Test func `is refused for other ids, for none, and for practice beside real rows`() {
    let one = phase([record("a__b-1"), record("a__b-2")])
    let other = phase([record("a__b-2"), record("a__b-3")])
    #expect(throws: ComparisonError.otherInstances(onlyFirst: ["a__b-1"], onlySecond: ["a__b-3"], shared: 1)) {
      try Comparison(one, other)
    }
    #expect(throws: ComparisonError.empty) { try Comparison(phase([]), phase([])) }
    #expect(throws: ComparisonError.practice) {
      try Comparison(phase([record("a__b-1")]), phase([record("a__b-1", dataset: "practice")]))
    }
    let told = ComparisonError.otherInstances(onlyFirst: ["a\nb"], onlySecond: [], shared: 0).errorDescription
    #expect(told?.contains("\n") == false)
  }

  @Test func `is refused where more was changed than was declared`() throws {
    let one = phase([record("a__b-1")])
    var other = one
    other.config.model = "qwen2.5:7b"
    #expect(try Comparison(one, other).differences.map(\.factor) == [.model])
    other.config.filesContext = .count(9)
    #expect(throws: (any Error).self) { try Comparison(one, other) }
    #expect(throws: (any Error).self) { try Comparison(one, other, declared: [.model]) }
    #expect(try Comparison(one, other, declared: [.model, .context]).differences.count == 2)
    // What one of the two does not tell is told, and refuses nothing.
    other.config = PhaseConfig()
    #expect(try Comparison(one, other).notes == ["only one of the two tells of: model, approach, attempts, context"])
    let told = ComparisonError.moreThanOne(one.config.differences(to: PhaseConfig(model: "x", attemptsMax: 1)))
    #expect(told.errorDescription?.contains("model (llama3.1:8b and x)") == true)
    #expect(told.recoverySuggestion?.hasSuffix("model,attempts") == true)
  }

  @Test func `tells noise, and what could not be judged`() throws {
    let (old, new) = campaigns()
    let again = try Comparison(old, old)
    #expect(
      try Comparison(old, new).beside(noise: again)
        == "4 of 10 differ (40.0 %); in a run against itself 0 of 10 did (0.0 %)")
    let broken = try Comparison(phase([record("a__b-1", .environmentError)]), phase([record("a__b-1")]))
    #expect(broken.notes == ["1 could not be judged in one of the two, and count as not resolved: a__b-1"])
    #expect(broken.lines.contains("answer: cannot decide: with 1 instances it never can be"))
    #expect(
      broken.lines.contains(
        "no interval of the difference: the instances are of fewer than two repositories, or nothing varies between them"
      ))
  }

  @Test func `of two campaigns is by phase, retries last`() throws {
    let (old, new) = campaigns()
    let both = Comparison.byPhase([phase([record("a__b-1")]), old, old], [new, phase([record("a__b-2")])])
    #expect(both.map(\.label.name) == ["1", "2"])
    #expect((try? both[0].result.get()) == nil)
    #expect(try both[1].result.get().gained.count == 3)
  }

  @Test(arguments: [
    (1, 12.706204736174698), (2, 4.302652729749464), (5, 2.5705818356363146), (11, 2.200985160091639),
    (30, 2.0422724563012378), (299, 1.9679296690656698),
  ])
  func `is as wide as Student's t is`(degrees: Int, value: Double) {
    #expect(abs(StudentT.quantile(inside: 0.95, degrees: degrees) - value) < 1e-9)
  }
}
