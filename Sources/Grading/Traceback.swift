/// A Python traceback while its lines are read. Of a chain of them the last counts: it is what ended the test.
struct Traceback {
  let root: Root
  private(set) var frames = FrameList()
  private(set) var raised = Raised()
  /// True once a header or a frame was seen.
  private(set) var isAny = false
  private var wantsSource = false
  /// True where the innermost frame is in the repository.
  private(set) var isInRepository = false

  init(root: Root) { self.root = root }

  mutating func take(_ whole: LogText) {
    let line = Self.unboxed(whole)
    if line.last == UInt8(ascii: ":"), line.count < 60, line.hasSuffix("Traceback (most recent call last):") {
      frames = FrameList()
      raised = Raised()
      isAny = true
      wantsSource = false
    } else if line.first == 0x20 {
      if line.hasPrefix("  File \"") {
        take(frame: line)
      } else if wantsSource, line.hasPrefix("    ") {
        show(line.trimmed)
      } else if raised.isTold {
        raised.tell(more: line)
      }
    } else if !raised.isTold {
      wantsSource = false
      _ = raised.tell(line)
    } else {
      raised.tell(more: line)
    }
  }

  func failure(test: String, kind: TestFailure.Kind) -> TestFailure {
    raised.failure(test: test, kind: kind, frames: frames)
  }

  private mutating func take(frame line: LogText) {
    guard let place = Self.place(line, root: root) else { return }
    isAny = true
    isInRepository = place.frame != nil
    if let frame = place.frame { frames.append(frame) }
    frames.innermostSource = nil
    wantsSource = true
  }

  private mutating func show(_ source: LogText) {
    wantsSource = false
    if isInRepository { frames.show(source) }
    frames.innermostSource = source.prefix(TestFailure.longestMessage).string
  }

  /// `  File "/testbed/a.py", line 3, in f`; of a syntax error without the function. The frame is nil for a file outside
  /// the repository.
  static func place(_ line: LogText, root: Root) -> (frame: TestFailure.Frame?, end: Int)? {
    guard line.count < UnittestName.longest, let open = line.index(of: UInt8(ascii: "\"")),
      let close = line.index(of: "\", line ")
    else { return nil }
    let digits = line.end(from: close + 8, while: \.isDigit)
    guard let number = Int(line[(close + 8)..<digits].string), close > open else { return nil }
    let function = line.hasPrefix(", in ", at: digits) ? line.from(digits + 5).string : ""
    let path = root.relative(line[(open + 1)..<close].string)
    return (path.map { TestFailure.Frame(path: $0, line: number, function: function) }, digits)
  }

  /// Without the box that an exception group draws round its tracebacks.
  private static func unboxed(_ line: LogText) -> LogText {
    line.hasPrefix("  | ") || line.hasPrefix("  + ") ? line.from(4) : line
  }
}
