/// The place in a file that looks most like a block that is not in it.
enum NearestPlace {
  /// The 0-based line where the block would begin, perhaps before the file does, or nil where nothing is alike.
  ///
  /// Every line of the file that equals a line of the block, but for blanks round it, votes for the place where the
  /// block would then begin; long lines and lines that are rare in the file have more to say. Where no line is equal,
  /// the run of lines that shares most words with the block is taken. Ties go to the first place. Cost: one look-up for
  /// each line of the file, or one for each word.
  static func start(of block: [ArraySlice<UInt8>], in text: SourceText, fingerprints: [Int]) -> Int? {
    voted(block, fingerprints) ?? sharing(block, text)
  }

  /// The lines about the first that differs of a block that would begin at the 0-based `start`.
  static func region(
    of block: [ArraySlice<UInt8>], at start: Int, in text: SourceText, fingerprints: [Int]
  ) -> Region? {
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
    let words = WordSet(of: block)
    let shared = words.counts(in: text.lines)
    guard !shared.isEmpty else { return nil }
    let width = min(block.count, shared.count)
    var sum = shared[..<width].reduce(0, +)
    var best = (sum: sum, start: 0)
    for start in 1..<max(1, shared.count - width + 1) {
      sum += shared[start + width - 1] - shared[start - 1]
      if sum > best.sum { best = (sum, start) }
    }
    return best.sum > 0 ? best.start : nil
  }
}

/// The words of a block that are three bytes or longer.
private struct WordSet {
  private var numbers: [UInt64: Int] = [:]
  /// True at the low bits of every word: most words of a file are told apart by a look at one byte.
  private var sieve = [Bool](repeating: false, count: 1 << 12)

  init(of block: [ArraySlice<UInt8>]) {
    for line in block {
      WordSet.forEachWord(in: line) { word in
        numbers[word] = numbers[word] ?? numbers.count
        sieve[Int(word & 0xFFF)] = true
      }
    }
  }

  /// How many different words of the set are on each line.
  func counts(in lines: [SourceText.Line]) -> [Int] {
    var lastSeen = [Int](repeating: -1, count: numbers.count)
    return lines.enumerated().map { index, line in
      var count = 0
      WordSet.forEachWord(in: line.content) { word in
        guard sieve[Int(word & 0xFFF)], let number = numbers[word], lastSeen[number] != index else { return }
        lastSeen[number] = index
        count += 1
      }
      return count
    }
  }

  private static func forEachWord(in line: ArraySlice<UInt8>, _ body: (UInt64) -> Void) {
    line.withUnsafeBufferPointer { bytes in
      var word: UInt64 = 0
      var length = 0
      for byte in bytes {
        if byte.isWord {
          word = (word ^ UInt64(byte)) &* 0x100_0000_01b3
          length += 1
        } else {
          if length > 2 { body(word ^ (word >> 32)) }
          (word, length) = (0, 0)
        }
      }
      if length > 2 { body(word ^ (word >> 32)) }
    }
  }
}
