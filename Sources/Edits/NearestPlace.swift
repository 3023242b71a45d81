/// The place in a file that looks most like a block that is not in it.
enum NearestPlace {
  /// The region about the likeliest first line that differs, or nil where nothing is alike.
  ///
  /// Every line of the file that equals a line of the block, but for blanks round it, votes for the place where the
  /// block would then begin; long lines and lines that are rare in the file have more to say. Where no line is equal,
  /// the run of lines that shares most words with the block is taken. Ties go to the first place. Cost: one look-up for
  /// each line of the file, or one for each word.
  static func region(of block: [ArraySlice<UInt8>], in text: SourceText, fingerprints: [Int]) -> Region? {
    guard let start = voted(block, fingerprints) ?? sharing(block, text) else { return nil }
    let wanted = block.map(Fingerprint.of)
    var line = max(0, start)
    if block.count > Region.limit {
      let differing = wanted.indices.first { index in
        !fingerprints.indices.contains(start + index) || fingerprints[start + index] != wanted[index]
      }
      line = max(0, start + max(0, (differing ?? 0) - Region.limit / 2))
    }
    return text.region(about: line + 1)
  }

  private static func voted(_ block: [ArraySlice<UInt8>], _ fingerprints: [Int]) -> Int? {
    var places: [Int: [Int]] = [:]
    var weights: [Int: Int] = [:]
    for (index, line) in block.enumerated() {
      let fingerprint = Fingerprint.of(line)
      if fingerprint == Fingerprint.blank { continue }
      places[fingerprint, default: []].append(index)
      weights[fingerprint] = min(line.withoutBlanks.count, 60)
    }
    var seen: [Int: Int] = [:]
    var hits: [(line: Int, fingerprint: Int)] = []
    for (line, fingerprint) in fingerprints.enumerated() where places[fingerprint] != nil {
      seen[fingerprint, default: 0] += 1
      hits.append((line, fingerprint))
    }
    var votes = [Int](repeating: 0, count: fingerprints.count + block.count)
    for (line, fingerprint) in hits {
      let offsets = places[fingerprint] ?? []
      let vote = (weights[fingerprint] ?? 0) * 64 / ((seen[fingerprint] ?? 1) * offsets.count)
      for offset in offsets.prefix(8) { votes[line - offset + block.count] += vote }
    }
    guard let most = votes.max(), most > 0, let place = votes.firstIndex(of: most) else { return nil }
    return place - block.count
  }

  private static func sharing(_ block: [ArraySlice<UInt8>], _ text: SourceText) -> Int? {
    let words = Set(block.flatMap(words(of:)))
    guard !words.isEmpty, !text.lines.isEmpty else { return nil }
    let shared = text.lines.map { Set(NearestPlace.words(of: $0.content)).intersection(words).count }
    let width = min(block.count, shared.count)
    var sum = shared[..<width].reduce(0, +)
    var best = (sum: sum, start: 0)
    for start in 1..<max(1, shared.count - width + 1) {
      sum += shared[start + width - 1] - shared[start - 1]
      if sum > best.sum { best = (sum, start) }
    }
    return best.sum > 0 ? best.start : nil
  }

  /// Fingerprints of the words of a line that are three bytes or longer.
  private static func words(of line: ArraySlice<UInt8>) -> [Int] {
    line.split { !$0.isWord }.filter { $0.count > 2 }.map(Fingerprint.of)
  }
}
