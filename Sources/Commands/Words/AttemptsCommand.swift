import ArgumentParser
import Attempts
import Content
import Grading
import Prompts
import Sessions
import Terminal

/// `attempts [ID]`: lists the takes of an instance.
package struct AttemptsCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "attempts", abstract: "List the attempts of an instance and their takes.",
    discussion: """
      Below them stands how often those that count failed, and with which code. From the first rerun, tweak, or change \
      behind the outcomes of tests on, takes are steered: a person had a hand in them, and they count in no rate. An \
      instance that this sitting has not run is looked for in the last batch or phase that has it.
      """)
  package static let examples = ["attempts", "attempts django__django-11000"]
  package static let completions: [Candidates] = [.instance]

  @Argument(help: "The instance; without one, the current.")
  var instance: String?

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let (takes, title) = try await session.takesToShow(of: instance)
    var steered: Set<TakeID> = []
    for take in takes where await session.isSteered(take, of: title) { steered.insert(take.id) }
    return Done(AttemptsOutput(takes: takes, title: title, steered: steered))
  }
}

struct AttemptsOutput: Output {
  let takes: [Take]
  /// The batch that made them, or the first of them; nil for the sitting's own.
  var title: String?
  let steered: Set<TakeID>

  func text(_ look: Look) -> String {
    let table = Table(
      columns: [
        .init("TAKE"), .init("VERDICT"), .init("FAILURE"), .init("TOKENS", alignment: .trailing),
        .init("TIME", alignment: .trailing), .init("CHANGED"),
      ],
      rows: takes.map { take in
        let word = take.verdict?.word.rawValue
        let marks = take.isTweaked && !take.changes.contains { $0.hasSuffix("tweaked") } ? ["(tweaked)"] : []
        return [
          .init(take.id.description),
          .init(
            word ?? "through \(take.records.last?.stage.rawValue ?? "nothing")",
            meaning: word == nil ? .dim : Meaning(verdict: word)),
          .init(take.verdict?.failure?.rawValue ?? ""),
          .init(take.chain.prompt.map { Amount.count($0.prompt.tokens) } ?? ""),
          .init(Amount.milliseconds(take.milliseconds)),
          .init((take.changes + marks + take.strategy).joined(separator: ", ")),
        ]
      })
    let counted = takes.filter { !steered.contains($0.id) }.compactMap { $0.verdict?.failure }
    let head = title.map { "  of \(Untrusted.cleanLine($0))\n" } ?? ""
    return table.rendered(style: look.style, width: look.width) + Buckets(counted).text(look) + head
  }

  func json() throws -> [String] {
    return try takes.map { try JSONLine.of(TakeLine($0, isSteered: steered.contains($0.id))) }
  }
}

/// A take as programs read it.
struct TakeLine: Encodable {
  let instanceID: String
  let attempt, take: Int
  let verdict, failure, sentence, model, patchSHA256: String?
  /// What shows the failure, one fact each; nil where the attempt has no verdict.
  let evidence: [String]?
  let assisted, tweaked, steered: Bool
  let promptTokens: Int?
  /// True where PASS_TO_PASS was not run; nil where all tests were.
  let targetsOnly: Bool?
  let milliseconds: Int
  let changes, strategy: [String]
  /// The earlier attempt that made the same change; nil for a new one.
  let repeats: Int?
  let stages: [StageLine]

  struct StageLine: Encodable {
    let stage, how, key, content: String
    let milliseconds: Int
  }

  private enum CodingKeys: String, CodingKey {
    case instanceID = "instance_id"
    case attempt, take, verdict, failure, sentence, evidence, model
    case patchSHA256 = "patch_sha256"
    case assisted, tweaked, steered, promptTokens, targetsOnly, milliseconds, changes, strategy, repeats, stages
  }

  init(_ take: Take, isSteered: Bool) {
    instanceID = take.instanceID
    attempt = take.id.attempt
    self.take = take.id.take
    verdict = take.verdict?.word.rawValue
    failure = take.verdict?.failure?.rawValue
    sentence = take.verdict?.sentence
    evidence = take.verdict?.evidence
    model = take.chain.reply?.model
    patchSHA256 = take.chain.patch.flatMap { $0.diff.isEmpty ? nil : $0.hash.hex }
    assisted = take.isAssisted
    tweaked = take.isTweaked
    steered = isSteered
    promptTokens = take.chain.prompt?.prompt.tokens
    targetsOnly = take.chain.outcomes?.targetsOnly
    milliseconds = take.milliseconds
    changes = take.changes
    strategy = take.strategy
    repeats = take.verdict?.repeats
    stages = take.records.map {
      StageLine(
        stage: $0.stage.rawValue, how: $0.how.word, key: $0.key.hex, content: $0.content.hex,
        milliseconds: $0.milliseconds)
    }
  }
}
