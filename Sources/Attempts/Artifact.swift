import Content
import Context
import Grading
import Models
import Prompts

/// What a stage makes: an immutable value, kept once by the hash of its canonical bytes.
package enum Artifact: Hashable, Codable, Sendable {
  case workspace(WorkspaceArtifact)
  case baseline(BaselineArtifact)
  case context(ContextSelection)
  case prompt(PromptArtifact)
  case reply(ReplyArtifact)
  case edits(EditsArtifact)
  case patch(PatchArtifact)
  case outcomes(OutcomesArtifact)
  case verdict(VerdictArtifact)
  case feedback(FeedbackArtifact)

  /// True where another try may come out otherwise though nothing has changed that the stage reads: it is not kept for
  /// the next take.
  var isFleeting: Bool {
    if case .baseline(let baseline) = self, case .notMade(_, _) = baseline.judgement { return true }
    return false
  }

  /// True where a take that was killed behind it does not go on with it: what was lost on the way is asked for again.
  var isLost: Bool {
    if case .reply(let reply) = self, reply.end == .broken || reply.window?.state == .truncated { return true }
    if case .baseline(let baseline) = self, case .broken = baseline.judgement { return true }
    return isFleeting
  }

  package var stage: Stage {
    switch self {
    case .workspace: .workspace
    case .baseline: .baseline
    case .context: .context
    case .prompt: .prompt
    case .reply: .reply
    case .edits: .edits
    case .patch: .patch
    case .outcomes: .outcomes
    case .verdict: .verdict
    case .feedback: .feedback
    }
  }

  /// What the stage made, without the name of the stage around it.
  package var value: any Encodable & Sendable {
    switch self {
    case .workspace(let value): value
    case .baseline(let value): value
    case .context(let value): value
    case .prompt(let value): value
    case .reply(let value): value
    case .edits(let value): value
    case .patch(let value): value
    case .outcomes(let value): value
    case .verdict(let value): value
    case .feedback(let value): value
    }
  }

  /// The canonical bytes, which the content hash is of.
  package func bytes() throws -> [UInt8] { try Canonical.bytes(value) }
}

/// The artifacts of one take, by stage.
package struct Chain: Hashable, Sendable {
  /// At the place of each stage.
  private var byStage = [StageRecord?](repeating: nil, count: Stage.allCases.count)

  package init(_ records: [StageRecord] = []) {
    for record in records { add(record) }
  }

  package subscript(stage: Stage) -> StageRecord? { byStage[stage.position] }

  package mutating func add(_ record: StageRecord) { byStage[record.stage.position] = record }

  /// The records in the order of the stages.
  package var records: [StageRecord] { byStage.compactMap(\.self) }

  /// True where an artifact was replaced by hand.
  var isTweaked: Bool { byStage.contains { $0?.isTweaked ?? false } }

  /// How long making all of it took.
  var milliseconds: Int { byStage.reduce(0) { $0 + ($1?.milliseconds ?? 0) } }

  /// True where hidden tests had a part in it: in what the model was told, or in the change that it went on from.
  package var isTainted: Bool {
    prompt?.prompt.isTainted == true || edits?.isTainted == true || patch?.isTainted == true
  }

  /// The content hash of a stage's artifact, nil where none was made.
  package func content(of stage: Stage) -> Hash? { self[stage]?.content }

  package var workspace: WorkspaceArtifact? {
    if case .workspace(let value)? = self[.workspace]?.artifact { value } else { nil }
  }
  package var baseline: BaselineArtifact? {
    if case .baseline(let value)? = self[.baseline]?.artifact { value } else { nil }
  }
  package var context: ContextSelection? {
    if case .context(let value)? = self[.context]?.artifact { value } else { nil }
  }
  package var prompt: PromptArtifact? {
    if case .prompt(let value)? = self[.prompt]?.artifact { value } else { nil }
  }
  package var reply: ReplyArtifact? {
    if case .reply(let value)? = self[.reply]?.artifact { value } else { nil }
  }
  package var edits: EditsArtifact? {
    if case .edits(let value)? = self[.edits]?.artifact { value } else { nil }
  }
  package var patch: PatchArtifact? {
    if case .patch(let value)? = self[.patch]?.artifact { value } else { nil }
  }
  package var outcomes: OutcomesArtifact? {
    if case .outcomes(let value)? = self[.outcomes]?.artifact { value } else { nil }
  }
  package var verdict: VerdictArtifact? {
    if case .verdict(let value)? = self[.verdict]?.artifact { value } else { nil }
  }
  package var feedback: FeedbackArtifact? {
    if case .feedback(let value)? = self[.feedback]?.artifact { value } else { nil }
  }
}
