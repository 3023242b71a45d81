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
          if match.step == .indentation,
            let shift = IndentationShift(from: block, to: text.lines[place..<place + block.count])
          {
            new = new.compactMap(shift.shifted)
            if new.count < group.new.count { return .blanksDiffer(at: place) }
          }
          found[range.lowerBound] = Placement(
            step: .anchor, range: range, new: new,
            standingFor: LineAlignment.pairs(
              old: Array(old[group.start..<group.start + group.count]), new: group.new))
        }
      }
      if found.count > 1 { return .several(found.keys.sorted(), length: group.count) }
      if let one = found.values.first { return .one(one) }
    }
    return .absent
  }

  /// True where a block says enough to be an anchor: twelve bytes of words.
  private static func isTelling(_ block: [ArraySlice<UInt8>]) -> Bool {
    block.reduce(0) { $0 + $1.count(where: \.isWord) } >= 12
  }
}
