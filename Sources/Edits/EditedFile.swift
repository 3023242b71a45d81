import Content

/// A file while the edits of one reply are applied to it.
struct EditedFile {
  let path: String
  /// Nil where the file did not exist.
  let before: [UInt8]?
  /// The file now; nil where it does not exist (yet).
  private var state: FileState?
  /// Edits that claim lines of the old file by number, and the one that gave the whole file: (first, last, edit).
  private var claims: [(first: Int, last: Int, edit: Int)] = []
  private var whole: (content: String, edit: Int)?
  private var taken = TakenLines()
  private let rule: PlaceRule
  /// The 1-based lines of the file as it was that the model was shown.
  private let shown: [ClosedRange<Int>]
  /// The lines where other edits of the reply took hold.
  private let certain: [Int]

  /// The file with these bytes, or nil where they are not text.
  init?(
    path: String, before: [UInt8]?, rule: PlaceRule = .only, shown: [ClosedRange<Int>] = [], certain: [Int] = []
  ) {
    self.path = path
    self.shown = shown
    self.certain = certain
    self.rule = rule
    self.before = before
    if let before {
      guard let state = FileState(before) else { return nil }
      self.state = state
    }
  }

  /// The bytes after the edits so far; nil where there is still no file.
  var after: [UInt8]? { state?.bytes }

  /// Applies one change; `edit` is its 1-based number in the reply, `repeats` how often the reply asks for the same from
  /// here on.
  mutating func apply(_ change: Edit.Change, _ edit: Int, repeats: Int = 1) throws(EditError) -> AppliedEdit {
    if let whole, change != .whole(content: whole.content) { throw .overlap(path: path, edit: edit, other: whole.edit) }
    if ByteSearch.contains(change.text, 0) { throw .notText(path: path, edit: edit) }
    switch change {
    case .replace(let search, let replacement):
      if let done = exact(search, replacement, edit, repeats) { return done }
      return try replace(LineSplit.lines(of: search), with: LineSplit.lines(of: replacement), edit, repeats)
    case .whole(let content):
      if let other = claims.first?.edit ?? taken.last { throw .overlap(path: path, edit: edit, other: other) }
      whole = (content, edit)
      return try fill(with: LineSplit.lines(of: content), edit)
    case .lines(let first, let last, let replacement):
      return try replace(first, last, with: LineSplit.lines(of: replacement), edit)
    case .function(let name, let definition):
      return try replace(definition: name, with: LineSplit.lines(of: definition), edit)
    case .hunk(let lines, let firstLine):
      return try replace(Hunk(LineSplit.lines(of: lines)), at: firstLine, edit, repeats)
    case .delete(let content): return try delete(LineSplit.lines(of: content), edit)
    case .rename: throw .notAFile(path: path, edit: edit)
    }
  }

  /// The file goes, where it holds what the reply says.
  private mutating func delete(_ content: [ArraySlice<UInt8>], _ edit: Int) throws(EditError) -> AppliedEdit {
    guard let text = state?.text else { throw .pathNotFound(path: path, edit: edit) }
    let full = { (lines: [ArraySlice<UInt8>]) in lines.filter { !$0.isBlank }.map(\.withoutTrailingBlanks) }
    guard full(text.lines.map(\.content)) == full(content) else {
      let matcher = Matcher(text, search: content, new: [])
      throw Diagnosis(path: path, edit: edit, text: text, matcher: matcher).error(of: .absent)
    }
    state = nil
    return AppliedEdit(path: path, firstLine: 1, step: .deleted)
  }

  /// The file under another path, this one being gone; nil where there is none.
  mutating func moved(to new: String) -> EditedFile? {
    guard let state, var file = EditedFile(path: new, before: nil, rule: rule) else { return nil }
    file.state = state
    self.state = nil
    return file
  }

  /// The common case at the cost of a search for bytes: the SEARCH text stands in the file once, byte for byte.
  private mutating func exact(_ search: String, _ replacement: String, _ edit: Int, _ repeats: Int) -> AppliedEdit? {
    guard claims.isEmpty, repeats == 1 else { return nil }
    // What may leave code out is looked at line by line.
    if Ellipsis.mayStand(in: replacement) {
      let new = LineSplit.lines(of: replacement)
      if new.contains(where: { Ellipsis.kind(of: $0) != nil }),
        LeftOut.first(in: new, insteadOf: LineSplit.lines(of: search), path: path) != nil
      {
        return nil
      }
    }
    guard let line = state?.spliceExact(search, replacement) else { return nil }
    taken.note(line...line + ByteSearch.lines(in: search) - 1, by: edit)
    return AppliedEdit(path: path, firstLine: line, step: .exact)
  }

