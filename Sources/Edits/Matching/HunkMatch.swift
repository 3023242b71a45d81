/// A hunk of a unified diff as runs of changed lines with the context about them.
struct Hunk {
  /// The lines without their marks.
  let old: [ArraySlice<UInt8>]
  let new: [ArraySlice<UInt8>]
  /// A run of changed lines: where it begins in `old`, the lines that go, and those that come.
  let groups: [(start: Int, count: Int, new: [ArraySlice<UInt8>])]

  init(_ lines: [ArraySlice<UInt8>]) {
    var old: [ArraySlice<UInt8>] = []
    var new: [ArraySlice<UInt8>] = []
    var groups: [(start: Int, count: Int, new: [ArraySlice<UInt8>])] = []
    var isOpen = false
    for line in lines {
      let mark = line.first ?? 32
      let text = line.dropFirst()
      if mark == 43 || mark == 45 {
        if !isOpen { groups.append((old.count, 0, [])) }
        isOpen = true
        if mark == 45 {
          old.append(text)
          groups[groups.count - 1].count += 1
        } else {
          new.append(text)
          groups[groups.count - 1].new.append(text)
        }
      } else {
        isOpen = false
        old.append(text)
        new.append(text)
      }
    }
    self.old = old
    self.new = new
    self.groups = groups
  }

  /// The place of one run by its anchors: the lines that go and as many lines of context as are in the file beside them.
  /// The largest such block that is in the file decides; where it stands twice, nothing is taken. A run that only adds
  /// needs the line of context right above or right below it.
  func place(of group: (start: Int, count: Int, new: [ArraySlice<UInt8>]), in text: SourceText) -> Placing {
    let fingerprints = text.lines.map { Fingerprint.of($0.content) }
    let above = group.start
    let below = old.count - group.start - group.count
    for size in stride(from: above + below, through: group.count > 0 ? 0 : 1, by: -1) {
      var found: [Int: Placement] = [:]
      for before in max(0, size - below)...max(max(0, size - below), min(above, size)) {
        let after = size - before
        guard before <= above, after <= below else { continue }
        let first = group.start - before
        let block = Array(old[first..<group.start + group.count + after])
        guard Hunk.isTelling(block) else { continue }
        guard let match = BlockMatch(of: block, in: text.lines, fingerprints: fingerprints) else { continue }
        for place in match.places {
          let range = place + before..<place + before + group.count
          var new = group.new
          let theirs = text.lines[place..<place + block.count].map(\.content)
          let added = Array(old[first..<group.start]) + group.new
          let isPlaced = match.step == .indentation && IndentationShift.isPlaced(added, insteadOf: block, at: theirs)
          if match.step == .indentation, !isPlaced,
            let shift = IndentationShift(from: block, to: text.lines[place..<place + block.count])
          {
            new = new.compactMap(shift.shifted)
            if new.count < group.new.count { return .blanksDiffer(at: place) }
          }
          found[range.lowerBound] = Placement(
            step: .anchor, range: range, new: new,
            standingFor: LineAlignment.pairs(
              old: isPlaced
                ? Array(theirs[before..<before + group.count]) : Array(old[group.start..<group.start + group.count]),
              new: group.new))
        }
      }
      if found.count > 1 { return .several(found.keys.sorted(), length: group.count) }
      if let one = found.values.first { return .one(one) }
    }
    return .absent
  }

  /// The lines of context next to a run that adds lines: what the run was written beside. Behind a blank line counts what
  /// is indented as deeply as the run, for it may belong to it.
  func neighbours(of group: (start: Int, count: Int, new: [ArraySlice<UInt8>])) -> [ArraySlice<UInt8>] {
    let isChanged = { (index: Int) in groups.contains { $0.start <= index && index < $0.start + $0.count } }
    // Runs that only add stand between two lines of context.
    let isBorder = { (index: Int) in groups.contains { $0.start == index && $0.start != group.start } }
    func neighbour(from start: Int, step: Int, beside line: ArraySlice<UInt8>?) -> ArraySlice<UInt8>? {
      var index = start
      while old.indices.contains(index), !isChanged(index) {
        if !old[index].isBlank {
          let isNear = index == start || old[index].indentation.count >= line?.indentation.count ?? 0
          return isNear ? old[index] : nil
        }
        if isBorder(step > 0 ? index + 1 : index) { return nil }
        index += step
      }
      return nil
    }
    let full = group.new.filter { !$0.isBlank }
    return [
      neighbour(from: group.start - 1, step: -1, beside: full.first),
      neighbour(from: group.start + group.count, step: 1, beside: full.last),
    ].compactMap(\.self)
  }

  /// True where a run ends with the head of a block and the context below it is indented as that block's body: the hunk
  /// moves these lines without marking them.
  var movesContext: Bool {
    groups.contains { group in
      guard let head = group.new.last(where: { !$0.isBlank }), head.withoutTrailingBlanks.last == 58 else {
        return false
      }
      let below = group.start + group.count
      guard below < old.count, !old[below].isBlank,
        !groups.contains(where: { $0.start <= below && below < $0.start + $0.count })
      else { return false }
      return old[below].indentation.count > head.indentation.count
    }
  }

  /// True where a block says enough to be an anchor: twelve bytes of words.
  private static func isTelling(_ block: [ArraySlice<UInt8>]) -> Bool {
    block.reduce(0) { $0 + $1.count(where: \.isWord) } >= 12
  }
}
