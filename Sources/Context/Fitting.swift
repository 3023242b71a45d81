import Content

/// A selection while it is being filled: what is in, what it costs, and what did not fit. The cost is never above the
/// budget, because lines go in only after the parts they would make have been counted.
struct Fitting {
  private struct Chosen {
    var lines = LineSet()
    /// The reason and rank of every piece put in, by its range.
    var pieces: [(range: ClosedRange<Int>, reason: ContextPart.Reason, rank: Int)] = []
    var tokens = 0
  }

  let budget: Int
  let ratio: TokenRatio
  private let dropped: [Span]
  private var chosen: [String: Chosen] = [:]
  private var files: [String: SourceFile] = [:]
  private(set) var tokens = 0
  private(set) var leftOut: [Candidate] = []
  private(set) var nextRank = 1

  init(budget: Int, ratio: TokenRatio, dropped: [Span]) {
    self.budget = budget
    self.ratio = ratio
    self.dropped = dropped
  }

  /// What the budget still has room for.
  var room: Int { budget - tokens }

  /// The pieces of `lines` of `file` that were not dropped.
  func kept(_ lines: ClosedRange<Int>, of file: SourceFile) -> [ClosedRange<Int>] {
    Span(path: file.path, first: lines.lowerBound, last: lines.upperBound).subtracting(dropped)
      .map { $0.first...$0.last }
  }

  /// The pieces of `lines` of `file` that are neither in nor dropped.
  func missing(_ lines: ClosedRange<Int>, of file: SourceFile) -> [ClosedRange<Int>] {
    var rest = LineSet()
    for range in kept(lines, of: file) { rest.insert(range) }
    for range in chosen[file.path]?.lines.ranges ?? [] { rest.subtract(range) }
    return rest.ranges
  }

  /// True where no line of `path` may be shown.
  func isDropped(_ path: String) -> Bool { Span(path: path).subtracting(dropped).isEmpty }

  /// What the selection would cost more with `lines` of `file`, in tokens.
  func cost(_ lines: [ClosedRange<Int>], of file: SourceFile) -> Int {
    var all = chosen[file.path]?.lines ?? LineSet()
    for range in lines { all.insert(range) }
    return all.ranges.reduce(0) { $0 + file.tokens($1, ratio: ratio) } - (chosen[file.path]?.tokens ?? 0)
  }

  /// Puts `lines` of `file` in without a look at the budget; takes the next rank where none is given.
  mutating func put(
    _ lines: [ClosedRange<Int>], of file: SourceFile, reason: ContextPart.Reason, rank: Int? = nil
  ) {
    guard !lines.isEmpty else { return }
    let more = cost(lines, of: file)
    let place = rank ?? nextRank
    if rank == nil { nextRank += 1 }
    files[file.path] = file
    for range in lines {
      chosen[file.path, default: Chosen()].lines.insert(range)
      chosen[file.path, default: Chosen()].pieces.append((range, reason, place))
    }
    chosen[file.path, default: Chosen()].tokens += more
    tokens += more
  }

  /// Puts the lines of `range` that were not dropped in, where they cost at most `limit` and the budget has room; else
  /// lists them as left out. Takes the next rank either way. False where they were left out.
  @discardableResult
  mutating func offer(
    _ range: ClosedRange<Int>, of file: SourceFile, reason: ContextPart.Reason, limit: Int = .max
  ) -> Bool {
    let lines = kept(range, of: file)
    guard !lines.isEmpty else { return true }
    if cost(lines, of: file) <= min(limit, room) {
      put(lines, of: file, reason: reason)
      return true
    }
    leave(range, of: file)
    return false
  }

  /// Lists what is missing of `range` as left out, with the next rank.
  mutating func leave(_ range: ClosedRange<Int>, of file: SourceFile) {
    let lines = missing(range, of: file)
    guard !lines.isEmpty else { return }
    let rank = nextRank
    nextRank += 1
    for range in lines where leftOut.count < 20 {
      leftOut.append(
        Candidate(
          span: Span(path: file.path, first: range.lowerBound, last: range.upperBound),
          tokens: file.tokens(range, ratio: ratio), rank: rank))
    }
  }

  /// The parts in the order shown: files by their best rank, then lines.
  func parts(commit: String) -> [ContextPart] {
    let order = chosen.map { path, chosen in (path: path, rank: chosen.pieces.map(\.rank).min() ?? .max) }
      .sorted { ($0.rank, $0.path) < ($1.rank, $1.path) }
    return order.flatMap { path, _ -> [ContextPart] in
      guard let chosen = chosen[path], let file = files[path] else { return [] }
      return chosen.lines.ranges.map { range in
        let best = chosen.pieces.filter { $0.range.overlaps(range) }.min { $0.rank < $1.rank }
        return ContextPart(
          span: Span(path: path, first: range.lowerBound, last: range.upperBound), text: file.text(range),
          tokens: file.tokens(range, ratio: ratio), reason: best?.reason ?? .pinned, rank: best?.rank ?? 0,
          origin: .repository(
            commit: commit, path: path, firstLine: range.lowerBound, lastLine: range.upperBound))
      }
    }
  }
}