  private mutating func fill(with lines: [ArraySlice<UInt8>], _ edit: Int) throws(EditError) -> AppliedEdit {
    let isNew = before == nil
    var made = state?.text ?? SourceText(new: [])
    let old = made.lines.map(\.content)
    let new = old.isEmpty ? lines : LineNumbers.stripped(lines) ?? lines
    if !old.isEmpty, let index = LeftOut.first(in: new, insteadOf: old, path: path, isWhole: true) {
      throw .ellipsis(path: path, edit: edit, text: new[index].withoutBlanks.text)
    }
    made.replace(0..<old.count, with: new, standingFor: LineAlignment.pairs(old: old, new: new))
    state = FileState(made)
    return AppliedEdit(path: path, firstLine: 1, step: isNew ? .newFile : .wholeFile)
  }

  private mutating func replace(
    _ first: Int, _ last: Int, with lines: [ArraySlice<UInt8>], _ edit: Int
  ) throws(EditError) -> AppliedEdit {
    guard var text = state?.text else { throw .pathNotFound(path: path, edit: edit) }
    if let other = taken.last { throw .overlap(path: path, edit: edit, other: other) }
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
    let new = LineNumbers.stripped(lines) ?? lines
    try check(new, insteadOf: old, edit)
    text.replace(range, with: new, standingFor: LineAlignment.pairs(old: old, new: new))
    state = FileState(text)
    return AppliedEdit(path: path, firstLine: first, step: .lines)
  }

  private mutating func replace(
    _ search: [ArraySlice<UInt8>], with new: [ArraySlice<UInt8>], _ edit: Int, _ repeats: Int
  ) throws(EditError) -> AppliedEdit {
    if let other = claims.first?.edit { throw .overlap(path: path, edit: edit, other: other) }
    if search.isEmpty {
      if let text = state?.text, !text.lines.isEmpty {
        return try append(new, to: text, edit)
      }
      taken.note(nil, by: edit)
      return try fill(with: new, edit)
    }
    guard let text = state?.text else { throw .pathNotFound(path: path, edit: edit) }
    let matcher = Matcher(text, search: search, new: new)
    var placing = matcher.place(repeats: repeats)
    if case .absent = placing, let bare = LineNumbers.stripped(search) {
      // The numbers of the prompt were copied too.
      placing = Matcher(text, search: bare, new: LineNumbers.stripped(new) ?? new).place(repeats: repeats)
    }
    if case .several(let places, let length) = placing {
      if rule == .first, let first = places.first {
        placing = matcher.place(at: first) ?? placing
      } else if let (place, step) = meant(of: places, length: length, in: text) {
        placing = matcher.place(at: place, step: step) ?? placing
      }
    }
    guard case .one(let placement) = placing else { throw refusal(of: placing, matcher, in: text, edit) }
    if placement.step != .ellipsis { try check(placement.new, insteadOf: search, edit) }
    return take(placement, in: text, edit)
  }

  /// The place of several that is meant: the only one that the model was shown, or the only one in the class of the
  /// reply's other edits. Indices are of lines now.
  private func meant(of places: [Int], length: Int, in text: SourceText) -> (place: Int, step: MatchingStep)? {
    if !shown.isEmpty {
      let seen = places.filter { place in
        guard place + length <= text.lines.count, let lines = text.numbers(of: place..<place + max(1, length)) else {
          return false
        }
        return shown.contains { $0.lowerBound <= lines.lowerBound && lines.upperBound <= $0.upperBound }
      }
      if seen.count == 1 { return (seen[0], .shown) }
    }
    guard !certain.isEmpty, PythonSyntax.isPython(path), let before else { return nil }
    let all = Definition.all(in: before).filter { !$0.name.contains(".") }
    let mine = all.filter { one in certain.contains { one.firstLine <= $0 && $0 <= one.lastLine } }
    let near = places.filter { place in
      guard let number = text.lines[place].number else { return false }
      return mine.contains { $0.firstLine <= number && number <= $0.lastLine }
    }
    return near.count == 1 ? (near[0], .sameClass) : nil
  }

  /// An empty SEARCH text in a file that exists adds to its end, unless it brings what is there already.
  private mutating func append(
    _ new: [ArraySlice<UInt8>], to text: SourceText, _ edit: Int
  ) throws(EditError) -> AppliedEdit {
    let old = text.lines.map(\.content)
    if old == new { throw .alreadyApplied(path: path, edit: edit, line: 1) }
    let known = Set(old)
    let full = new.filter { !$0.isBlank }
    if full.isEmpty || full.count(where: known.contains) * 2 >= full.count {
      throw .emptySearch(path: path, edit: edit)
    }
    return take(
      Placement(step: .append, range: old.count..<old.count, new: new, standingFor: new.map { _ in nil }), in: text,
      edit)
  }

