import TestWorld
import Testing

@testable import Campaigns

@Suite(
  .enabled("no scipy and statsmodels here, and none to be had from PyPI") { await Python.has("scipy", "statsmodels") })
struct `statistics beside scipy and statsmodels` {
  @Test func `are the same on 1,000 random tables`() async throws {
    var random = Seeded(7)
    var lines: [String] = []
    var own: [[Double]] = []
    for _ in 0..<1000 {
      let total = Int.random(in: 2...300, using: &random)
      let repositories = Int.random(in: 2...12, using: &random)
      let rates = (Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random))
      let pairs = (0..<total).map { number in
        PairedComparison.Pair(
          instanceID: "\(number)", cluster: "\(number < 2 ? number : Int.random(in: 0..<repositories, using: &random))",
          first: Double.random(in: 0..<1, using: &random) < rates.0,
          second: Double.random(in: 0..<1, using: &random) < rates.1)
      }
      let comparison = PairedComparison(pairs)
      let successes = pairs.count { $0.first }
      let wilson = Interval.wilson(successes: successes, total: total)
      let k = Int.random(in: 1...total, using: &random)
      // Where all repositories differ alike there is none, and statsmodels' has no width.
      let interval = comparison.clustered ?? (comparison.difference, comparison.difference)
      let pass = try #require(PassAtK.estimate(samples: total, resolved: successes, k: k))
      own.append([wilson.low, wilson.high, comparison.pValue, pass, interval.low, interval.high])
      let words = pairs.map { "\($0.first ? 1 : 0)\($0.second ? 1 : 0):\($0.cluster)" }.joined(separator: ",")
      lines.append("\(k) \(words)")
    }
    let script = """
      import sys, warnings
      import numpy as np
      from scipy.special import gammaln
      from statsmodels.regression.linear_model import OLS
      from statsmodels.stats.contingency_tables import mcnemar
      from statsmodels.stats.proportion import proportion_confint
      warnings.simplefilter("ignore")
      for line in sys.stdin:
          k, words = line.split()
          k, pairs = int(k), [word.split(":") for word in words.split(",")]
          a = np.array([int(p[0][0]) for p in pairs]); b = np.array([int(p[0][1]) for p in pairs])
          groups = np.array([int(p[1]) for p in pairs])
          n, c = len(a), int(a.sum())
          low, high = proportion_confint(c, n, method="wilson")
          table = [[int(((a == i) & (b == j)).sum()) for j in (1, 0)] for i in (1, 0)]
          p = mcnemar(table, exact=True).pvalue if table[0][1] + table[1][0] else 1.0
          def logc(n, k): return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
          value = 1.0 if n - c < k else 1 - np.exp(logc(n - c, k) - logc(n, k))
          d = b - a
          if np.all(d == d[0]):
              ends = [d[0], d[0]]
          else:
              ends = OLS(d, np.ones(n)).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True).conf_int()[0]
          ends = [max(-1, ends[0]), min(1, ends[1])]
          print(*[repr(float(x)) for x in (low, high, p, value, *ends)])
      """
    let theirs = try #require(try await Python.numbers(script, lines.joined(separator: "\n") + "\n"))
    #expect(theirs.count == 1000)
    for (number, (mine, other)) in zip(own, theirs).enumerated() {
      let gap = zip(mine, other).map { abs($0 - $1) }.max() ?? 1
      #expect(gap < 1e-9, "table \(number): \(mine) and \(other)")
    }
  }
}

@Suite struct `a paired comparison` {
  /// Values of docs and of papers: PEERS' table of exact McNemar tests.
  @Test(arguments: [
    (6, 0, 0.031), (7, 1, 0.070), (9, 2, 0.065), (12, 4, 0.077), (0, 0, 1.0), (1, 1, 1.0), (5, 0, 0.0625),
  ])
  func `has the known p-value`(gained: Int, lost: Int, value: Double) {
    #expect(abs(PairedComparison.pValue(gained: gained, lost: lost) - value) < 0.0006)
    #expect(PairedComparison.pValue(gained: gained, lost: lost) == PairedComparison.pValue(gained: lost, lost: gained))
  }

