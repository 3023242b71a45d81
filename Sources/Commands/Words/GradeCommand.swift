import ArgumentParser
import Grading
import Instances
import Sessions
import Terminal

/// `grade ID --log FILE`: judges a log as SWE-bench's harness does.
package struct GradeCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Judge a test log as SWE-bench's harness does; nothing is run.",
    discussion: """
      With an id the log is one of the harness: its outcomes count between its marks, and the row says which tests must \
      pass. With `--repo` a log is read alone, marks or none. With `--predictions` each `LOGS/ID/test_output.txt` (or \
      `LOGS/ID.log`) of a run is judged, and `--out` writes the official reports. A row with `log_parser` is judged by \
      the rules of SWE-bench 5.0, any other by those of 4.1. `--json` prints outcomes, resolved and tests_status.
      """)
  package static let examples = [
    "grade django__django-11000 --log test_output.txt", "grade --repo pallets/flask --log test_output.txt",
    "grade --predictions predictions.jsonl --logs logs --out reports",
  ]
  package static let completions: [Candidates] = [.instance]

  @Argument(help: "The row that judges.")
  var instance: String?

  @Option(help: "The log.")
  var log: String?

  @Option(help: "A set to look the row up in; without it, the loaded ones.")
  var rows: String?

  @Option(help: "Read the log alone, by the rules for this repository (owner/name).")
  var repo: String?

  @Option(help: "The repository's version; no reader of the harness depends on it.")
  var version: String?

  @Option(help: "Read the log by this reader of the harness, e.g. parse_log_pytest_v2, under the rules of 5.0.")
  var parser: String?

  @Option(help: "Write the official report.json of the row to this file.")
  var report: String?

  @Option(help: "Judge a whole run: its predictions, as JSONL, a list or an object by id.")
  var predictions: String?

  @Option(help: "The folder of the run's logs.")
  var logs: String?

  @Option(help: "Write the reports of the run below this folder.")
  var out: String?

  @Option(help: "The run's name in the reports.")
  var run: String = "ramp"

  @Flag(help: "Show all outcomes, not only those that matter.")
  var all = false

  @Flag(help: "What went wrong in each failing test, in full.")
  var failures = false

  package init() {}

  package func validate() throws {
    let subjects = [instance, repo ?? parser, predictions].count { $0 != nil }
    guard subjects == 1 else {
      throw ValidationError("name one of ID, --repo OWNER/NAME and --predictions FILE")
    }
    if predictions == nil, log == nil { throw ValidationError("--log FILE is missing") }
    if predictions != nil, logs == nil { throw ValidationError("--logs FOLDER is missing") }
    if report != nil, instance == nil { throw ValidationError("a report.json is a row's: name its ID") }
    if let repo, !RowRule.isRepository(repo) { throw ValidationError("--repo is owner/name, and `\(repo)` is not") }
    if !RowRule.isSafe(id: run) { throw ValidationError("--run is a name of letters, digits, `.`, `_` and `-`") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    if let predictions, let logs {
      let run = OfficialRun(predictions: predictions, logs: logs, out: out, name: run)
      return Done(try await run.grade(in: session, at: desk))
    }
    await desk.progress?.begin("grade")
    let bytes = try await session.bytes(at: log ?? "")
    let row: Instance?
    let grade: Grade
    if let instance {
      let found = try await session.instance(instance, in: rows).instance
      (row, grade) = (found, try Grade(found, log: bytes))
    } else if let parser {
      guard let form = LogParser.Form(named: parser) else { throw GradeError.noParser(parser) }
      (row, grade) = (nil, Grade(parser: LogParser(form: form, harness: .v5), log: bytes))
    } else {
      (row, grade) = (nil, try Grade(repo: repo ?? "", log: bytes))
    }
    if let report, let row {
      _ = try await session.write(InstanceReport(id: row.id, grade: grade, log: bytes).json, to: report)
    }
    // A program that asks for the outcomes alone is not made to wait for the rest.
    let reading = desk.json && !failures ? nil : FailureReader.read(bytes, parser: grade.parser)
    let diagnosis = row == nil ? nil : Classifier.diagnosis(of: grade, log: bytes, failures: reading?.failures ?? [])
    await desk.progress?.end()
    return Done(
      GradeOutput(
        row: row, grade: grade, failures: reading?.failures ?? [], diagnosis: diagnosis, showsAll: all,
        showsFailures: failures))
  }

  package enum CodingKeys: CodingKey {
    case instance, log, rows, repo, version, parser, report, predictions, logs, out, run, all, failures
  }
}