  private mutating func take(_ placement: Placement, in text: SourceText, _ edit: Int) -> AppliedEdit {
    var text = text
    taken.note(text.numbers(of: placement.range), by: edit)
    let firstLine = text.number(at: placement.range.lowerBound)
    text.replace(placement.range, with: placement.new, standingFor: placement.standingFor)
    state = FileState(text)
    return AppliedEdit(path: path, firstLine: firstLine, step: placement.step)
  }

  /// Why a SEARCH text found no place. It was copied from the file as it was read: where that has it, and an edit before
  /// this one took lines of the place, these two do not go together; else the nearest lines are those of that file.
  private func refusal(of placing: Placing, _ matcher: Matcher, in text: SourceText, _ edit: Int) -> EditError {
    let error = Diagnosis(path: path, edit: edit, text: text, matcher: matcher).error(of: placing)
    guard error.isOfPlace, taken.last != nil, let old = before.flatMap(SourceText.init) else { return error }
    let first = Matcher(old, search: matcher.search, new: matcher.new)
    let place = first.place()
    if case .one(let placement) = place {
      return taken.edit(of: placement.range).map { .overlap(path: path, edit: edit, other: $0) } ?? error
    }
    let other = Diagnosis(path: path, edit: edit, text: old, matcher: first).error(of: place)
    return other.isOfPlace ? other : error
  }

  /// Throws where the new lines leave code out that stood there.
  private func check(_ new: [ArraySlice<UInt8>], insteadOf old: [ArraySlice<UInt8>], _ edit: Int) throws(EditError) {
    guard let index = LeftOut.first(in: new, insteadOf: old, path: path) else { return }
    throw .ellipsis(path: path, edit: edit, text: new[index].withoutBlanks.text)
  }

  // MARK: Definitions

  private mutating func replace(
    definition name: String, with lines: [ArraySlice<UInt8>], _ edit: Int
  ) throws(EditError) -> AppliedEdit {
    guard let text = state?.text, let bytes = state?.bytes else { throw .pathNotFound(path: path, edit: edit) }
    if let other = claims.first?.edit { throw .overlap(path: path, edit: edit, other: other) }
    let all = Definition.all(in: bytes)
    var found = all.filter { $0.name == name }
    if found.isEmpty { found = all.filter { $0.name.hasSuffix(".\(name)") } }
    let mine = EditedFile.decorators(lines)
    if found.count > 1, !mine.isEmpty {
      let alike = found.filter {
        EditedFile.decorators(text.lines[$0.firstLine - 1..<$0.lastLine].map(\.content)) == mine
      }
      if alike.count == 1 { found = alike }
    }
    guard !found.isEmpty else {
      if let other = taker(of: name) { throw .overlap(path: path, edit: edit, other: other) }
      throw .noDefinition(path: path, edit: edit, name: name, nearest: Nearest.names(to: name, in: all.map(\.name)))
    }
    if found.count > 1 {
      let seen = found.filter { one in
        guard let lines = text.numbers(of: one.headLine - 1..<one.lastLine) else { return false }
        return shown.contains { $0.lowerBound <= lines.lowerBound && lines.upperBound <= $0.upperBound }
      }
      guard seen.count == 1 else {
        let places = found.map { $0.headLine - 1 }
        throw .ambiguous(
          path: path, edit: edit, lines: found.map(\.headLine),
          within: Diagnosis.landmarks(of: places.map { max(0, $0 - 1) }, in: text, path))
      }
      found = seen
    }
    let one = found[0]
    // Decorators that the reply does not repeat stay.
    let range = (mine.isEmpty ? one.headLine : one.firstLine) - 1..<min(one.lastLine, text.lines.count)
    let old = text.lines[range].map(\.content)
    var new = lines
    while let last = new.last, last.isBlank { new.removeLast() }
    while let first = new.first, first.isBlank { new.removeFirst() }
    let theirs = old.first?.indentation ?? []
    let own = new.first?.indentation ?? []
    new = new.map { $0.isBlank || !$0.starts(with: own) ? $0 : theirs + $0.dropFirst(own.count) }
    try check(new, insteadOf: old, edit)
    return take(
      Placement(step: .function, range: range, new: new, standingFor: LineAlignment.pairs(old: old, new: new)),
      in: text, edit)
  }

  /// The edit that took lines of the only definition called `name` in the file as it was read.
  private func taker(of name: String) -> Int? {
    guard taken.last != nil, let before else { return nil }
    let found = Definition.all(in: before).filter { $0.name == name || $0.name.hasSuffix(".\(name)") }
    return found.count == 1 ? taken.edit(of: found[0].headLine - 1..<found[0].lastLine) : nil
  }

  /// The decorators above a definition.
  private static func decorators(_ lines: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
    let heads: [StaticString] = ["def ", "class ", "async "]
    return lines.map(\.withoutBlanks).prefix { line in !heads.contains { line.dropping(word: $0) != nil } }
      .filter { !$0.isEmpty }
  }

