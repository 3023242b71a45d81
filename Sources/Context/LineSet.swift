/// A set of lines as ranges that are in order and neither overlap nor touch.
struct LineSet: Hashable, Sendable {
  private(set) var ranges: [ClosedRange<Int>] = []

  init() {}

  init(_ range: ClosedRange<Int>) { ranges = [range] }

  var isEmpty: Bool { ranges.isEmpty }

  /// Adds the lines of `range`; ranges that overlap or touch become one.
  mutating func insert(_ range: ClosedRange<Int>) {
    var merged = range
    var kept: [ClosedRange<Int>] = []
    for old in ranges {
      let touches =
        old.lowerBound <= LineSet.after(merged.upperBound) && merged.lowerBound <= LineSet.after(old.upperBound)
      if touches {
        merged = min(old.lowerBound, merged.lowerBound)...max(old.upperBound, merged.upperBound)
      } else {
        kept.append(old)
      }
    }
    kept.append(merged)
    ranges = kept.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// Takes the lines of `range` away.
  mutating func subtract(_ range: ClosedRange<Int>) {
    ranges = ranges.flatMap { old -> [ClosedRange<Int>] in
      guard old.overlaps(range) else { return [old] }
      var rest: [ClosedRange<Int>] = []
      if old.lowerBound < range.lowerBound { rest.append(old.lowerBound...(range.lowerBound - 1)) }
      if old.upperBound > range.upperBound { rest.append((range.upperBound + 1)...old.upperBound) }
      return rest
    }
  }

  private static func after(_ line: Int) -> Int { line == .max ? .max : line + 1 }
}
