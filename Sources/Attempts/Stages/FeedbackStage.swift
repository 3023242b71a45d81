import Content
import Grading
import Instances
import Models
import Prompts
import Workspaces

/// What the next attempt is told of this one.
package struct FeedbackArtifact: Hashable, Codable, Sendable {
  /// A passage with where it came from.
  package struct Part: Hashable, Codable, Sendable {
    package let text: String
    package let origin: Origin
  }

  package let mode: FeedbackMode
  /// What was wrong; nil where nothing is told.
  package let kind: FeedbackKind?
  package let parts: [Part]

  package init(mode: FeedbackMode, kind: FeedbackKind? = nil, parts: [Part]) {
    self.mode = mode
    self.kind = kind
    self.parts = parts
  }

  package var isEmpty: Bool { parts.isEmpty }

  /// The text as it stands in a prompt.
  package var text: String { parts.map(\.text).joined(separator: "\n") }

  /// The origin of the whole: one hidden part makes all of it hidden.
  package var origin: Origin { parts.first { $0.origin.isHidden }?.origin ?? parts.first?.origin ?? .hiddenTest }
}

struct FeedbackStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard let verdict = chain.content(of: .verdict) else { return nil }
    let settings = plan.settings
    var key = Key(of: .feedback)
    key.add(input: "row", plan.row)
    key.add(input: "verdict", verdict)
    key.add(input: "reply", chain.content(of: .reply))
    key.add(input: "edits", chain.content(of: .edits))
    key.add(input: "patch", chain.content(of: .patch))
    key.add(input: "baseline", chain.content(of: .baseline))
    key.add(input: "memory", plan.memory.hash)
    key.add(option: "feedback", settings.feedback.rawValue)
    key.add(option: "feedback.tokens", "\(settings.feedbackBudget)")
    key.add(option: "feedback.memory", "\(settings.feedbackMemory)")
    key.add(option: "tokens.ratio", "\(settings.tokensRatio)")
    if let words = plan.reproduceWords {
      key.add(option: "reproduce", words)
      key.add(input: "reproduction", try? chain.outcomes?.reproduction.map(Canonical.hash))
    }
    key.add(option: "attempt", "\(plan.id.attempt)")
    key.add(option: "tainted", "\(chain.isTainted)")
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    let mode = plan.settings.feedback
    // Where the connection broke or the prompt was cut, nobody is to blame and nothing is to be learnt.
    let isLost = chain.reply?.end == .broken || chain.reply?.window?.state == .truncated
    guard mode != .none, !isLost, let kind = FeedbackKind(chain) else {
      return Made(artifact: .feedback(FeedbackArtifact(mode: mode, kind: nil, parts: [])))
    }
    let isRead = chain.verdict?.tally?.passToPass.failure.isEmpty == false
    let files = isRead ? try await workshop.workspace().read(plan.instance.testFiles) : [:]
    let parts = FeedbackWriter(plan: plan, chain: chain, files: files).parts(kind)
    return Made(artifact: .feedback(FeedbackArtifact(mode: mode, kind: kind, parts: parts)))
  }

  func tweaked(_ text: String, _ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Artifact {
    guard let old = chain.feedback, let hash = chain.content(of: .feedback) else {
      throw AttemptError.missing(.feedback)
    }
    // A rewritten hidden text is still one that was written with the hidden tests in view.
    let origin = old.parts.contains { $0.origin.isHidden } ? Origin.hiddenTest : .tweak(of: hash)
    let part = FeedbackArtifact.Part(text: text, origin: origin)
    return .feedback(FeedbackArtifact(mode: old.mode, kind: old.kind, parts: [part]))
  }
}
