/// The strategy `bm25`.
enum RankedFiles {
  /// The share of the budget that one file may take.
  private static let share = 3
  /// Blocks that score less than this part of the file's best block are left out.
  private static let worthwhile = 0.25

  static func fill(
    _ fitting: inout Fitting, from tree: any SourceTree, paths: [String], issue: String, files limit: Int
  ) async throws {
    let text = Array(issue.utf8)
    let mentions = Mentions(issue: text)
    let query = Query(issue: text, names: mentions.names)
    let scanned = try await RepositoryScan.scan(paths, of: tree, query: query)
    let evidence = Evidence(mentions, table: PathTable(paths), scanned: scanned)
    let ranking = Ranking(scanned, query: query, evidence: evidence)
    let best = ranking.files.filter { !fitting.isDropped($0.path) }.prefix(limit + 20)
    let read = try await tree.read(best.map(\.path))
    var rest: [(file: SourceFile, lines: ClosedRange<Int>)] = []
    var taken = 0
    for ranked in best {
      guard let bytes = read[ranked.path], let file = SourceFile(path: ranked.path, bytes: bytes), file.lineCount > 0
      else { continue }
      let whole = 1...file.lineCount
      if fitting.missing(whole, of: file).isEmpty { continue }
      let allowance = min(fitting.budget / share, fitting.room)
      let reason: ContextPart.Reason = ranked.isNamed ? .named : .bm25
      if taken < limit, file.leastTokens(whole, ratio: fitting.ratio) <= allowance,
        fitting.cost(fitting.kept(whole, of: file), of: file) <= allowance
      {
        fitting.offer(whole, of: file, reason: reason)
        taken += 1
        continue
      }
      let longest = max(10, fitting.budget / share / 16)
      let choice = BlockChoice(
        file, query: query, rarity: ranking.rarity, evidence: evidence, longest: longest)
      let top = choice.blocks.first?.score ?? 0
      if taken >= limit {
        if let block = choice.blocks.first { rest.append((file, block.lines)) }
        continue
      }
      let before = fitting.tokens
      for (index, block) in choice.blocks.enumerated() {
        let left = min(fitting.budget / share - (fitting.tokens - before), fitting.room)
        if index < 8, block.score >= top * worthwhile, left > 0 {
          if !fitting.offer(block.lines, of: file, reason: reason, limit: left), index > 3 { break }
        } else if index < 3 {
          rest.append((file, block.lines))
        }
      }
      if fitting.tokens > before { taken += 1 }
    }
    for (file, lines) in rest { fitting.leave(lines, of: file) }
  }
}
