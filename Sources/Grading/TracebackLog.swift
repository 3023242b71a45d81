/// The failures of a unittest, Django or SymPy log: titled tracebacks.
enum TracebackLog {
  /// The list at the end of a unittest or Django log: a rule of `=`, a title, a rule of `-`, tracebacks.
  static func unittest(_ text: LogText, root: Root, into failures: inout FailureList) {
    var block: (test: String, kind: TestFailure.Kind, traceback: Traceback)?
    var state = State.outside
    func close() {
      if let done = block { failures.append(done.traceback.failure(test: done.test, kind: done.kind)) }
      block = nil
    }
    text.eachShownLine { line in
      if line.isRule(UInt8(ascii: "=")) {
        close()
        state = .title
      } else if state == .title {
        block = title(line).map { ($0.test, $0.kind, Traceback(root: root)) }
        state = block == nil ? .outside : .description
      } else if line.isRule(UInt8(ascii: "-")) {
        if state == .description {
          state = .body
        } else {
          close()
          state = .outside
        }
      } else if state == .body {
        // What a test printed follows its traceback.
        if line == "Stdout:" || line == "Stderr:" { state = .printed } else { block?.traceback.take(line) }
      }
    }
    close()
  }

  private enum State { case outside, title, description, body, printed }

  private static func title(_ line: LogText) -> (test: String, kind: TestFailure.Kind)? {
    let rest: LogText
    if line.hasPrefix("FAIL: ") {
      rest = line.from(6)
    } else if line.hasPrefix("ERROR: ") {
      rest = line.from(7)
    } else {
      return nil
    }
    guard let name = UnittestName(rest) else { return (Raised.bounded(rest).text, .test) }
    return (name.short, kind(name))
  }

  private static func kind(_ name: UnittestName) -> TestFailure.Kind {
    if name.method == "setUpClass" || name.method == "setUpModule" { return .setup }
    if name.method == "tearDownClass" || name.method == "tearDownModule" { return .teardown }
    return name.owner.hasPrefix("unittest.loader.") ? .collection : .test
  }

  /// The blocks of SymPy's own runner: `____ path.py:test ____`, then a traceback.
  static func sympy(_ text: LogText, root: Root, into failures: inout FailureList) {
    var block: (test: String, traceback: Traceback)?
    func close() {
      if let done = block { failures.append(done.traceback.failure(test: done.test, kind: .test)) }
      block = nil
    }
    text.eachShownLine { line in
      if line.first == UInt8(ascii: "_"), line.last == UInt8(ascii: "_") {
        close()
        if let title = line.title(UInt8(ascii: "_")), title.contains(".py:", rare: 3) {
          // The lists of the rows know the test by its function alone.
          let name = title.lastIndex(of: UInt8(ascii: ":")).map { title.from($0 + 1) } ?? title
          block = (name.string, Traceback(root: root))
        }
      } else if line.trimmed.hasPrefix("tests finished: ") {
        close()
      } else {
        block?.traceback.take(line)
      }
    }
    close()
  }

  /// The traceback that ended the test command, where it ends in the repository's own code: the bug itself may do that.
  /// A module that is missing is the environment's fault.
  static func crash(_ text: LogText, root: Root) -> TestFailure? {
    guard let failure = command(text, root: root, endsInside: true),
      failure.exception != "ModuleNotFoundError", failure.exception != "ImportError"
    else { return nil }
    return failure
  }

  /// The traceback that ended the test command itself, where one stands in the log outside any list: the last one.
  static func command(_ text: LogText, root: Root, endsInside: Bool = false) -> TestFailure? {
    var last: Traceback?
    var isOpen = false
    text.eachShownLine { line in
      if line == "Traceback (most recent call last):" {
        last = Traceback(root: root)
        isOpen = true
      } else if isOpen, line.first.map({ $0 != 0x20 }) ?? true, last?.raised.isTold ?? false {
        isOpen = false
      }
      if isOpen { last?.take(line) }
    }
    guard let last, last.raised.isTold, last.isInRepository || !endsInside else { return nil }
    let failure = last.failure(test: "", kind: .command)
    guard !failure.frames.isEmpty else { return nil }
    return failure
  }
}

extension LogText {
  /// True for unittest's rules, which are 70 wide.
  func isRule(_ byte: UInt8) -> Bool { count == 70 && first == byte && allSatisfy { $0 == byte } }

  /// The text between two runs of `byte` that fill a line, each at least one long and parted from it by a space.
  func title(_ byte: UInt8) -> LogText? {
    guard first == byte, last == byte, count <= UnittestName.longest else { return nil }
    let start = end(from: 0) { $0 == byte }
    var stop = count
    while stop > start, self[stop - 1] == byte { stop -= 1 }
    guard start < stop - 1, self[start] == 0x20, self[stop - 1] == 0x20 else { return nil }
    let title = self[start..<stop].trimmed
    // `_ _ _ _` parts the calls of one traceback.
    return title.allSatisfy { $0 == byte || $0 == 0x20 } ? nil : title
  }
}
