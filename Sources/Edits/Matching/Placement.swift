/// Where a SEARCH text stands in a file, and the lines that take its place there.
struct Placement {
  let step: MatchingStep
  /// Indices of the file's lines.
  let range: Range<Int>
  let new: [ArraySlice<UInt8>]
  private let pairs: () -> [Int?]

  /// `standingFor` is found out when it is asked for: not for an edit that is refused after all.
  init(
    step: MatchingStep, range: Range<Int>, new: [ArraySlice<UInt8>], standingFor: @autoclosure @escaping () -> [Int?]
  ) {
    self.step = step
    self.range = range
    self.new = new
    pairs = standingFor
  }

  /// For each line of `new` the offset in `range` of the line that it stands for; nil for one that is new.
  var standingFor: [Int?] { pairs() }
}

/// What looking for a SEARCH text came to.
enum Placing {
  case absent
  case one(Placement)
  /// It stands at each of these 0-based lines.
  case several([Int], length: Int)
  /// It stands there but for blanks, in a way that does not tell how the new lines are to be indented.
  case blanksDiffer(at: Int)
  /// Code is left out in a way that does not tell what is to stay.
  case leftOut
}

/// Looks for a SEARCH text by the declared steps, in their order: the first that finds one place takes it, one that finds
/// several is an error, and nothing is tried after that.
struct Matcher {
  let lines: [SourceText.Line]
  let fingerprints: [Int]
  let search: [ArraySlice<UInt8>]
  let new: [ArraySlice<UInt8>]

  init(_ text: SourceText, search: [ArraySlice<UInt8>], new: [ArraySlice<UInt8>]) {
    lines = text.lines
    fingerprints = text.lines.map { Fingerprint.of($0.content) }
    self.search = search
    self.new = new
  }

  /// The place of the SEARCH text. `repeats` is how often the reply asks for this edit: so many places are taken in turn.
  func place(repeats: Int = 1) -> Placing {
    if let match = BlockMatch(of: search, in: lines, fingerprints: fingerprints) {
      return block(match.step, match.places, repeats)
    }
    let loose = BlockMatch.candidates(search.map(Fingerprint.of), in: fingerprints)
    if !loose.isEmpty { return reindented(loose) }
    for step in [blankLines, ellipsis, nearest] as [() -> Placing] {
      let found = step()
      if case .absent = found { continue }
      return found
    }
    return .absent
  }

  /// The place at a 0-based line where the SEARCH text stands, as one of several; `step` says why it is taken.
  func place(at line: Int, step: MatchingStep? = nil) -> Placing? {
    let found: Placing
    if let match = BlockMatch(of: search, in: lines, fingerprints: fingerprints), match.places.contains(line) {
      found = block(match.step, [line], 1)
    } else if BlockMatch.candidates(search.map(Fingerprint.of), in: fingerprints).contains(line) {
      found = reindented([line])
    } else {
      return nil
    }
    guard let step, case .one(let placement) = found else { return found }
    return .one(
      Placement(step: step, range: placement.range, new: placement.new, standingFor: placement.standingFor))
  }

  private func block(_ step: MatchingStep, _ places: [Int], _ repeats: Int) -> Placing {
    if places.count > 1, places.count != repeats { return .several(places, length: search.count) }
    let range = places[0]..<places[0] + search.count
    var made = new
    let theirs = lines[range].map(\.content)
    if step == .indentation, IndentationShift.isPlaced(new, insteadOf: search, at: theirs) {
      return .one(
        Placement(step: step, range: range, new: new, standingFor: LineAlignment.pairs(old: theirs, new: new)))
    }
    if step == .indentation, let shift = IndentationShift(from: search, to: lines[range]) {
      made = new.compactMap(shift.shifted)
      if made.count < new.count { return reindented([places[0]]) }
    }
    return .one(
      Placement(step: step, range: range, new: made, standingFor: LineAlignment.pairs(old: search, new: new)))
  }

  /// The lines are equal but for blanks, and no shift of all of them makes them so.
  private func reindented(_ places: [Int]) -> Placing {
    if places.count > 1 { return .several(places, length: search.count) }
    let range = places[0]..<places[0] + search.count
    let theirs = lines[range].map(\.content)
    if IndentationShift.isPlaced(new, insteadOf: search, at: theirs) {
      return .one(
        Placement(step: .indentation, range: range, new: new, standingFor: LineAlignment.pairs(old: theirs, new: new)))
    }
    guard let made = Reindentation.lines(new, from: search, to: theirs) else {
      return .blanksDiffer(at: places[0])
    }
    return .one(Placement(step: .indentation, range: range, new: made.lines, standingFor: made.standingFor))
  }
}
