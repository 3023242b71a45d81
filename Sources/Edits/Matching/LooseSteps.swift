import Content

/// The steps after those that compare line by line.
extension Matcher {
  // MARK: Blank lines

  /// The lines are equal but for blank lines between them. The file keeps its own between lines that stay.
  func blankLines() -> Placing {
    let wanted = search.filter { !$0.isBlank }
    // A line that the file has nowhere ends it before anything is copied.
    guard wanted.allSatisfy({ fingerprints.contains(Fingerprint.of($0)) }) else { return .absent }
    let full = lines.indices.filter { fingerprints[$0] != Fingerprint.blank || !lines[$0].content.isBlank }
    guard !wanted.isEmpty, wanted.count <= full.count else { return .absent }
    let dense = full.map { lines[$0] }
    guard let match = BlockMatch(of: wanted, in: dense, fingerprints: full.map { fingerprints[$0] }) else {
      return .absent
    }
    if match.places.count > 1 { return .several(match.places.map { full[$0] }, length: search.count) }
    let place = match.places[0]
    let range = full[place]..<full[place + wanted.count - 1] + 1
    let theirs = (place..<place + wanted.count).map { full[$0] - range.lowerBound }
    let leading = search.prefix { $0.isBlank }.count
    let trailing = search.reversed().prefix { $0.isBlank }.count
    var rest = new[...]
    for _ in 0..<leading where rest.first?.isBlank == true { rest.removeFirst() }
    for _ in 0..<trailing where rest.last?.isBlank == true { rest.removeLast() }
    let mine = dense[place..<place + wanted.count].map(\.content)
    let isPlaced = IndentationShift.isPlaced(Array(rest), insteadOf: wanted, at: mine)
    let shift =
      match.step == .indentation && !isPlaced
      ? IndentationShift(from: wanted, to: dense[place..<place + wanted.count]) : nil
    let standing = LineAlignment.pairs(old: isPlaced ? mine : wanted, new: rest.filter { !$0.isBlank })
    let kept = Set(standing.compactMap(\.self))
    /// The line of the SEARCH text behind which the file's own blank lines stay, before a new line that stands for
    /// `mine`, where the line before that stands for `last`.
    func gap(before mine: Int?, behind last: Int?, isFirst: Bool) -> Int? {
      if let last, last + 1 < wanted.count, mine == last + 1 || (mine == nil && !kept.contains(last + 1)) {
        return last
      }
      if last == nil, !isFirst, let mine, mine > 0, !kept.contains(mine - 1) { return mine - 1 }
      return nil
    }
    var made: [ArraySlice<UInt8>] = []
    var old: [Int?] = []
    var number = 0
    var blanks: [ArraySlice<UInt8>] = []
    var last: Int?
    for line in rest {
      if line.isBlank {
        blanks.append(line)
        continue
      }
      let mine = standing[number]
      if let gap = gap(before: mine, behind: last, isFirst: number == 0) {
        for between in theirs[gap] + 1..<theirs[gap + 1] {
          made.append(lines[range.lowerBound + between].content)
          old.append(between)
        }
      } else {
        made += blanks
        old += blanks.map { _ in nil }
      }
      blanks = []
      guard let shifted = shift.map({ $0.shifted(line) }) ?? line else {
        return .blanksDiffer(at: range.lowerBound)
      }
      made.append(shifted)
      old.append(mine.map { theirs[$0] })
      last = mine
      number += 1
    }
    made += blanks
    old += blanks.map { _ in nil }
    return .one(Placement(step: .blankLines, range: range, new: made, standingFor: old))
  }

  // MARK: Ellipsis

