import Content
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

  package var isComplete: Bool { end == .stop }
}

struct ReplyStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard let prompt = chain.content(of: .prompt) else { return nil }
    let sampling = plan.settings.sampling
    var key = Key(stage: "reply", version: 1)
    key.add(input: "prompt", prompt)
    key.add(option: "model", plan.settings.model ?? "")
    key.add(option: "sampling", (try? Canonical.hash(sampling))?.hex ?? "")
    // Another server may have another model of that name; another text of a file is another answer.
    if let url = plan.settings.modelURL,
      (try? plan.settings.model.map(ModelName.init(parsing:)))??.kind.isServer == true
    {
      key.add(option: "model.url", url)
    }
    if let file = plan.modelFile { key.add(input: "model file", file) }
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    guard let prompt = chain.prompt else { throw AttemptError.missing(.prompt) }
    workshop.world.effects.countModel()
    var text = ""
    var end: ReplyEnd?
    let request = prompt.request(sampling: plan.settings.sampling, instanceID: plan.instance.id)
    for try await event in workshop.world.model.reply(to: request) {
      switch event {
      case .text(let more):
        text += more
        await workshop.replied(more)
      case .end(let last): end = last
      }
    }
    // A cancelled stream ends like a finished one.
    try Task.checkCancellation()
    let last = end ?? ReplyEnd(reason: .broken, model: workshop.world.model.name)
    return Made(
      artifact: .reply(
        ReplyArtifact(
          text: text, model: last.model, end: last.reason, promptTokens: last.promptTokens,
          replyTokens: last.replyTokens, why: last.why)), writing: last.writing)
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
