import Foundation

/// The binomial distribution: how many of `trials` succeed where each does with probability `share`.
struct Binomial {
  let trials: Int
  let share: Double

  /// The probability of exactly `count` successes.
  func mass(_ count: Int) -> Double {
    guard (0...trials).contains(count) else { return 0 }
    if share <= 0 { return count == 0 ? 1 : 0 }
    if share >= 1 { return count == trials ? 1 : 0 }
    let (n, k) = (Double(trials), Double(count))
    let ways: Double = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    let chances: Double = k * log(share) + (n - k) * log1p(-share)
    return exp(ways + chances)
  }

  /// The probability of `count` successes or fewer.
  func atMost(_ count: Int) -> Double {
    if count < 0 { return 0 }
    if count >= trials { return 1 }
    return min(1, (0...count).reduce(0) { $0 + mass($1) })
  }

  /// The probability of `count` successes or more.
  func atLeast(_ count: Int) -> Double {
    if count <= 0 { return 1 }
    if count > trials { return 0 }
    return min(1, (count...trials).reversed().reduce(0) { $0 + mass($1) })
  }
}

/// The standard normal distribution.
enum Normal {
  /// The quantile of 0.975: what two-sided intervals of 95 % reach to.
  static let wide = 1.959963984540054
}
