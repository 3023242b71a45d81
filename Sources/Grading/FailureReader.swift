import Instances

/// Reads what went wrong in each failing test from a test log.
package enum FailureReader {
  /// Where the tree is mounted when tests run.
  package static let root = "/testbed"
  /// The most failures read from one log.
  package static let mostFailures = 10_000

  /// What a log tells of failures.
  package struct Reading: Hashable, Sendable {
    /// In the order of the log. A test with subtests may have several.
    package let failures: [TestFailure]
    /// The failures of test runs inside tests, which pytest's own tests print. They are none of the log's own.
    package let nested: [TestFailure]
    /// How many failures are left out because there are more than `mostFailures`.
    package let leftOut: Int
  }

  /// The failures in the order of the log. A test with subtests may have several. An unreadable log has none.
  ///
  /// - Parameters:
  ///   - log: what the test command printed.
  ///   - runner: which program wrote it; SymPy's own runner is known by its first line.
  ///   - root: the absolute path of the tree in the log, without a slash at its end.
  /// - Returns: at most `mostFailures` failures.
  package static func failures(
    in log: [UInt8], runner: TestRunner, root: String = FailureReader.root
  ) -> [TestFailure] {
    let parser = LogParser(runner: runner, repo: "")
    return LogText.reading(log) { read($0, parser: parser, root: Root(repository: root)).failures }
  }

  /// What a log tells of failures, with names spelled as `parser` spells them. Of a log of the official harness only
  /// what the tests printed is read.
  package static func read(_ log: [UInt8], parser: LogParser, root: String = FailureReader.root) -> Reading {
    LogText.reading(log) { text in
      let tests = OfficialLog.hasMark(text) ? OfficialLog.tests(in: text, with: parser) : text
      var reading = read(tests, parser: parser, root: Root(repository: root))
      if let timeout = TimeoutLog.failure(in: text, parser: parser) {
        reading = Reading(
          failures: reading.failures + [timeout], nested: reading.nested, leftOut: reading.leftOut)
      }
      return reading
    }
  }

  /// What ended the test command, where its traceback ends in the repository's own code; nil elsewhere.
  package static func crash(in log: [UInt8], root: String = FailureReader.root) -> TestFailure? {
    LogText.reading(log) { TracebackLog.crash($0, root: Root(repository: root)) }
  }

  private static func read(_ text: LogText, parser: LogParser, root: Root) -> Reading {
    var list = FailureList()
    switch parser.form {
    case .unittest, .django: TracebackLog.unittest(text, root: root, into: &list)
    case .sympy: TracebackLog.sympy(text, root: root, into: &list)
    default:
      if text.contains("= test process starts =") {
        TracebackLog.sympy(text, root: root, into: &list)
      } else {
        var log = PytestFailureLog(root: root, parser: parser, last: PytestSummary.last(in: text))
        log.read(text)
        list = log.failures
      }
    }
    if list.failures.isEmpty, list.nested.isEmpty, let failure = TracebackLog.command(text, root: root) {
      list.append(failure)
    }
    return Reading(failures: list.failures, nested: list.nested, leftOut: list.leftOut)
  }
}

/// Where the repository lies in a log, and where the paths of a log begin that are not absolute.
struct Root {
  /// The absolute path of the repository, without a slash at its end.
  let repository: String
  /// The absolute path that relative ones belong to; nil for the repository itself.
  var folder: String?

  /// `path` relative to the repository; nil for a path outside it and for installed packages.
  func relative(_ path: String) -> String? {
    guard !path.isEmpty, path.first != "<", !path.contains("site-packages/") else { return nil }
    if path.first != "/", folder == nil {
      let inner = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
      return inner.hasPrefix("../") ? nil : inner
    }
    var parts: [Substring] = []
    for part in (path.first == "/" ? path : "\(folder ?? "")/\(path)").split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    let whole = "/" + parts.joined(separator: "/")
    return whole.hasPrefix(repository + "/") ? String(whole.dropFirst(repository.count + 1)) : nil
  }
}

/// Failures while a log is read, bounded.
struct FailureList {
  private(set) var failures: [TestFailure] = []
  private(set) var nested: [TestFailure] = []
  private(set) var leftOut = 0

  mutating func append(_ failure: TestFailure, isNested: Bool = false) {
    guard failures.count + nested.count < FailureReader.mostFailures else {
      leftOut += 1
      return
    }
    if isNested { nested.append(failure) } else { failures.append(failure) }
  }
}
