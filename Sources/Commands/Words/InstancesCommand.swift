import ArgumentParser
import Attempts
import Instances
import Sessions
import Terminal

/// `instances [PATTERN]`: lists the loaded rows.
package struct InstancesCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "instances", abstract: "List the loaded rows; a pattern and options keep some of them.",
    discussion:
      "A pattern keeps the rows whose id or repository contains it. Dates are as the rows spell them: 2019-03-01.")
  package static let examples = [
    "instances", "instances django", "instances --repo pallets/flask", "instances --verdict unresolved",
    "instances --since 2019-01-01",
  ]
  package static let completions: [Candidates] = [.instance]

  @Argument(help: "Part of an id or repository.")
  var pattern: String?

  @Option(help: "Of this repository, OWNER/NAME.")
  var repo: String?

  @Option(help: "Of this version of the project.")
  var version: String?

  @Option(help: "Of this set.")
  var set: String?

  @Option(help: "Proposed on this day or later.")
  var since: String?

  @Option(help: "Proposed before this day.")
  var before: String?

  @Option(help: "Of this difficulty, or a part of its name, where the set tells one.")
  var difficulty: String?

  @Option(help: "Whose takes that count came to this verdict; `none` for rows without one.")
  var verdict: String?

  package init() {}

  package func validate() throws {
    let verdicts = VerdictWord.allCases.map(\.rawValue) + ["none"]
    if let verdict, !verdicts.contains(verdict) {
      throw ValidationError("no verdict `\(verdict)`: it is one of \(verdicts.joined(separator: ", "))")
    }
    for day in [since, before].compactMap(\.self) where day.prefixMatch(of: /[0-9]{4}(-[0-9]{2}){0,2}($|[T ])/) == nil {
      throw ValidationError("`\(day)` is no day: it is written as in 2019-03-01")
    }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let sets = try await session.sets().map(\.name)
    if let set, !sets.contains(set) { throw SessionError.unknownSet(set, nearest: sets) }
    var rows: [InstancesOutput.Row] = []
    for (row, set) in try await session.rows() where try keeps(row, set) {
      let takes = await session.takes[row.id] ?? []
      let counted = Steering.counted(takes)
      let best = counted.first { $0.verdict?.word == .resolved } ?? counted.last { $0.verdict != nil }
      let word = best?.verdict?.word.rawValue
      if let verdict, verdict != word ?? "none" { continue }
      rows.append(
        InstancesOutput.Row(
          instanceID: row.id, repo: row.repo, version: row.version, dataset: set,
          attempts: takes.last?.id.attempt ?? 0, verdict: word, steered: takes.count - counted.count))
    }
    return Done(InstancesOutput(rows: rows))
  }

  private func keeps(_ row: Dataset.Row, _ name: String) throws -> Bool {
    if let pattern, !row.id.contains(pattern), !row.repo.contains(pattern) { return false }
    if let repo, row.repo != repo { return false }
    if let version, row.version != version { return false }
    if let set, name != set { return false }
    // The dataset's spelling of a time begins with the day, so the order of texts is that of days.
    if let since, row.createdAt < since { return false }
    if let before, row.createdAt.isEmpty || row.createdAt >= before { return false }
    if let difficulty, !(try row.instance().difficulty ?? "").contains(difficulty) { return false }
    return true
  }
}

struct InstancesOutput: Output {
  struct Row: Encodable, Sendable {
    let instanceID, repo, version, dataset: String
    let attempts: Int
    /// What the takes that count came to.
    let verdict: String?
    /// How many takes do not count.
    let steered: Int

    private enum CodingKeys: String, CodingKey {
      case instanceID = "instance_id"
      case repo, version, dataset, attempts, verdict, steered
    }
  }

  let rows: [Row]

  func text(_ look: Look) -> String {
    guard !rows.isEmpty else { return "no row is like that\n" }
    let table = Table(
      columns: [
        .init("INSTANCE", isWhole: true), .init("REPOSITORY"), .init("VERSION"), .init("SET"),
        .init("ATTEMPTS", alignment: .trailing), .init("VERDICT"), .init(""),
      ],
      rows: rows.map { row in
        [
          .init(row.instanceID), .init(row.repo), .init(row.version), .init(row.dataset),
          .init(row.attempts == 0 ? "" : "\(row.attempts)"),
          .init(row.verdict ?? "", meaning: Meaning(verdict: row.verdict)),
          .init(row.steered == 0 ? "" : "\(Amount.of(row.steered, "steered take")) besides", meaning: .dim),
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
