import Content
import Journal
import Models
import Prompts

/// What the servers of one model counted of prompts, beside the local estimate: the ratio that `tokens.ratio auto` learns.
package struct TokenCounts: Hashable, Sendable {
  /// How many prompts were counted.
  package private(set) var prompts = 0
  /// The most tokens that the server counted for one of the estimate with an unknown ratio.
  package private(set) var highest = 0.0

  package init() {}

  init(prompts: Int, highest: Double) {
    self.prompts = prompts
    self.highest = highest
  }

  /// Prompts that are shorter show what a chat template takes rather than what text does.
  private static let shortest = 300

  /// Counts the prompt of a take. False where its server did not count it, or did not read the whole of it.
  package mutating func add(_ take: Take) -> Bool {
    guard take.chain[.reply]?.how == .made, let prompt = take.chain.prompt, let reply = take.chain.reply,
      let read = reply.promptTokens
    else { return false }
    // Of a prompt that was refused the server tells how long it is; of one that it cut, how long the rest is.
    if reply.window?.state == .truncated, reply.isComplete || !reply.text.isEmpty { return false }
    let estimate = prompt.prompt.messages.reduce(0) {
      $0 + Tokens.estimate($1.text, ratio: .auto(learnt: nil)) + Tokens.perMessage
    }
    guard estimate >= TokenCounts.shortest else { return false }
    prompts += 1
    highest = max(highest, Double(read) / Double(estimate))
    return true
  }

  /// The ratio in hundredths, with room for prompts that take more than those that were counted: the fewer were, and the
  /// smaller the vocabulary is, the more of it. Nil where none was counted.
  package var ratio: Double? {
    guard prompts > 0 else { return nil }
    let room = highest > 1 ? 1.15 : prompts < 5 ? 1.1 : 1.05
    let scale = max(TokenCounts.least, highest * room)
    let hundredths = (TokenRatio.unknown * scale * 100).rounded(.up)
    return min(max(hundredths / 100, TokenRatio.range.lowerBound), TokenRatio.range.upperBound)
  }

  /// However few tokens a vocabulary takes of code, dense text has no fewer.
  private static let least = 0.9
}

extension Journal {
  /// What was counted of a model's prompts in all sittings.
  package func tokenCounts(of model: String) throws -> TokenCounts {
    let found = try rows("SELECT prompts, highest FROM token_count WHERE model = ?", [.text(model)])
    guard case .integer(let prompts)? = found.first?["prompts"], case .integer(let highest)? = found.first?["highest"]
    else {
      return TokenCounts()
    }
    return TokenCounts(prompts: prompts, highest: Double(highest) / 1_000_000)
  }

  package func keep(_ counts: TokenCounts, of model: String) throws {
    try write { transaction in
      try transaction.execute(
        "INSERT OR REPLACE INTO token_count VALUES (?, ?, ?)",
        [.text(model), .integer(counts.prompts), .integer(Int((counts.highest * 1_000_000).rounded(.up)))])
    }
  }

  /// The models of which prompts were counted, with what was.
  package func tokenCounts() throws -> [(model: String, counts: TokenCounts)] {
    try rows("SELECT model FROM token_count ORDER BY model").compactMap { row in
      guard case .text(let model)? = row["model"] else { return nil }
      return (model, try tokenCounts(of: model))
    }
  }
}
