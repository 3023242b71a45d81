/// Lines of one file, written `path:40-80`, `path:40` (one line) or `path` (the whole file).
package struct Span: Hashable, Codable, Sendable {
  /// The path, relative to the repository's root.
  package var path: String
  /// The first line, 1-based.
  package var first: Int
  /// The last line, inclusive; `Int.max` stands for the end of the file.
  package var last: Int

  /// The lines `first` to `last` of `path`, both 1-based and inclusive; the whole file where no line is given.
  package init(path: String, first: Int = 1, last: Int = .max) {
    self.path = path
    self.first = first
    self.last = last
  }

  /// The span that `text` spells. Throws `ContextError.notASpan` where there is no path, a line is 0 or beyond what a
  /// number holds, or the last line comes before the first. A colon that no number follows belongs to the path.
  package init(parsing text: String) throws(ContextError) {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else {
      if text.isEmpty { throw .notASpan(text) }
      self.init(path: text)
      return
    }
    let lines = text[text.index(after: colon)...]
    guard lines.utf8.first.map({ (48...57).contains($0) || $0 == UInt8(ascii: "-") }) ?? true else {
      self.init(path: text)
      return
    }
    let path = String(text[..<colon])
    let numbers = lines.split(separator: "-", omittingEmptySubsequences: false)
    guard !path.isEmpty, (1...2).contains(numbers.count), let first = Span.line(numbers[0]),
      let last = numbers.count == 2 ? Span.line(numbers[1]) : first, last >= first
    else { throw .notASpan(text) }
    self.init(path: path, first: first, last: last)
  }

  /// True where the span stands for the whole file, however long.
  package var isWholeFile: Bool { first == 1 && last == .max }

  private static func line(_ digits: Substring) -> Int? {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let line = Int(digits), line >= 1,
      line < .max
    else { return nil }
    return line
  }
}

extension Span: CustomStringConvertible {
  /// The form that `init(parsing:)` reads.
  package var description: String {
    if isWholeFile { return path }
    return first == last ? "\(path):\(first)" : "\(path):\(first)-\(last)"
  }
}

extension Span: Comparable {
  package static func < (left: Span, right: Span) -> Bool {
    (left.path, left.first, left.last) < (right.path, right.first, right.last)
  }
}

extension Span {
  /// The span without the lines of `others` that lie in the same file: nothing, one piece, or several in line order.
  package func subtracting(_ others: [Span]) -> [Span] {
    var lines = LineSet(first...max(first, last))
    for other in others where other.path == path && other.last >= other.first {
      lines.subtract(other.first...other.last)
    }
    return lines.ranges.map { Span(path: path, first: $0.lowerBound, last: $0.upperBound) }
  }
}
