/// One line of a unified diff.
package struct DiffLine: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The name of one of the two texts: `--- NAME`, `+++ NAME`.
    case file
    /// The head of a hunk: `@@ -1,3 +1,4 @@`.
    case hunk
    case same
    case added
    case removed
  }

  package let kind: Kind
  /// The line without its newline, and without the mark in front.
  package let text: String
  /// 1-based number in the old text; nil where the line is not in it.
  package let oldLine: Int?
  /// 1-based number in the new text; nil where the line is not in it.
  package let newLine: Int?
  /// Whether a newline follows the line in its text; false only for a last line without one.
  package let endsInNewline: Bool

  /// The line as a diff shows it, cleaned, with its newline.
  package func rendered(style: Style) -> String { rendered(style: style, pieces: nil) }

  /// The same, with the changed ones of its `pieces` standing out.
  func rendered(style: Style, pieces: [WordDiff.Piece]?) -> String {
    let shown = Untrusted.clean(text)
    let line: String
    switch kind {
    case .file: line = style.apply(.heading, shown)
    case .hunk: line = style.apply(.dim, shown)
    case .same: line = " " + shown
    case .added: line = marked("+", pieces, style, .added, .addedWord)
    case .removed: line = marked("-", pieces, style, .removed, .removedWord)
    }
    return line + (endsInNewline ? "\n" : "\n\\ no newline at the end\n")
  }
}

extension DiffLine {
  private func marked(
    _ mark: String, _ pieces: [WordDiff.Piece]?, _ style: Style, _ meaning: Meaning, _ changed: Meaning
  ) -> String {
    guard let pieces else { return style.apply(meaning, mark + Untrusted.clean(text)) }
    return style.apply(meaning, mark)
      + pieces.map { style.apply($0.isChanged ? changed : meaning, Untrusted.clean($0.text)) }.joined()
  }
}

/// What two texts have in common, line by line. A line ends at a newline; a carriage return belongs to its line.
package enum LineDiff {
  /// The first line in which two texts differ.
  package struct FirstDifference: Hashable, Sendable {
    /// 1-based.
    package let line: Int
    /// nil where the old text has no such line.
    package let old: String?
    /// nil where the new text has no such line.
    package let new: String?
  }

  /// A unified diff; empty where the texts are equal. `context` is the number of equal lines shown round a change.
  package static func unified(
    old: String, new: String, context: Int = 3, oldName: String = "old", newName: String = "new"
  ) -> [DiffLine] {
    guard !old.utf8.elementsEqual(new.utf8) else { return [] }
    let lines = script(old: old, new: new)
    var result = [head("--- \(oldName)"), head("+++ \(newName)")]
    for range in hunks(in: lines, context: max(0, context)) {
      result.append(hunkHead(of: range, in: lines))
      result += lines[range]
    }
    return result
  }

  /// Where two texts begin to differ; nil where they are equal. What follows the last newline counts as a line, so
  /// that `a` and `a` with a newline differ in line 2.
  package static func firstDifference(old: String, new: String) -> FirstDifference? {
    let (old, new) = (Array(old.utf8), Array(new.utf8))
    let shorter = min(old.count, new.count)
    var index = 0
    while index < shorter, old[index] == new[index] { index += 1 }
    guard index < max(old.count, new.count) else { return nil }
    let start = old[..<index].lastIndex(of: newline).map { $0 + 1 } ?? 0
    var line = 1
    for byte in old[..<start] where byte == newline { line += 1 }
    var (oldLine, newLine): (String?, String?) = (text(old, from: start), text(new, from: start))
    if oldLine == newLine {
      // One text ends here and the other goes on after a newline: the difference is the line after.
      line += 1
      oldLine = rest(old, after: start)
      newLine = rest(new, after: start)
    }
    return FirstDifference(line: line, old: oldLine, new: newLine)
  }

  private static let newline = UInt8(ascii: "\n")

  private static func text(_ bytes: [UInt8], from start: Int) -> String {
    String(decoding: bytes[start...].prefix { $0 != newline }, as: UTF8.self)
  }

  private static func rest(_ bytes: [UInt8], after start: Int) -> String? {
    bytes[start...].firstIndex(of: newline).map { text(bytes, from: $0 + 1) }
  }

  /// Every line of both texts in the order of a diff, without heads. A removed line comes before an added one.
  private static func script(old: String, new: String) -> [DiffLine] {
    let (old, new) = (split(old), split(new))
    var numbers: [ArraySlice<UInt8>: Int] = [:]
    func number(_ line: ArraySlice<UInt8>) -> Int {
      if let known = numbers[line] { return known }
      numbers[line] = numbers.count
      return numbers.count - 1
    }
    let match = LineMatch(old: old.map(number), new: new.map(number))
    var result: [DiffLine] = []
    result.reserveCapacity(max(old.count, new.count))
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      if i < old.count, match.removed[i] {
        result.append(line(.removed, old[i], oldLine: i + 1, newLine: nil))
        i += 1
      } else if j < new.count, match.added[j] {
        result.append(line(.added, new[j], oldLine: nil, newLine: j + 1))
        j += 1
      } else {
        result.append(line(.same, old[i], oldLine: i + 1, newLine: j + 1))
        i += 1
        j += 1
      }
    }
    return result
  }

  /// The lines, each with its newline where it has one.
  private static func split(_ text: String) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: newline).map { $0 + 1 } ?? bytes.count
      lines.append(bytes[start..<end])
      start = end
    }
    return lines
  }

  private static func line(_ kind: DiffLine.Kind, _ bytes: ArraySlice<UInt8>, oldLine: Int?, newLine: Int?) -> DiffLine
  {
    let ends = bytes.last == newline
    return DiffLine(
      kind: kind, text: String(decoding: ends ? bytes.dropLast() : bytes, as: UTF8.self), oldLine: oldLine,
      newLine: newLine, endsInNewline: ends)
  }

  private static func head(_ text: String, kind: DiffLine.Kind = .file) -> DiffLine {
    DiffLine(kind: kind, text: text, oldLine: nil, newLine: nil, endsInNewline: true)
  }

  /// Ranges of lines to show: each change with its context, run together where they touch.
  private static func hunks(in lines: [DiffLine], context: Int) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for (index, line) in lines.enumerated() where line.kind != .same {
      let start = max(0, index - context)
      let end = min(lines.count, index + context + 1)
      if let last = result.last, start <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<end
      } else {
        result.append(start..<end)
      }
    }
    return result
  }

  /// Rule: GNU diffutils, "Detailed Unified": a side without lines is named by the line before it.
  private static func hunkHead(of range: Range<Int>, in lines: [DiffLine]) -> DiffLine {
    func side(_ number: KeyPath<DiffLine, Int?>) -> String {
      let numbers = lines[range].compactMap { $0[keyPath: number] }
      if let first = numbers.first { return "\(first),\(numbers.count)" }
      return "\(lines[..<range.lowerBound].reversed().lazy.compactMap { $0[keyPath: number] }.first ?? 0),0"
    }
    return head("@@ -\(side(\.oldLine)) +\(side(\.newLine)) @@", kind: .hunk)
  }
}