  // MARK: Hunks

  private mutating func replace(
    _ hunk: Hunk, at firstLine: Int?, _ edit: Int, _ repeats: Int
  ) throws(EditError) -> AppliedEdit {
    if hunk.old.isEmpty { return try replace([], with: hunk.new, edit, repeats) }
    guard let text = state?.text else { throw .pathNotFound(path: path, edit: edit) }
    let matcher = Matcher(text, search: hunk.old, new: hunk.new)
    var placing = matcher.place(repeats: repeats)
    if case .several(let places, _) = placing, let firstLine, places.contains(firstLine - 1),
      let match = BlockMatch(of: hunk.old, in: text.lines, fingerprints: matcher.fingerprints),
      match.step != .indentation
    {
      let range = firstLine - 1..<firstLine - 1 + hunk.old.count
      placing = .one(
        Placement(
          step: match.step, range: range, new: hunk.new,
          standingFor: LineAlignment.pairs(old: hunk.old, new: hunk.new)))
    }
    if case .several(let places, let length) = placing, let (place, step) = meant(of: places, length: length, in: text)
    {
      placing = matcher.place(at: place, step: step) ?? placing
    }
    if hunk.movesContext, let moved = moved(hunk, in: text, matcher) { placing = .one(moved) }
    if case .one(let placement) = placing {
      try check(placement.new, insteadOf: hunk.old, edit)
      return take(placement, in: text, edit)
    }
    if case .several = placing {
      throw Diagnosis(path: path, edit: edit, text: text, matcher: matcher).error(of: placing)
    }
    let refusal = refusal(of: .absent, matcher, in: text, edit)
    if case .alreadyApplied = refusal { throw refusal }
    return try replaceGroups(of: hunk, in: text, refusal, edit)
  }

  /// A hunk that moves context into a block of its own: where its lines stand but for that indentation, once, the new
  /// lines are taken as they are.
  private func moved(_ hunk: Hunk, in text: SourceText, _ matcher: Matcher) -> Placement? {
    let places = BlockMatch.candidates(hunk.old.map(Fingerprint.of), in: matcher.fingerprints)
    guard places.count == 1, let place = places.first else { return nil }
    let theirs = text.lines[place..<place + hunk.old.count].map(\.content)
    let (mine, file) = (hunk.old.first(where: { !$0.isBlank }), theirs.first(where: { !$0.isBlank }))
    guard mine?.indentation == file?.indentation else { return nil }
    return Placement(
      step: .indentation, range: place..<place + hunk.old.count, new: hunk.new,
      standingFor: LineAlignment.pairs(old: theirs, new: hunk.new))
  }

  /// Takes each run of changed lines to its own place, all of them in the order of the hunk or none.
  private mutating func replaceGroups(
    of hunk: Hunk, in text: SourceText, _ refusal: EditError, _ edit: Int
  ) throws(EditError) -> AppliedEdit {
    var found: [Placement] = []
    for group in hunk.groups {
      switch hunk.place(of: group, in: text) {
      case .one(let placement):
        guard placement.range.lowerBound >= found.last?.range.upperBound ?? 0 else { throw refusal }
        found.append(placement)
      case .several(let places, _):
        throw .ambiguous(
          path: path, edit: edit, lines: places.map { $0 + 1 }, within: Diagnosis.landmarks(of: places, in: text, path))
      case .absent, .blanksDiffer, .leftOut: throw refusal
      }
    }
    guard let first = found.first else { throw refusal }
    // A line of context beside added lines must be there and stay: the hunk was written about it.
    let gone = found.map(\.range)
    for group in hunk.groups where !group.new.isEmpty {
      for line in hunk.neighbours(of: group) {
        let wanted = Fingerprint.of(line)
        let isThere = text.lines.indices.contains { index in
          Fingerprint.of(text.lines[index].content) == wanted && !gone.contains { $0.contains(index) }
        }
        if !isThere { throw refusal }
      }
    }
    for placement in found { try check(placement.new, insteadOf: hunk.old, edit) }
    for placement in found { taken.note(text.numbers(of: placement.range), by: edit) }
    let line = text.number(at: max(0, min(first.range.lowerBound, text.lines.count - 1)))
    var made = text
    for placement in found.reversed() {
      made.replace(placement.range, with: placement.new, standingFor: placement.standingFor)
    }
    state = FileState(made)
    return AppliedEdit(path: path, firstLine: line, step: .anchor)
  }
}

extension Edit.Change {
  /// What the change brings into the file.
  var text: String {
    switch self {
    case .replace(_, let replacement), .lines(_, _, let replacement): replacement
    case .whole(let content): content
    case .function(_, let definition): definition
    case .hunk(let lines, _): lines
    case .delete, .rename: ""
    }
  }
}
