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
    #expect(
      lines.contains(
        "answer: cannot decide: without any effect, a difference this large would come up in 62.5 % of comparisons, "
          + "and 5 % or less decides; with 1 lost, 8 gained would decide"))
    #expect(
      lines.contains(
        "difference +20.0 points, 95 % interval -20.2 to 52.6, by instance (10): 2 repositories are too few to allow for "
          + "them"))
    #expect(!lines.contains { $0.contains("OLS(d, ones)") } && comparison.details[0].hasSuffix("p = 0.625"))
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
    #expect(
      broken.lines.contains { $0.hasPrefix("answer: cannot decide") && $0.hasSuffix("with 1 instances it never can") })
  }

  @Test func `says which model won what was gained`() throws {
    let names = ids(100, repositories: 12)
    let old = phase(.large, names.enumerated().map { record($1, $0 < 40 ? nil : .applyFailed) })
    var new = phase(.large, names.enumerated().map { record($1, $0 < 70 ? nil : .applyFailed) })
    for index in 60..<100 {
      new.results[index].models = [
        ModelShare(model: "llama3.1:8b", attempts: 3, resolved: false),
        ModelShare(model: "haiku", attempts: 3, resolved: index < 70, escalated: true),
      ]
    }
    #expect(new.models.map(\.resolved) == [60, 10] && new.models.map(\.asked) == [100, 40])
    #expect(new.alone.map { [$0.resolved, $0.total] } == [[60, 100]])
    #expect(new.rates.map { [$0.resolved, $0.total] } == [[60, 100], [60, 100], [10, 40], [10, 40]])
    let comparison = try Comparison(old, new)
    #expect(comparison.wonBy.map(\.resolved) == [20, 10])
    #expect(comparison.lines.contains("of the 30 gained, 20 by llama3.1:8b, 10 by haiku (escalate)"))
    #expect(comparison.lines.contains { $0.hasSuffix("apply_failed -> resolved by haiku") })
    #expect(comparison.answer == .better && comparison.lines.contains { $0.contains("in fewer than 0.1 % of") })
    let told = try PhaseFile.read(new.json).results
    #expect(told.models == new.models && told.rates == new.rates && !told.isForeign)
  }

  /// Every table of up to this many pairs, in one repository and in one each.
  @Test(arguments: [1, 4, 8]) func `has no interval that contradicts its test`(count: Int) {
    for gained in 0...count {
      for lost in 0...(count - gained) {
        for both in 0...(count - gained - lost) {
          let pairs = (0..<count).map { index in
            PairedComparison.Pair(
              instanceID: "\(index)", cluster: "\(index % 12)", first: index >= gained && index < gained + lost + both,
              second: index < gained || (index >= gained + lost && index < gained + lost + both))
          }
          let paired = PairedComparison(pairs)
          guard let interval = paired.interval else {
            Issue.record("no interval")
            return
          }
          let isOutside = interval.low > 0 || interval.high < 0
          #expect(isOutside == (paired.answer() != .cannotDecide), "\(gained) \(lost) \(both) of \(count): \(interval)")
          #expect(interval.low <= paired.difference && paired.difference <= interval.high)
          let few = PairedComparison(
            pairs.map {
              PairedComparison.Pair(instanceID: $0.instanceID, cluster: "one", first: $0.first, second: $0.second)
            })
          #expect(few.interval?.rule == .byInstance && !few.isUneven)
        }
      }
    }
  }

  @Test func `has Newcombe's interval`() throws {
    // The worked example of his paper: 36, 12, 2 and 0 of 50 pairs.
    let pairs = (0..<50).map { index in
      PairedComparison.Pair(
        instanceID: "\(index)", cluster: "one", first: index < 36 || index >= 48, second: index < 48)
    }
    let scored = try #require(PairedComparison(pairs).scored)
    #expect(abs(scored.low - 0.0569) < 5e-5 && abs(scored.high - 0.3404) < 5e-5)
  }

  @Test func `over two repositories is not taken for exact`() throws {
    // Two repositories have one degree of freedom: what they would say is no interval of anything.
    let pairs = (0..<100).map { index in
      PairedComparison.Pair(
        instanceID: "\(index)", cluster: "\(index % 2)", first: (60..<66).contains(index), second: index < 15)
    }
    let paired = PairedComparison(pairs)
    let clustered = try #require(paired.clustered)
    let interval = try #require(paired.interval)
    #expect(interval.rule == .byInstance && interval.high - interval.low < clustered.high - clustered.low)
    #expect(paired.pValue > 0.05 && interval.low <= 0 && interval.high > 0)
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
