/// Cuts Python source into tokens, with the indents and dedents that Python sees.
///
/// Rules: Python's language reference, lexical analysis. A string of any prefix is one token; the fields of an f-string
/// may hold strings in its own quotes, as since Python 3.12.
struct PythonLexer {
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var depth = 0
  /// The columns of the blocks that are open, tabs counted to eight and as one.
  private var columns: [(wide: Int, narrow: Int)] = [(0, 0)]
  private var openings: [(byte: UInt8, line: Int, offset: Int)] = []
  private var tokens: [PythonToken] = []

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    tokens.reserveCapacity(bytes.count / 4)
  }

  /// The tokens of `bytes`, and what is wrong where they end too early.
  static func tokens(of bytes: [UInt8]) -> (tokens: [PythonToken], fault: PythonFault?) {
    var lexer = PythonLexer(bytes)
    var fault: PythonFault?
    do { try lexer.run() } catch { fault = error }
    return (lexer.tokens, fault)
  }

  private func byte(_ at: Int) -> UInt8 { at < bytes.count ? bytes[at] : 0 }

  private func fault(_ reason: String, at line: Int? = nil, from offset: Int? = nil) -> PythonFault {
    PythonFault(line: line ?? self.line, reason: reason, offset: offset ?? index)
  }

  private mutating func add(_ kind: PythonToken.Kind, from start: Int, line: Int? = nil, word: UInt64 = 0) {
    tokens.append(PythonToken(kind: kind, word: word, start: start, end: index, line: line ?? self.line))
  }

  private mutating func run() throws(PythonFault) {
    while index < bytes.count {
      if depth == 0, try startsLine() { continue }
      try rest()
    }
    if let open = openings.last {
      throw fault("`\(Character(UnicodeScalar(open.byte)))` is never closed", at: open.line, from: open.offset)
    }
    if let last = tokens.last, last.kind != .newline, last.kind != .dedent { add(.newline, from: index) }
    while columns.count > 1 {
      columns.removeLast()
      add(.dedent, from: index)
    }
    add(.end, from: index)
  }

  /// Reads the blanks at the start of a line. True where nothing but a comment follows, and the line has been taken.
  private mutating func startsLine() throws(PythonFault) -> Bool {
    var (wide, narrow) = (0, 0)
    loop: while index < bytes.count {
      switch bytes[index] {
      case 32: (wide, narrow) = (wide + 1, narrow + 1)
      case 9: (wide, narrow) = ((wide / 8 + 1) * 8, narrow + 1)
      case 12: (wide, narrow) = (0, 0)
      default: break loop
      }
      index += 1
    }
    switch byte(index) {
    case 35, 10, 13:
      skipLine()
      return true
    case 92 where byte(index + 1) == 10 || byte(index + 1) == 13:
      return false
    default:
      if index >= bytes.count { return true }
      try indent(to: (wide, narrow))
      return false
    }
  }

  private mutating func skipLine() {
    while index < bytes.count, bytes[index] != 10 { index += 1 }
    if index < bytes.count { index += 1 }
    line += 1
  }

  private mutating func indent(to column: (wide: Int, narrow: Int)) throws(PythonFault) {
    let last = columns[columns.count - 1]
    if column.wide == last.wide {
      if column.narrow != last.narrow { throw fault("tabs and spaces are mixed in its indentation") }
    } else if column.wide > last.wide {
      if column.narrow <= last.narrow { throw fault("tabs and spaces are mixed in its indentation") }
      columns.append(column)
      add(.indent, from: index)
    } else {
      while columns.count > 1, columns[columns.count - 1].wide > column.wide {
        columns.removeLast()
        add(.dedent, from: index)
      }
      if columns[columns.count - 1].wide != column.wide { throw fault("its indentation is that of no block above it") }
    }
  }

  /// Reads tokens up to the end of the logical line.
  private mutating func rest() throws(PythonFault) {
    while index < bytes.count {
      let first = bytes[index]
      switch first {
      case 32, 9, 12: index += 1
      case 13:
        index += 1
      case 10:
        index += 1
        if depth == 0 {
          add(.newline, from: index - 1)
          line += 1
          return
        }
        line += 1
      case 35:
        while index < bytes.count, bytes[index] != 10 { index += 1 }
      case 92:
        var next = index + 1
        if byte(next) == 13 { next += 1 }
        guard byte(next) == 10 else { throw fault("a backslash stands before something") }
        index = next + 1
        line += 1
      case 34, 39: try string(from: index, isFormatted: false)
      case 48...57: number()
      case 46 where (48...57).contains(byte(index + 1)): number()
      default:
        if first.isWord { try name() } else { try symbol() }
      }
    }
  }

  private mutating func name() throws(PythonFault) {
    let start = index
    while index < bytes.count, bytes[index].isWord { index += 1 }
    if byte(index) == 34 || byte(index) == 39, index - start <= 2 {
      let prefix = bytes[start..<index].map(\.lowercased)
      if prefix.allSatisfy({ "rbuft".utf8.contains($0) }) {
        return try string(from: start, isFormatted: prefix.contains(102) || prefix.contains(116))
      }
    }
    var word: UInt64 = 0
    if index - start <= 8 { for byte in bytes[start..<index] { word = word << 8 | UInt64(byte) } }
    add(.name, from: start, word: word)
  }

  private mutating func number() {
    let start = index
    if bytes[index] == 48, "xXoObB".utf8.contains(byte(index + 1)) {
      index += 2
      while byte(index).isDigit || byte(index).isASCIILetter || byte(index) == 95 { index += 1 }
      return add(.number, from: start)
    }
    index = digits(index)
    if byte(index) == 46 { index = digits(index + 1) }
    if byte(index) | 32 == 101 {
      let sign = byte(index + 1) == 43 || byte(index + 1) == 45
      if byte(index + (sign ? 2 : 1)).isDigit { index = digits(index + (sign ? 2 : 1)) }
    }
    if byte(index) | 32 == 106 { index += 1 }
    add(.number, from: start)
  }

  /// The offset behind the digits from `from` on.
  private func digits(_ from: Int) -> Int {
    var at = from
    while byte(at).isDigit || (byte(at) == 95 && byte(at + 1).isDigit) { at += 1 }
    return at
  }

  private mutating func string(from start: Int, isFormatted: Bool) throws(PythonFault) {
    let first = line
    index = try body(from: index, isFormatted: isFormatted, nesting: 0)
    add(.string, from: start, line: first)
  }

  /// The offset behind the string whose first quote is at `from`.
  private mutating func body(from: Int, isFormatted: Bool, nesting: Int) throws(PythonFault) -> Int {
    let quote = bytes[from]
    let isLong = byte(from + 1) == quote && byte(from + 2) == quote
    let first = line
    var at = from + (isLong ? 3 : 1)
    while at < bytes.count {
      switch bytes[at] {
      case quote where !isLong: return at + 1
      case quote where byte(at + 1) == quote && byte(at + 2) == quote: return at + 3
      case 92:
        if byte(at + 1) == 13, byte(at + 2) == 10 { at += 1 }
        if byte(at + 1) == 10 { line += 1 }
        at += 2
      case 10:
        if !isLong { throw fault("a string is not closed", at: first, from: from) }
        line += 1
        at += 1
      case 123 where isFormatted:
        if byte(at + 1) == 123 {
          at += 2
        } else {
          at = try field(from: at + 1, quote: quote, isLong: isLong, nesting: nesting)
        }
      default: at += 1
      }
    }
    throw fault("a string is not closed", at: first, from: from)
  }

  /// The offset behind the field of an f-string that begins at `from`; at the quote where the field does not end.
  private mutating func field(from: Int, quote: UInt8, isLong: Bool, nesting: Int) throws(PythonFault) -> Int {
    var at = from
    var depth = 0
    var isFormat = false
    while at < bytes.count {
      let next = bytes[at]
      if isFormat {
        if next == 125 { return at + 1 }
        if next == 123 {
          at = try field(from: at + 1, quote: quote, isLong: isLong, nesting: nesting)
          continue
        }
        if next == quote, !isLong || (byte(at + 1) == quote && byte(at + 2) == quote) { return at }
      } else if next == 125, depth == 0 {
        return at + 1
      } else if next == 34 || next == 39 {
        if nesting > 8 { return at }
        at = try body(from: at, isFormatted: false, nesting: nesting + 1)
        continue
      } else if next == 40 || next == 91 || next == 123 {
        depth += 1
      } else if next == 41 || next == 93 || next == 125 {
        depth -= 1
      } else if next == 58, depth == 0 {
        isFormat = true
      }
      if next == 10 {
        if !isLong { throw fault("a string is not closed") }
        line += 1
      }
      at += 1
    }
    throw fault("a string is not closed")
  }

  private static let symbols: [[UInt8]] = [
    "**=", "//=", ">>=", "<<=", "...", "!=", "%=", "&=", "**", "*=", "+=", "-=", "->", "//", "/=", ":=", "<<", "<=",
    "==", ">=", ">>", "@=", "^=", "|=", "%", "&", "(", ")", "*", "+", ",", "-", ".", "/", ":", ";", "<", "=", ">", "@",
    "[", "]", "^", "{", "|", "}", "~",
  ].map { Array($0.utf8) }

  private static let byFirst: [[[UInt8]]] = (0...255).map { byte in symbols.filter { Int($0[0]) == byte } }

  private mutating func symbol() throws(PythonFault) {
    let start = index
    guard
      let found = PythonLexer.byFirst[Int(bytes[index])].first(where: { symbol in
        symbol.indices.allSatisfy { byte(start + $0) == symbol[$0] }
      })
    else { throw fault("`\(shown(bytes[index]))` is no part of Python") }
    index += found.count
    var word: UInt64 = 0
    for byte in found { word = word << 8 | UInt64(byte) }
    add(.symbol, from: start, word: word)
    guard found.count == 1 else { return }
    switch found[0] {
    case 40, 91, 123:
      depth += 1
      openings.append((found[0], line, start))
    case 41, 93, 125:
      let partner: UInt8 = found[0] == 41 ? 40 : found[0] - 2
      guard let open = openings.popLast(), open.byte == partner else {
        throw fault("`\(shown(found[0]))` closes nothing that is open", from: start)
      }
      depth -= 1
    default: break
    }
  }

  private func shown(_ byte: UInt8) -> String {
    (0x21...0x7E).contains(byte) ? String(Character(UnicodeScalar(byte))) : "byte \(byte)"
  }
}
