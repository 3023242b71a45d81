import ArgumentParser
import Attempts
import Campaigns
import Sessions
import Terminal

/// `why [TAKE]`: the earliest stage that made success impossible; `why --phase N` and `why --batch` of many instances.
package struct WhyCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Say which stage made success impossible, with what shows it.",
    discussion: """
      It walks the stages in their order and stops at the first that could not lead to success: a file of the gold patch \
      that was not shown, lines outside of what was shown, a prompt or a reply that was cut, edits that did not apply, \
      a change in the wrong place, and only then the change itself. It looks at the gold patch, which no model sees.

      `why --phase N` and `why --batch` tell of all instances that failed: a row a cause, with its stage, the instances \
      and what to change. The cause of an instance is the most frequent one among the attempts that reached the furthest \
      stage. `--batch` is the last batch or phase of the journal; a name chooses another, as `follow` shows it.
      """)
  package static let examples = [
    "why", "why 1.1", "why --all", "why --phase 1 --out run", "why --batch",
  ]
  package static let completions: [Candidates] = [.take]

  @Argument(help: "The take, e.g. 1.2; without one, the last. With --batch, the batch's name.")
  var take: String?

  @Option(
    help: "A phase of the campaign, 1 to 5: why its instances failed.", transform: PhaseCommand.phase)
  var phase: Phase?

  @Flag(help: "A batch of the journal, the last or the one named: why its instances failed.")
  var batch = false

  @Flag(help: "Every attempt of the current instance, a line each; of a phase or batch, every id.")
  var all = false

  @Option(help: "The folder that the results of a phase lie in.")
  var out: String = "."

  package init() {}

  package func validate() throws {
    if phase != nil, batch { throw ValidationError("name a phase or a batch: `why --phase 1`, `why --batch`") }
    if phase != nil, let take { throw ValidationError("`why --phase` takes no take: `why \(take)` is about one") }
    if all, take != nil, !batch { throw ValidationError("`why --all` takes no take") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    if let phase { return Done(try await causes(of: phase, in: session)) }
    if batch { return Done(try await causesOfBatch(in: session)) }
    let last = try await session.take(take)
    let (instance, _) = try await session.instance(last.instanceID)
    let made = await session.takes[last.instanceID] ?? []
    let asked = all ? made : [last]
    return Done(
      CauseOutput(
        causes: asked.map { take in
          (take, CauseFinder(take, of: instance, earlier: made.filter { $0.id.attempt < take.id.attempt }).cause())
        }, isWhole: !all))
  }
}

extension WhyCommand {
  private func causes(of phase: Phase, in session: Session) async throws -> CauseTableOutput {
    guard let run = try await CampaignFolder(session: session, out: out).runs(of: phase).last else {
      throw CampaignError.notRun(phase.rawValue, folder: out)
    }
    return CauseTableOutput(
      causes: CauseTable(run.results), title: run.label.title, resolved: run.verified, total: run.total, showsAll: all)
  }

  private func causesOfBatch(in session: Session) async throws -> CauseTableOutput {
    let journal = session.host.journal
    guard let batch = try journal.lastBatch(named: take) else {
      throw take.map { CampaignError.noSuchBatch($0) } ?? CampaignError.noBatch
    }
    let records = try journal.results(of: batch)
    guard !records.isEmpty else { throw CampaignError.nothingEnded(batch.name) }
    return CauseTableOutput(
      causes: CauseTable(records), title: batch.name, resolved: records.count(where: \.verified), total: records.count,
      showsAll: all)
  }
}

struct CauseOutput: Output {
  let causes: [(take: Take, cause: Cause?)]
  let isWhole: Bool

  func text(_ look: Look) -> String {
    causes.map { take, cause in
      guard let cause else {
        let word = take.verdict?.word.rawValue ?? "no verdict: `rerun` makes the stages that are missing"
        return "\(take.id)  \(word)\n"
      }
      let head =
        "\(take.id)  \(StageLine.name(of: cause.stage)), \(cause.kind.rawValue): \(Untrusted.cleanLine(cause.sentence))"
      var text = Width.wrapped(head, to: look.width, indent: 5) + "\n"
      guard isWhole else { return text }
      for fact in cause.evidence.prefix(8) {
        text += Width.wrapped("     - \(Untrusted.cleanLine(fact))", to: look.width, indent: 7) + "\n"
      }
      if let next = cause.next {
        text += Width.wrapped("  try: \(Untrusted.cleanLine(next))", to: look.width, indent: 7) + "\n"
      }
      return text
    }.joined()
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let instanceID, take: String
      let cause, root, stage, sentence: String?
      let evidence: [String]
      let next: String?

      private enum CodingKeys: String, CodingKey {
        case instanceID = "instance_id"
        case take, cause, root, stage, sentence, evidence, next
      }
    }
    return try causes.map { take, cause in
      try JSONLine.of(
        Line(
          instanceID: take.instanceID, take: "\(take.id)", cause: cause?.kind.rawValue, root: cause?.kind.root,
          stage: cause?.stage.rawValue, sentence: cause?.sentence, evidence: cause?.evidence ?? [], next: cause?.next))
    }
  }
}
