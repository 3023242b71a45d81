/// One titled failure of a pytest log while its lines are read, in pytest's long, short and native styles.
struct PytestBlock {
  /// What the title shows of the test: `C.a[x]`, or the path of a file that could not be read.
  let title: String
  let status: TestStatus
  private let kind: TestFailure.Kind
  private let root: Root
  private var frames = FrameList()
  private var raised = Raised()
  private var native: Traceback
  /// The line of the call that is being shown in long style, and the function it is in.
  private var source: String?
  private var function = ""
  private var wantsSource = false
  private var isInRepository = false
  private var isInMessage = false
  private var isPrinted = false
  private var doctest = DoctestSides()
  /// The first line at the margin that is none of a call: all that some blocks say.
  private var remark = ""

  init(title: LogText, root: Root, status: TestStatus) {
    var name = title
    var kind = TestFailure.Kind.test
    for (prefix, found): (StaticString, TestFailure.Kind) in [
      ("ERROR at setup of ", .setup), ("ERROR at teardown of ", .teardown), ("ERROR collecting ", .collection),
    ] where title.hasPrefix(prefix) {
      name = title.from(prefix.utf8CodeUnitCount)
      kind = found
    }
    self.title = name.string
    self.kind = kind
    self.status = status
    self.root = root
    native = Traceback(root: root)
  }

  /// What is printed of a file that stopped the run.
  init(path: String, root: Root) {
    title = path
    status = .error
    kind = path.isEmpty ? .command : .collection
    self.root = root
    native = Traceback(root: root)
  }

  var isCollection: Bool { kind == .collection }

  /// True where the block tells what was raised.
  var isTold: Bool { raised.isTold || native.raised.isTold }

  /// The name of the test where no summary has its id: `C::a[x]`.
  var guessedTest: String {
    guard kind != .collection else { return title }
    let bracket = title.firstIndex(of: "[") ?? title.endIndex
    return String(title[..<bracket]).replacing(".", with: "::") + String(title[bracket...].prefix { $0 != " " })
  }

  func failure(test: String) -> TestFailure {
    if !raised.isTold, native.raised.isTold { return native.failure(test: test, kind: kind) }
    var failure = raised.failure(test: test, kind: kind, frames: frames)
    if let assertion = doctest.assertion { failure.assertion = assertion }
    if !raised.isTold, failure.message.isEmpty { failure.message = remark }
    return failure
  }

  mutating func take(_ line: LogText) {
    if isPrinted { return }
    let isMessage = line.first == UInt8(ascii: "E") && (line.hasPrefix("E  ") || line.count == 1)
    if isMessage {
      take(message: line)
      return
    }
    isInMessage = false
    switch line.first {
    case nil: return
    case 0x20: take(indented: line)
    case UInt8(ascii: ">"): take(source: line)
    case UInt8(ascii: "-") where line.title(UInt8(ascii: "-"))?.hasPrefix("Captured ") ?? false: isPrinted = true
    case UInt8(ascii: "_") where line.hasPrefix("_ _ _"): startCall()
    default:
      if line.hasPrefix("During handling of the above exception") || line.hasPrefix("The above exception was the dir") {
        // What was raised first is not what ended the test.
        frames = FrameList()
        startCall()
      } else if let place = PytestPlace(line) {
        take(place)
      } else {
        if remark.isEmpty { remark = Raised.bounded(line).text }
        // A message goes on without its mark where it has tabs.
        if line.first == 0x09, raised.isTold { raised.tell(more: line.trimmed) }
        doctest.take(line)
        if native.isAny || line.hasPrefix("Traceback (most") { native.take(line) }
      }
    }
  }

  private mutating func startCall() {
    source = nil
    function = ""
  }

  // MARK: Lines of a call

  private mutating func take(indented line: LogText) {
    // Most lines are source, deeper than where a function begins.
    if !wantsSource, !native.isAny, line.hasPrefix("        ") { return doctest.take(line) }
    if wantsSource, line.hasPrefix("    ") {
      wantsSource = false
      if !(line == "    ???") { show(line.trimmed) }
      return
    }
    if native.isAny || line.hasPrefix("  File \"") || line.hasPrefix("  + ") || line.hasPrefix("  | ") {
      native.take(line)
    } else if let name = Self.defined(line) {
      function = name
    } else {
      doctest.take(line)
    }
  }

  /// `>       assert x == 1`: the line at which the call is.
  private mutating func take(source line: LogText) {
    if let name = Self.defined(line) { function = name }
    guard source == nil else { return }
    source = line.from(1).trimmed.prefix(TestFailure.longestMessage).string
  }

