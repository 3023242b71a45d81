import Foundation

/// Two campaigns on the same instances, compared instance by instance.
///
/// `gained` are resolved by the second alone, `lost` by the first alone; only these tell the two apart.
package struct PairedComparison: Hashable, Sendable {
  /// One instance in both.
  package struct Pair: Hashable, Sendable {
    package let instanceID: String
    /// What instances that are alike have in common: the repository.
    package let cluster: String
    package let first: Bool
    package let second: Bool

    package init(instanceID: String, cluster: String, first: Bool, second: Bool) {
      self.instanceID = instanceID
      self.cluster = cluster
      self.first = first
      self.second = second
    }

    fileprivate var difference: Double { (second ? 1 : 0) - (first ? 1 : 0) }
  }

  /// Which of two is better, as far as it can be said.
  package enum Answer: String, Codable, Sendable {
    case better, worse
    case cannotDecide = "cannot decide"
    /// No model was asked on one of the sides.
    case notOfModel = "not about a model"
  }

  package let pairs: [Pair]

  /// A comparison of these pairs, of which no two are of one instance.
  package init(_ pairs: [Pair]) { self.pairs = pairs }

  package var gained: [Pair] { pairs.filter { $0.second && !$0.first } }
  package var lost: [Pair] { pairs.filter { $0.first && !$0.second } }

  /// The exact two-sided p-value of McNemar's test: the binomial one of the pairs that differ. 1 where none does.
  ///
  /// The same as `statsmodels.stats.contingency_tables.mcnemar(table, exact=True).pvalue`.
  package var pValue: Double { PairedComparison.pValue(gained: gained.count, lost: lost.count) }

  /// The same of two counts.
  package static func pValue(gained: Int, lost: Int) -> Double {
    let differing = gained + lost
    guard differing > 0 else { return 1 }
    return min(1, 2 * Binomial(trials: differing, share: 0.5).atMost(min(gained, lost)))
  }

  /// The share of the second less that of the first.
  package var difference: Double {
    pairs.isEmpty ? 0 : pairs.reduce(0) { $0 + $1.difference } / Double(pairs.count)
  }

  /// The call of statsmodels whose interval equals `clustered`.
  package static let peer =
    #"OLS(d, ones).fit(cov_type="cluster", cov_kwds={"groups": repository}, use_t=True).conf_int()"#

  /// How an interval of the difference was made.
  package enum Rule: String, Codable, Sendable {
    /// Instances of one repository are taken to be alike.
    case byRepository = "by repository"
    /// Each instance stands for itself: there are too few repositories to learn from how they differ.
    case byInstance = "by instance"
  }

  /// The fewest repositories with which an interval allows for them. With fewer, a cluster-robust interval comes out far
  /// too narrow or too wide.
  ///
  /// Source: Cameron, Gelbach and Miller, Review of Economics and Statistics 90 (2008), for the trouble with few clusters;
  /// the number is a choice.
  package static let fewestRepositories = 10

  package var repositories: Int { Set(pairs.map(\.cluster)).count }

  /// The interval of the difference at 95 %, between -1 and 1, which never contradicts the exact test; nil without pairs.
  ///
  /// From ten repositories on it is the wider of `clustered` and `scored` at each end, with fewer it is `scored`.
  package var interval: (low: Double, high: Double, rule: Rule)? {
    guard let scored else { return nil }
    guard repositories >= PairedComparison.fewestRepositories, let clustered else {
      return (scored.low, scored.high, .byInstance)
    }
    return (min(clustered.low, scored.low), max(clustered.high, scored.high), .byRepository)
  }

  /// Newcombe's score interval of a paired difference at 95 %, whose end at 0 follows the exact test when the two
  /// disagree; nil without pairs.
  ///
  /// Source: R. G. Newcombe, Statistics in Medicine 17 (1998), 2635 to 2650, method 10. The exact test's end is Clopper and
  /// Pearson's of the pairs that differ, with which 0 is outside exactly when the p-value is at most 5 %.
  package var scored: (low: Double, high: Double)? {
    guard !pairs.isEmpty else { return nil }
    let (gained, lost) = (gained.count, lost.count)
    let both = pairs.count { $0.first && $0.second }
    let n = Double(pairs.count)
    let (first, second) = (both + lost, both + gained)
    let (old, new) = (
      Interval.wilson(successes: first, total: pairs.count), Interval.wilson(successes: second, total: pairs.count)
    )
    let (p1, p2) = (Double(first) / n, Double(second) / n)
    let phi = PairedComparison.correlation(both: both, gained: gained, lost: lost, total: pairs.count)
    func reach(_ one: Double, _ other: Double) -> Double {
      max(0, one * one - 2 * phi * one * other + other * other).squareRoot()
    }
    var low = max(-1, p2 - p1 - reach(p2 - new.low, old.high - p1))
    var high = min(1, p2 - p1 + reach(new.high - p2, p1 - old.low))
    let exact = PairedComparison.exact(gained: gained, lost: lost, total: pairs.count)
    if pValue <= 0.05 {
      if difference > 0, low <= 0 { low = exact.low }
      if difference < 0, high >= 0 { high = exact.high }
    } else {
      if low > 0 { low = min(0, exact.low) }
      if high < 0 { high = max(0, exact.high) }
    }
    return (low, high)
  }

  /// How far the two results of an instance go together, with Newcombe's correction; 0 when one of them never varies.
  private static func correlation(both: Int, gained: Int, lost: Int, total: Int) -> Double {
    let neither = total - both - gained - lost
    let margins = Double((both + gained) * (lost + neither)) * Double((both + lost) * (gained + neither))
    guard margins > 0 else { return 0 }
    let cross = Double(both * neither - gained * lost)
    return (cross > 0 ? max(0, cross - Double(total) / 2) : cross) / margins.squareRoot()
  }

  /// The exact interval of the difference, given how many pairs differ.
  private static func exact(gained: Int, lost: Int, total: Int) -> (low: Double, high: Double) {
    let differing = gained + lost
    guard differing > 0 else { return (0, 0) }
    /// The share at which `tail` is 2.5 %, by halving.
    func share(_ tail: (Binomial) -> Double, rises: Bool) -> Double {
      var (low, high) = (0.0, 1.0)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if (tail(Binomial(trials: differing, share: middle)) < 0.025) == rises { low = middle } else { high = middle }
      }
      return (low + high) / 2
    }
    let least = gained == 0 ? 0 : share({ $0.atLeast(gained) }, rises: true)
    let most = lost == 0 ? 1 : share({ $0.atMost(gained) }, rises: false)
    let scale = Double(differing) / Double(total)
    return ((2 * least - 1) * scale, (2 * most - 1) * scale)
  }

  /// The interval of the difference at 95 %, between -1 and 1, with instances of one repository taken to be alike; nil
  /// when there are fewer than two repositories, or all differ alike. By Student's t with one degree of freedom fewer than
  /// there are repositories.
  ///
  /// The same as `peer`, cut off at -1 and 1.
  package var clustered: (low: Double, high: Double)? {
    let groups = Dictionary(grouping: pairs, by: \.cluster).values
    guard groups.count > 1 else { return nil }
    let mean = difference
    let sum = groups.reduce(0) { sum, group in
      let rest = group.reduce(0) { $0 + $1.difference - mean }
      return sum + rest * rest
    }
    // Where no repository differs from another, nothing says how far the next would.
    guard sum > 1e-12 else { return nil }
    let count = Double(groups.count)
    let error = (count / (count - 1) * sum).squareRoot() / Double(pairs.count)
    let reach = StudentT.quantile(inside: 0.95, degrees: groups.count - 1) * error
    return (max(-1, mean - reach), min(1, mean + reach))
  }

  /// True when the instances differ more than chance explains, and the repositories differ so much among themselves that
  /// another choice of them might say otherwise.
  package var isUneven: Bool { pValue <= 0.05 && interval.map { $0.low <= 0 && $0.high >= 0 } ?? false }

  /// Which is better at the level `alpha`: the exact test says so, and the interval, which allows for repositories, agrees.
  package func answer(alpha: Double = 0.05) -> Answer {
    guard pValue <= alpha, !isUneven else { return .cannotDecide }
    return gained.count > lost.count ? .better : .worse
  }

  /// How likely the test decides for the second, where each of `count` instances is gained and lost with these
  /// probabilities.
  package static func power(count: Int, gained: Double, lost: Double, alpha: Double = 0.05) -> Double {
    let either = gained + lost
    guard count > 0, either > 0, either <= 1 else { return 0 }
    let differing = Binomial(trials: count, share: either)
    return (1...count).reduce(0) { sum, number in
      let mass = differing.mass(number)
      guard mass > 1e-12 else { return sum }
      // The fewest gains of so many that differ by which the test decides.
      let fewest = (0...number).first {
        2 * $0 > number && pValue(gained: $0, lost: number - $0) <= alpha
      }
      guard let fewest else { return sum }
      return sum + mass * Binomial(trials: number, share: gained / either).atLeast(fewest)
    }
  }
}
