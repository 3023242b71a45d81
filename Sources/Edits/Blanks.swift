/// Blanks are space, tab, carriage return, vertical tab and form feed.
extension UInt8 {
  var isBlank: Bool { self == 32 || self == 9 || (11...13).contains(self) }
  var isASCIILetter: Bool { (65...90).contains(self) || (97...122).contains(self) }
  var isDigit: Bool { (48...57).contains(self) }
  /// A byte of a word: a letter, a digit, an underscore, or part of a character beyond ASCII.
  var isWord: Bool { isASCIILetter || isDigit || self == 95 || self >= 128 }
  var lowercased: UInt8 { (65...90).contains(self) ? self + 32 : self }
}

/// One line as bytes, without its line end.
extension ArraySlice<UInt8> {
  var isBlank: Bool { firstWord == endIndex }

  /// The index of the first byte that is no blank.
  private var firstWord: Int {
    var index = startIndex
    while index < endIndex, self[index].isBlank { index += 1 }
    return index
  }

  /// The line from its first byte that is no blank.
  var withoutIndentation: ArraySlice<UInt8> { self[firstWord..<endIndex] }

  /// The blanks in front; all of a blank line.
  var indentation: ArraySlice<UInt8> { self[startIndex..<firstWord] }

  var withoutTrailingBlanks: ArraySlice<UInt8> {
    var end = endIndex
    while end > startIndex, self[end - 1].isBlank { end -= 1 }
    return self[startIndex..<end]
  }

  var withoutBlanks: ArraySlice<UInt8> { withoutIndentation.withoutTrailingBlanks }

  /// The bytes as text; what is not UTF-8 shows as U+FFFD.
  var text: String { String(decoding: self, as: UTF8.self) }

  /// The line without `word` in front, which is lower-case ASCII and matches any case; nil where it does not begin so.
  func dropping(word: StaticString) -> ArraySlice<UInt8>? {
    let length = word.utf8CodeUnitCount
    guard count >= length else { return nil }
    let matches = word.withUTF8Buffer { buffer in
      (0..<length).allSatisfy { self[startIndex + $0].lowercased == buffer[$0] }
    }
    return matches ? dropFirst(length) : nil
  }
}

/// Splitting into lines and joining them again.
enum LineSplit {
  /// The lines of `bytes`, each without its LF or CRLF. A last line that has no end counts; nothing after a last LF
  /// does not.
  static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    lines.reserveCapacity(bytes.count / 32)
    var start = 0
    while let index = ByteSearch.newline(in: bytes, from: start) {
      let end = index > start && bytes[index - 1] == 13 ? index - 1 : index
      lines.append(bytes[start..<end])
      start = index + 1
    }
    if start < bytes.count { lines.append(bytes[start...]) }
    return lines
  }

  /// The lines of `text`, as of its UTF-8 bytes.
  static func lines(of text: String) -> [ArraySlice<UInt8>] { lines(of: Array(text.utf8)) }

  /// `lines` as one text, each terminated by LF.
  static func text(_ lines: some Sequence<ArraySlice<UInt8>>) -> String {
    var bytes: [UInt8] = []
    for line in lines {
      bytes.append(contentsOf: line)
      bytes.append(10)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
