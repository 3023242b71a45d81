/// The log of `python3 -m unittest -v`, which goes to standard error. The harness has no reader for it.
///
/// A test's status stands behind its name, behind the line of its docstring, or alone on a later line where the test
/// itself printed something. A subtest makes its test's status worse, never better; the list of failures at the end
/// has the last word. Names are `test_x (module.Class)` under every version of Python.
enum UnittestLog {
  static func read(_ text: LogText, into table: inout OutcomeTable) {
    var pending: UnittestName?
    var isBelowRule = false
    for line in LogLines(text) {
      if isBelowRule, let failure = listed(line) {
        failure.name.spelled { table.worsen($0, failure.status) }
        pending = nil
      } else if let name = UnittestName(line.blank(at: 0) > 0 ? line.trimmed : line) {
        take(name, line, pending: &pending, into: &table)
      } else if let test = pending, let status = trailing(line) ?? status(line) {
        test.spelled { table.worsen($0, status) }
        pending = nil
      }
      isBelowRule = line.count == 70 && line.first == UInt8(ascii: "=") && line.allSatisfy { $0 == UInt8(ascii: "=") }
    }
  }

  private static func take(
    _ name: UnittestName, _ whole: LogText, pending: inout UnittestName?, into table: inout OutcomeTable
  ) {
    let line = whole.blank(at: 0) > 0 ? whole.trimmed : whole
    var (name, rest) = (name, line.from(name.end))
    // Before Python 3.11 a test whose subtest failed prints no status, and the next name follows on its line.
    while rest.hasPrefix(" ... "), let next = UnittestName(rest.from(5)) {
      rest = rest.from(5 + next.end)
      name = next
    }
    if let status = trailing(rest) {
      name.spelled { table.worsen($0, status) }
      if pending.map({ $0.method == name.method && $0.shortOwner == name.shortOwner }) ?? false || !rest.hasPrefix(" (")
      {
        pending = nil
      }
    } else if rest.isEmpty || rest.hasPrefix(" ...") {
      pending = name
    }
  }

  /// The status behind the last ` ... ` of a line.
  private static func trailing(_ line: LogText) -> TestStatus? {
    if let skipped = line.index(of: " ... skipped ", rare: 5) { return status(line.from(skipped + 5)) }
    switch line.last {
    case UInt8(ascii: "k") where line.hasSuffix(" ... ok"): return .passed
    case UInt8(ascii: "L") where line.hasSuffix(" ... FAIL"): return .failed
    case UInt8(ascii: "R") where line.hasSuffix(" ... ERROR"): return .error
    case UInt8(ascii: "e") where line.hasSuffix(" ... expected failure"): return .xfail
    case UInt8(ascii: "s") where line.hasSuffix(" ... unexpected success"): return .failed
    default: return nil
    }
  }

  /// The status that a text is.
  private static func status(_ text: LogText) -> TestStatus? {
    if text.hasPrefix("skipped '") || text.hasPrefix("skipped \"") { return .skipped }
    if text == "ok" { return .passed }
    if text == "FAIL" || text == "unexpected success" { return .failed }
    if text == "ERROR" { return .error }
    return text == "expected failure" ? .xfail : nil
  }

  /// An entry of the list of failures: `FAIL: test_x (m.C)`.
  private static func listed(_ line: LogText) -> (name: UnittestName, status: TestStatus)? {
    let kinds: [(StaticString, TestStatus)] = [
      ("FAIL: ", .failed), ("ERROR: ", .error), ("UNEXPECTED SUCCESS: ", .failed),
    ]
    for (prefix, status) in kinds where line.hasPrefix(prefix) {
      return UnittestName(line.from(prefix.utf8CodeUnitCount)).map { ($0, status) }
    }
    return nil
  }
}
