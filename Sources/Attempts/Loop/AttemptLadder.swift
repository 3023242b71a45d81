import Foundation

/// What each attempt does otherwise than the one before: a setting, not code. `as_is, feedback, warmer+wider` are three
/// rungs, one for each attempt; behind the last it goes on with the second.
package struct AttemptLadder: Hashable, Sendable, CustomStringConvertible {
  /// One thing that is done otherwise.
  package enum Move: Hashable, Sendable, CustomStringConvertible {
    /// The plain prompt: nothing is changed, and nothing is said of what was tried.
    case asIs
    /// The model is told what was wrong. Every rung but `as_is` and `fresh` tells it too.
    case feedback
    /// A higher temperature.
    case warmer
    /// More of the repository: the lines that failed, more files, a larger budget.
    case wider
    /// Another edit format.
    case format
    /// From the beginning: nothing is said of what was tried.
    case fresh
    /// A setting, for this attempt alone.
    case set(name: String, value: String)

    /// The words, with what each does.
    package static let words: [(word: String, move: Move, summary: String)] = [
      ("as_is", .asIs, "nothing is changed"), ("feedback", .feedback, "told what was wrong"),
      ("warmer", .warmer, "a higher temperature"),
      ("wider", .wider, "the lines that failed, more files, a larger budget"),
      ("format", .format, "another edit format"), ("fresh", .fresh, "nothing is said of what was tried"),
    ]

    package var description: String {
      if case .set(let name, let value) = self { return "\(name)=\(value)" }
      return Move.words.first { $0.move == self }?.word ?? ""
    }
  }

  /// Each with at least one move.
  package let rungs: [[Move]]

  package static let standard = AttemptLadder(rungs: [
    [.asIs], [.feedback], [.warmer], [.wider], [.format], [.fresh],
  ])

  private init(rungs: [[Move]]) { self.rungs = rungs }

  /// The settings that a rung may change: what is asked and how, never what judges or where things are.
  package static func mayChange(_ setting: String) -> Bool {
    let own = ["format", "template", "skills", "skill.position", "skill.share", "feedback.tokens", "feedback.memory"]
    let sampling = [
      "temperature", "top_p", "top_k", "min_p", "num_predict", "num_ctx", "repeat_penalty", "stop", "grammar", "schema",
    ]
    return own.contains(setting) || setting.hasPrefix("context.") || sampling.contains { setting == "model.\($0)" }
  }

  /// - Throws: `LadderError`.
  package init(parsing text: String) throws(LadderError) {
    if text == "default" {
      self = .standard
      return
    }
    var rungs: [[Move]] = []
    for rung in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = rung.split(separator: "+", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      var moves: [Move] = []
      for word in words { moves.append(try AttemptLadder.move(word)) }
      if moves.count > 1, let lone = moves.first(where: { $0 == .asIs }) { throw .standsAlone("\(lone)") }
      rungs.append(moves)
    }
    guard rungs.count <= 100 else { throw .tooLong(rungs.count) }
    self.rungs = rungs
  }

  private static func move(_ word: String) throws(LadderError) -> Move {
    if let known = Move.words.first(where: { $0.word == word }) { return known.move }
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { throw .unknownWord(word) }
    guard mayChange(parts[0]) else { throw .notChangeable(parts[0]) }
    return .set(name: parts[0], value: parts[1])
  }

  package var description: String {
    rungs.map { $0.map(\.description).joined(separator: "+") }.joined(separator: ", ")
  }

  /// The moves of an attempt, the first being 1.
  package func moves(attempt: Int) -> [Move] {
    if attempt <= rungs.count { return rungs[attempt - 1] }
    let again = rungs.count > 1 ? Array(rungs.dropFirst()) : rungs
    return again[(attempt - rungs.count - 1) % again.count]
  }
}

/// Why a text is no ladder.
package enum LadderError: Error, Hashable, Sendable {
  case unknownWord(String)
  /// A setting that no rung may change.
  case notChangeable(String)
  /// A word that goes with no other.
  case standsAlone(String)
  case tooLong(Int)
}

extension LadderError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .unknownWord(""): "a rung of the ladder is empty"
    case .unknownWord(let word): "a ladder has no word `\(word)`"
    case .notChangeable(let name): "a rung of the ladder cannot change `\(name)`"
    case .standsAlone(let word): "`\(word)` stands alone on its rung"
    case .tooLong(let count): "a ladder has at most 100 rungs, and this one has \(count)"
    }
  }

  package var recoverySuggestion: String? {
    let words = AttemptLadder.Move.words.map(\.word).joined(separator: ", ")
    return "rungs stand between commas, words on one rung between `+`: \(words), or NAME=VALUE of a setting under "
      + "context., skill. or model., format or template; e.g. `set ladder \"\(AttemptLadder.standard)\"`"
  }
}
