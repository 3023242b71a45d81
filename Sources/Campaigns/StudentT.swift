import Foundation

/// Student's t distribution of a whole number of degrees of freedom.
enum StudentT {
  /// The value that lies between its negative and itself with probability `inside`: 0.95 for a two-sided interval of
  /// 95 %.
  ///
  /// Source: Abramowitz and Stegun 26.7.3 and 26.7.4, the closed form for whole degrees, solved by halving.
  static func quantile(inside: Double, degrees: Int) -> Double {
    var (low, high) = (0.0, Double.pi / 2)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if middle == low || middle == high { break }
      if share(within: middle, degrees: degrees) < inside { low = middle } else { high = middle }
    }
    return Double(degrees).squareRoot() * tan((low + high) / 2)
  }

  /// How likely |t| is below √degrees · tan(angle).
  private static func share(within angle: Double, degrees: Int) -> Double {
    let square = cos(angle) * cos(angle)
    let isOdd = degrees % 2 == 1
    if degrees == 1 { return 2 * angle / Double.pi }
    var term = isOdd ? cos(angle) : 1
    var sum = term
    for factor in stride(from: isOdd ? 3 : 2, to: degrees - 1, by: 2) {
      term *= square * Double(factor - 1) / Double(factor)
      sum += term
    }
    return isOdd ? 2 / Double.pi * (angle + sin(angle) * sum) : sin(angle) * sum
  }
}