  @Test(arguments: [(30, 0.10, 0.0, 0.09), (100, 0.10, 0.0, 0.87), (300, 0.05, 0.0, 0.97), (5, 1.0, 0.0, 0.0)])
  func `has the known power`(count: Int, gained: Double, lost: Double, power: Double) {
    #expect(abs(PairedComparison.power(count: count, gained: gained, lost: lost) - power) < 0.12)
  }

  @Test func `says nothing where it cannot`() {
    let five = (0..<5).map { PairedComparison.Pair(instanceID: "\($0)", cluster: "a", first: false, second: true) }
    let comparison = PairedComparison(five)
    #expect(comparison.answer() == .cannotDecide)
    #expect(comparison.clustered == nil)
    #expect(comparison.difference == 1)
    #expect(PairedComparison([]).pValue == 1)
  }
}

@Suite struct `the evidence of a ramp` {
  @Test func `promotes falsely in fewer than one ramp in twenty, however often it is run again`() {
    var random = Seeded(11)
    // The rate is the gate's, which is as near to it as a rate below can be; each phase is run up to ten times.
    let phases = Phase.allCases.map { phase in
      let chance = Binomial(trials: phase.size, share: Double(phase.fewest) / Double(phase.size))
      let words = (1...10).map { look in
        (0...phase.size).map { Evidence(phase, verified: $0, total: phase.size, look: look).word == .promote }
      }
      return (heaps: (0...phase.size).map(chance.atMost), words)
    }
    let ramps = 10_000
    let wrong = (0..<ramps).count { _ in
      phases.contains { heaps, words in
        words.contains { isPromoted in
          let place = Double.random(in: 0..<1, using: &random)
          return isPromoted[heaps.firstIndex { place < $0 } ?? heaps.count - 1]
        }
      }
    }
    #expect(wrong > 0)
    #expect(wrong <= ramps / 20)
  }

  @Test func `is none of five`() {
    for verified in 0...4 {
      #expect(Evidence(.micro, verified: verified, total: 5, look: 1).word == .cannotDecide)
    }
    #expect(Evidence(.micro, verified: 5, total: 5, look: 1).word == .promote)
    #expect(Evidence(.full, verified: 240, total: 300, look: 1).word == .hold)
    #expect(Evidence(.full, verified: 290, total: 300, look: 1).word == .promote)
    // Fifty environment errors could tip it.
    #expect(Evidence(.full, verified: 240, total: 300, unjudged: 50, look: 1).word == .cannotDecide)
  }

  @Test(arguments: [(0.02, 0.096), (0.05, 0.226), (0.2, 0.672)])
  func `tells how likely a gate opens`(rate: Double, chance: Double) {
    #expect(abs(Evidence.openness(.micro, total: 5, rate: rate) - chance) < 0.001)
  }
}

@Suite struct `pass at k` {
  @Test func `is the mean of sampling without replacement`() throws {
    #expect(abs((PassAtK.estimate(samples: 5, resolved: 2, k: 1) ?? 0) - 0.4) < 1e-12)
    #expect(PassAtK.estimate(samples: 5, resolved: 0, k: 3) == 0)
    #expect(PassAtK.estimate(samples: 5, resolved: 4, k: 2) == 1)
    #expect(PassAtK.estimate(samples: 2, resolved: 1, k: 3) == nil)
    #expect(abs((PassAtK.mean([(2, 1), (2, 2)], k: 1) ?? 0) - 0.75) < 1e-12)
    #expect(PassAtK.mean([(2, 1), (1, 1)], k: 2) == nil)
    #expect(SolveCurve(resolvedBy: [1, 3, nil, 3], attemptsMax: 4).resolved == [1, 1, 3, 3])
  }
}
