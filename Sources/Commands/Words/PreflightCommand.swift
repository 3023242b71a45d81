import ArgumentParser
import Attempts
import Grading
import Instances
import Sessions
import Terminal

/// `preflight [PATTERN]`: tries rows without a model.
package struct PreflightCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "preflight", abstract: "Try rows without a model: red before any repair, resolved by the gold patch.",
    discussion: """
      A row that is not `sound` here says nothing about a model: `not_red` tests pass or cannot run before any repair, \
      `gold_fails` is not resolved by its own patch, `flaky` tests end differently from run to run, `partial` has \
      PASS_TO_PASS tests that fail whatever is done. What it came to is kept, and `info` shows it.
      """)
  package static let examples = ["preflight django__django-11000", "preflight flask --runs 2"]
  package static let completions: [Candidates] = [.instance]

  @Argument(help: "An id, or a part of ids or repositories; without one, all loaded rows.")
  var pattern: String?

  @Option(help: "How often the tests run with the gold patch: more than once finds flaky ones.")
  var runs = 1

  package init() {}

  package func validate() throws {
    if !(1...100).contains(runs) { throw ValidationError("--runs is a number from 1 to 100") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let rows = try await session.rows().map(\.row)
    let exact = rows.filter { $0.id == pattern }
    let wanted =
      exact.isEmpty
      ? rows.filter { row in pattern.map { row.id.contains($0) || row.repo.contains($0) } ?? true } : exact
    if wanted.isEmpty, let pattern { _ = try await session.instance(pattern) }
    var made: [PreflightOutput.Line] = []
    await desk.progress?.begin("preflight")
    for (index, row) in wanted.enumerated() {
      await desk.progress?.rename("preflight \(index + 1) of \(wanted.count): \(row.id)")
      do {
        made.append(PreflightOutput.Line(try await session.preflight(row.id, runs: runs)))
      } catch {
        // One row alone says what is wrong as any line does; among many it is one of them.
        if error is CancellationError || wanted.count == 1 { throw error }
        made.append(PreflightOutput.Line(row.id, problem: Explained.text(error)))
      }
    }
    await desk.progress?.end()
    return Done(PreflightOutput(lines: made))
  }
}

struct PreflightOutput: Output {
  struct Line: Encodable {
    let instanceID: String
    let preflight: Preflight?
    /// Why the row could not be tried at all.
    let problem: String?

    init(_ preflight: Preflight) { (instanceID, self.preflight, problem) = (preflight.instanceID, preflight, nil) }

    init(_ id: String, problem: String) { (instanceID, preflight, self.problem) = (id, nil, problem) }

    /// Its word in the table.
    var word: String { preflight?.result.rawValue ?? "environment_error" }

    private enum CodingKeys: String, CodingKey {
      case instanceID = "instance_id"
      case preflight, problem
    }
  }

  let lines: [Line]

  private var usable: Int { lines.count { $0.preflight?.result.isUsable ?? false } }

  var summary: String { "\(usable) of \(lines.count) usable" }

  func text(_ look: Look) -> String {
    let table = Table(
      columns: [
        .init("INSTANCE", isWhole: true), .init("RESULT"), .init("BASELINE"), .init("GOLD"),
        .init("TIME", alignment: .trailing),
      ],
      rows: lines.map { line in
        let meaning: Meaning =
          line.preflight?.result == .sound ? .good : line.preflight?.result.isUsable == true ? .warning : .bad
        return [
          .init(line.instanceID), .init(line.word, meaning: meaning),
          .init(line.preflight?.baseline ?? line.problem ?? ""),
          .init(line.preflight?.gold.map { "\($0.rawValue)\(line.runs)" } ?? ""),
          .init(line.preflight.map { Amount.milliseconds($0.milliseconds) } ?? ""),
        ]
      })
    var text = table.rendered(style: look.style, width: look.width)
    for line in lines {
      guard let preflight = line.preflight else { continue }
      for (what, names) in [
        ("fails with the gold patch", preflight.failing), ("fails here whatever is done", preflight.environment),
        ("ended differently from run to run", preflight.flaky),
      ] where !names.isEmpty {
        text += "  \(Untrusted.cleanLine(line.instanceID)): \(Amount.of(names.count, "test")) \(what)\n"
        text += names.prefix(5).map { "      \(Untrusted.cleanLine($0))\n" }.joined()
        if names.count > 5 { text += "      and \(names.count - 5) more: `preflight --json` has them\n" }
      }
    }
    return text + "  \(usable) of \(Amount.of(lines.count, "row")) usable\n"
  }

  func json() throws -> [String] { try lines.map { try JSONLine.of($0) } }
}

extension PreflightOutput.Line {
  fileprivate var runs: String { (preflight?.runs ?? 0) > 1 ? ", \(preflight?.runs ?? 0) runs" : "" }
}
