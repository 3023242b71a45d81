/// Reads unified diffs as small models write them: with or without `diff --git` and `a/`, with numbers that do not count,
/// with context lines whose blank in front is gone, with half a head or none. Each hunk is one edit; a deletion and a
/// rename are edits of their own.
enum DiffReader {
  private typealias Lines = [ArraySlice<UInt8>]

  /// What the head of a file in a diff says.
  private struct Head {
    var old: String?
    var new: String?
    /// The index of the line after it.
    var end: Int

    var isDeletion: Bool { new == "/dev/null" }

    /// The file that the hunks are of. Where the names differ, the one that exists.
    func path(_ files: ReplyFiles) -> String? {
      if isDeletion { return old }
      guard let new else { return old }
      if let old, old != new, old != "/dev/null", !files.isFile(new), files.isFile(old) { return old }
      return new
    }
  }

  static func edits(in lines: [ArraySlice<UInt8>], _ files: ReplyFiles = .none) -> [ReadEdit] {
    var edits: [ReadEdit] = []
    var unmarked: Int?
    var path: String?
    var isDeletion = false
    /// The first line after what was read so far: what stands between it and a hunk without a head may name a path.
    var gap = 0
    var index = 0
    while index < lines.count {
      var isHeadless = false
      if let rename = rename(lines, index) {
        edits.append(.success(Edit(path: rename.from, change: .rename(to: rename.to), line: index + 1)))
        path = rename.to
        index += 2
        gap = index
        continue
      }
      if let head = head(lines, index) {
        // A file that was just renamed keeps its new name.
        if head.path(files) != nil { path = head.path(files) }
        isDeletion = head.isDeletion
        index = head.end
        gap = index
        // The first hunk may have no head of its own.
        isHeadless = index < lines.count && lines[index].first.map { [32, 43, 45].contains($0) } ?? false
        if !isHeadless { continue }
      } else if isFenceOfDiff(lines, index) {
        isHeadless = true
        index += 1
        path = named(in: lines[gap..<index - 1], files) ?? path
      }
      guard isHeadless || lines[index].starts(with: "@@".utf8) else {
        index += 1
        continue
      }
      let start = index
      if !isHeadless {
        if let above = named(in: lines[gap..<index], files) { path = above }
        index += 1
      }
      var body: Lines = []
      while index < lines.count, !isEnd(lines, index) {
        body.append(lines[index])
        index += 1
      }
      gap = index
      guard body.contains(where: isChange) || body.contains(where: isShifted) else {
        unmarked = unmarked ?? start + 1
        continue
      }
      let number = isHeadless ? nil : number(lines[start])
      if isDeletion, let path, let content = deleted(body) {
        delete(path, content, line: start + 1, in: &edits)
        continue
      }
      for part in parts(of: body) {
        // A hunk of no file is looked for by its text.
        edits.append(
          .success(
            Edit(path: path ?? "", change: .hunk(lines: LineSplit.text(part), firstLine: number), line: start + 1)))
      }
    }
    if edits.isEmpty, let unmarked { edits.append(.failure(.unreadable(line: unmarked, reason: .noMarks))) }
    return edits
  }

  /// The lines that a deletion takes away; nil for a hunk that keeps or adds some.
  private static func deleted(_ body: Lines) -> String? {
    let full = body.filter { !$0.isEmpty && !$0.starts(with: "\\ No newline".utf8) }
    guard full.allSatisfy({ $0.first == 45 }) else { return nil }
    return LineSplit.text(full.map { $0.dropFirst() })
  }

  /// All hunks of a deletion are one.
  private static func delete(_ path: String, _ content: String, line: Int, in edits: inout [ReadEdit]) {
    if case .success(let last)? = edits.last, last.path == path, case .delete(let before) = last.change {
      edits[edits.count - 1] = .success(Edit(path: path, change: .delete(content: before + content), line: last.line))
    } else {
      edits.append(.success(Edit(path: path, change: .delete(content: content), line: line)))
    }
  }

  private static func isChange(_ line: ArraySlice<UInt8>) -> Bool { line.first == 43 || line.first == 45 }

  /// True where a blank stands before the mark.
  private static func isShifted(_ line: ArraySlice<UInt8>) -> Bool { line.first == 32 && isChange(line.dropFirst()) }

