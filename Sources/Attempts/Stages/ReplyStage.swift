import Content
import Context
import Edits
import Instances
import Models
import Prompts

/// What the model said.
package struct ReplyArtifact: Hashable, Codable, Sendable {
  package let text: String
  /// The model that wrote it.
  package let model: String
  /// How it ended. Only a reply that ended with `stop` is ever applied.
  package let end: ReplyEnd.Reason
  /// Tokens of prompt and answer as the server counted them, where it did.
  package let promptTokens: Int?
  package let replyTokens: Int?
  /// Why it is not complete, in words, where there is more to say than `end`.
  package var why: String?
  /// Whether the model read the whole prompt, and what shows it; nil where no server read it.
  package var window: WindowProof?

  package var isComplete: Bool { end == .stop }

  /// Whether it may be applied: it is complete, and the model had read what was sent.
  package var isUsable: Bool { isComplete && window?.state != .truncated }

  /// What the server sent as thoughts, apart from the answer; nil where it sent none, and in what an older version kept.
  package var thoughts: String?

  /// All thoughts: those that the server sent apart, and those in tags in the text. Nil where there are none.
  package var allThoughts: String? {
    let all = [thoughts, ReplyText(text).thoughts].compactMap(\.self)
    return all.isEmpty ? nil : all.joined(separator: "\n")
  }

  /// The attachments in which a `Ledger` and a `Passport` are kept beside it.
  package static let ledger = "ledger"
  package static let passport = "passport"
}

struct ReplyStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard let prompt = chain.content(of: .prompt) else { return nil }
    let sampling = plan.sampling(behind: chain.prompt)
    var key = Key(of: .reply)
    key.add(input: "prompt", prompt)
    key.add(option: "model", plan.settings.model ?? "")
    key.add(option: "sampling", (try? Canonical.hash(sampling))?.hex ?? "")
    // Another server may have another model of that name; another text of a file is another answer.
    if let url = plan.settings.modelURL,
      (try? plan.settings.model.map(ModelName.init(parsing:)))??.kind.isServer == true
    {
      key.add(option: "model.url", url)
    }
    if let socket = plan.settings.route.socket { key.add(option: "model.socket", socket) }
    if let file = plan.modelFile { key.add(input: "model file", file) }
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    guard let prompt = chain.prompt else { throw AttemptError.missing(.prompt) }
    if let left = plan.tokensLeft, prompt.prompt.tokens >= left {
      throw AttemptError.tokensSpent(prompt: prompt.prompt.tokens, left: left)
    }
    let sampling = plan.sampling(behind: prompt)
    workshop.world.effects.countModel()
    var text = ""
    var end: ReplyEnd?
    let request = prompt.request(sampling: sampling, instanceID: plan.instance.id)
    let start = ContinuousClock.now
    for try await event in workshop.world.model.reply(to: request) {
      switch event {
      case .text(let more):
        text += more
        await workshop.replied(more)
      case .retry(let retry): await workshop.retrying(retry)
      case .end(let last): end = last
      }
    }
    // A cancelled stream ends like a finished one.
    try Task.checkCancellation()
    let last = end ?? ReplyEnd(reason: .broken, model: workshop.world.model.name)
    var attachments: [String: [UInt8]] = [:]
    if var ledger = last.ledger {
      ledger.fill(to: (ContinuousClock.now - start).microseconds)
      attachments[ReplyArtifact.ledger] = try Canonical.bytes(ledger)
    }
    if let passport = last.passport { attachments[ReplyArtifact.passport] = try Canonical.bytes(passport) }
    var reply = ReplyArtifact(
      text: text, model: last.model, end: last.reason, promptTokens: last.promptTokens, replyTokens: last.replyTokens,
      why: last.why ?? ReplyStage.full(last, sampling), window: ReplyStage.window(last.window, prompt, chain))
    reply.thoughts = last.thoughts
    return Made(artifact: .reply(reply), attachments: attachments, writing: last.writing)
  }

  /// Why a reply was cut before its budget was used up, in words; nil where it was not.
  private static func full(_ end: ReplyEnd, _ sampling: Sampling) -> String? {
    // Some servers count the token that ends an answer, and some do not.
    guard end.reason == .length, let tokens = end.replyTokens, tokens + 1 < sampling.numPredict else { return nil }
    return "the window was full after \(tokens) of \(sampling.numPredict) tokens"
  }

  /// What the server says of the prompt, and what was left out of it before it was sent.
  private static func window(_ proof: WindowProof?, _ prompt: PromptArtifact, _ chain: Chain) -> WindowProof? {
    guard proof?.state != .truncated, proof?.state != .cut, !prompt.cut.isEmpty else { return proof }
    let tokens = (chain.context?.parts ?? []).filter { prompt.cut.contains($0.span) }.reduce(0) { $0 + $1.tokens }
    let names = prompt.cut.map(\.description).joined(separator: ", ")
    return WindowProof(.cut, "\(names): \(tokens) tokens" + (proof.map { "; the rest is \($0.description)" } ?? ""))
  }

  func tweaked(_ text: String, _ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Artifact {
    .reply(ReplyArtifact(text: text, model: "tweaked by hand", end: .stop, promptTokens: nil, replyTokens: nil))
  }
}

extension PromptArtifact {
  /// The request that the prompt comes to.
  package func request(sampling: Sampling, instanceID: String) -> ModelRequest {
    ModelRequest(
      messages: prompt.messages.map { ModelMessage(role: $0.role.rawValue, text: $0.text) }, sampling: sampling,
      instanceID: instanceID)
  }
}
