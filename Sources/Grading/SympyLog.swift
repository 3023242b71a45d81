/// The log of SymPy's own `bin/test --verbose`. Rule: SWE-bench's harness, to the letter: the last test of a file has
/// `[OK]` or `[FAIL]` behind its status and is not read, and any line with a `.py:` between its first and last space
/// counts as the title of a failure.
enum SympyLog {
  static func read(_ text: LogText, into table: inout OutcomeTable) {
    readTitles(text, into: &table)
    for raw in LogLines(text) {
      // Cheaper than trimming first: few lines begin with a test's name.
      guard raw.first == UInt8(ascii: "t") || raw.blank(at: 0) > 0 else { continue }
      let line = raw.trimmed
      guard line.hasPrefix("test_"), let status = status(line), let name = line.word(from: 0) else { continue }
      table.set(line[name], status)
    }
  }

  private static func status(_ line: LogText) -> TestStatus? {
    if line.hasSuffix(" ok") { return .passed }
    if line.hasSuffix(" F") { return .failed }
    return line.hasSuffix(" E") ? .error : nil
  }

  /// `path.py:test` of each line `____ path.py:test ____`, each a failure.
  private static func readTitles(_ text: LogText, into table: inout OutcomeTable) {
    var at = 0
    while let found = text.index(of: ".py:", from: at, rare: 3) {
      var low = found
      while low > at, !isEnd(text[low - 1]) { low -= 1 }
      let high = text.end(from: found) { !isEnd($0) }
      let line = text[low..<high]
      at = high
      guard let first = line.index(of: 0x20), let last = line.lastIndex(of: 0x20),
        let suffix = line.lastIndex(of: ".py:", endingBy: last), suffix > first
      else { continue }
      table.set(line[(first + 1)..<last], .failed)
    }
  }

  private static func isEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