  /// The hunk in its marks, cut where a line of context stands for lines that are left out.
  private static func parts(of body: Lines) -> [Lines] {
    let isAllShifted = !body.contains(where: isChange)
    var parts: [Lines] = [[]]
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

  // MARK: Heads

  /// True where the lines hold the head of a file of a diff and of a hunk.
  static func isDiff(_ lines: [ArraySlice<UInt8>]) -> Bool {
    lines.contains { $0.starts(with: "@@".utf8) } && lines.indices.contains { head(lines, $0) != nil }
  }

  /// True where the lines hold a diff, though perhaps without a head: a hunk's head and a marked line below it.
  static func isLikely(_ lines: [ArraySlice<UInt8>]) -> Bool {
    if isDiff(lines) { return true }
    guard let first = lines.firstIndex(where: { $0.starts(with: "@@".utf8) }) else {
      return lines.indices.contains { isFenceOfDiff(lines, $0) }
    }
    return lines[(first + 1)...].prefix { Fence($0) == nil }.contains(where: isChange)
  }

  /// The head of a file from `index` on: `--- old` and `+++ new`, or one of them before a hunk.
  private static func head(_ lines: Lines, _ index: Int) -> Head? {
    if let old = name(on: lines[index], after: "--- ") {
      if index + 1 < lines.count, let new = name(on: lines[index + 1], after: "+++ ") {
        return Head(old: old, new: new, end: index + 2)
      }
      return isBeforeHunk(lines, index) && isPath(old) ? Head(old: old, new: nil, end: index + 1) : nil
    }
    guard let new = name(on: lines[index], after: "+++ "), isBeforeHunk(lines, index), isPath(new) else { return nil }
    return Head(old: nil, new: new, end: index + 1)
  }

  /// A removed line of SQL begins with `--- ` too.
  private static func isPath(_ name: String) -> Bool { ReplyPath.alone(on: ArraySlice(Array(name.utf8))) != nil }

  private static func isBeforeHunk(_ lines: Lines, _ index: Int) -> Bool {
    index + 1 < lines.count && lines[index + 1].starts(with: "@@".utf8)
  }

  /// The path after `--- ` or `+++ `, without `a/` or `b/`, a time and a comment.
  private static func name(on line: ArraySlice<UInt8>, after mark: StaticString) -> String? {
    guard let text = line.dropping(word: mark) else { return nil }
    var bare = ReplyPath.bare(text.prefix { $0 != 9 })
    // A time, or a note such as `(updated)`, may follow a path that holds no blank.
    if let blank = bare.firstIndex(where: \.isBlank), bare[..<blank].contains(46),
      bare[blank...].withoutBlanks.first.map({ $0.isDigit || $0 == 40 }) ?? false
    {
      bare = bare[..<blank]
    }
    let isSided = bare.starts(with: "a/".utf8) || bare.starts(with: "b/".utf8)
    let path = (isSided ? bare.dropFirst(2) : bare).text
    return path.isEmpty ? nil : path
  }

  /// `rename from` and `rename to` on two lines.
  private static func rename(_ lines: Lines, _ index: Int) -> (from: String, to: String)? {
    guard index + 1 < lines.count, let from = lines[index].dropping(word: "rename from "),
      let to = lines[index + 1].dropping(word: "rename to ")
    else { return nil }
    return (ReplyPath.bare(from).text, ReplyPath.bare(to).text)
  }

  /// True for the fence of a block of a diff that begins with marked lines and has no head at all.
  private static func isFenceOfDiff(_ lines: Lines, _ index: Int) -> Bool {
    guard let fence = Fence(lines[index]) else { return false }
    let language = fence.info.prefix(while: \.isWord).text.lowercased()
    guard language == "diff" || language == "patch", let end = fence.end(in: lines, from: index + 1) else {
      return false
    }
    let body = lines[(index + 1)..<end]
    return body.contains(where: isChange)
      && !body.indices.contains { line in
        lines[line].starts(with: "@@".utf8) || lines[line].starts(with: "diff --git ".utf8) || head(lines, line) != nil
      }
  }

  /// The path named last in the lines above a hunk.
  private static func named(in lines: ArraySlice<ArraySlice<UInt8>>, _ files: ReplyFiles) -> String? {
    for line in lines.reversed() where !line.isBlank {
      if let fence = Fence(line) {
        if let path = ReplyPath.inInfo(fence.info) { return path }
        continue
      }
      if line.starts(with: "index ".utf8) || line.starts(with: "diff --git ".utf8) { return nil }
      if let path = files.path(on: line) { return path }
      return nil
    }
    return nil
  }

  private static func isEnd(_ lines: Lines, _ index: Int) -> Bool {
    let line = lines[index]
    return line.starts(with: "@@".utf8) || line.starts(with: "diff --git ".utf8) || head(lines, index) != nil
      || rename(lines, index) != nil || (Fence(line) != nil && line.first != 32)
  }

  /// The old file's line of `@@ -12,7 +12,8 @@`.
  private static func number(_ line: ArraySlice<UInt8>) -> Int? {
    guard let minus = line.firstIndex(of: 45) else { return nil }
    return Int(line[(minus + 1)...].prefix(while: \.isDigit).text)
  }
}
