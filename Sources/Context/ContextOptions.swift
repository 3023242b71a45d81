import Content

/// A named way of choosing what the model gets to see.
package enum Strategy: String, CaseIterable, Codable, Sendable {
  /// Files named in the issue first, then BM25 over the repository's Python files; tests, documentation, migrations and
  /// vendored code after every plausible source.
  case bm25
  /// The old way, kept to compare with: the first Python files in path order, the first 5,000 bytes of each.
  case first5KB = "first-5kb"
}

/// The options that choosing a context reads.
package struct ContextOptions: Hashable, Codable, Sendable {
  /// How the files are chosen.
  package var strategy: Strategy
  /// The most tokens the whole selection may take, counted with line numbers and one header line a part.
  package var budget: Int
  /// The most files that the strategy may choose; files added by hand do not count.
  package var files: Int
  /// The factor on the local token estimate, the setting `tokens.ratio`.
  package var tokensRatio: TokenRatio

  package init(strategy: Strategy = .bm25, budget: Int = 9000, files: Int = 5, tokensRatio: TokenRatio = 1) {
    self.strategy = strategy
    self.budget = budget
    self.files = files
    self.tokensRatio = tokensRatio
  }
}
