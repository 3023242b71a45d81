/// New lines with the indentation of a file where a reply lost it, doubled it, or wrote tabs for blanks.
enum Reindentation {
  /// `new` as it is to stand in the file, whose lines `theirs` are those of `search` but for blanks; nil where that
  /// cannot be told. Lines of `search` that stay are the file's.
  static func lines(
    _ new: [ArraySlice<UInt8>], from search: [ArraySlice<UInt8>], to theirs: [ArraySlice<UInt8>]
  ) -> (lines: [ArraySlice<UInt8>], standingFor: [Int?])? {
    let standing = LineAlignment.pairs(old: search.map(\.withoutBlanks), new: new.map(\.withoutBlanks))
    if let rule = IndentationRule(from: search, to: theirs) {
      var made: [ArraySlice<UInt8>] = []
      for (index, line) in new.enumerated() {
        if let offset = standing[index] {
          made.append(theirs[offset])
        } else if let indented = rule.applied(to: line, isFirst: !new[..<index].contains { !$0.isBlank }) {
          made.append(indented)
        } else {
          return nil
        }
      }
      return (made, standing)
    }
    return byPlace(new, search, theirs, standing)
  }

  /// All indentation is gone: a new line takes that of the line in whose place it stands, where as many go as come.
  private static func byPlace(
    _ new: [ArraySlice<UInt8>], _ search: [ArraySlice<UInt8>], _ theirs: [ArraySlice<UInt8>], _ standing: [Int?]
  ) -> (lines: [ArraySlice<UInt8>], standingFor: [Int?])? {
    guard (search + new).allSatisfy({ $0.isBlank || $0.indentation.isEmpty }) else { return nil }
    var made: [ArraySlice<UInt8>] = []
    var index = 0
    var old = 0
    while index < new.count {
      if let offset = standing[index] {
        if offset != old { return nil }
        made.append(theirs[offset])
        (index, old) = (index + 1, offset + 1)
        continue
      }
      let end = new.indices[index...].first { standing[$0] != nil } ?? new.count
      let next = end < new.count ? standing[end] ?? search.count : search.count
      guard end - index == next - old else { return nil }
      for (line, place) in zip(new[index..<end], theirs[old..<next]) {
        made.append(line.isBlank ? line : place.indentation + line)
      }
      (index, old) = (end, next)
    }
    return old == search.count ? (made, standing) : nil
  }
}

/// What an indentation of a reply is in the file: one for one as far as its SEARCH lines show, and in proportion beyond.
private struct IndentationRule {
  private var known: [ArraySlice<UInt8>: ArraySlice<UInt8>] = [:]
  /// The first line alone has lost its blanks; the others are shifted by these.
  private var first: ArraySlice<UInt8>?

  init?(from search: [ArraySlice<UInt8>], to theirs: [ArraySlice<UInt8>]) {
    let pairs = zip(search, theirs).filter { !$0.0.isBlank }.map { ($0.indentation, $1.indentation) }
    guard let head = pairs.first else { return nil }
    if pairs.count > 1, head.0.isEmpty, !head.1.isEmpty, pairs.dropFirst().allSatisfy({ $0.0 == $0.1 }) {
      first = head.1
      return
    }
    for (mine, their) in pairs {
      if let other = known[mine], other != their { return nil }
      known[mine] = their
    }
  }

  func applied(to line: ArraySlice<UInt8>, isFirst: Bool) -> ArraySlice<UInt8>? {
    if line.isBlank { return line }
    if let first { return isFirst && line.indentation.isEmpty ? first + line : line }
    if let their = known[line.indentation] { return their + line.withoutIndentation }
    guard let blanks = scaled(line.indentation) else { return nil }
    return blanks + line.withoutIndentation
  }

  /// An indentation that no SEARCH line has, on the line through two that they have.
  private func scaled(_ mine: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let points = known.map { ($0.key.count, $0.value.count) }.sorted { $0 < $1 }
    guard let low = points.first, let high = points.last, high.0 > low.0, high.1 > low.1 else { return nil }
    let isStraight = points.allSatisfy { ($0.1 - low.1) * (high.0 - low.0) == ($0.0 - low.0) * (high.1 - low.1) }
    let rise = (mine.count - low.0) * (high.1 - low.1)
    let blanks = Set(known.values.joined())
    guard isStraight, rise % (high.0 - low.0) == 0, blanks.count == 1, let blank = blanks.first,
      Set(known.keys.joined()).union(mine).count <= 1
    else { return nil }
    let count = low.1 + rise / (high.0 - low.0)
    return count < 0 ? nil : ArraySlice(repeating: blank, count: count)
  }
}
