/// A share of a count, with the interval that the count allows.
package struct Interval: Hashable, Codable, Sendable {
  /// Both between 0 and 1.
  package let low: Double
  package let high: Double

  /// Wilson's score interval for `successes` of `total` at 95 %. An empty total says nothing: 0 to 1.
  ///
  /// Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), without continuity correction.
  package static func wilson(successes: Int, total: Int) -> Interval {
    guard total > 0 else { return Interval(low: 0, high: 1) }
    let z = Normal.wide
    let n = Double(total)
    let share = Double(successes) / n
    let centre = share + z * z / (2 * n)
    let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    // At the ends the formula is exact but for rounding.
    return Interval(
      low: successes == 0 ? 0 : max(0, (centre - half) / scale),
      high: successes == total ? 1 : min(1, (centre + half) / scale))
  }
}