  /// The name behind `def` where the function that is shown begins, four columns in.
  private static func defined(_ line: LogText) -> String? {
    guard line.count > 8, line[4] == UInt8(ascii: "d") || line[4] == UInt8(ascii: "a") else { return nil }
    let start = line.hasPrefix("def ", at: 4) ? 8 : line.hasPrefix("async def ", at: 4) ? 14 : 0
    guard start > 0 else { return nil }
    let end = line.end(from: start, while: \.isWord)
    return end > start && end - start < 200 ? line[start..<end].string : nil
  }

  private mutating func take(_ place: PytestPlace) {
    let path = root.relative(place.path)
    isInRepository = path != nil
    frames.innermostSource = source
    let name = place.function ?? function
    if let path {
      frames.append(TestFailure.Frame(path: path, line: place.line, function: name, source: source ?? ""))
    }
    wantsSource = place.function != nil
    if let exception = place.exception { raised.name(exception) }
    startCall()
  }

  private mutating func show(_ text: LogText) {
    if isInRepository { frames.show(text) }
    frames.innermostSource = text.prefix(TestFailure.longestMessage).string
  }

  // MARK: What was raised

  private mutating func take(message line: LogText) {
    let text = line.from(1).trimmed
    // The last message counts; a syntax error shows its place first and what it is last.
    if isInMessage, !text.hasPrefix("SyntaxError:"), !text.hasPrefix("IndentationError:"), !text.hasPrefix("TabError:")
    {
      if text.hasPrefix("File \""), let place = Traceback.place(line, root: root), let frame = place.frame {
        frames.append(frame)
      }
      raised.tell(more: text)
      return
    }
    if text.hasPrefix("File \""), let frame = Traceback.place(line, root: root)?.frame { frames.append(frame) }
    isInMessage = true
    if raised.tell(text) { return }
    raised.tell(bare: text, exception: text.hasPrefix("assert ") ? "AssertionError" : "")
  }
}

/// `path.py:3: in f`, `path.py:3: AssertionError`, `path.py:3: ` or `path.py:3`.
struct PytestPlace {
  let path: String
  let line: Int
  /// Nil where the line does not tell it.
  let function: String?
  let exception: String?

  init?(_ text: LogText) {
    guard text.count <= UnittestName.longest, let colon = Self.colon(text) else { return nil }
    let digits = text.end(from: colon + 1, while: \.isDigit)
    guard let number = Int(text[(colon + 1)..<digits].string) else { return nil }
    path = text.upTo(colon).string
    line = number
    let rest = text.from(min(digits + 1, text.count)).trimmed
    function = rest.hasPrefix("in ") ? rest.from(3).string : nil
    exception = rest.isEmpty || function != nil ? nil : Raised.exception(in: rest).map { rest.upTo($0).string }
    guard rest.isEmpty || function != nil || exception != nil else { return nil }
  }

  /// The colon before the line's number: the first with digits and then `: ` or the end behind it, where what stands
  /// before it may be a path.
  private static func colon(_ text: LogText) -> Int? {
    var at = 0
    while let found = text.index(of: UInt8(ascii: ":"), from: at) {
      at = found + 1
      let digits = text.end(from: at, while: \.isDigit)
      guard digits > at, digits == text.count || text.hasPrefix(": ", at: digits) || digits + 1 == text.count else {
        continue
      }
      guard digits == text.count || text[digits] == UInt8(ascii: ":") else { continue }
      let path = text.upTo(found)
      return path.index(of: 0x20) == nil || path.hasSuffix(".py") ? found : nil
    }
    return nil
  }
}

/// Both sides of a doctest: what stands below `Expected:` and below `Got:`.
private struct DoctestSides {
  private var expected: [String] = []
  private var got: [String] = []
  private var side = 0

  mutating func take(_ line: LogText) {
    if line == "Expected:" {
      side = 1
    } else if line == "Got:" {
      side = 2
    } else if side > 0, line.hasPrefix("    ") {
      let text = line.from(4).prefix(Assertion.longestSide).string
      if side == 1, expected.count < 5 { expected.append(text) }
      if side == 2, got.count < 5 { got.append(text) }
    } else {
      side = 0
    }
  }

  var assertion: Assertion? {
    guard !got.isEmpty || !expected.isEmpty else { return nil }
    return Assertion(left: got.joined(separator: "\n"), relation: "==", right: expected.joined(separator: "\n"))
  }
}
