/// The list of failures at the end of a unittest or Django log: a rule of `=`, a title, a rule of `-`, tracebacks.
enum TracebackLog {
  static func failures(in log: [UInt8], root: String) -> [TestFailure] {
    var failures: [TestFailure] = []
    var block: Block?
    var state = State.outside
    for raw in LogLines(log) {
      let line = raw.last == 0x0D ? raw.dropLast() : raw
      if isRule(line, UInt8(ascii: "=")) {
        close(&block, into: &failures)
        state = .title
      } else if state == .title {
        block = title(line).map { Block(test: $0) }
        state = block == nil ? .outside : .description
      } else if isRule(line, UInt8(ascii: "-")) {
        if state == .description {
          state = .body
        } else {
          close(&block, into: &failures)
          state = .outside
        }
      } else if state == .body {
        block?.take(line, root: root)
      }
      if failures.count >= FailureReader.mostFailures { return failures }
    }
    close(&block, into: &failures)
    return failures
  }

  private enum State { case outside, title, description, body }

  private static func close(_ block: inout Block?, into failures: inout [TestFailure]) {
    if let block { failures.append(block.failure) }
    block = nil
  }

  private static func isRule(_ line: ArraySlice<UInt8>, _ byte: UInt8) -> Bool {
    line.count == 70 && line.allSatisfy { $0 == byte }
  }

  private static func title(_ line: ArraySlice<UInt8>) -> String? {
    let rest: ArraySlice<UInt8>
    if line.hasPrefix("FAIL: ") {
      rest = line.dropFirst(6)
    } else if line.hasPrefix("ERROR: ") {
      rest = line.dropFirst(7)
    } else {
      return nil
    }
    return UnittestName(rest)?.short ?? FailureReader.bounded(rest)
  }

  /// One entry of the list while it is read. The last traceback of a chain counts: it is what ended the test.
  private struct Block {
    let test: String
    private var exception = ""
    private var message = ""
    private var frames: [TestFailure.Frame] = []
    private var isDone = false

    init(test: String) { self.test = test }

    var failure: TestFailure {
      TestFailure(test: test, exception: exception, message: message, frames: frames.reversed())
    }

    mutating func take(_ line: ArraySlice<UInt8>, root: String) {
      // Exception groups draw a box round their tracebacks.
      let line = line.hasPrefix("  | ") || line.hasPrefix("  + ") ? line.dropFirst(4) : line
      if line.hasSuffix("Traceback (most recent call last):"), line.count < 60 {
        frames = []
        isDone = false
      } else if line.hasPrefix("  File \"") {
        if let frame = Self.frame(line, root: root) {
          frames.append(frame)
          if frames.count > TestFailure.mostFrames { frames.removeFirst() }
        }
      } else if !isDone, let first = line.first, !first.isBlank, let raised = FailureReader.raised(line) {
        (exception, message) = raised
        isDone = true
      }
    }

    /// `  File "/testbed/a.py", line 3, in f`; of a syntax error without the function.
    private static func frame(_ line: ArraySlice<UInt8>, root: String) -> TestFailure.Frame? {
      guard line.count < OutcomeTable.longestName, let close = line.index(of: "\", line ") else { return nil }
      let path = line[(line.startIndex + 8)..<close].text
      let digits = line[(close + 8)...].prefix(while: \.isDigit)
      guard let number = Int(digits.text), let relative = FailureReader.relative(path, root: root) else { return nil }
      let rest = line[digits.endIndex...]
      let function = rest.hasPrefix(", in ") ? rest.dropFirst(5).text : ""
      return TestFailure.Frame(path: relative, line: number, function: function)
    }
  }
}
