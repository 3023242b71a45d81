/// The blocks of one file in the order in which an issue makes them worth showing.
struct BlockChoice {
  /// A block with its score.
  struct Scored {
    var lines: ClosedRange<Int>
    var score: Double
  }

  /// Best first, ties in line order; blocks without any match are not among them.
  private(set) var blocks: [Scored] = []

  /// Scores the blocks of `file` by the terms of `query`, weighed by `rarity`, on top of which come the lines and names
  /// that `evidence` has for the file. A block longer than `longest` lines is cut round its best line.
  init(_ file: SourceFile, query: Query, rarity: [Double], evidence: Evidence, longest: Int) {
    let outline = Outline(file)
    var counts = [Int32](repeating: 0, count: query.terms.count)
    let lines = evidence.lines[file.path] ?? []
    let names = evidence.names[file.path] ?? []
    let scans = outline.blocks.map { block in
      SourceScan(
        file.bytes, in: file.byteRange(block.first...block.last), firstLine: block.first, query: query, counts: &counts)
    }
    let average = max(1, Double(scans.reduce(0) { $0 + $1.length }) / Double(max(1, scans.count)))
    for (block, scan) in zip(outline.blocks, scans) {
      var score = scan.hits.reduce(0.0) { sum, hit in
        sum + query.terms[hit.term].weight * rarity[hit.term]
          * Ranking.saturated(Double(hit.count), scan.length, average)
      }
      if let name = block.name, names.contains(name) { score = score * 1.5 + BlockChoice.nameWeight }
      let pointed = lines.filter { (block.first...block.last).contains($0.line) }
      score += BlockChoice.lineWeight * (pointed.map(\.weight).max() ?? 0)
      guard score > 0 else { continue }
      let range = block.first...block.last
      if range.count <= longest {
        blocks.append(Scored(lines: range, score: score))
      } else {
        let best =
          pointed.max { $0.weight < $1.weight }?.line
          ?? BlockChoice.bestLine(range, of: file, query: query, rarity: rarity, counts: &counts)
        blocks.append(Scored(lines: BlockChoice.window(round: best, in: range, length: longest), score: score))
      }
    }
    blocks.sort { left, right in
      left.score != right.score ? left.score > right.score : left.lines.lowerBound < right.lines.lowerBound
    }
  }

  /// What a block gains whose function or class the issue names.
  private static let nameWeight = 20.0
  /// What a block gains, times the weight of the frame, that holds a line to which the issue points.
  private static let lineWeight = 30.0

  /// The `length` lines of `range` that have `line` as near to their middle as can be.
  static func window(round line: Int, in range: ClosedRange<Int>, length: Int) -> ClosedRange<Int> {
    let first = max(range.lowerBound, min(line - length / 2, range.upperBound - length + 1))
    return first...min(range.upperBound, first + length - 1)
  }

  /// The line round which the rarest terms stand closest: it has the best sum over itself and ten lines on either side,
  /// and is the middle one of those that follow one another with that sum.
  private static func bestLine(
    _ range: ClosedRange<Int>, of file: SourceFile, query: Query, rarity: [Double], counts: inout [Int32]
  ) -> Int {
    let scores = range.map { line in
      SourceScan(file.bytes, in: file.byteRange(line...line), firstLine: line, query: query, counts: &counts).hits
        .reduce(0.0) { $0 + query.terms[$1.term].weight * rarity[$1.term] }
    }
    var best = (sum: -1.0, first: 0, last: 0)
    var sum = scores.prefix(reach).reduce(0, +)
    for middle in scores.indices {
      if middle + reach < scores.count { sum += scores[middle + reach] }
      if middle > reach { sum -= scores[middle - reach - 1] }
      if sum > best.sum + 1e-9 {
        best = (sum, middle, middle)
      } else if sum > best.sum - 1e-9, best.last == middle - 1 {
        best.last = middle
      }
    }
    return range.lowerBound + (best.first + best.last) / 2
  }

  /// How many lines on either side of one count as near it.
  private static let reach = 10
}
