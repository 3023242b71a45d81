import Instances

/// A test log with canaries in it: how each of them ended, and the log as if they had not been there.
///
/// What stands in it of canaries is known by their tag. Counts are made smaller by them, and the letters with which
/// pytest tells of a file's tests stand in one line, for where they were wrapped depends on the canaries' places.
package struct CanaryLog: Sendable {
  /// How each canary ended, in their order; nil for one that the log does not tell of.
  package let statuses: [TestStatus?]
  /// The log without them.
  package let log: [UInt8]

  package init(_ log: [UInt8], of canaries: [Canary], parser: LogParser) {
    guard let tag = canaries.first?.tag else {
      statuses = []
      self.log = log
      return
    }
    let outcomes = parser.outcomes(in: log)
    statuses = canaries.map { CanaryLog.status(of: $0, in: outcomes, parser.form) }
    let told = CanaryLines(log, tag: tag, statuses: statuses.compactMap(\.self))
    switch parser.form {
    case .unittest, .django: self.log = told.unittest()
    case .sympy where CanaryLines.isSympy(log): self.log = told.sympy(canaries)
    default: self.log = told.pytest(canaries)
    }
  }

  /// True where `log`, without canaries, tells of a test of `file`.
  package static func ran(_ file: String, module: String, in log: [UInt8], _ outcomes: [String: TestStatus]) -> Bool {
    if outcomes.keys.contains(where: { $0.hasPrefix("\(file)::") }) { return true }
    return LogText.reading(log) { text in
      text.holds("(\(module).") || text.holds("\(file)[")
    }
  }

  private static func status(of canary: Canary, in outcomes: Outcomes, _ form: LogParser.Form) -> TestStatus? {
    let names: [String]
    switch form {
    case .unittest, .django:
      let full = "\(canary.method) (\(canary.module).\(canary.owner ?? ""))"
      if let status = NameMatch.entry(of: full, in: outcomes, harness: .v5)?.status { return status }
      names = [canary.method]
    default:
      let inner = canary.owner.map { "\($0)::" } ?? ""
      names = ["\(canary.file)::\(inner)\(canary.method)", "\(canary.file):\(canary.method)", canary.method]
    }
    return names.lazy.compactMap { outcomes[$0]?.status }.first
  }
}

extension LogText {
  /// True where `word` stands anywhere in the text.
  func holds(_ word: String) -> Bool { place(of: Array(word.utf8)) != nil }

  /// The first index of `word` at or after `index`.
  func place(of word: [UInt8], from index: Int = 0) -> Int? {
    guard let first = word.first else { return index }
    var at = index
    while let found = self.index(of: first, from: at), found + word.count <= count {
      if bytes[found..<(found + word.count)].elementsEqual(word) { return found }
      at = found + 1
    }
    return nil
  }
}
