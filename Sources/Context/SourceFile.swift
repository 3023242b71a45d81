import Content

/// A text file of the tree in memory, with the places where its lines begin.
struct SourceFile: Sendable {
  let path: String
  let bytes: [UInt8]
  /// The offset of the first byte of each line, and the end of the file.
  private let starts: [Int]

  /// Nil where `bytes` hold NUL, which is how git, too, tells what is no text.
  init?(path: String, bytes: [UInt8]) {
    guard !SourceFile.isBinary(bytes) else { return nil }
    self.path = path
    self.bytes = bytes
    var starts = [0]
    bytes.withUnsafeBufferPointer { bytes in
      for index in bytes.indices where bytes[index] == newline { starts.append(index + 1) }
    }
    if starts.last != bytes.count { starts.append(bytes.count) }
    self.starts = starts
  }

  static func isBinary(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { $0.contains(0) }
  }

  /// The number of lines; a last line without a line end counts.
  var lineCount: Int { starts.count - 1 }

  /// The byte range of the 1-based, inclusive `lines`, which must be lines of the file.
  func byteRange(_ lines: ClosedRange<Int>) -> Range<Int> {
    starts[lines.lowerBound - 1]..<starts[lines.upperBound]
  }

  /// The text of `lines` with their line ends.
  func text(_ lines: ClosedRange<Int>) -> String {
    String(decoding: bytes[byteRange(lines)], as: UTF8.self)
  }

  /// What `lines` take in a prompt, with a header line and numbers.
  func tokens(_ lines: ClosedRange<Int>, ratio: TokenRatio) -> Int {
    let header = "\(Span(path: path, first: lines.lowerBound, last: lines.upperBound))\n"
    let text = numbered(text(lines), from: lines.lowerBound, to: lines.upperBound)
    return Tokens.estimate(header + text, ratio: ratio)
  }

  /// A number that `tokens` never falls below, without looking at the text: three bytes a token, or, where that depends on
  /// how the text is written, what a line of blanks takes.
  func leastTokens(_ lines: ClosedRange<Int>, ratio: TokenRatio) -> Int {
    let bytes = Double(byteRange(lines).count)
    return ratio.isAuto ? Int(bytes / 50 * ratio.value) : Int(bytes / 3 * ratio.value)
  }
}
