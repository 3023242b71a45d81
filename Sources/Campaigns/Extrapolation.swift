import Foundation

/// How many of all 300 would be resolved, by a sample of them.
///
/// The sample's own are known; of the rest so many are resolved as a beta-binomial distribution says, whose prior is
/// Jeffreys' and whose data are the sample. It speaks of the same settings, and of rows like those of the sample.
package struct Extrapolation: Hashable, Sendable {
  package let verified: Int
  package let sample: Int
  package let total: Int
  /// The sample's share of the total.
  package let expected: Double
  /// The number lies in here with a probability of at least 95 %.
  package let low: Int
  package let high: Int

  /// - Parameters:
  ///   - verified: how many of the sample are resolved.
  ///   - sample: how many there are in the sample.
  ///   - total: how many in all.
  package init(verified: Int, of sample: Int, total: Int = Phase.full.size) {
    self.verified = verified
    self.sample = sample
    self.total = max(total, sample)
    expected = sample == 0 ? 0 : Double(verified) / Double(sample) * Double(self.total)
    let rest = self.total - sample
    let (alpha, beta) = (Double(verified) + 0.5, Double(sample - verified) + 0.5)
    var below = 0.0
    var ends: (low: Int?, high: Int?) = (nil, nil)
    for count in 0...rest {
      let (k, n) = (Double(count), Double(rest))
      let ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
      let chance = lgamma(k + alpha) + lgamma(n - k + beta) - lgamma(n + alpha + beta)
      let whole = lgamma(alpha) + lgamma(beta) - lgamma(alpha + beta)
      below += exp(ways + chance - whole)
      if ends.low == nil, below >= 0.025 { ends.low = count }
      if ends.high == nil, below >= 0.975 { ends.high = count }
    }
    low = verified + (ends.low ?? 0)
    high = verified + (ends.high ?? rest)
  }

  /// `60 of 100 make 180 of 300 [150, 208]`.
  package var sentence: String {
    "\(verified) of \(sample) make \(Int(expected.rounded())) of \(total) [\(low), \(high)], with the same settings"
  }
}
