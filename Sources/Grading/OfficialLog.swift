/// A log of the official harness, which holds the set-up too, read by the harness's rules.
package enum OfficialLog {
  /// How a log ended, and so whether its outcomes count.
  package enum End: Hashable, Sendable {
    /// The tests ran to their end.
    case whole
    /// This mark of trouble is in the log.
    case trouble(Mark)
    /// The mark at the beginning or at the end of the tests' output is missing.
    case missing(Mark)
    /// No test is told, and nothing shows that a test runner ran (5.0).
    case nothingRan
    /// The test command ended with this status, not 0, and the log tells of no failing test (5.0).
    case unexplainedExit(Int)

    package var isWhole: Bool { self == .whole }
  }

  /// The harness's marks.
  package enum Mark: String, CaseIterable, Hashable, Sendable {
    case patchApplyFailed = ">>>>> Patch Apply Failed"
    case resetFailed = ">>>>> Reset Failed"
    case testsErrored = ">>>>> Tests Errored"
    case testsTimedOut = ">>>>> Tests Timed Out"
    case start = ">>>>> Start Test Output"
    case end = ">>>>> End Test Output"
    case exitCode = ">>>>> Test Exit Code"

    /// The marks of which any one, anywhere in a log, ends the judgement.
    static let troubles: [Mark] = [.patchApplyFailed, .resetFailed, .testsErrored, .testsTimedOut]
  }

  /// What a log says, and how it ended. The outcomes are empty unless it is whole.
  static func read(_ text: LogText, with parser: LogParser) -> (outcomes: Outcomes, end: End) {
    let marks = Marks(text)
    if let trouble = Mark.troubles.first(where: { marks.has($0) }) { return (Outcomes([]), .trouble(trouble)) }
    guard let inner = marks.inner else { return (Outcomes([]), .missing(marks.has(.start) ? .end : .start)) }
    var outcomes = parser.outcomes(in: text[inner])
    // Some runners print out of turn, before or behind the marks.
    if outcomes.isEmpty { outcomes = parser.outcomes(in: text) }
    guard parser.harness == .v5 else { return (outcomes, .whole) }
    if outcomes.isEmpty { return (outcomes, SuiteRan.isShown(by: text) ? .whole : .nothingRan) }
    let hasFailure = outcomes.entries.contains { $0.status == .failed || $0.status == .error }
    if !hasFailure, let exit = marks.exit, exit != 0 { return (Outcomes([]), .unexplainedExit(exit)) }
    return (outcomes, .whole)
  }

  /// True where any of the harness's marks stands in a log.
  static func hasMark(_ text: LogText) -> Bool { Marks(text).isAny }

  /// Where the tests printed: between the marks, or the whole log where the marks are missing or hold no test.
  static func tests(in text: LogText, with parser: LogParser) -> LogText {
    guard let inner = Marks(text).inner, !parser.outcomes(in: text[inner]).isEmpty else { return text }
    return text[inner]
  }
}

extension OfficialLog.End: CustomStringConvertible {
  package var description: String {
    switch self {
    case .whole: "the tests ran to their end"
    case .trouble(let mark): "the log says \(mark.rawValue)"
    case .missing(let mark): "the log has no \(mark.rawValue)"
    case .nothingRan: "the log tells of no test, and nothing shows that a test runner ran"
    case .unexplainedExit(let status): "the test command ended with \(status), and the log tells of no failing test"
    }
  }
}

/// The harness's marks in one log. They are found by one search for what they all begin with.
private struct Marks {
  private var seen: Set<OfficialLog.Mark> = []
  /// Between the first mark of the beginning and whichever comes next: another, a mark of the end, or the log's end.
  private(set) var inner: Range<Int>?
  /// The first exit status told; nil where none is.
  private(set) var exit: Int?

  func has(_ mark: OfficialLog.Mark) -> Bool { seen.contains(mark) }

  var isAny: Bool { !seen.isEmpty }

  init(_ text: LogText) {
    var start: Int?
    var stop: Int?
    var at = 0
    while let found = text.index(of: ">>>>> ", from: at) {
      at = found + 1
      guard let mark = Self.mark(text, at: found) else { continue }
      seen.insert(mark)
      if mark == .exitCode, exit == nil { exit = Self.exit(text, at: found + mark.rawValue.utf8.count) }
      if mark == .start || mark == .end, start != nil, stop == nil { stop = found }
      if mark == .start, start == nil { start = found + mark.rawValue.utf8.count }
    }
    if let start, has(.end) { inner = start..<(stop ?? text.count) }
  }

  private static func mark(_ text: LogText, at index: Int) -> OfficialLog.Mark? {
    if text.hasPrefix(">>>>> Start Test Output", at: index) { return .start }
    if text.hasPrefix(">>>>> End Test Output", at: index) { return .end }
    if text.hasPrefix(">>>>> Test Exit Code", at: index) { return .exitCode }
    if text.hasPrefix(">>>>> Patch Apply Failed", at: index) { return .patchApplyFailed }
    if text.hasPrefix(">>>>> Reset Failed", at: index) { return .resetFailed }
    if text.hasPrefix(">>>>> Tests Errored", at: index) { return .testsErrored }
    return text.hasPrefix(">>>>> Tests Timed Out", at: index) ? .testsTimedOut : nil
  }

  /// The number of `: 1` at `index`. A number too large to be told is `Int.max`.
  private static func exit(_ text: LogText, at index: Int) -> Int? {
    guard text.hasPrefix(":", at: index) else { return nil }
    var at = index + 1
    while at < text.count, text.blank(at: at) > 0 { at += text.blank(at: at) }
    let sign = text.hasPrefix("-", at: at) ? -1 : 1
    if sign < 0 { at += 1 }
    let end = text.digits(from: at)
    guard end > at else { return nil }
    var value = 0
    for character in text[at..<end].string {
      let (next, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      guard !isTooLarge, next < Int.max - 10 else { return Int.max }
      value = next + (character.wholeNumberValue ?? 0)
    }
    return sign * value
  }
}