  /// Lines of the SEARCH text that stand for others: every part between them is in the file just once, in their order,
  /// and the replacement leaves out as often. What they stand for stays.
  func ellipsis() -> Placing {
    let parts = Matcher.parts(search)
    guard parts.count > 1 else { return .absent }
    let full = parts.filter { $0.contains { !$0.isBlank } }
    guard full.count == parts.count else { return .leftOut }
    var places: [Range<Int>] = []
    var shift: IndentationShift?
    for part in parts {
      guard let match = BlockMatch(of: part, in: lines, fingerprints: fingerprints) else { return .leftOut }
      let behind = match.places.filter { $0 >= places.last?.upperBound ?? 0 }
      guard behind.count == 1, places.isEmpty ? match.places.count == 1 : true else {
        return behind.isEmpty ? .leftOut : .several(behind, length: part.count)
      }
      places.append(behind[0]..<behind[0] + part.count)
      if match.step == .indentation, let last = places.last {
        shift = shift ?? IndentationShift(from: part, to: lines[last])
      }
    }
    let replacements = Matcher.parts(new)
    guard replacements.count == parts.count, let start = places.first?.lowerBound, let end = places.last?.upperBound
    else { return .leftOut }
    var made: [ArraySlice<UInt8>] = []
    var old: [Int?] = []
    for (index, replacement) in replacements.enumerated() {
      let standing = LineAlignment.pairs(old: parts[index], new: replacement)
      for (line, offset) in zip(replacement, standing) {
        guard let shifted = shift.map({ $0.shifted(line) }) ?? line else { return .blanksDiffer(at: start) }
        made.append(shifted)
        old.append(offset.map { places[index].lowerBound - start + $0 })
      }
      guard index + 1 < places.count else { break }
      for line in places[index].upperBound..<places[index + 1].lowerBound {
        made.append(lines[line].content)
        old.append(line - start)
      }
    }
    return .one(Placement(step: .ellipsis, range: start..<end, new: made, standingFor: old))
  }

  /// The runs of lines between those that stand for others.
  private static func parts(_ lines: [ArraySlice<UInt8>]) -> [[ArraySlice<UInt8>]] {
    var parts: [[ArraySlice<UInt8>]] = [[]]
    for line in lines {
      if Ellipsis.isMark(line) { parts.append([]) } else { parts[parts.count - 1].append(line) }
    }
    return parts
  }

  // MARK: Nearest

  /// The only place of as many lines where at least three in five are equal and each of the others is alike; at least
  /// three lines, two of them equal. Lines of the SEARCH text that stay are the file's.
  func nearest() -> Placing {
    let wanted = search.map(Fingerprint.of)
    let full = wanted.indices.filter { wanted[$0] != Fingerprint.blank }
    guard full.count >= 3, search.count <= lines.count else { return .absent }
    let needed = max(2, (full.count * 3 + 4) / 5)
    var offsets: [Int: [Int]] = [:]
    for index in full { offsets[wanted[index], default: []].append(index) }
    var votes: [Int: Int] = [:]
    for (line, fingerprint) in fingerprints.enumerated() {
      for offset in (offsets[fingerprint] ?? []).prefix(8) { votes[line - offset, default: 0] += 1 }
    }
    let likely = votes.filter { $0.value >= needed && $0.key >= 0 && $0.key + search.count <= lines.count }.map(\.key)
    guard likely.count == 1, let start = likely.first else {
      return .absent
    }
    let range = start..<start + search.count
    // What an edit before this one wrote is not what a SEARCH text was copied from.
    guard lines[range].allSatisfy({ $0.number != nil }) else { return .absent }
    let equal = full.filter { fingerprints[start + $0] == wanted[$0] }
    let isAlike = search.indices.allSatisfy { offset in
      fingerprints[start + offset] == wanted[offset]
        || Matcher.isAlike(search[offset].withoutBlanks, lines[start + offset].content.withoutBlanks)
    }
    guard isAlike,
      let shift = IndentationShift(from: equal.map { search[$0] }, to: equal.map { lines[start + $0] }[...])
    else { return .absent }
    let theirs = lines[range].map(\.content)
    let isPlaced = IndentationShift.isPlaced(new, insteadOf: search, at: theirs)
    let made = isPlaced ? new : new.compactMap(shift.shifted)
    guard made.count == new.count else { return .blanksDiffer(at: start) }
    return .one(
      Placement(
        step: .nearest, range: range, new: made,
        standingFor: LineAlignment.pairs(old: isPlaced ? theirs : search, new: new)))
  }

  /// True where at most a fourth of the characters differ.
  private static func isAlike(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Bool {
    guard !a.isEmpty, !b.isEmpty, a.count <= 400, b.count <= 400 else { return false }
    let limit = max(a.count, b.count) / 4
    return Nearest.distance(Array(a), Array(b), limit: limit) <= limit
  }
}
