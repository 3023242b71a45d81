/// The lines of a file, as it was read, for which edits of a reply have stood by their text, in the order of the edits.
struct TakenLines {
  private var taken: [(lines: ClosedRange<Int>?, edit: Int)] = []

  /// The last of these edits.
  var last: Int? { taken.last?.edit }

  /// Notes that `edit` took these 1-based lines; nil where it only added some.
  mutating func note(_ lines: ClosedRange<Int>?, by edit: Int) { taken.append((lines, edit)) }

  /// The first edit that took one of the 0-based `lines` of the file as it was read.
  func edit(of lines: Range<Int>) -> Int? {
    guard !lines.isEmpty else { return nil }
    return taken.first { $0.lines?.overlaps(lines.lowerBound + 1...lines.upperBound) == true }?.edit
  }
}
