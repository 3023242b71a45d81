/// Reads unified diffs as small models write them: with or without `diff --git` and `a/`, with numbers that do not count,
/// with context lines whose blank in front is gone. Each hunk is one edit.
enum DiffReader {
  static func edits(in lines: [ArraySlice<UInt8>]) throws(EditError) -> [Edit] {
    var edits: [Edit] = []
    var path: String?
    var index = 0
    while index < lines.count {
      var isHeadless = false
      if let head = head(lines, index) {
        path = head
        index += 2
        // The first hunk may have no head of its own.
        isHeadless = index < lines.count && lines[index].first.map { [32, 43, 45].contains($0) } ?? false
        if !isHeadless { continue }
      }
      guard isHeadless || lines[index].starts(with: "@@".utf8) else {
        index += 1
        continue
      }
      let start = index
      if !isHeadless { index += 1 }
      var body: [ArraySlice<UInt8>] = []
      while index < lines.count, !isEnd(lines, index) {
        body.append(lines[index])
        index += 1
      }
      guard body.contains(where: isChange) || body.contains(where: isShifted) else { continue }
      guard let path else { throw .unreadable(line: start + 1, reason: .noPath) }
      for part in parts(of: body) {
        edits.append(
          Edit(
            path: path,
            change: .hunk(lines: LineSplit.text(part), firstLine: isHeadless ? nil : number(lines[start])),
            line: start + 1))
      }
    }
    return edits
  }

  private static func isChange(_ line: ArraySlice<UInt8>) -> Bool { line.first == 43 || line.first == 45 }

  /// True where a blank stands before the mark.
  private static func isShifted(_ line: ArraySlice<UInt8>) -> Bool { line.first == 32 && isChange(line.dropFirst()) }

  /// The hunk in its marks, cut where a line of context stands for lines that are left out.
  private static func parts(of body: [ArraySlice<UInt8>]) -> [[ArraySlice<UInt8>]] {
    let isAllShifted = !body.contains(where: isChange)
    var parts: [[ArraySlice<UInt8>]] = [[]]
    for line in body where !line.starts(with: "\\ No newline".utf8) {
      let marked: ArraySlice<UInt8>
      if isAllShifted, isShifted(line) {
        marked = line.dropFirst()
      } else if isChange(line) || line.first == 32 {
        marked = line
      } else {
        // What has neither mark nor blank in front is context whose blank was lost.
        marked = [32] + line
      }
      if marked.first == 32, Ellipsis.isMark(marked.dropFirst()) {
        parts.append([])
      } else {
        parts[parts.count - 1].append(marked)
      }
    }
    return parts.compactMap { part in
      var part = part
      while let last = part.last, last.isBlank { part.removeLast() }
      return part.contains(where: isChange) ? part : nil
    }
  }

  /// True where the lines hold the head of a file of a diff and of a hunk.
  static func isDiff(_ lines: [ArraySlice<UInt8>]) -> Bool {
    lines.indices.contains { head(lines, $0) != nil } && lines.contains { $0.starts(with: "@@".utf8) }
  }

  /// The path that `--- old` and `+++ new` name from `index` on, or nil.
  private static func head(_ lines: [ArraySlice<UInt8>], _ index: Int) -> String? {
    guard index + 1 < lines.count, let old = lines[index].dropping(word: "--- "),
      let new = lines[index + 1].dropping(word: "+++ ")
    else { return nil }
    let path = { (text: ArraySlice<UInt8>) -> String in
      let bare = ReplyPath.bare(text.prefix { $0 != 9 })
      return (bare.starts(with: "a/".utf8) || bare.starts(with: "b/".utf8) ? bare.dropFirst(2) : bare).text
    }
    return path(new) == "/dev/null" ? path(old) : path(new)
  }

  private static func isEnd(_ lines: [ArraySlice<UInt8>], _ index: Int) -> Bool {
    let line = lines[index]
    return line.starts(with: "@@".utf8) || line.starts(with: "diff --git ".utf8) || head(lines, index) != nil
      || (Fence(line) != nil && line.first != 32)
  }

  /// The old file's line of `@@ -12,7 +12,8 @@`.
  private static func number(_ line: ArraySlice<UInt8>) -> Int? {
    guard let minus = line.firstIndex(of: 45) else { return nil }
    return Int(line[(minus + 1)...].prefix(while: \.isDigit).text)
  }
}
