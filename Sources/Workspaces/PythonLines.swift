/// The logical lines of a Python file by their first words, and the blank lines between its definitions. Enough to know
/// where a statement can stand; what the statements mean is not looked at.
struct PythonLines {
  /// A logical line.
  struct Statement {
    /// The first physical line, from 0.
    let line: Int
    let indent: Int
    /// The physical lines of the statement, without the indentation of the first.
    let text: Substring
  }

  /// The physical lines, without their line feeds.
  let lines: [Substring]
  let statements: [Statement]
  /// Blank lines, from 0, that stand right before a definition at the left margin, and behind no decorator.
  let gaps: [Int]

  /// Nil where a string or a bracket is open at the end, so that nothing can be said of the file.
  init?(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var scan = Scan()
    var statements: [Statement] = []
    var blanks: [Int] = []
    var open: (line: Int, indent: Int, text: Substring)?
    for (number, line) in lines.enumerated() {
      let isFirst = open == nil
      if isFirst {
        let body = line.drop { $0 == " " || $0 == "\t" || $0 == "\u{feff}" }
        if body.allSatisfy(\.isWhitespace) {
          blanks.append(number)
          continue
        }
        if body.first == "#" { continue }
        open = (number, line.count - body.count, body)
      } else if let begun = open {
        open = (begun.line, begun.indent, text[begun.text.startIndex..<line.endIndex])
      }
      if scan.isOpen(after: line) { continue }
      if let begun = open { statements.append(Statement(line: begun.line, indent: begun.indent, text: begun.text)) }
      open = nil
    }
    guard open == nil else { return nil }
    self.statements = statements
    gaps = PythonLines.gaps(blanks, statements)
  }

  private static func gaps(_ blanks: [Int], _ statements: [Statement]) -> [Int] {
    var next = 0
    return blanks.filter { blank in
      while next < statements.count, statements[next].line < blank { next += 1 }
      guard next > 0, next < statements.count else { return false }
      return statements[next].indent == 0 && isDefinition(statements[next].text)
        && statements[next - 1].text.first != "@"
    }
  }

  private static func isDefinition(_ text: Substring) -> Bool {
    ["def ", "class ", "async def ", "@"].contains { text.hasPrefix($0) }
  }

  /// What is open from one line to the next: a string, brackets, a backslash.
  private struct Scan {
    private var quote: (mark: UInt8, isTriple: Bool)?
    private var depth = 0

    /// Reads `line`; true where its statement goes on in the next.
    mutating func isOpen(after line: Substring) -> Bool {
      let bytes = Array(line.utf8)
      var at = 0
      var isContinued = false
      func isTriple(_ mark: UInt8) -> Bool { at + 2 < bytes.count && bytes[at + 1] == mark && bytes[at + 2] == mark }
      while at < bytes.count {
        let byte = bytes[at]
        if let open = quote {
          if byte == UInt8(ascii: "\\") {
            if at + 1 >= bytes.count { isContinued = true }
            at += 1
          } else if byte == open.mark, !open.isTriple || isTriple(byte) {
            quote = nil
            if open.isTriple { at += 2 }
          }
        } else {
          switch byte {
          case UInt8(ascii: "#"):
            at = bytes.count
            continue
          case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let triple = isTriple(byte)
            quote = (byte, triple)
            if triple { at += 2 }
          case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
          case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
          case UInt8(ascii: "\\") where bytes[(at + 1)...].allSatisfy({ $0 == 13 }): isContinued = true
          default: break
          }
        }
        at += 1
      }
      // A plain string does not go over the end of its line.
      if let open = quote, !open.isTriple, !isContinued { quote = nil }
      return quote != nil || depth > 0 || isContinued
    }
  }
}
