import ArgumentParser
import Attempts
import Content
import Grading
import Instances
import Sessions
import Terminal

/// `instances [PATTERN]`: lists the loaded rows.
package struct InstancesCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "instances", abstract: "List the loaded rows; a pattern and options keep some of them.",
    discussion: """
      A pattern keeps the rows whose id or repository contains it. Dates are as the rows spell them: 2019-03-01.

      Rows that this sitting has not run show what the last batch or phase came to with them; with `--verdict`, \
      `--failure` and `--cause` its rows are listed too where no loaded set has them. `--cause` takes a word of `why`.
      """)
  package static let examples = [
    "instances", "instances django", "instances --repo pallets/flask", "instances --verdict unresolved",
    "instances --failure logic_error", "instances --cause logic", "instances --since 2019-01-01",
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

  @Option(help: "Whose takes that count ended with this failure code.")
  var failure: String?

  @Option(help: "Of which `why` names this cause; takes of a batch are read one instance after the other.")
  var cause: String?

  package init() {}

  package func validate() throws {
    let verdicts = VerdictWord.allCases.map(\.rawValue) + ["none"]
    if let verdict, !verdicts.contains(verdict) {
      throw ValidationError("no verdict `\(verdict)`: it is one of \(verdicts.joined(separator: ", "))")
    }
    let codes = FailureCode.allCases.map(\.rawValue)
    if let failure, !codes.contains(failure) {
      throw SessionError.unknownFailure(failure, nearest: Nearest.names(to: failure, in: codes))
    }
    let causes = Cause.Kind.allCases.map(\.rawValue)
    if let cause, !causes.contains(cause) {
      throw ValidationError("no cause `\(cause)`: it is one of \(causes.joined(separator: ", "))")
    }
    for day in [since, before].compactMap(\.self) where day.prefixMatch(of: /[0-9]{4}(-[0-9]{2}){0,2}($|[T ])/) == nil {
      throw ValidationError("`\(day)` is no day: it is written as in 2019-03-01")
    }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let sets = try await session.sets().map(\.name)
    if let set, !sets.contains(set) { throw SessionError.unknownSet(set, nearest: sets) }
    let batch = await session.lastBatch()
    var known: [(id: String, record: InstanceRecord?)] = []
    if let batch { known = try await session.results(of: batch) }
    var records = Dictionary(known.map { ($0.id, $0.record) }, uniquingKeysWith: { $1 })
    var rows: [InstancesOutput.Row] = []
    for (row, set) in try await session.rows() {
      let record = records.removeValue(forKey: row.id)
      guard try keeps(row, set) else { continue }
      let found = try await self.row(
        row.id, row.repo, row.version, set, inBatch: record != nil, record ?? nil, batch, in: session)
      if let found { rows.append(found) }
    }
    // What only the journal has is listed where something is asked that the journal knows.
    if verdict != nil || failure != nil || cause != nil {
      for (id, record) in known where records[id] != nil {
        guard let (instance, set) = try? await session.instance(id), keeps(instance, set) else { continue }
        let found = try await row(
          id, instance.repo, instance.version, set, inBatch: true, record, batch, in: session)
        if let found { rows.append(found) }
      }
    }
    return Done(InstancesOutput(rows: rows, batch: rows.contains(where: \.isOfBatch) ? batch?.title : nil))
  }

  /// A row with what the sitting came to with it, or else the last batch; nil where that is not what is asked for.
  private func row(
    _ id: String, _ repo: String, _ version: String, _ set: String, inBatch: Bool, _ record: InstanceRecord?,
    _ batch: KeptBatch?, in session: Session
  ) async throws -> InstancesOutput.Row? {
    let own = await session.ownTakes[id] ?? []
    let counted = Steering.counted(own)
    let isOfBatch = own.isEmpty && inBatch
    let best = counted.first { $0.verdict?.word == .resolved } ?? counted.last { $0.verdict != nil }
    var word = best?.verdict?.word.rawValue
    var code = best?.verdict?.failure?.rawValue
    var attempts = own.last?.id.attempt ?? 0
    if isOfBatch, let record {
      word = record.verified ? VerdictWord.resolved.rawValue : record.each.last?.verdict?.rawValue
      (code, attempts) = (record.failure?.rawValue, record.attempts)
    }
    if let verdict, verdict != word ?? "none" { return nil }
    if let failure, failure != code { return nil }
    if let cause {
      var takes = counted
      if isOfBatch, let batch { takes = try await session.takes(of: id, in: batch) }
      guard let last = takes.last, last.verdict?.word != .resolved,
        CauseFinder(last, of: try await session.instance(id).instance, earlier: Array(takes.dropLast())).cause()?
          .kind.rawValue == cause
      else { return nil }
    }
    return InstancesOutput.Row(
      instanceID: id, repo: repo, version: version, dataset: set, attempts: attempts, verdict: word, failure: code,
      steered: own.count - counted.count, isOfBatch: isOfBatch)
  }

  private func keeps(_ instance: Instance, _ name: String) -> Bool {
    if let pattern, !instance.id.contains(pattern), !instance.repo.contains(pattern) { return false }
    if let repo, instance.repo != repo { return false }
    if let version, instance.version != version { return false }
    if let set, name != set { return false }
    if let since, instance.createdAt < since { return false }
    if let before, instance.createdAt.isEmpty || instance.createdAt >= before { return false }
    if let difficulty, !(instance.difficulty ?? "").contains(difficulty) { return false }
    return true
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
    let verdict, failure: String?
    /// How many takes do not count.
    let steered: Int
    /// True where the sitting has no take of it, and the last batch has come to this.
    let isOfBatch: Bool

    private enum CodingKeys: String, CodingKey {
      case instanceID = "instance_id"
      case repo, version, dataset, attempts, verdict, failure, steered
      case isOfBatch = "of_batch"
    }
  }

  let rows: [Row]
  /// The batch that the verdicts of some are of.
  let batch: String?

  func text(_ look: Look) -> String {
    guard !rows.isEmpty else { return "no row is like that\n" }
    let table = Table(
      columns: [
        .init("INSTANCE", isWhole: true), .init("REPOSITORY"), .init("VERSION"), .init("SET"),
        .init("ATTEMPTS", alignment: .trailing), .init("VERDICT"), .init("FAILURE"), .init(""),
      ],
      rows: rows.map { row in
        [
          .init(row.instanceID), .init(row.repo), .init(row.version), .init(row.dataset),
          .init(row.attempts == 0 ? "" : "\(row.attempts)"),
          .init(row.verdict ?? "", meaning: Meaning(verdict: row.verdict)), .init(row.failure ?? ""),
          .init(row.steered == 0 ? "" : "\(Amount.of(row.steered, "steered take")) besides", meaning: .dim),
        ]
      })
    let told = batch.map { "  verdicts of \(Untrusted.cleanLine($0)); `open ID` shows the takes\n" } ?? ""
    return table.rendered(style: look.style, width: look.width) + told
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
