/// A number that a server counts by: tokens, or bytes of a file. Whatever it writes instead (text, a fraction, a number
/// below 0 or beyond all that could be counted) is no number, and nothing else of its answer is lost by that.
package struct ServerNumber: Decodable, Hashable, Sendable {
  /// A million million is more than any file of a model has bytes or any window has tokens, and far enough from the end
  /// of the integers that sums and products of a few of them are safe.
  package static let range = 0...(1 << 40)

  /// Nil where there is no such number.
  package let value: Int?

  /// `number` where it is within ``range``.
  package init(_ number: Int?) {
    value = number.flatMap { ServerNumber.range.contains($0) ? $0 : nil }
  }

  package init(from decoder: any Decoder) throws {
    // Every number of the range is exact as a double; an integer that is none of Swift's would throw.
    let number = try? decoder.singleValueContainer().decode(Double.self)
    self.init(number.flatMap { Int(exactly: $0) })
  }
}
