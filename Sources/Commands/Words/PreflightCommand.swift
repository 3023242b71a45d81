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
      PASS_TO_PASS tests that fail whatever is done, `suspect` passes and `run` would not count it. The gold patch is \
      judged as `run` judges a reply. What it came to is kept, and `info` shows it.
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
    let environments = EnvironmentReporter(desk)
    let longest = wanted.map { Width.of($0.id) }.max() ?? 0
    for (index, row) in wanted.enumerated() {
      await desk.progress?.begin("preflight")
      await desk.progress?.rename("preflight \(index + 1) of \(wanted.count): \(row.id)")
      var line: PreflightOutput.Line
      do {
        line = PreflightOutput.Line(try await session.preflight(row.id, runs: runs, watcher: environments.watcher))
      } catch {
        // One row alone says what is wrong as any line does; among many it is one of them.
        if error is CancellationError || wanted.count == 1 { throw error }
        line = PreflightOutput.Line(row.id, problem: Explained.text(error))
      }
      await desk.progress?.end()
      await desk.report(PreflightRow(line: line, number: index + 1, total: wanted.count, width: longest))
      made.append(line)
    }
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
    var text = ""
    for line in lines {
      guard let preflight = line.preflight else { continue }
      if let verdict = preflight.verdict, verdict != .resolved {
        let why = preflight.why.map { ": \(Untrusted.cleanLine($0))" } ?? ""
        text += "  \(Untrusted.cleanLine(line.instanceID)): `run` says \(verdict.rawValue)\(why)\n"
      }
      for (one, many, names) in [
        ("fails with the gold patch", "fail with the gold patch", preflight.failing),
        ("fails here whatever is done", "fail here whatever is done", preflight.environment),
        ("ended differently from run to run", "ended differently from run to run", preflight.flaky),
      ] where !names.isEmpty {
        let what = names.count == 1 ? one : many
        text += "  \(Untrusted.cleanLine(line.instanceID)): \(Amount.of(names.count, "test")) \(what)\n"
        text += names.prefix(5).map { "      \(Untrusted.cleanLine($0))\n" }.joined()
        if names.count > 5 { text += "      and \(names.count - 5) more: `preflight --json` has them\n" }
      }
    }
    return text + "  \(usable) of \(Amount.of(lines.count, "row")) usable\n"
  }

  func json() throws -> [String] { [] }
}

/// A row as soon as it was tried.
struct PreflightRow: Output {
  let line: PreflightOutput.Line
  let number: Int
  let total: Int
  /// Columns of the longest id.
  let width: Int

  func text(_ look: Look) -> String {
    let meaning: Meaning =
      line.preflight?.result == .sound ? .good : line.preflight?.result.isUsable == true ? .warning : .bad
    let count =
      total > 1 ? Width.padded("\(number)", to: "\(total)".utf8.count, alignment: .trailing) + "/\(total)  " : ""
    var said = [line.preflight?.baseline ?? line.problem ?? ""]
    if let gold = line.preflight?.gold { said.append("gold \(gold.rawValue)\(line.runs)") }
    let id = Width.padded(Untrusted.cleanLine(line.instanceID), to: width)
    let head =
      "  \(count)\(id)  \(look.style.apply(meaning, line.word))  \(Untrusted.cleanLine(said.joined(separator: "; ")))"
    guard let spent = line.preflight?.milliseconds else {
      return Width.wrapped(head, to: look.width, indent: 8) + "\n"
    }
    return StageLine.timed(head, Amount.milliseconds(spent), look, indent: 8) + "\n"
  }

  func json() throws -> [String] { [try JSONLine.of(line)] }
}

extension PreflightOutput.Line {
  fileprivate var runs: String { (preflight?.runs ?? 0) > 1 ? ", \(preflight?.runs ?? 0) runs" : "" }
}
