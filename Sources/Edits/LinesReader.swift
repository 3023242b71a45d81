/// Reads direct edits: FILE, LINES, REASONING, a blank line, and the lines that take their place.
///
/// The new lines reach to the next FILE or to the end of the reply, without the blank lines at their end; a fence round
/// them sets both ends exactly, and is the only way to say that nothing takes their place.
enum LinesReader {
  private typealias Lines = [ArraySlice<UInt8>]

  static func edits(in lines: [ArraySlice<UInt8>]) -> [ReadEdit] {
    var edits: [ReadEdit] = []
    var index = 0
    /// The fence round whole edits, where there is one.
    var outer: Fence?
    while index < lines.count {
      guard isHeader(lines, index) else {
        if let fence = outer {
          if fence.isClosed(by: lines[index]) { outer = nil }
        } else {
          outer = Fence(lines[index])
        }
        index += 1
        continue
      }
      do throws(EditError) {
        let header = try Header(lines, at: index)
        let body = try body(of: header, in: lines, outer: outer)
        if outer != nil, body.next == lines.count { throw EditError.cutOff(line: header.line) }
        edits.append(
          .success(
            Edit(
              path: header.path,
              change: .lines(first: header.first, last: header.last, replacement: LineSplit.text(body.lines)),
              reasoning: body.reasoning, line: index + 1)))
        index = body.next
      } catch {
        edits.append(.failure(error))
        index = (index + 1..<lines.count).first { isHeader(lines, $0) } ?? lines.count
      }
    }
    return edits
  }

  /// True where an edit begins: `FILE:` and a path, with `LINES:` on the next line that is not blank. `FILE:` in
  /// capitals begins one even without.
  static func isHeader(_ lines: [ArraySlice<UInt8>], _ index: Int) -> Bool {
    guard let path = value(lines[index], of: "file"), !path.isEmpty else { return false }
    let next = lines[(index + 1)...].first { !$0.isBlank }
    if let next, value(next, of: "lines") != nil { return true }
    return lines[index].starts(with: "FILE: ".utf8)
  }

  /// What follows `label:` on `line`, without decoration, or nil.
  static func value(_ line: ArraySlice<UInt8>, of label: StaticString) -> ArraySlice<UInt8>? {
    let start = line.drop { $0.isBlank || $0 == 42 || $0 == 35 }
    guard let rest = start.dropping(word: label)?.drop(while: { $0 == 42 || $0.isBlank }), rest.first == 58 else {
      return nil
    }
    return rest.dropFirst().drop { $0 == 42 || $0.isBlank }.withoutTrailingBlanks
  }

  private struct Body {
    var lines: [ArraySlice<UInt8>]
    var reasoning: String?
    /// The index of the line after the edit.
    var next: Int
  }

  private static func body(of header: Header, in lines: Lines, outer: Fence?) throws(EditError) -> Body {
    let reasoning = { (rows: ArraySlice<ArraySlice<UInt8>>) -> String? in
      let text = (header.reasoning + rows).map { $0.withoutBlanks.text }.joined(separator: "\n")
      let trimmed = text.drop(while: \.isNewline)
      return trimmed.isEmpty ? nil : String(trimmed.reversed().drop(while: \.isNewline).reversed())
    }
    let limit = (header.end..<lines.count).first { isHeader(lines, $0) || outer?.isClosed(by: lines[$0]) == true }
    let section = header.end..<(limit ?? lines.count)
    // A fence with an info string opens a block even within an outer fence; a bare one would close the outer fence.
    let start = section.first { line in
      guard let fence = Fence(lines[line]) else { return false }
      return fence.indentation == 0 && (outer == nil || !fence.info.isEmpty)
    }
    guard let start, let fence = Fence(lines[start]) else {
      let end = section.last { !lines[$0].isBlank }.map { $0 + 1 } ?? section.lowerBound
      if section.lowerBound >= end, limit.map({ !isHeader(lines, $0) }) ?? true { throw .cutOff(line: header.line) }
      return Body(
        lines: Array(lines[section.lowerBound..<max(end, section.lowerBound)]), reasoning: reasoning([]),
        next: section.upperBound)
    }
    let before = lines[section.lowerBound..<start]
    if isProse(header.path), before.contains(where: { !$0.isBlank }) {
      throw .unreadable(line: header.line, reason: .nestedFence)
    }
    var judge = FencedBlock.Judge()
    if PythonSyntax.isPython(header.path) {
      judge.decides = true
      judge.isWhole = { PythonLexer.tokens(of: Array(LineSplit.text($0).utf8)).fault == nil }
    }
    let end: Int
    switch FencedBlock.end(of: fence, in: Array(lines[..<section.upperBound]), from: start + 1, judge) {
    case .line(let line): end = line
    case .open:
      guard let first = fence.end(in: lines, from: start + 1) else { throw .cutOff(line: header.line) }
      end = first
    case .ambiguous: throw .unreadable(line: header.line, reason: .nestedFence)
    }
    let content = lines[start + 1..<end]
    let next = (end + 1..<lines.count).first { isHeader(lines, $0) } ?? lines.count
    if content.contains(where: fence.isReopened(by:)) || (outer == nil && lines[end + 1..<next].contains(where: opens))
    {
      throw .unreadable(line: header.line, reason: .nestedFence)
    }
    return Body(lines: fence.content(content), reasoning: reasoning(lines[header.wordsEnd..<start]), next: end + 1)
  }

