import ArgumentParser
import Attempts
import Instances
import Sessions
import Terminal

/// `info [ID]`: what a row says.
package struct InfoCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show a row: its commit, its tests and its issue text.",
    discussion: "Without an id it is the current instance. The gold patch and the tests' text are not shown.")
  package static let examples = ["info django__django-11000"]
  package static let completions: [Candidates] = [.instance]

  @Argument(help: "The instance; without one, the current.")
  var instance: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    guard let id = if let instance { instance } else { await session.current } else {
      throw SessionError.noCurrentInstance
    }
    let (row, set) = try await session.instance(id)
    return Done(
      InfoOutput(
        row: row, dataset: set, rate: await session.solveRates.byID[id], preflight: await session.keptPreflight(row)))
  }
}

struct InfoOutput: Output {
  let row: Instance
  let dataset: String
  /// Nil where no file told it.
  let rate: SolveRate?
  /// Nil where none was made under the test options of now.
  let preflight: Preflight?

  private var fields: [(String, String)] {
    [
      ("instance", row.id), ("repository", row.repo), ("commit", row.baseCommit), ("version", row.version),
      ("created", row.createdAt), ("difficulty", row.difficulty ?? ""),
      ("dataset", row.isPractice ? "\(dataset) (a stand-in made for ramp, not a SWE-bench row)" : dataset),
      ("tests", "\(row.runner.rawValue), \(row.testFiles.joined(separator: " "))"),
      ("FAIL_TO_PASS", Amount.of(row.failToPass.count, "test")),
      ("PASS_TO_PASS", Amount.of(row.passToPass.count, "test")),
      ("image", row.image ?? ""), ("log parser", row.logParser ?? ""),
      ("preflight", preflight.map { "\($0.result.rawValue): \($0.baseline)" } ?? ""),
      ("solved by", rate.map { "\(Amount.count($0.solved)) of \(Amount.of($0.of, "public system"))" } ?? ""),
    ]
  }

  func text(_ look: Look) -> String {
    var text = ""
    for (name, value) in fields where !value.isEmpty {
      text += "  \(Width.padded(name, to: 12))  \(Untrusted.cleanLine(value))\n"
    }
    for name in row.failToPass { text += "      \(Untrusted.cleanLine(name))\n" }
    let issue = row.problemStatement.replacing("\r\n", with: "\n")
    return text + "\n" + Untrusted.clean(issue) + (issue.hasSuffix("\n") ? "" : "\n")
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let instanceID, repo, baseCommit, version, createdAt, dataset, problemStatement, runner: String
      let failToPass, passToPass, testFiles: [String]
      let difficulty, image, logParser: String?
      let solveRate: SolveRate?
      let preflight: String?

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case repo, baseCommit, version, createdAt, dataset, problemStatement, runner
        case failToPass = "FAIL_TO_PASS"
        case passToPass = "PASS_TO_PASS"
        case testFiles, difficulty, image, logParser, solveRate, preflight
      }
    }
    return [
      try JSONLine.of(
        Line(
          instanceID: row.id, repo: row.repo, baseCommit: row.baseCommit, version: row.version,
          createdAt: row.createdAt, dataset: dataset, problemStatement: row.problemStatement,
          runner: row.runner.rawValue, failToPass: row.failToPass, passToPass: row.passToPass,
          testFiles: row.testFiles, difficulty: row.difficulty, image: row.image, logParser: row.logParser,
          solveRate: rate, preflight: preflight?.result.rawValue))
    ]
  }
}
