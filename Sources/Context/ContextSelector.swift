import Content

/// Chooses which parts of a repository the model gets to see.
package enum ContextSelector {
  /// The parts of `tree` to show for `issue`.
  ///
  /// Equal arguments give equal selections. `added` spans come first and whole; files that the strategy chooses follow
  /// while the budget lasts, whole or in blocks, and nothing is cut to fit. No line of `dropped` is ever shown, not
  /// even where it was added. The strategy `first-5kb` does not look at the budget; `added` always must fit it.
  ///
  /// Throws `ContextError` for an added file or line that is not there, is no text, or does not fit, and what `tree`
  /// throws. Reads every Python file of the tree once; 17 MB take about a quarter of a second.
  package static func select(
    issue: String, tree: any SourceTree, options: ContextOptions, added: [Span] = [], dropped: [Span] = []
  ) async throws -> ContextSelection {
    let paths = try await tree.paths().sorted()
    var fitting = Fitting(budget: options.budget, ratio: options.tokensRatio, dropped: dropped)
    try await pin(added, tree, paths, &fitting)
    switch options.strategy {
    case .first5KB: try await FirstFiles.fill(&fitting, from: tree, paths: paths, files: options.files)
    case .bm25: try await RankedFiles.fill(&fitting, from: tree, paths: paths, issue: issue, files: options.files)
    }
    return ContextSelection(
      strategy: options.strategy, parts: fitting.parts(commit: tree.commit), leftOut: fitting.leftOut,
      tokens: fitting.tokens, budget: options.budget)
  }

  /// Throws the `ContextError` of the first of `spans` that is no text of the tree, and what `tree` throws.
  package static func check(_ spans: [Span], in tree: any SourceTree) async throws {
    _ = try await found(spans, in: tree, paths: try await tree.paths())
  }

  private static func pin(
    _ added: [Span], _ tree: any SourceTree, _ paths: [String], _ fitting: inout Fitting
  ) async throws {
    var largest: (span: Span, tokens: Int)?
    var least = 0
    for (span, file, lines) in try await found(added, in: tree, paths: paths) {
      let tokens = fitting.kept(lines, of: file).reduce(0) { $0 + file.leastTokens($1, ratio: fitting.ratio) }
      if largest.map({ tokens > $0.tokens }) ?? true { largest = (span, tokens) }
      least = max(least, tokens)
      if least <= fitting.budget { fitting.put(fitting.kept(lines, of: file), of: file, reason: .pinned, rank: 0) }
    }
    let needed = max(least, fitting.tokens)
    if let largest, needed > fitting.budget {
      throw ContextError.tooLarge(budget: fitting.budget, needed: needed, largest: largest.span)
    }
  }

  /// The file and the real lines of each span.
  private static func found(
    _ spans: [Span], in tree: any SourceTree, paths: [String]
  ) async throws -> [(span: Span, file: SourceFile, lines: ClosedRange<Int>)] {
    guard !spans.isEmpty else { return [] }
    let known = Set(paths)
    for span in spans where !known.contains(span.path) {
      throw ContextError.noSuchFile(path: span.path, nearest: nearest(to: span.path, in: paths))
    }
    let bytes = try await tree.read(Array(Set(spans.map(\.path))).sorted())
    return try spans.map { span in
      guard let content = bytes[span.path] else {
        throw ContextError.noSuchFile(path: span.path, nearest: [])
      }
      guard let file = SourceFile(path: span.path, bytes: content) else {
        throw ContextError.notText(path: span.path)
      }
      return (span, file, try checked(span, in: file))
    }
  }

  private static func checked(_ span: Span, in file: SourceFile) throws(ContextError) -> ClosedRange<Int> {
    let last = span.last == .max ? file.lineCount : span.last
    guard span.first >= 1, last >= span.first, last <= file.lineCount else {
      throw .linesOutOfRange(path: span.path, first: span.first, last: span.last, count: file.lineCount)
    }
    return span.first...last
  }

  /// Paths that look like `path`: those that end as it does, those with its file name, then near misses of the whole.
  private static func nearest(to path: String, in paths: [String]) -> [String] {
    var found = paths.filter { $0.hasSuffix("/" + path) }
    let file = path.split(separator: "/").last.map { "/" + $0 } ?? path
    found += paths.filter { ("/" + $0).hasSuffix(file) }
    found += Nearest.names(to: path, in: paths)
    var seen: Set<String> = []
    return Array(found.filter { seen.insert($0).inserted }.prefix(3))
  }
}