/// One log, judged.
struct GradeOutput: Output {
  let row: Instance?
  let grade: Grade
  let failures: [TestFailure]
  let diagnosis: Diagnosis?
  let showsAll: Bool
  let showsFailures: Bool

  var summary: String { grade.resolution?.rawValue ?? Amount.of(grade.outcomes.entries.count, "outcome") }

  func text(_ look: Look) -> String {
    var head = row?.id ?? "the log"
    if let resolution = grade.resolution {
      head += "   " + look.style.apply(resolution == .full ? .good : .bad, resolution.rawValue)
    }
    var text = Untrusted.clean(head) + "   \(grade.parser.form.rawValue), rules of \(grade.parser.harness.rawValue)\n"
    if !grade.end.isWhole { text += "  \(look.style.apply(.warning, "does not count")): \(grade.end)\n" }
    if let tally = grade.tally {
      for (name, names) in [("FAIL_TO_PASS", tally.failToPass), ("PASS_TO_PASS", tally.passToPass)] {
        text += "  \(name)  \(Amount.count(names.count.passed)) of \(Amount.count(names.count.total))\n"
      }
    }
    let counts = TestStatus.allCases.map { status in
      "\(status.rawValue) \(Amount.count(grade.outcomes.entries.count { $0.status == status }))"
    }
    text += "  outcomes      \(counts.joined(separator: "  "))\n"
    if grade.outcomes.isEmpty, grade.end.isWhole {
      text +=
        "  \(look.style.apply(.warning, "no line tells of a test")): is this the log of a test run, and that its reader?\n"
    }
    if grade.outcomes.leftOut > 0 { text += "  \(Amount.of(grade.outcomes.leftOut, "name")) more are left out\n" }
    if let diagnosis {
      text += "  \(diagnosis.code.rawValue)\n"
      text += diagnosis.evidence.map { "    \(Untrusted.cleanLine($0))\n" }.joined()
    }
    text += OutcomeRows(grade.outcomes, tally: grade.tally, showsAll: showsAll).text(look)
    let digest = FailureDigest(failures, budget: .init(bytes: showsFailures ? 1 << 20 : 2000))
    return digest.text.isEmpty ? text : text + "\n" + Untrusted.clean(digest.text)
  }

  func json() throws -> [String] {
    showsFailures ? try failures.map { try JSONLine.of($0) } : [grade.json()]
  }
}

/// The table of tests: those that a row names and that failed or are missing, and others that did not pass, or all.
struct OutcomeRows {
  /// The most rows where not all were asked for.
  private static let most = 40

  private let rows: [[Table.Cell]]
  private let leftOut: Int

  init(_ outcomes: Outcomes, tally: Tally?, showsAll: Bool) {
    var named: [String: String] = [:]
    var missing: [(String, String)] = []
    for (list, names) in [("FAIL_TO_PASS", tally?.failToPass), ("PASS_TO_PASS", tally?.passToPass)] {
      for name in (names?.success ?? []) + (names?.failure ?? []) {
        let entry = NameMatch.entry(of: name, in: outcomes, harness: .v5)
        if let entry { named[entry.name] = list } else { missing.append((name, list)) }
      }
    }
    var rows: [[Table.Cell]] = missing.map { [.init("(not told)", meaning: .bad), .init($1), .init($0)] }
    for entry in outcomes.entries {
      let list = named[entry.name] ?? ""
      guard showsAll || entry.status?.isSuccess != true || list == "FAIL_TO_PASS" else { continue }
      if !showsAll, list.isEmpty, entry.status == .skipped { continue }
      rows.append([.init(entry.word, meaning: Meaning(entry.status)), .init(list), .init(entry.name)])
    }
    self.rows = showsAll ? rows : Array(rows.prefix(OutcomeRows.most))
    leftOut = rows.count - self.rows.count
  }

  func text(_ look: Look) -> String {
    guard !rows.isEmpty else { return "" }
    let table = Table(columns: [.init("OUTCOME"), .init("LIST"), .init("TEST")], rows: rows)
    return table.rendered(style: look.style, width: look.width)
      + (leftOut > 0 ? "  and \(Amount.count(leftOut)) more: `--all` shows them\n" : "")
  }
}

extension Meaning {
  /// The colour of a test's status; the word always stands there too.
  init(_ status: TestStatus?) {
    self =
      switch status {
      case .passed, .xfail: .good
      case .skipped: .dim
      case .failed, .error, nil: .bad
      }
  }
}
