/// Signs in a log without outcomes that a test runner ran all the same. Rule: SWE-bench's harness, 5.0; most of them are
/// of runners for other languages, and whatever prints one of them counts.
enum SuiteRan {
  static func isShown(by text: LogText) -> Bool {
    Sign.allCases.contains { sign in
      var at = 0
      while let found = sign.index(in: text, from: at) {
        if sign.holds(text, at: found) { return true }
        at = found + 1
      }
      return false
    }
  }

  private enum Sign: CaseIterable {
    /// `Executed 3 of 4`.
    case executed
    /// `TOTAL: 3 SUCCESS`.
    case total
    /// `3 passing`.
    case passing
    /// `Tests:  3`.
    case tests
    /// `Test Suites: 1 failed, 2 total`.
    case suites
    /// `# tests 3` at the beginning of a line.
    case tap
    /// `3 specs, 0 failures`.
    case specs
    /// `': ok` at the end of a line.
    case ok

    func index(in text: LogText, from at: Int) -> Int? {
      switch self {
      case .executed: text.index(of: "Executed ", from: at)
      case .total: text.index(of: "TOTAL: ", from: at)
      case .passing: text.index(of: " passing", from: at)
      case .tests: text.index(of: "Tests:", from: at)
      case .suites: text.index(of: "Test Suites:", from: at)
      case .tap: text.index(of: "# tests ", from: at)
      case .specs: text.index(of: " spec", from: at)
      case .ok: text.index(of: "': ok", from: at)
      }
    }

    func holds(_ text: LogText, at index: Int) -> Bool {
      switch self {
      case .executed:
        guard let end = Sign.number(text, at: index + 9), text.hasPrefix(" of ", at: end) else { return false }
        return text.digit(at: end + 4) > 0
      case .total:
        guard let end = Sign.number(text, at: index + 7) else { return false }
        return text.hasPrefix(" SUCCESS", at: end) || text.hasPrefix(" FAILED", at: end)
      case .passing: return Sign.isNumber(text, endingAt: index)
      case .tests:
        let end = Sign.blanks(text, at: index + 6)
        return end > index + 6 && Sign.number(text, at: end) != nil
      case .suites: return Sign.suites(text, at: index + 12)
      case .tap:
        let isFirst = index == 0 || text[index - 1] == 0x0A || text[index - 1] == 0x0D
        return isFirst && Sign.number(text, at: index + 8) != nil
      case .specs:
        guard Sign.isNumber(text, endingAt: index) else { return false }
        let comma = text.hasPrefix("s", at: index + 5) ? index + 6 : index + 5
        guard text.hasPrefix(", ", at: comma) else { return false }
        let end = text.digits(from: comma + 2)
        return end > comma + 2 && text.hasPrefix(" failure", at: end)
      case .ok:
        let end = index + 5
        return end == text.count || text[end] == 0x0A || text[end] == 0x0D
      }
    }

    /// The end of the number at `index`, whose first digit is none of 0.
    private static func number(_ text: LogText, at index: Int) -> Int? {
      guard index < text.count, (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(text[index]) else { return nil }
      return text.digits(from: index + 1)
    }

    /// True where the digits before `index` are not all 0.
    private static func isNumber(_ text: LogText, endingAt index: Int) -> Bool {
      var at = index
      while true {
        let length = text.digit(before: at)
        if length == 0 { return false }
        at -= length
        if (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(text[at]) { return true }
      }
    }

    private static func blanks(_ text: LogText, at index: Int) -> Int {
      var at = index
      while at < text.count {
        let length = text.blank(at: at)
        if length == 0 { break }
        at += length
      }
      return at
    }

    /// ` 1 failed, 2 passed, 3 total`: any number of counts, and the last of them `total`.
    private static func suites(_ text: LogText, at index: Int) -> Bool {
      var at = blanks(text, at: index)
      guard at > index else { return false }
      while true {
        if let end = number(text, at: at), text.hasPrefix(" total", at: end) { return true }
        let end = text.digits(from: at)
        guard end > at, text.hasPrefix(" ", at: end) else { return false }
        let word = text.end(from: end + 1, while: \.isWord)
        guard word > end + 1, text.hasPrefix(", ", at: word) else { return false }
        at = word + 2
      }
    }
  }
}
