/// The places where a block of lines stands in a file.
struct BlockMatch {
  let step: MatchingStep
  /// 0-based indices of the first line, ascending; never empty.
  let places: [Int]

  /// The places of `block` by the first step that finds one, or nil. `fingerprints` are those of the file's lines.
  ///
  /// Cost: one comparison of numbers for each line of the file; lines themselves are compared only where all
  /// fingerprints agree.
  init?(of block: [ArraySlice<UInt8>], in lines: [SourceText.Line], fingerprints: [Int]) {
    let wanted = block.map(Fingerprint.of)
    let candidates = BlockMatch.candidates(wanted, in: fingerprints)
    let steps: [(MatchingStep, (ArraySlice<SourceText.Line>) -> Bool)] = [
      (.exact, { zip($0, block).allSatisfy { $0.content == $1 } }),
      (.trailingBlanks, { zip($0, block).allSatisfy { $0.content.withoutTrailingBlanks == $1.withoutTrailingBlanks } }),
      (.indentation, { IndentationShift(from: block, to: $0) != nil }),
    ]
    for (step, matches) in steps {
      let places = candidates.filter { matches(lines[$0..<$0 + block.count]) }
      if !places.isEmpty {
        self.step = step
        self.places = places
        return
      }
    }
    return nil
  }

  /// The indices where `wanted` stands in `fingerprints`. The line of `wanted` that the file has least often leads.
  static func candidates(_ wanted: [Int], in fingerprints: [Int]) -> [Int] {
    guard !wanted.isEmpty, wanted.count <= fingerprints.count else { return [] }
    let lead = wanted.firstIndex { $0 != Fingerprint.blank } ?? 0
    let last = fingerprints.count - wanted.count
    var found: [Int] = []
    for start in 0...last where fingerprints[start + lead] == wanted[lead] {
      if wanted.indices.allSatisfy({ fingerprints[start + $0] == wanted[$0] }) { found.append(start) }
    }
    return found
  }
}

/// A number that stands for a line without the blanks round it; equal lines have equal numbers.
enum Fingerprint {
  static let blank = of([])

  /// A number that lines have in common which are equal when no blank counts.
  static func withoutBlanks(_ line: ArraySlice<UInt8>) -> Int {
    line.withUnsafeBufferPointer { bytes in
      var value: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in bytes where !byte.isBlank { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
      return Int(truncatingIfNeeded: value ^ (value >> 32))
    }
  }

  /// FNV-1a over words of eight bytes and the bytes that are left.
  static func of(_ line: ArraySlice<UInt8>) -> Int {
    line.withUnsafeBytes { bytes in
      var start = 0
      var end = bytes.count
      while start < end, bytes[start].isBlank { start += 1 }
      while end > start, bytes[end - 1].isBlank { end -= 1 }
      var value: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(end - start)
      while end - start >= 8 {
        value = (value ^ bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)) &* 0x100_0000_01b3
        value ^= value >> 29
        start += 8
      }
      while start < end {
        value = (value ^ UInt64(bytes[start])) &* 0x100_0000_01b3
        start += 1
      }
      return Int(truncatingIfNeeded: value ^ (value >> 32))
    }
  }
}

/// The blanks that every line of a file has more, or less, than the lines of a block that is otherwise the same.
struct IndentationShift {
  private let blanks: ArraySlice<UInt8>
  /// True where the file's lines have the blanks more, false where they have them less.
  private let isDeeper: Bool

  /// The shift from `block` to as many `lines` of a file, or nil where none fits all lines that are not blank.
  init?(from block: [ArraySlice<UInt8>], to lines: ArraySlice<SourceText.Line>) {
    guard let (first, line) = zip(block, lines).first(where: { !$0.0.isBlank }) else { return nil }
    let mine = first.indentation
    let theirs = line.content.indentation
    isDeeper = theirs.count >= mine.count
    blanks = isDeeper ? theirs.prefix(theirs.count - mine.count) : mine.prefix(mine.count - theirs.count)
    for (old, line) in zip(block, lines) {
      if old.isBlank && line.content.isBlank { continue }
      guard let shifted = shifted(old), shifted.withoutTrailingBlanks == line.content.withoutTrailingBlanks else {
        return nil
      }
    }
  }

  /// `line` with the blanks added or taken off; nil where it does not have them. A blank line stays as it is.
  func shifted(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    if line.isBlank { return line }
    if isDeeper { return blanks + line }
    return line.starts(with: blanks) ? line.dropFirst(blanks.count) : nil
  }

  /// True for new lines that stand already where the file's do, though the SEARCH lines do not: their first line says so.
  static func isPlaced(
    _ new: [ArraySlice<UInt8>], insteadOf search: some Sequence<ArraySlice<UInt8>>, at theirs: [ArraySlice<UInt8>]
  ) -> Bool {
    guard let mine = search.first(where: { !$0.isBlank })?.indentation,
      let file = theirs.first(where: { !$0.isBlank })?.indentation,
      let first = new.first(where: { !$0.isBlank })?.indentation
    else { return false }
    return mine != file && first == file
  }
}