  /// True where the line opens a fence in the first column that stands for a second body.
  private static func opens(_ line: ArraySlice<UInt8>) -> Bool {
    guard let fence = Fence(line) else { return false }
    return fence.indentation == 0 && !fence.info.isEmpty
  }

  /// True where fences are a natural part of the file.
  private static func isProse(_ path: String) -> Bool {
    [".md", ".rst", ".txt", ".markdown"].contains { path.lowercased().hasSuffix($0) }
  }
}

/// The lines of a direct edit above its body.
private struct Header {
  let path: String
  let first: Int
  let last: Int
  let reasoning: [ArraySlice<UInt8>]
  /// The index of the line after `reasoning`.
  let wordsEnd: Int
  /// The 1-based line of FILE.
  let line: Int
  /// The index of the first line of the body.
  let end: Int

  init(_ lines: [ArraySlice<UInt8>], at index: Int) throws(EditError) {
    line = index + 1
    path = ReplyPath.bare(LinesReader.value(lines[index], of: "file") ?? []).text
    guard let row = (index + 1..<lines.count).first(where: { !lines[$0].isBlank }) else {
      throw .cutOff(line: index + 1)
    }
    guard let value = LinesReader.value(lines[row], of: "lines"), let range = Header.range(value) else {
      throw .unreadable(line: index + 1, reason: .lineNumbers)
    }
    (first, last) = range
    var next = row + 1
    var words: [ArraySlice<UInt8>] = []
    if let label = (next..<lines.count).first(where: { !lines[$0].isBlank }),
      let reason = LinesReader.value(lines[label], of: "reasoning")
    {
      words = [reason]
      next = label + 1
      while next < lines.count, !lines[next].isBlank, Fence(lines[next]) == nil, !LinesReader.isHeader(lines, next) {
        words.append(lines[next])
        next += 1
      }
    }
    reasoning = words
    wordsEnd = next
    end = next < lines.count && lines[next].isBlank ? next + 1 : next
  }

  /// `40`, `40-52`, `[40-52]`, `L40-L52`, `40 to 52`, with a hyphen or a longer dash.
  private static func range(_ value: ArraySlice<UInt8>) -> (Int, Int)? {
    var numbers: [Int] = []
    var between: [UInt8] = []
    var rest = value.filter { !"[]()*`Ll".utf8.contains($0) }[...]
    while let byte = rest.first {
      if byte.isDigit {
        let digits = rest.prefix(while: \.isDigit)
        guard let number = Int(digits.text) else { return nil }
        numbers.append(number)
        rest = rest.dropFirst(digits.count)
      } else {
        between.append(byte)
        rest = rest.dropFirst()
      }
    }
    guard let first = numbers.first else { return nil }
    between = Array(between[...].withoutBlanks)
    if numbers.count == 1, between.isEmpty { return (first, first) }
    let dashes = ["-", "–", "—", ":", "to", ".."].map { Array($0.utf8) }
    return numbers.count == 2 && dashes.contains(between) ? (first, numbers[1]) : nil
  }
}
