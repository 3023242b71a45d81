import Instances

/// What the official harness would say of one log: the outcome of each test, and whether the row is resolved.
///
/// The entry to this target for `grade` and `regrade`. Make one of a row and a log, or of a repository and a log alone;
/// `json()` is what `grade --json` prints:
///
///     {"outcomes": {"t.py::a": "PASSED"}, "resolved": true,
///      "tests_status": {"FAIL_TO_PASS": {"success": ["t.py::a"], "failure": []}, ...}}
///
/// `resolved` is null without a row, and `tests_status` is null without a row or where the log does not count; why not
/// stands in `problem`, which is left out otherwise.
package struct Grade: Hashable, Sendable {
  package let parser: LogParser
  /// Empty where the log does not count.
  package let outcomes: Outcomes
  /// How the log ended.
  package let end: OfficialLog.End
  /// The row's tests by how they ended; nil without a row, and where the log does not count.
  package let tally: Tally?
  /// Nil without a row.
  package let resolution: Resolution?

  /// Judges a row by a log of the official harness: its outcomes count between the harness's marks.
  ///
  /// - Throws: `GradeError` where the row's reader is not built in.
  package init(_ instance: Instance, log: [UInt8]) throws(GradeError) {
    let parser = try LogParser(instance)
    if instance.logParser == nil, LogParser.Form(repo: instance.repo) == nil,
      let language = OtherLanguage.of(testFiles: instance.testFiles) ?? OtherLanguage.of(log: log)
    {
      throw .otherLanguage(language, repo: instance.repo)
    }
    let (outcomes, end) = LogText.reading(log) { OfficialLog.read($0, with: parser) }
    self.parser = parser
    self.outcomes = outcomes
    self.end = end
    tally = end.isWhole ? Tally(instance, outcomes: outcomes, harness: parser.harness) : nil
    resolution = tally?.resolution ?? .no
  }

  /// Reads a log alone, by the rules of 4.1 for the repository `owner/name`. A log without any of the harness's marks is
  /// read as a whole: somebody's own run of the tests.
  ///
  /// - Throws: `GradeError` where the harness has no reader for the repository.
  package init(repo: String, log: [UInt8]) throws(GradeError) {
    guard let form = LogParser.Form(repo: repo) else { throw .unknownRepository(repo) }
    self.init(parser: LogParser(form: form, harness: .v4), log: log)
  }

  /// Reads a log alone, with a reader of one's choice.
  package init(parser: LogParser, log: [UInt8]) {
    let (outcomes, end) = LogText.reading(log) { text in
      OfficialLog.hasMark(text) ? OfficialLog.read(text, with: parser) : (parser.outcomes(in: text), .whole)
    }
    self.parser = parser
    self.outcomes = outcomes
    self.end = end
    tally = nil
    resolution = nil
  }

  /// Nil without a row.
  package var resolved: Bool? { resolution.map { $0 == .full } }

  /// The official `tests_status`; nil where there is none.
  package var testsStatus: TestsStatus? { tally.map(TestsStatus.init) }

  /// One line of JSON; the outcomes are in the order of the log.
  package func json() -> String {
    var members: [(String, ReportValue)] = [
      ("outcomes", .object(outcomes.entries.map { ($0.name, .string($0.word)) })),
      ("resolved", resolved.map { .bool($0) } ?? .null),
      ("tests_status", testsStatus?.value ?? .null),
    ]
    if !end.isWhole { members.append(("problem", .string(end.description))) }
    return ReportValue.object(members).line
  }
}

extension Grade: Encodable {
  private enum CodingKeys: String, CodingKey {
    case outcomes, resolved, problem
    case testsStatus = "tests_status"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let words = Dictionary(outcomes.entries.map { ($0.name, $0.word) }, uniquingKeysWith: { _, last in last })
    try container.encode(words, forKey: .outcomes)
    try container.encode(resolved, forKey: .resolved)
    try container.encode(testsStatus, forKey: .testsStatus)
    if !end.isWhole { try container.encode(end.description, forKey: .problem) }
  }
}
