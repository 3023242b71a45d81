/// Where a fenced block ends whose content may hold fences of its own.
struct FencedBlock {
  /// What is known of the content that a block should have.
  struct Judge {
    /// False for content that cannot be all of it: Python that is broken off within a string.
    var isWhole: (ArraySlice<ArraySlice<UInt8>>) -> Bool = { _ in true }
    /// True when `isWhole` says something about this kind of file.
    var decides = false
  }

  /// The end of a block, or why it has none.
  enum End: Equatable {
    case line(Int)
    /// No line closes it.
    case open
    /// Several could.
    case ambiguous
  }

  /// The line that closes the block which `fence` opens right before `start`.
  ///
  /// The fences within the block pair up, and so do those after it. Of several such readings the one counts that leaves
  /// whole content, then the one with as many fences as the file has, then the one that ends as the file does.
  ///
  /// `file` gives the lines of the file as it is, nil when there is none; it is asked only where it decides.
  static func end(
    of fence: Fence, in lines: [ArraySlice<UInt8>], from start: Int, _ judge: Judge,
    file: () -> [ArraySlice<UInt8>]? = { nil }
  ) -> End {
    guard start <= lines.count, let first = fence.end(in: lines, from: start) else { return .open }
    // Most blocks hold no fence, and nothing but prose or further blocks follows.
    let marks = marks(of: fence, in: lines, from: start)
    let all = candidates(marks)
    if all.isEmpty { return .open }
    if all.count == 1 { return .line(all[0]) }
    var left = all
    if judge.decides {
      let whole = left.filter { judge.isWhole(lines[start..<$0]) }
      if whole.count == 1 { return .line(whole[0]) }
      if !whole.isEmpty { left = whole }
    }
    if let file = file() {
      let inner = { (end: Int) in marks.count { $0.line < end } }
      let count = file.count { fence.isClosed(by: $0) || fence.isReopened(by: $0) }
      let alike = left.filter { inner($0) == count }
      if alike.count == 1 { return .line(alike[0]) }
      if !alike.isEmpty { left = alike }
      let bottom = file.last { !$0.isBlank }
      let last = left.filter { end in lines[start..<end].last { !$0.isBlank } == bottom }
      if last.count == 1 { return .line(last[0]) }
      return .ambiguous
    }
    // Without a file the first counts where every block after it is named.
    let rest = marks.filter { $0.line > first }
    let isNamed = rest.indices.allSatisfy { index in
      index % 2 == 1 || isBelowPath(rest[index].line, in: lines, after: first)
    }
    return judge.decides || isNamed ? .line(left.contains(first) ? first : left[0]) : .ambiguous
  }

  private static func isBelowPath(_ line: Int, in lines: [ArraySlice<UInt8>], after: Int) -> Bool {
    guard let above = lines[after..<line].last(where: { !$0.isBlank }) else { return false }
    return ReplyPath.alone(on: above) != nil
  }

  /// The fences from `start` on that count for the block, each with whether it can close one.
  private static func marks(
    of fence: Fence, in lines: [ArraySlice<UInt8>], from start: Int
  ) -> [(line: Int, closes: Bool)] {
    var marks: [(line: Int, closes: Bool)] = []
    for index in start..<lines.count {
      if fence.isClosed(by: lines[index]) {
        marks.append((index, true))
      } else if fence.isReopened(by: lines[index]) {
        marks.append((index, false))
      }
      if marks.count > 400 { break }
    }
    return marks
  }

  /// The lines that close the block so that the fences before and after them pair up.
  private static func candidates(_ marks: [(line: Int, closes: Bool)]) -> [Int] {
    // From the end: whether the marks from `index` on pair up.
    var pairs = [Bool](repeating: false, count: marks.count + 2)
    pairs[marks.count] = true
    for index in marks.indices.reversed() where index + 1 < marks.count {
      pairs[index] = marks[index + 1].closes && pairs[index + 2]
    }
    var found: [Int] = []
    var fallback: [Int] = []
    var isPaired = true
    for index in marks.indices {
      if index % 2 == 0 {
        if isPaired, marks[index].closes {
          if pairs[index + 1] { found.append(marks[index].line) } else { fallback.append(marks[index].line) }
        }
      } else if !marks[index].closes {
        // The second of a pair must close it.
        isPaired = false
      }
    }
    // A last block that is never closed is not this block's fault.
    return found.isEmpty ? Array(fallback.prefix(1)) : found
  }
}
