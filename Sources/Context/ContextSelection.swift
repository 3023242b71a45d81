import Content

/// Lines of one file that the model gets to see.
package struct ContextPart: Hashable, Codable, Sendable {
  /// Why the lines were chosen. The raw values are the words shown to people.
  package enum Reason: String, Codable, Sendable {
    /// Added by hand.
    case pinned
    /// The issue names the file, its module, a frame in it, or something that it defines.
    case named = "named in the issue"
    /// Its words are those of the issue.
    case bm25
    /// It is among the first files in path order.
    case first5KB = "first 5 KB"
  }

  /// The lines, always real ones: the last is never beyond the end of the file.
  package var span: Span
  /// Exactly those lines with their line ends and without numbers, decoded as UTF-8; what is not UTF-8 is U+FFFD.
  package var text: String
  /// What the part takes in a prompt: the estimate for its header line and `numbered(_:)`.
  package var tokens: Int
  /// Why it was chosen.
  package var reason: Reason
  /// Its place in the order of choice, from 1; 0 where it was added by hand.
  package var rank: Int
  /// Commit, path and lines.
  package var origin: Origin

  package init(span: Span, text: String, tokens: Int, reason: Reason, rank: Int, origin: Origin) {
    self.span = span
    self.text = text
    self.tokens = tokens
    self.reason = reason
    self.rank = rank
    self.origin = origin
  }
}

/// Lines that were considered and left out.
package struct Candidate: Hashable, Codable, Sendable {
  /// The lines, always real ones.
  package var span: Span
  /// What they would take in a prompt if added.
  package var tokens: Int
  /// Their place in the order of choice, counted with the parts.
  package var rank: Int

  package init(span: Span, tokens: Int, rank: Int) {
    self.span = span
    self.tokens = tokens
    self.rank = rank
  }
}

/// What the model gets to see of the repository, and what came next.
package struct ContextSelection: Hashable, Codable, Sendable {
  /// The strategy that chose the parts.
  package var strategy: Strategy
  /// The parts in the order shown to the model: files by their best rank, the lines of one file together and in order.
  package var parts: [ContextPart]
  /// At most 20 candidates that were left out, best first.
  package var leftOut: [Candidate]
  /// The sum over the parts, with line numbers and header lines.
  package var tokens: Int
  /// The budget the selection was made for, in tokens.
  package var budget: Int

  package init(
    strategy: Strategy, parts: [ContextPart], leftOut: [Candidate], tokens: Int, budget: Int
  ) {
    self.strategy = strategy
    self.parts = parts
    self.leftOut = leftOut
    self.tokens = tokens
    self.budget = budget
  }

  /// The number of different files among the parts.
  package var fileCount: Int { Set(parts.map(\.span.path)).count }
}
