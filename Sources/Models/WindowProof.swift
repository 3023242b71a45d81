/// Whether a model read what was sent, and what shows it.
package struct WindowProof: Hashable, Codable, Sendable {
  package enum State: String, Codable, CaseIterable, Sendable {
    /// All of the prompt was read.
    case intact
    /// Whole parts were left out before it was sent, so that it fits; `evidence` names them.
    case cut = "cut by ramp"
    /// The server left out a part of it.
    case truncated = "truncated by server"
    /// Nothing shows the one or the other.
    case unknown
  }

  package let state: State
  /// What shows it, in words; for `unknown` why nothing does.
  package let evidence: String

  package init(_ state: State, _ evidence: String) {
    self.state = state
    self.evidence = evidence
  }

  package static func intact(_ evidence: String) -> WindowProof { WindowProof(.intact, evidence) }
  package static func truncated(_ evidence: String) -> WindowProof { WindowProof(.truncated, evidence) }
  package static func unknown(_ why: String) -> WindowProof { WindowProof(.unknown, why) }

  /// Of a server that refused the prompt: nothing of it was read. In tokens, where the server says how many.
  package static func refused(prompt: Int?, window: Int?) -> WindowProof {
    switch (prompt, window) {
    case (let prompt?, let window?) where prompt > window:
      .truncated("refused: \(prompt) tokens by the server's count, and its window has \(window)")
    case (let prompt?, let window?):
      .truncated("refused: \(prompt) tokens and the answer's budget, and its window has \(window)")
    case (nil, let window?): .truncated("refused: its window has \(window) tokens")
    default: .truncated("refused: it does not fit the server's window")
    }
  }

  /// `truncated by server (read 515 of 4029 tokens)`.
  package var description: String { evidence.isEmpty ? state.rawValue : "\(state.rawValue) (\(evidence))" }

  /// Reads what ``description`` writes; nil where it is none.
  package init?(_ text: String) {
    guard let state = State.allCases.first(where: { text.hasPrefix($0.rawValue) }) else { return nil }
    let rest = text.dropFirst(state.rawValue.count)
    guard rest.isEmpty || rest.hasPrefix(" (") && rest.hasSuffix(")") else { return nil }
    self.init(state, String(rest.dropFirst(2).dropLast()))
  }
}

/// What is known of a prompt before a server says how much of it it has read.
struct SentPrompt: Hashable {
  /// Bytes of all messages' texts.
  let bytes: Int
  /// A count that the tokens cannot be below: a token never spans two words.
  let leastTokens: Int
  /// A count that they cannot be above: a token has a byte, and each message some around it.
  let mostTokens: Int
  /// The window that was asked for.
  let window: Int

  init(_ request: ModelRequest) {
    bytes = request.messages.reduce(0) { $0 + $1.text.utf8.count }
    leastTokens = request.messages.reduce(0) { $0 + SentPrompt.words($1.text) }
    mostTokens = bytes + 64 + 32 * request.messages.count
    window = request.sampling.numCtx
  }

  /// Runs of letters.
  static func words(_ text: String) -> Int {
    var text = text
    return text.withUTF8 { bytes in
      var words = 0
      var isInside = false
      for byte in bytes {
        let isLetter = (65...90).contains(byte & 0xDF) && byte < 128
        if isLetter, !isInside { words += 1 }
        isInside = isLetter
      }
      return words
    }
  }

  /// How many tokens are left of a prompt that older servers of Ollama, and newer ones that are not told otherwise, cut
  /// to half of a window: the first few, and the end. Measured and read in their source.
  static func half(of window: Int) -> Int { window - max((window - 5) / 2, 1) }

  /// What a count alone says.
  enum Reading: Hashable {
    case proof(WindowProof)
    /// It may be cut: only another question can tell. `fills` where it is as long as the window.
    case doubtful(fills: Bool, why: String)
  }

  /// What an exact count, made by the server apart from the window, and the count of what was read say. `slack` is how
  /// far the two may lie apart where nothing was cut.
  func reading(exact: Int, read: Int?, slack: Int = 0) -> WindowProof {
    guard let read else { return .unknown("the server does not say how many of \(exact) tokens it has read") }
    return read + slack >= exact
      ? .intact("\(exact) tokens sent, \(read) read") : .truncated("\(exact) tokens sent, \(read) read")
  }

  /// What a count by a server of Ollama says.
  ///
  /// - Parameters:
  ///   - read: `prompt_eval_count`.
  ///   - loaded: the window that is loaded, where it is known.
  ///   - refuses: whether the server is of a version that refuses a prompt that does not fit when told `truncate: false`.
  /// - Returns: a proof, or why there is none yet.
  func reading(read: Int?, loaded: Int?, refuses: Bool?) -> Reading {
    let window = min(loaded ?? window, window)
    // A server may load less than it is asked for, so what it has loaded must be known.
    if loaded != nil, mostTokens < window {
      return .proof(.intact("\(bytes) bytes fit a window of \(window) tokens whatever they are"))
    }
    guard let read else { return .proof(.unknown("the server does not say how much it has read")) }
    if read >= window - 1 { return .doubtful(fills: true, why: "it read \(read) tokens, its whole window") }
    if read < leastTokens {
      return .doubtful(fills: false, why: "it read \(read) tokens of a prompt of \(leastTokens) words")
    }
    if read * 15 < bytes * 2 {
      return .doubtful(fills: false, why: "it read \(read) tokens of a prompt of \(bytes) bytes")
    }
    if abs(read - SentPrompt.half(of: window)) <= 2 {
      return .doubtful(fills: false, why: "it read \(read) tokens, what is left of a prompt cut to half of \(window)")
    }
    guard refuses != true else {
      return .proof(.intact("\(read) tokens read; this server refuses what does not fit its window of \(window)"))
    }
    let version = refuses == nil ? "the server does not tell its version" : "this version cuts prompts in silence"
    return .doubtful(fills: false, why: version)
  }
}
