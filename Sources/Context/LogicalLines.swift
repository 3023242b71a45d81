/// Python's logical lines: one statement each, over as many lines as its strings, brackets and backslashes take.
struct LogicalLines {
  /// A logical line that holds more than blanks and a comment.
  struct Line {
    /// Where its text begins, behind the indentation, and where its last line ends.
    var start: Int
    var end: Int
    /// The width of its indentation; a tab goes to the next multiple of 8.
    var indent: Int
    /// The 1-based line of its text, or of the first of the comment lines that stand directly above it.
    var firstWithComments: Int
  }

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> Line? {
    var comments: Int?
    while index < bytes.count {
      let lineStart = index
      let indent = skipIndent()
      guard index < bytes.count else { return nil }
      switch bytes[index] {
      case newline, carriageReturn:
        comments = nil
        skipRestOfLine()
      case UInt8(ascii: "#"):
        if comments == nil { comments = line }
        skipRestOfLine()
      default:
        let first = line
        let start = index
        skipStatement()
        if index == lineStart { index += 1 }
        return Line(start: start, end: index, indent: indent, firstWithComments: comments ?? first)
      }
    }
    return nil
  }

  private mutating func skipIndent() -> Int {
    var width = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: " "): width += 1
      case UInt8(ascii: "\t"): width = (width / 8 + 1) * 8
      case 12, 0xef, 0xbb, 0xbf: break  // form feed; a byte order mark
      default: return width
      }
      index += 1
    }
    return width
  }

  private mutating func skipRestOfLine() {
    while index < bytes.count, bytes[index] != newline { index += 1 }
    if index < bytes.count {
      index += 1
      line += 1
    }
  }

  private mutating func skipStatement() {
    var depth = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth = max(0, depth - 1)
      case UInt8(ascii: "#"):
        while index + 1 < bytes.count, bytes[index + 1] != newline { index += 1 }
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        skipString(byte)
        continue
      case UInt8(ascii: "\\"):
        if index + 1 < bytes.count, bytes[index + 1] == carriageReturn { index += 1 }
        if index + 1 < bytes.count, bytes[index + 1] == newline {
          index += 1
          line += 1
        }
      case newline:
        line += 1
        if depth == 0 || startsStatement(index + 1) {
          index += 1
          return
        }
      default:
        break
      }
      index += 1
    }
  }

  /// True where a definition stands at the left margin at `start`: a bracket before it was never closed.
  private func startsStatement(_ start: Int) -> Bool {
    guard start < bytes.count, bytes[start] == UInt8(ascii: "d") || bytes[start] == UInt8(ascii: "c") else {
      return false
    }
    return bytes[start...].starts(with: "def ".utf8) || bytes[start...].starts(with: "class ".utf8)
  }

  /// Skips the string that `quote` opens at `index`. One that is not closed ends with its line, or with the file where
  /// it has three quotes.
  private mutating func skipString(_ quote: UInt8) {
    let triple = index + 2 < bytes.count && bytes[index + 1] == quote && bytes[index + 2] == quote
    index += triple ? 3 : 1
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\") {
        if index + 1 < bytes.count, bytes[index + 1] == carriageReturn { index += 1 }
        if index + 1 < bytes.count, bytes[index + 1] == newline { line += 1 }
        index += 2
        continue
      }
      if byte == newline {
        if !triple { return }
        line += 1
      } else if byte == quote {
        if !triple {
          index += 1
          return
        }
        if index + 2 < bytes.count, bytes[index + 1] == quote, bytes[index + 2] == quote {
          index += 3
          return
        }
      }
      index += 1
    }
    index = min(index, bytes.count)
  }
}
