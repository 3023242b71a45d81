/// Where the time and the tokens of one reply went. Times are microseconds by this side's clock; they add up to `total`
/// exactly, since the wait for the first word is shared out by what the server says of it.
package struct Ledger: Hashable, Codable, Sendable {
  /// Tries that failed, and the waits between them.
  package var retry = 0
  /// Waiting for the first word that is neither of the next two: connecting, and other requests before this one. All of
  /// the wait where the server does not say more.
  package var queue = 0
  /// The server loaded the model.
  package var load = 0
  /// The server read the prompt.
  package var prefill = 0
  /// From the first word to the end of the answer.
  package var decode = 0
  /// Asking the server what it is and how much of the prompt it has read.
  package var check = 0
  /// What handing the reply on took beside all this.
  package var other = 0
  /// How often the request was sent again.
  package var retries = 0
  /// As the server counted them, where it did. `cachedTokens` are those of the prompt that it had read before.
  package var promptTokens: Int?
  package var cachedTokens: Int?
  package var replyTokens: Int?

  package init() {}

  package var total: Int { retry + queue + load + prefill + decode + check + other }

  /// The parts by their names, in the order in which they come to pass.
  package var parts: [(name: String, microseconds: Int)] {
    [
      ("retry", retry), ("queue", queue), ("load", load), ("prefill", prefill), ("decode", decode), ("check", check),
      ("other", other),
    ]
  }

  /// Shares out the wait for the first word, in microseconds; `load` and `prefill` are the server's own figures, which
  /// by another clock may come to more than the wait.
  mutating func share(wait: Int, load: Int, prefill: Int) {
    let wait = max(0, wait)
    self.load = min(max(0, load), wait)
    self.prefill = min(max(0, prefill), wait - self.load)
    queue = wait - self.load - self.prefill
  }

  /// Puts what is missing to `microseconds` under `other`.
  package mutating func fill(to microseconds: Int) {
    other = 0
    other = max(0, microseconds - total)
  }

  /// More tokens a second than any model writes for one reader: a server that says so did not measure.
  private static let mostTokensPerSecond = 20_000.0

  /// Tokens a second while the model wrote; nil when that is not known, or cannot be.
  package var tokensPerSecond: Double? {
    guard let replyTokens, replyTokens > 0, decode > 0 else { return nil }
    let rate = Double(replyTokens) * 1_000_000 / Double(decode)
    return rate <= Ledger.mostTokensPerSecond ? rate : nil
  }
}

extension Duration {
  /// Whole microseconds.
  package var microseconds: Int {
    Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000)
  }
}
