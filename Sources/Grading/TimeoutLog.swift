/// A log whose tests ran out of time: the harness stopped them and says so, or the interpreter was killed.
enum TimeoutLog {
  /// The failure that stands for the end of the log; nil where the log says nothing of the kind. Its test is the last
  /// one whose name is there without a status.
  static func failure(in text: LogText, parser: LogParser) -> TestFailure? {
    var message: String?
    var exception = "Timeout"
    var kind = TestFailure.Kind.timeout
    // Both stand at the very end: what a test prints before is its own.
    let tail = text.from(max(0, text.count - 4_096))
    if let found = tail.lastIndex(of: "Timeout error: ", endingBy: tail.count) {
      let end = tail.digits(from: found + 15)
      if tail.hasPrefix(" seconds exceeded", at: end) { message = tail[(found + 15)..<(end + 17)].string }
    }
    if message == nil, text.contains(">>>>> Tests Timed Out") { message = "the harness ran out of time" }
    if message == nil, let fatal = text.index(of: "\nFatal Python error: ") {
      kind = .crash
      exception = "Fatal Python error"
      let end = text.end(from: fatal + 1) { $0 != 0x0A && $0 != 0x0D }
      message = Raised.bounded(text[(fatal + 21)..<end]).text
    }
    return message.map {
      TestFailure(test: running(text, parser.form), kind: kind, exception: exception, message: $0, frames: [])
    }
  }

  /// The test that was running when the log ended.
  private static func running(_ text: LogText, _ form: LogParser.Form) -> String {
    var last = ""
    for line in LogLines(text.from(max(0, text.count - (1 << 20)))) {
      switch form {
      case .unittest, .django:
        guard let name = UnittestName(line) else { continue }
        let rest = line.from(name.end)
        if rest.isEmpty || rest.hasPrefix(" ...") { last = rest.isEndedStatus ? "" : name.short }
      case .sympy:
        let words = line.trimmed
        guard words.hasPrefix("test_"), let name = words.word(from: 0) else { continue }
        last = name.upperBound == words.count ? words.string : ""
      default:
        // A quiet run shows the file and a dot for each test, a verbose one the id.
        guard let name = line.word(from: 0), name.lowerBound == 0, line[name].contains(".py") else { continue }
        let isWhole = line.hasSuffix("%]") || TestStatus(prefixOf: line.from(name.upperBound).trimmed) != nil
        last = isWhole ? "" : line[name].string
      }
    }
    return last
  }
}

extension LogText {
  /// True for ` ... ok` and its like.
  fileprivate var isEndedStatus: Bool {
    hasSuffix("ok") || hasSuffix("FAIL") || hasSuffix("ERROR") || hasSuffix("expected failure")
      || hasSuffix("unexpected success") || contains(" ... skipped")
  }
}
