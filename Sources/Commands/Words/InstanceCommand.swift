import ArgumentParser
import Attempts
import Instances
import Sessions
import Terminal

/// `instance new`: rows of one's own.
package struct InstanceCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "instance", abstract: "Make a row of one's own.", subcommands: [InstanceNewCommand.self])

  package init() {}
}

/// `instance new --repo PATH --commit SHA`: a row from any commit.
package struct InstanceNewCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make a row from a commit of any repository, its tests found by running them.",
    discussion: """
      What the commit changed in tests becomes the test patch, the rest the gold patch; its message, or `--issue FILE`, \
      the issue text. The tests run before and after, in the sandbox: those that begin to pass are FAIL_TO_PASS. \
      `--tests` says how they are run: pytest, unittest, django, or a command with `{files}` or `{modules}`.
      """)
  package static let examples = [
    "instance new --repo mine --commit main --tests unittest --out mine.jsonl"
  ]

  @Option(help: "The repository: a folder, or owner/name of those that are set.")
  var repo: String

  @Option(help: "The commit that repairs: a hash, a branch or a tag.")
  var commit: String

  @Option(help: "The row's repository as owner/name; of a folder it is local/FOLDER otherwise.")
  var name: String?

  @Option(help: "The row's id; without one it is made of the name and the commit.")
  var id: String?

  @Option(help: "The file that holds the issue text.")
  var issue: String?

  @Option(help: "How the tests are run.")
  var tests: String?

  @Option(help: "How often they run with the repair; a test that ends differently is in no list.")
  var runs = 2

  @Option(help: "The file of rows it is added to, as JSONL; ID.jsonl otherwise.")
  var out: String?

  package init() {}

  package func validate() throws {
    if let name, !RowRule.isRepository(name) { throw ValidationError("--name is owner/name, and `\(name)` is not") }
    if let id, !RowRule.isSafe(id: id) { throw ValidationError("--id is of letters, digits, `.`, `_` and `-`") }
    if !(1...100).contains(runs) { throw ValidationError("--runs is a number from 1 to 100") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    await desk.progress?.begin("instance new")
    let made = try await session.newRow(
      repo: repo, commit: commit, name: name, id: id, issue: issue, command: tests, runs: runs, out: out,
      watcher: EnvironmentReporter(desk).watcher)
    await desk.progress?.end()
    return Done(NewRowOutput(row: made.row, path: made.path, source: made.source))
  }
}

struct NewRowOutput: Output {
  let row: NewRow
  let path: String
  /// What `set repositories` is to be, so that the row can be run.
  let source: String

  var summary: String { row.instance.id }

  func text(_ look: Look) -> String {
    let instance = row.instance
    var text = "\(Untrusted.cleanLine(instance.id))   \(Amount.of(instance.failToPass.count, "FAIL_TO_PASS test")), "
    text += "\(Amount.of(instance.passToPass.count, "PASS_TO_PASS test")), in \(Untrusted.cleanLine(path))\n"
    text += instance.failToPass.prefix(5).map { "      \(Untrusted.cleanLine($0))\n" }.joined()
    if !row.flaky.isEmpty { text += "  \(Amount.of(row.flaky.count, "test")) ended differently, and is in no list\n" }
    let lines = ["load \(path)", "set repositories \(source)", "run \(instance.id)"]
    return text + "  try: \(Untrusted.cleanLine(lines.joined(separator: "; ")))\n"
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let instanceID, path, repositories, baseline: String
      let failToPass, passToPass, flaky: [String]

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case path, repositories, baseline
        case failToPass = "FAIL_TO_PASS"
        case passToPass = "PASS_TO_PASS"
        case flaky
      }
    }
    return [
      try JSONLine.of(
        Line(
          instanceID: row.instance.id, path: path, repositories: source, baseline: row.baseline,
          failToPass: row.instance.failToPass, passToPass: row.instance.passToPass, flaky: row.flaky))
    ]
  }
}
