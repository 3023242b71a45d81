/// Tests of a Django log whose `ok` stands on a line by itself, because something was printed into their line: the
/// system checks of a run, or a request that went wrong. Rule: SWE-bench's harness, which looks for three passages:
///
/// | behind ` ... ` | up to |
/// |---|---|
/// | `Testing against Django installed in ` | the next ` silenced).` at a line's end, then `ok` |
/// | `Internal Server Error: /` | `/` at the end of that line, then `ok` |
/// | `System check identified no issues (0 silenced)` | the end of that line, then `ok` |
///
/// The spaces round the three dots may be any white space, a line's end too.
struct DjangoInterruptions {
  private let text: LogText
  /// A passage cannot begin before this: what an earlier one took is not taken twice.
  private var taken = 0
  private var line: LineCursor

  static func read(_ text: LogText, into table: inout OutcomeTable) {
    var checks = DjangoInterruptions(text)
    checks.readChecks(into: &table)
    var requests = DjangoInterruptions(text)
    requests.readRequests(into: &table)
    var silent = DjangoInterruptions(text)
    silent.readSilent(into: &table)
  }

  private init(_ text: LogText) {
    self.text = text
    line = LineCursor(text: text)
  }

  private mutating func readChecks(into table: inout OutcomeTable) {
    let literal: StaticString = "Testing against Django installed in "
    var at = 0
    // Where the passages end; looked for only forwards.
    var end: (start: Int, behind: Int)?
    while let found = text.index(of: literal, from: at) {
      at = found + literal.utf8CodeUnitCount
      guard let name = name(before: found) else { continue }
      if end.map({ $0.start < at }) ?? true { end = checksEnd(from: at) }
      guard let tail = end else { return }
      table.set(text[name], .passed)
      taken = tail.behind
      at = tail.behind
    }
  }

  /// The next ` silenced).` at a line's end with a line `ok` below it.
  private func checksEnd(from start: Int) -> (start: Int, behind: Int)? {
    let literal: StaticString = " silenced)."
    var at = start
    while let found = text.index(of: literal, from: at) {
      at = found + literal.utf8CodeUnitCount
      if let behind = endOfOK(at) { return (found, behind) }
    }
    return nil
  }

  private mutating func readRequests(into table: inout OutcomeTable) {
    let literal: StaticString = "Internal Server Error: /"
    var at = 0
    var lineEnd = 0
    while let found = text.index(of: literal, from: at) {
      at = found + literal.utf8CodeUnitCount
      if lineEnd < at { lineEnd = text.end(from: at) { $0 != 0x0A && $0 != 0x0D } }
      guard lineEnd > at, text[lineEnd - 1] == UInt8(ascii: "/"), let behind = endOfOK(lineEnd),
        let name = name(before: found)
      else { continue }
      table.set(text[name], .passed)
      taken = behind
      at = behind
    }
  }

  private mutating func readSilent(into table: inout OutcomeTable) {
    let literal: StaticString = "System check identified no issues (0 silenced)"
    var at = 0
    while let found = text.index(of: literal, from: at) {
      at = found + literal.utf8CodeUnitCount
      guard let behind = endOfOK(at), let name = name(before: found) else { continue }
      table.set(text[name], .passed)
      taken = behind
      at = behind
    }
  }

  /// What stands before ` ... ` that ends at `index`, from the beginning of its line; nil where there is no ` ... ` or
  /// its line begins in what is taken already.
  private mutating func name(before index: Int) -> Range<Int>? {
    let second = blank(before: index)
    guard second > 0, text.hasPrefix("...", at: index - second - 3) else { return nil }
    let dots = index - second - 3
    let first = blank(before: dots)
    guard first > 0 else { return nil }
    let start = line.start(of: dots - first)
    return start >= taken ? start..<(dots - first) : nil
  }

  /// The white space before `index`, CRLF as one.
  private func blank(before index: Int) -> Int {
    if index > 1, text[index - 1] == 0x0A, text[index - 2] == 0x0D { return 2 }
    return text.blank(before: index)
  }

  /// The index behind a line `ok` that follows the line's end at `index`.
  private func endOfOK(_ index: Int) -> Int? {
    guard index < text.count, text[index] == 0x0A || text[index] == 0x0D else { return nil }
    let start = text[index] == 0x0D && text.hasPrefix("\n", at: index + 1) ? index + 2 : index + 1
    guard text.hasPrefix("ok", at: start) else { return nil }
    let end = start + 2
    return end == text.count || text[end] == 0x0A || text[end] == 0x0D ? end : nil
  }
}

/// Finds the beginnings of lines, going forwards only.
private struct LineCursor {
  let text: LogText
  private var start = 0
  private var at = 0

  init(text: LogText) { self.text = text }

  /// The beginning of the line that `index` is in; `index` never goes down. The end of a line belongs to it.
  mutating func start(of index: Int) -> Int {
    while at < index {
      if text[at] == 0x0A || (text[at] == 0x0D && !text.hasPrefix("\n", at: at + 1)) { start = at + 1 }
      at += 1
    }
    return start
  }
}
