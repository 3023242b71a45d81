/// A text file as lines, every byte kept: the mark in front, the line ends, a missing last end, bytes beyond UTF-8.
struct SourceText {
  enum LineEnd: Equatable { case lf, crlf, none }

  struct Line {
    /// Without the line end.
    var content: ArraySlice<UInt8>
    /// `none` only on the last line of a file, and on lines whose end is yet to be chosen.
    var end: LineEnd
    /// The 1-based number in the file as it was read; nil for a line that an edit brought.
    var number: Int?
  }

  private(set) var lines: [Line]
  /// How many lines the file had when it was read.
  private(set) var count: Int
  private let mark: [UInt8]
  private let endsWithLineEnd: Bool
  /// The line end that most lines have; LF where they are even.
  private let commonEnd: LineEnd

  /// The file with `bytes`, or nil where they hold a NUL and so are no text.
  init?(_ bytes: [UInt8]) {
    if bytes.contains(0) { return nil }
    mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? [0xEF, 0xBB, 0xBF] : []
    var ends: [Int] = []
    bytes.withUnsafeBufferPointer { buffer in
      for index in buffer.indices where buffer[index] == 10 { ends.append(index) }
    }
    var lines: [Line] = []
    lines.reserveCapacity(ends.count + 1)
    var start = mark.count
    var crlf = 0
    for end in ends {
      let isCRLF = end > start && bytes[end - 1] == 13
      if isCRLF { crlf += 1 }
      lines.append(
        Line(content: bytes[start..<(isCRLF ? end - 1 : end)], end: isCRLF ? .crlf : .lf, number: lines.count + 1))
      start = end + 1
    }
    commonEnd = crlf * 2 > lines.count ? .crlf : .lf
    endsWithLineEnd = start == bytes.count
    if start < bytes.count { lines.append(Line(content: bytes[start...], end: .none, number: lines.count + 1)) }
    self.lines = lines
    count = lines.count
  }

  /// A new file: LF, and an end after the last line.
  init(new lines: [ArraySlice<UInt8>]) {
    self.lines = lines.map { Line(content: $0, end: .lf, number: nil) }
    count = 0
    mark = []
    endsWithLineEnd = true
    commonEnd = .lf
  }

  /// The bytes of the file: the last line has an end exactly where the file had one when it was read.
  var bytes: [UInt8] {
    var bytes = mark
    for (index, line) in lines.enumerated() {
      bytes.append(contentsOf: line.content)
      if index == lines.count - 1, !endsWithLineEnd { break }
      bytes.append(contentsOf: (line.end == .none ? commonEnd : line.end) == .crlf ? [13, 10] : [10])
    }
    return bytes
  }

  /// Takes the numbers back over a splice at the 0-based `line` that was made before the text was taken apart: lines that
  /// it brought lose theirs.
  mutating func renumber(_ line: Int, removed: Int, added: Int) {
    for index in lines.indices where index >= line {
      lines[index].number = index < line + added ? nil : index + 1 - added + removed
    }
    count += removed - added
  }

  /// The number in the file as it was read of the line at `index`, or of the nearest old line before it, or 1.
  func number(at index: Int) -> Int {
    lines[...min(index, lines.count - 1)].last { $0.number != nil }?.number ?? 1
  }

  /// The numbers in the file as it was read of the first and the last old line in `range`; nil where there is none.
  func numbers(of range: Range<Int>) -> ClosedRange<Int>? {
    let numbers = lines[range].lazy.compactMap(\.number)
    guard let first = numbers.first, let last = numbers.last else { return nil }
    return min(first, last)...max(first, last)
  }

  /// Puts `new` in the place of `range`. A new line that stands for an old one, as `old` says by its offset in `range`,
  /// keeps that line byte for byte; every other takes the line end of the line before it.
  mutating func replace(_ range: Range<Int>, with new: [ArraySlice<UInt8>], standingFor old: [Int?]) {
    var made: [Line] = []
    made.reserveCapacity(new.count)
    var end = range.lowerBound > 0 ? lines[range.lowerBound - 1].end : lines.first?.end ?? commonEnd
    if end == .none { end = commonEnd }
    for (content, offset) in zip(new, old) {
      if let offset {
        made.append(lines[range.lowerBound + offset])
        if let kept = made.last?.end, kept != .none { end = kept }
      } else {
        made.append(Line(content: content, end: end, number: nil))
      }
    }
    lines.replaceSubrange(range, with: made)
  }

  /// At most `Region.limit` lines about `line` (1-based), beginning with it where that many follow.
  func region(about line: Int) -> Region? {
    guard !lines.isEmpty else { return nil }
    let first = max(1, min(line, lines.count - Region.limit + 1))
    let last = min(lines.count, first + Region.limit - 1)
    return Region(
      firstLine: first, lines: lines[first - 1..<last].map { String($0.content.prefix(800).text.prefix(200)) })
  }
}
