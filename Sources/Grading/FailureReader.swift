import Instances

/// Reads what went wrong in each failing test from a test log.
package enum FailureReader {
  /// Where the tree is mounted when tests run.
  package static let root = "/testbed"
  /// The most failures read from one log.
  package static let mostFailures = 10_000

  /// The failures in the order of the log. A test with subtests may have several. An unreadable log has none.
  ///
  /// - Parameters:
  ///   - log: what the test command printed.
  ///   - runner: which program wrote it.
  ///   - root: the absolute path of the tree in the log, without a slash at its end.
  /// - Returns: at most `mostFailures` failures.
  package static func failures(
    in log: [UInt8], runner: TestRunner, root: String = FailureReader.root
  ) -> [TestFailure] {
    switch runner {
    case .unittest, .django: TracebackLog.failures(in: log, root: root)
    case .pytest: PytestFailureLog.failures(in: log, root: root)
    }
  }

  /// `path` relative to the tree at `root`; nil for a path outside it and for installed packages.
  static func relative(_ path: String, root: String) -> String? {
    let isAbsolute = path.hasPrefix("/")
    if isAbsolute, !path.hasPrefix(root + "/") { return nil }
    let inner = isAbsolute ? String(path.dropFirst(root.count + 1)) : path
    let isOutside = inner.hasPrefix("../") || inner.hasPrefix("<") || inner.contains("/site-packages/")
    return isOutside || inner.isEmpty ? nil : inner
  }

  /// Splits `pkg.Error: what it said`: a dotted name, then nothing or a colon. Nil where the line is something else.
  static func raised(_ line: ArraySlice<UInt8>) -> (exception: String, message: String)? {
    let name = line.prefix(200).prefix { $0.isWord || $0 == UInt8(ascii: ".") }
    guard let first = name.first, !first.isDigit, first != UInt8(ascii: "."), name.count < 200 else { return nil }
    let rest = line[name.endIndex...]
    if rest.isEmpty { return (name.text, "") }
    guard rest.first == UInt8(ascii: ":") else { return nil }
    return (name.text, bounded(rest.dropFirst()))
  }

  /// The text without white space around it, cut to what is kept of a message.
  static func bounded(_ line: ArraySlice<UInt8>) -> String {
    line.prefix(TestFailure.longestMessage).trimmed.text
  }
}
