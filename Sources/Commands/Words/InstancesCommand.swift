import ArgumentParser
import Attempts
import Instances
import Sessions
import Terminal

/// `instances [PATTERN]`: lists the loaded rows.
package struct InstancesCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "instances", abstract: "List the loaded rows.",
    discussion: "A pattern keeps the rows whose id or repository contains it.")
  package static let examples = ["instances", "instances django"]

  @Argument(help: "Part of an id or repository.")
  var pattern: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    var rows: [InstancesOutput.Row] = []
    var seen: Set<String> = []
    for set in try await session.sets() {
      for row in set.rows where seen.insert(row.id).inserted {
        if let pattern, !row.id.contains(pattern), !row.repo.contains(pattern) { continue }
        let last = await session.takes[row.id]?.last
        rows.append(
          InstancesOutput.Row(
            instanceID: row.id, repo: row.repo, version: row.version, dataset: set.name,
            attempts: last?.id.attempt ?? 0, verdict: last?.verdict?.word.rawValue))
      }
    }
    return Done(InstancesOutput(rows: rows, pattern: pattern))
  }
}

struct InstancesOutput: Output {
  struct Row: Encodable, Sendable {
    let instanceID, repo, version, dataset: String
    let attempts: Int
    let verdict: String?

    private enum CodingKeys: String, CodingKey {
      case instanceID = "instance_id"
      case repo, version, dataset, attempts, verdict
    }
  }

  let rows: [Row]
  let pattern: String?

  func text(_ look: Look) -> String {
    guard !rows.isEmpty else { return pattern.map { "no row contains `\($0)`\n" } ?? "no rows\n" }
    let table = Table(
      columns: [
        .init("INSTANCE"), .init("REPOSITORY"), .init("VERSION"), .init("SET"),
        .init("ATTEMPTS", alignment: .trailing), .init("VERDICT"),
      ],
      rows: rows.map { row in
        [
          .init(row.instanceID), .init(row.repo), .init(row.version), .init(row.dataset),
          .init(row.attempts == 0 ? "" : "\(row.attempts)"),
          .init(row.verdict ?? "", meaning: Meaning(verdict: row.verdict)),
        ]
      })
    return table.rendered(style: look.style, width: look.width)
  }

  func json() throws -> [String] { try rows.map { try JSONLine.of($0) } }
}

extension Meaning {
  /// The colour of a verdict's word; the word always stands there too.
  init(verdict: String?) {
    self =
      switch verdict {
      case VerdictWord.resolved.rawValue: .good
      case VerdictWord.unresolved.rawValue: .bad
      case nil: .plain
      default: .warning
      }
  }
}
