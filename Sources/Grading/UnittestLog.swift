/// The log of `python3 -m unittest -v`, which goes to standard error.
///
/// A test's status stands behind its name, behind the line of its docstring, or alone on a later line where the test
/// itself printed something. A subtest makes its test's status worse, never better; the list of failures at the end
/// has the last word.
enum UnittestLog {
  static func outcomes(in log: [UInt8]) -> [String: TestStatus] {
    var table = OutcomeTable()
    var pending: String?
    var isBelowRule = false
    for raw in LogLines(log) {
      let line = raw.last == 0x0D ? raw.dropLast() : raw
      if isBelowRule, let failure = listed(line) {
        table.worsen(failure.name, failure.status)
        pending = nil
      } else if let name = UnittestName(line.prefix(while: \.isBlank).isEmpty ? line : line.trimmed) {
        take(name, line, pending: &pending, into: &table)
      } else if let test = pending, let status = trailing(line) ?? status(line[...]) {
        table.worsen(test, status)
        pending = nil
      }
      isBelowRule = line.count == 70 && line.allSatisfy { $0 == UInt8(ascii: "=") }
    }
    return table.statuses
  }

  private static func take(
    _ name: UnittestName, _ line: ArraySlice<UInt8>, pending: inout String?, into table: inout OutcomeTable
  ) {
    let rest = line[name.end...]
    // Before Python 3.11 a test whose subtest failed prints no status, and the next name follows on its line.
    if rest.hasPrefix(" ... "), let next = UnittestName(rest.dropFirst(5)) {
      take(next, line, pending: &pending, into: &table)
      return
    }
    if let status = trailing(rest) {
      table.worsen(name.short, status)
      if pending == name.short || !rest.hasPrefix(" (") { pending = nil }
    } else if rest.isEmpty || rest.hasPrefix(" ...") {
      pending = name.short
    }
  }

  /// The status behind the last ` ... ` of a line.
  private static func trailing(_ line: ArraySlice<UInt8>) -> TestStatus? {
    if let skipped = line.index(of: " ... skipped ") { return status(line[(skipped + 5)...]) }
    for text in [" ... ok", " ... FAIL", " ... ERROR", " ... expected failure", " ... unexpected success"]
      as [StaticString] where line.hasSuffix(text)
    {
      return status(line.suffix(text.utf8CodeUnitCount - 5))
    }
    return nil
  }

  /// The status that a text is.
  private static func status(_ text: ArraySlice<UInt8>) -> TestStatus? {
    if text.hasPrefix("skipped '") || text.hasPrefix("skipped \"") { return .skipped }
    guard text.count <= 20 else { return nil }
    switch text.text {
    case "ok": return .passed
    case "FAIL", "unexpected success": return .failed
    case "ERROR": return .error
    case "expected failure": return .xfail
    default: return nil
    }
  }

  /// An entry of the list of failures: `FAIL: test_x (m.C)`.
  private static func listed(_ line: ArraySlice<UInt8>) -> (name: String, status: TestStatus)? {
    let kinds: [(StaticString, TestStatus)] = [
      ("FAIL: ", .failed), ("ERROR: ", .error), ("UNEXPECTED SUCCESS: ", .failed),
    ]
    for (prefix, status) in kinds where line.hasPrefix(prefix) {
      return UnittestName(line.dropFirst(prefix.utf8CodeUnitCount)).map { ($0.short, status) }
    }
    return nil
  }
}
