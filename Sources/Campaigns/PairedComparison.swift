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

  /// The call of statsmodels whose interval equals ours.
  package static let peer =
    #"OLS(d, ones).fit(cov_type="cluster", cov_kwds={"groups": repository}, use_t=True).conf_int()"#

  /// The interval of the difference at 95 %, between -1 and 1, with instances of one cluster taken to be alike; nil where
  /// there are fewer than two clusters, or all differ alike. With few clusters it is wide: by Student's t with one degree of freedom fewer than
  /// there are clusters.
  ///
  /// The same as `peer`, cut off at -1 and 1.
  package var interval: (low: Double, high: Double)? {
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

  /// Which is better at the level `alpha`.
  package func answer(alpha: Double = 0.05) -> Answer {
    guard pValue <= alpha else { return .cannotDecide }
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
