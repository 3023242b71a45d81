/// A file while the edits of one reply are applied to it.
struct EditedFile {
  let path: String
  /// Nil where the file did not exist.
  let before: [UInt8]?
  /// Nil where the file does not exist (yet).
  private var text: SourceText?
  /// Edits that claim lines of the old file by number, and the one that gave the whole file: (first, last, edit).
  private var claims: [(first: Int, last: Int, edit: Int)] = []
  private var whole: (content: String, edit: Int)?
  private var lastSearch: Int?

  /// The file with these bytes, or nil where they are not text.
  init?(path: String, before: [UInt8]?) {
    self.path = path
    self.before = before
    if let before {
      guard let text = SourceText(before) else { return nil }
      self.text = text
    }
  }

  /// The bytes after the edits so far; nil where there is still no file.
  var after: [UInt8]? { text?.bytes }

  /// Applies one change; `edit` is its 1-based number in the reply, `repeats` how often the reply asks for the same from
  /// here on.
  mutating func apply(_ change: Edit.Change, _ edit: Int, repeats: Int = 1) throws(EditError) -> AppliedEdit {
    if let whole, change != .whole(content: whole.content) { throw .overlap(path: path, edit: edit, other: whole.edit) }
    if change.text.utf8.contains(0) { throw .notText(path: path, edit: edit) }
    switch change {
    case .replace(let search, let replacement):
      return try replace(LineSplit.lines(of: search), with: LineSplit.lines(of: replacement), edit, repeats)
    case .whole(let content):
      if let other = claims.first?.edit ?? lastSearch { throw .overlap(path: path, edit: edit, other: other) }
      whole = (content, edit)
      return fill(with: LineSplit.lines(of: content))
    case .lines(let first, let last, let replacement):
      return try replace(first, last, with: LineSplit.lines(of: replacement), edit)
    }
  }

  private mutating func fill(with new: [ArraySlice<UInt8>]) -> AppliedEdit {
    let isNew = before == nil
    var made = text ?? SourceText(new: [])
    let old = made.lines.map(\.content)
    made.replace(0..<old.count, with: new, standingFor: LineAlignment.pairs(old: old, new: new))
    text = made
    return AppliedEdit(path: path, firstLine: 1, step: isNew ? .newFile : .wholeFile)
  }

  private mutating func replace(
    _ first: Int, _ last: Int, with new: [ArraySlice<UInt8>], _ edit: Int
  ) throws(EditError) -> AppliedEdit {
    guard var text else { throw .pathNotFound(path: path, edit: edit) }
    if let lastSearch { throw .overlap(path: path, edit: edit, other: lastSearch) }
    guard first >= 1, first <= last, last <= text.count else {
      let nearest = claims.isEmpty ? text.region(about: max(1, min(first, text.count) - Region.limit / 2)) : nil
      throw .linesOutOfRange(path: path, edit: edit, first: first, last: last, count: text.count, nearest: nearest)
    }
    if let other = claims.first(where: { $0.first <= last && first <= $0.last })?.edit {
      throw .overlap(path: path, edit: edit, other: other)
    }
    claims.append((first, last, edit))
    // No other edit has touched these lines, so they still stand together, moved as a whole.
    guard let start = text.lines.firstIndex(where: { $0.number == first }) else {
      throw .overlap(path: path, edit: edit, other: edit)
    }
    let range = start..<start + last - first + 1
    let old = text.lines[range].map(\.content)
    text.replace(range, with: new, standingFor: LineAlignment.pairs(old: old, new: new))
    self.text = text
    return AppliedEdit(path: path, firstLine: first, step: .lines)
  }

  private mutating func replace(
    _ search: [ArraySlice<UInt8>], with new: [ArraySlice<UInt8>], _ edit: Int, _ repeats: Int
  ) throws(EditError) -> AppliedEdit {
    if let other = claims.first?.edit { throw .overlap(path: path, edit: edit, other: other) }
    if search.isEmpty {
      if let text, !text.lines.isEmpty {
        if text.lines.map(\.content) == new { throw .alreadyApplied(path: path, edit: edit, line: 1) }
        throw .emptySearch(path: path, edit: edit)
      }
      lastSearch = edit
      return fill(with: new)
    }
    guard var text else { throw .pathNotFound(path: path, edit: edit) }
    let fingerprints = text.lines.map { Fingerprint.of($0.content) }
    guard let match = BlockMatch(of: search, in: text.lines, fingerprints: fingerprints) else {
      throw absent(search, new, in: text, fingerprints, edit)
    }
    if match.places.count > 1, match.places.count != repeats {
      throw .ambiguous(path: path, edit: edit, lines: match.places.map { $0 + 1 })
    }
    let range = match.places[0]..<match.places[0] + search.count
    var made = new
    if match.step == .indentation, let shift = IndentationShift(from: search, to: text.lines[range]) {
      made = new.compactMap(shift.shifted)
      if made.count < new.count {
        throw .staleAnchor(path: path, edit: edit, nearest: text.region(about: range.lowerBound + 1))
      }
    }
    let firstLine = text.number(at: range.lowerBound)
    text.replace(range, with: made, standingFor: LineAlignment.pairs(old: search, new: new))
    self.text = text
    lastSearch = edit
    return AppliedEdit(path: path, firstLine: firstLine, step: match.step)
  }

  /// The error for a SEARCH text that is nowhere.
  private func absent(
    _ search: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>], in text: SourceText, _ fingerprints: [Int], _ edit: Int
  ) -> EditError {
    if new.contains(where: { !$0.isBlank }),
      let there = BlockMatch(of: new, in: text.lines, fingerprints: fingerprints), there.places.count == 1
    {
      return .alreadyApplied(path: path, edit: edit, line: there.places[0] + 1)
    }
    let nearest = NearestPlace.region(of: search, in: text, fingerprints: fingerprints)
    return .staleAnchor(path: path, edit: edit, nearest: nearest)
  }
}

extension Edit.Change {
  /// What the change brings into the file.
  fileprivate var text: String {
    switch self {
    case .replace(_, let replacement), .lines(_, _, let replacement): replacement
    case .whole(let content): content
    }
  }
}
