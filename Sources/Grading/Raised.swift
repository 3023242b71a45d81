/// What was raised, while the lines that tell it are read.
struct Raised {
  /// The longest line looked at for the sides of an assertion, in bytes.
  private static let longestLine = 8_000

  private(set) var exception = ""
  private var message = ""
  private var detail: [String] = []
  private var assertion: Assertion?
  private var omitted = TestFailure.Omission()
  private var blanks = 0
  private(set) var isTold = false

  /// The line `pkg.Error: what it said`; false where the line is something else.
  mutating func tell(_ line: LogText) -> Bool {
    guard let name = Self.exception(in: line) else { return false }
    self = Raised()
    isTold = true
    exception = line.upTo(name).string
    tell(message: line.from(min(name + 1, line.count)).trimmed)
    return true
  }

  /// A text without the name of an exception.
  mutating func tell(bare text: LogText, exception: String) {
    self = Raised()
    isTold = true
    self.exception = exception
    tell(message: text)
  }

  private mutating func tell(message text: LogText) {
    let line = text.prefix(Self.longestLine)
    (message, omitted.messageBytes) = Self.bounded(text)
    assertion = Assertion(statement: line) ?? (exception == "AssertionError" ? Assertion(message: line) : nil)
  }

  /// A line behind the first.
  mutating func tell(more line: LogText) {
    if line.trimmed.isEmpty {
      blanks += 1
      return
    }
    if message.isEmpty, detail.isEmpty {
      blanks = 0
      tell(message: line)
      return
    }
    // An assertion with a reason of its own shows what was compared on the next line.
    if assertion == nil || line.hasPrefix("assert ") {
      assertion = Assertion(statement: line.prefix(Self.longestLine)) ?? assertion
    }
    if detail.count + blanks + 1 > TestFailure.mostDetailLines {
      omitted.detailLines += blanks + 1
    } else {
      if !detail.isEmpty { detail += repeatElement("", count: blanks) }
      detail.append(line.prefix(TestFailure.longestMessage).string)
    }
    blanks = 0
  }

  /// The name of the exception where another place tells it: kept is the fuller of the two.
  mutating func name(_ other: String) {
    if exception == other || exception.hasSuffix(".\(other)") { return }
    exception = other
    isTold = true
  }

  /// The failure of `test`; frames come outermost first.
  func failure(test: String, kind: TestFailure.Kind, frames: FrameList) -> TestFailure {
    var omitted = omitted
    omitted.frames = frames.allOmitted
    var sides = assertion ?? Assertion(arrays: detail)
    if sides == nil, exception == "AssertionError", message.isEmpty, let source = frames.innermostSource {
      sides = LogText.reading(Array(source.utf8)) { Assertion(statement: $0) }
    }
    return TestFailure(
      test: test, kind: kind, exception: exception, message: message, detail: detail, assertion: sides,
      frames: frames.innermostFirst, omitted: omitted)
  }

  /// The text without white space around it, cut to what is kept of a message, and how many bytes were cut.
  static func bounded(_ text: LogText) -> (text: String, cut: Int) {
    let text = text.trimmed
    let kept = text.prefix(TestFailure.longestMessage)
    return (kept.string, text.count - kept.count)
  }

  /// The end of a dotted name at the beginning of `line`, behind which the line ends, or a colon and a space
  /// stand.
  static func exception(in line: LogText) -> Int? {
    guard let first = line.first, first.isWord, !first.isDigit else { return nil }
    let dot = UInt8(ascii: ".")
    let most = line.prefix(200)
    var end = most.end(from: 0) { $0.isWord || $0 == dot }
    while most.hasPrefix("<locals>", at: end) { end = most.end(from: end + 8) { $0.isWord || $0 == dot } }
    guard end < 200, line[end - 1] != dot else { return nil }
    if end == line.count { return end }
    return line[end] == UInt8(ascii: ":") && (end + 1 == line.count || line[end + 1] == 0x20) ? end : nil
  }
}

/// The frames of a traceback, outermost first as they are read, bounded from the outside.
struct FrameList {
  private var frames: [TestFailure.Frame] = []
  private var omitted = 0
  /// The source line of the innermost call of all, inside the repository or not.
  var innermostSource: String?

  mutating func append(_ frame: TestFailure.Frame) {
    frames.append(frame)
    // Twice the bound before any is taken out, so that a thousand calls do not cost a million moves.
    if frames.count >= 2 * TestFailure.mostFrames {
      omitted += frames.count - TestFailure.mostFrames
      frames.removeFirst(frames.count - TestFailure.mostFrames)
    }
  }

  /// Sets the source line of the frame added last.
  mutating func show(_ source: LogText) {
    guard !frames.isEmpty else { return }
    frames[frames.count - 1].source = Raised.bounded(source).text
  }

  /// How many of the outermost frames are left out.
  var allOmitted: Int { omitted + max(0, frames.count - TestFailure.mostFrames) }

  var innermostFirst: [TestFailure.Frame] { frames.suffix(TestFailure.mostFrames).reversed() }
}
