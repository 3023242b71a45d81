import Attempts
import Content
import Instances
import Models
import Script

extension Session {
  /// How the tokens of a take are estimated. Where the setting is `auto`, the first of these that there is:
  ///
  /// - what a recorded take was made with, so that a replay makes the same bytes;
  /// - what earlier takes of the instance were made with: a ratio that is learnt in the middle would change what the model
  ///   is shown from one attempt to the next. Where a server refused such a prompt, it is learnt anew;
  /// - what is learnt of the model.
  func tokenRatio(_ settings: Settings, of instanceID: String, _ id: TakeID, behind takes: [Take]) throws -> TokenRatio
  {
    guard case .auto(nil) = settings.tokensRatio else { return settings.tokensRatio }
    if let section = script?.section("prompt", "\(instanceID)/\(id)") { return Inputs(section: section).tokensRatio }
    let earlier = takes.last { $0.settings.tokensRatio.isAuto && $0.settings.model == settings.model }
    if let earlier, earlier.chain.reply?.window?.state != .truncated { return earlier.settings.tokensRatio }
    return .auto(learnt: try tokenCounts(settings).ratio)
  }

  /// The same for a preview of an instance's next take.
  package func tokenRatio(of instanceID: String) throws -> TokenRatio {
    let made = takes[instanceID] ?? []
    let id = TakeID(attempt: (made.last?.id.attempt ?? 0) + 1, take: 1)
    return try tokenRatio(settings, of: instanceID, id, behind: made)
  }

  /// What was counted of the prompts of a model, in this sitting and others.
  package func tokenCounts(_ settings: Settings) throws -> TokenCounts {
    guard let name = try? Session.modelName(settings), name.kind.isServer else { return TokenCounts() }
    return try host.journal.tokenCounts(of: name.description)
  }

  /// Learns from what a server counted of a take's prompt. A recorded answer teaches nothing: it was learnt from when it
  /// was made.
  func learn(from take: Take) throws {
    guard recordMode != RecordMode.none, let name = try? Session.modelName(take.settings), name.kind.isServer else {
      return
    }
    var counts = try host.journal.tokenCounts(of: name.description)
    if counts.add(take) { try host.journal.keep(counts, of: name.description) }
  }
}
