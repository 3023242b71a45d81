/// The log of `pytest -rA`. Rule: SWE-bench's harness, whose readers differ from repository to repository and, for some,
/// from version to version.
struct PytestLog {
  let form: LogParser.Form
  let harness: Harness

  func read(_ text: LogText, into table: inout OutcomeTable) {
    switch form {
    case .pytestV2: readPlain(text, into: &table)
    case .seaborn: readSeaborn(text, into: &table)
    default: readLeading(text, into: &table)
    }
  }

  // MARK: Lines that begin with a status

  private func readLeading(_ text: LogText, into table: inout OutcomeTable) {
    for line in LogLines(text) {
      guard let status = TestStatus(prefixOf: line), let first = line.word(from: 0),
        let second = secondWord(line, after: first.upperBound, isFailure: status == .failed)
      else { continue }
      guard form == .matplotlib else {
        take(line[second], line[first], into: &table)
        continue
      }
      PytestName.withButtons(line[first]) { word in
        PytestName.withButtons(line[second]) { take($0, word, into: &table) }
      }
    }
  }

  private func take(_ name: LogText, _ word: LogText, into table: inout OutcomeTable) {
    if isSkipSummary(word, name) { return }
    guard form == .pytestOptions else { return table.set(name, word: word) }
    PytestName.withShortOption(name) { table.set($0, word: word) }
  }

  /// The word behind the first. In the line of a failure every ` - ` counts as one space.
  private func secondWord(_ line: LogText, after end: Int, isFailure: Bool) -> Range<Int>? {
    var at = end
    var replaced = 0
    while let word = line.word(from: at) {
      let isDash = word.count == 1 && line[word.lowerBound] == UInt8(ascii: "-")
      guard isFailure, isDash, word.lowerBound > replaced, line.hasPrefix(" - ", at: word.lowerBound - 1) else {
        return word
      }
      replaced = word.lowerBound + 2
      at = word.upperBound
    }
    return nil
  }

  /// `SKIPPED [3] t.py:1: why` counts tests and names none; 4.1 takes `[3]` for a test.
  private func isSkipSummary(_ word: LogText, _ name: LogText) -> Bool {
    guard harness == .v5, word == "SKIPPED", name.count > 2, name.first == UInt8(ascii: "[") else { return false }
    return name.digits(from: 1) == name.count - 1 && name.last == UInt8(ascii: "]")
  }

  // MARK: Colours taken out, and lines that end with a status

  private func readPlain(_ text: LogText, into table: inout OutcomeTable) {
    for line in LogLines(text) where PlainLine.mayTell(line) {
      guard PlainLine.isPlain(line) else {
        LogText.reading(PlainLine.plain(line, most: OutcomeTable.mostBytes)) { take(plain: $0, into: &table) }
        continue
      }
      take(plain: line, into: &table)
    }
  }

  private func take(plain line: LogText, into table: inout OutcomeTable) {
    if let status = TestStatus(prefixOf: line) {
      guard let first = line.word(from: 0) else { return }
      if harness == .v4 {
        guard let second = secondWord(line, after: first.upperBound, isFailure: status == .failed) else { return }
        table.set(line[second], word: line[first])
        return
      }
      // The reason of a failure stands behind the first ` - `.
      let told = status == .failed ? line.index(of: " - ").map { line.upTo($0) } ?? line : line
      guard let first = told.word(from: 0), let second = told.word(from: first.upperBound),
        !isSkipSummary(told[first], told[second])
      else { return }
      PytestName.joined(told.from(second.lowerBound)) { table.set($0, word: told[first]) }
    } else if TestStatus(suffixOf: line) != nil, let first = line.word(from: 0),
      let second = line.word(from: first.upperBound)
    {
      if harness == .v4 {
        table.set(line[first], word: line[second])
        return
      }
      var low = line.count
      while line.blank(before: low) == 0 { low -= 1 }
      PytestName.joined(line.upTo(low)) { table.set($0, word: line.from(low)) }
    }
  }

  // MARK: seaborn

  private func readSeaborn(_ text: LogText, into table: inout OutcomeTable) {
    for line in LogLines(text) {
      if line.hasPrefix("FAILED") {
        if let name = word(2, of: line) { table.set(name, .failed) }
      } else if line.contains(" PASSED ", rare: 1) {
        // The status may stand behind the name; anywhere else it tells nothing.
        if let first = line.word(from: 0), let second = line.word(from: first.upperBound), line[second] == "PASSED" {
          table.set(line[first], .passed)
        }
      } else if line.hasPrefix("PASSED"), let name = word(2, of: line) {
        table.set(name, .passed)
      }
    }
  }

  private func word(_ number: Int, of line: LogText) -> LogText? {
    var at = 0
    for count in 1...number {
      guard let word = line.word(from: at) else { return nil }
      if count == number { return line[word] }
      at = word.upperBound
    }
    return nil
  }
}
