/// The failures of a pytest log: the blocks of its sections FAILURES and ERRORS, and what stopped a run before them.
///
/// pytest's own tests run pytest and print what it says, so that sessions stand inside sessions. Each `test session
/// starts` opens one, and the line with its counts closes it.
struct PytestFailureLog {
  let root: Root
  let parser: LogParser
  /// The summary of the outermost session.
  private let last: PytestSummary
  private(set) var failures = FailureList()
  private var sessions = [Session()]
  /// What was printed where no session had begun: `ImportError while loading conftest`.
  private var early: PytestBlock?

  /// The most sessions inside one another.
  private static let deepest = 8

  private struct Session {
    var section = Section.none
    var block: PytestBlock?
    var blocks: [PytestBlock] = []
    var summary = PytestSummary()
    var hasBegun = false
    /// Where an inner session ran: its paths begin there.
    var folder: String?
  }

  private enum Section { case none, failures, errors, summary }

  init(root: Root, parser: LogParser, last: PytestSummary) {
    self.root = root
    self.parser = parser
    self.last = last
  }

  mutating func read(_ text: LogText) {
    sessions[0].summary = last
    text.eachShownLine { line in
      if let title = line.title(UInt8(ascii: "=")), take(rule: title) { return }
      if line.first == UInt8(ascii: "_"), take(title: line) { return }
      take(line)
    }
    while sessions.count > 1 { end() }
    finish()
  }

  private var top: Int { sessions.count - 1 }

  /// True for a line that parts a session; any other is part of what was printed.
  private mutating func take(rule title: LogText) -> Bool {
    if title == "test session starts" {
      closeEarly()
      if sessions[top].hasBegun, sessions.count < Self.deepest { sessions.append(Session()) }
      sessions[top].hasBegun = true
      sessions[top].section = .none
      return true
    }
    if Self.isEnd(title) {
      if sessions.count > 1 {
        end()
      } else {
        closeBlock()
        sessions[0].section = .none
        sessions[0].hasBegun = false
      }
      return true
    }
    guard let section = Self.section(title) else { return false }
    closeEarly()
    closeBlock()
    sessions[top].section = section
    return true
  }

  private static func section(_ title: LogText) -> Section? {
    if title == "FAILURES" { return .failures }
    if title == "ERRORS" { return .errors }
    if title == "short test summary info" { return .summary }
    let isOther =
      title == "PASSES" || title == "XFAILURES" || title == "XPASSES" || title.hasPrefix("warnings summary")
      || title.hasPrefix("slowest ") || title == "rerun test summary info"
    return isOther ? Section.none : nil
  }

  /// `1 failed, 2 passed in 0.12s (0:00:00)`, `no tests ran in 0.01 seconds`.
  private static func isEnd(_ title: LogText) -> Bool {
    guard let last = title.lastIndex(of: " in ", endingBy: title.count) else { return false }
    let digits = title.end(from: last + 4) { $0.isDigit || $0 == UInt8(ascii: ".") }
    return digits > last + 4 && (title.hasPrefix("s", at: digits) || title.hasPrefix(" seconds", at: digits))
  }

  /// True for the title of a block.
  private mutating func take(title line: LogText) -> Bool {
    guard let title = line.title(UInt8(ascii: "_")) else { return false }
    recover(title)
    let section = sessions[top].section
    guard section == .failures || section == .errors else { return false }
    closeBlock()
    var root = root
    root.folder = sessions[top].folder
    sessions[top].block = PytestBlock(title: title, root: root, status: section == .errors ? .error : .failed)
    return true
  }

  /// Closes inner sessions that were cut off, where a title can only be the next failure of the outermost one.
  private mutating func recover(_ title: LogText) {
    guard sessions.count > 1, sessions[top].section == .none, sessions[0].section == .failures,
      sessions[0].summary.awaits(.failed, titled: title.string)
    else { return }
    while sessions.count > 1 { end() }
  }

  private mutating func take(_ line: LogText) {
    if sessions[top].block != nil {
      sessions[top].block?.take(line)
    } else if sessions[top].section == .summary {
      if top > 0 { sessions[top].summary.take(line) }
    } else if top > 0, line.hasPrefix("rootdir: /") {
      let end = line.index(of: UInt8(ascii: ",")) ?? line.count
      sessions[top].folder = line[9..<end].string
    } else if sessions.count == 1, sessions[0].section == .none {
      takeEarly(line)
    }
  }

  // MARK: What stops a run before its tests

  private mutating func takeEarly(_ line: LogText) {
    if line.first == UInt8(ascii: "I") {
      if line.hasPrefix("ImportError while loading conftest '"), let end = line.lastIndex(of: UInt8(ascii: "'")) {
        closeEarly()
        let path = root.relative(line[36..<max(36, end)].string) ?? line[36..<max(36, end)].string
        early = PytestBlock(path: path, root: root)
        return
      }
      if line.hasPrefix("INTERNALERROR> ") {
        if early == nil { early = PytestBlock(path: "", root: root) }
        early?.take(line.from(15))
        return
      }
    }
    if line.first == UInt8(ascii: "E"), let usage = Self.usage(line, root: root) {
      closeEarly()
      failures.append(usage)
      return
    }
    early?.take(line)
  }

  private mutating func closeEarly() {
    if let block = early, block.isTold {
      failures.append(block.failure(test: block.title))
    }
    early = nil
  }

  /// A test or file that pytest was asked for and did not find.
  private static func usage(_ line: LogText, root: Root) -> TestFailure? {
    for text: StaticString in ["ERROR: not found: ", "ERROR: file or directory not found: "] where line.hasPrefix(text)
    {
      let name = line.from(text.utf8CodeUnitCount).trimmed.prefix(UnittestName.longest).string
      return TestFailure(
        test: root.relative(name) ?? name, kind: .collection, exception: "UsageError",
        message: Raised.bounded(line.from(7)).text, frames: [])
    }
    guard line.hasPrefix("ERROR: usage: ") else { return nil }
    return TestFailure(
      test: "", kind: .command, exception: "UsageError", message: Raised.bounded(line.from(7)).text, frames: [])
  }

  // MARK: Ends

  private mutating func closeBlock() {
    guard let block = sessions[top].block else { return }
    sessions[top].block = nil
    if sessions[top].blocks.count < FailureReader.mostFailures { sessions[top].blocks.append(block) }
  }

  /// Ends the innermost session.
  private mutating func end() {
    finish()
    sessions.removeLast()
  }

  private mutating func finish() {
    closeEarly()
    closeBlock()
    let isNested = sessions.count > 1
    for block in sessions[top].blocks {
      let id =
        sessions[top].summary.next(block.status, titled: block.title)
        ?? (block.isCollection ? sessions[top].summary.first(in: block.title) : nil)
      let test = id.map(spelled) ?? block.guessedTest
      failures.append(block.failure(test: test), isNested: isNested)
    }
    sessions[top].blocks = []
  }

  /// An id as the harness spells it.
  private func spelled(_ id: String) -> String {
    LogText.reading(Array(id.utf8)) { text in
      var name = id
      let isWhole = parser.form == .pytestV2 && parser.harness == .v5
      let word = isWhole ? text : text.word(from: 0).map { text[$0] } ?? text
      switch parser.form {
      case .pytestOptions: PytestName.withShortOption(word) { name = $0.string }
      case .matplotlib: PytestName.withButtons(word) { name = $0.string }
      default: name = word.string
      }
      return name
    }
  }
}
