/// Reads SEARCH/REPLACE blocks. The path comes from the line right above the block or its fence, else from the only
/// path named since the block before, else from that block.
enum SearchReader {
  static func edits(in lines: [ArraySlice<UInt8>], _ files: ReplyFiles = .none) -> [ReadEdit] {
    var edits: [ReadEdit] = []
    var former: String?
    let marks = lines.map(SearchMarker.byte)
    let tails = tails(lines, marks)
    var index = 0
    var gap = 0
    while index < lines.count {
      if marks[index] == 0 || marks[index] == 61 {
        index += 1
        continue
      }
      guard let head = SearchMarker.head(lines[index]) else {
        if SearchMarker.tail(lines[index]) != nil {
          edits.append(.failure(.unreadable(line: index + 1, reason: .noHead)))
          gap = index + 1
        }
        index += 1
        continue
      }
      guard let tail = tails[index] else {
        edits.append(.failure(.cutOff(line: index + 1)))
        // What comes next may be a block of its own.
        index += 1
        gap = index
        continue
      }
      do throws(EditError) {
        let divider = try divider(of: head, in: lines, marks, index + 1..<tail)
        let path = try path(above: index, from: gap, in: lines, former: former, files)
        former = path
        edits.append(
          .success(
            Edit(
              path: path,
              change: .replace(
                search: LineSplit.text(lines[index + 1..<divider]),
                replacement: LineSplit.text(lines[divider + 1..<tail])),
              line: index + 1)))
      } catch {
        edits.append(.failure(error))
      }
      index = tail + 1
      gap = index
    }
    return edits
  }

  /// For the line of each head that has one the end of its block: a marker like the head before another such head, else
  /// any end marker before any head. Read from the last line to the first, so that each line is looked at once.
  private static func tails(_ lines: [ArraySlice<UInt8>], _ marks: [UInt8]) -> [Int: Int] {
    var tails: [Int: Int] = [:]
    /// The end marker that comes next, of each form; none where a head of the form comes before it.
    var alike: [SearchMarker: Int] = [:]
    /// The end marker that comes next, whatever its form; nil where a head comes before it.
    var any: Int?
    for index in lines.indices.reversed() where marks[index] != 0 {
      if let tail = SearchMarker.tail(lines[index]) {
        alike[tail] = index
        any = index
      } else if let head = SearchMarker.head(lines[index]) {
        tails[index] = alike[head] ?? any
        alike[head] = nil
        any = nil
      }
    }
    return tails
  }

  /// The only divider like the head, else the only divider of any kind.
  private static func divider(
    of head: SearchMarker, in lines: [ArraySlice<UInt8>], _ marks: [UInt8], _ body: Range<Int>
  ) throws(EditError) -> Int {
    let all = body.filter { marks[$0] == 61 && SearchMarker.divider(lines[$0]) != nil }
    let alike = all.filter { SearchMarker.divider(lines[$0]) == head }
    let candidates = alike.isEmpty ? all : alike
    guard let first = candidates.first else { throw .unreadable(line: body.lowerBound, reason: .noDivider) }
    if candidates.count > 1 { throw .unreadable(line: body.lowerBound, reason: .severalDividers) }
    return first
  }

  private static func path(
    above head: Int, from gap: Int, in lines: [ArraySlice<UInt8>], former: String?, _ files: ReplyFiles
  ) throws(EditError) -> String {
    var index = head - 1
    while index >= gap {
      let line = lines[index]
      if let fence = Fence(line) {
        if let path = ReplyPath.inInfo(fence.info) { return path }
      } else if !line.isBlank, !isTag(line) {
        if let path = files.path(on: line) { return path }
        break
      }
      index -= 1
    }
    var named: [String] = []
    for line in lines[gap..<head] {
      for path in ReplyPath.named(on: line) where !named.contains(path) {
        if !named.isEmpty { throw .unreadable(line: head + 1, reason: .severalPaths) }
        named.append(path)
      }
    }
    guard let path = named.first ?? former else { throw .unreadable(line: head + 1, reason: .noPath) }
    return path
  }

  /// A tag such as `<source>python`, which some models write in place of a fence.
  private static func isTag(_ line: ArraySlice<UInt8>) -> Bool {
    let rest = line.withoutBlanks
    guard rest.first == 60, let end = rest.firstIndex(of: 62), end > rest.startIndex + 1 else { return false }
    let name = rest[rest.startIndex + 1..<end]
    return name.allSatisfy { $0.isWord || $0 == 47 } && rest[(end + 1)...].allSatisfy(\.isWord)
  }
}
