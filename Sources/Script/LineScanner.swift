import Content

/// Reads words, separators and line ends from the bytes of commands, in one pass.
struct LineScanner {
  private enum Token {
    /// Its text, where it begins, and the bytes it is written with.
    case word(text: [UInt8], line: Int, column: Int, range: Range<Int>)
    case separator
    case newline
    /// `>`, with the word behind it to come.
    case redirection(line: Int, column: Int)
    /// The shell's part: what stands behind `|` or `!` up to the end of the physical line, and the mark's own place.
    case shell(mark: UInt8, text: String, column: Int, range: Range<Int>)
  }

  private let bytes: [UInt8]
  private var index = 0
  private var line: Int
  /// How far `column` has been counted.
  private var counted = 0
  private var column: Int

  /// A scanner of `text`, whose first character stands at `line` and `column`. CRLF counts as a line end.
  init(_ text: String, line: Int, column: Int) {
    bytes = Array(text.utf8).withLineFeeds(atEnd: true)
    self.line = line
    self.column = column
  }

  /// The words of the one command there is, and where its output goes.
  mutating func command(_ parameters: [String: String]) throws(ScriptError) -> (words: [Word], output: LineOutput) {
    var words: [Word] = []
    var output = LineOutput.shown
    var redirection: (line: Int, column: Int)?
    var isOver = false
    while let token = try next(
      words.isEmpty ? nil : parameters,
      isFirst: words.isEmpty || (words.count == 1 && words[0].text == CommandText.always))
    {
      switch token {
      case .word(let text, let line, let column, _):
        if isOver { throw .severalCommands(line: line, column: column) }
        let word = String(decoding: text, as: UTF8.self)
        if redirection == nil {
          words.append(Word(text: word, column: column))
        } else {
          output = .file(word)
          redirection = nil
          isOver = true
        }
      case .redirection(let line, let column):
        if words.isEmpty || isOver { throw .strayMark(line: line, column: column, mark: ">") }
        redirection = (line, column)
      case .shell(ASCII.bang, let text, let column, _):
        words += [Word(text: "!", column: column), Word(text: text, column: column + 1)]
      case .shell(_, let text, let column, _):
        if words.isEmpty || isOver || redirection != nil || text.isEmpty {
          throw .strayMark(line: line, column: column, mark: "|")
        }
        output = .pipe(text)
        isOver = true
      case .separator, .newline:
        isOver = isOver || !words.isEmpty
      }
    }
    if let redirection { throw .strayMark(line: redirection.line, column: redirection.column, mark: ">") }
    return (words, output)
  }

  /// All commands, with their parameters not yet put in.
  mutating func commands() throws(ScriptError) -> [CommandText] {
    var commands: [CommandText] = []
    var first: (line: Int, column: Int, start: Int)?
    var end = 0
    // `!` begins the shell's part of `always ! COMMAND` too.
    var isFirst = true
    while true {
      let token = try next(nil, isFirst: isFirst)
      switch token {
      case .word(let text, let line, let column, let range):
        isFirst = first == nil && text == Array(CommandText.always.utf8)
        if first == nil { first = (line, column, range.lowerBound) }
        end = range.upperBound
        continue
      case .shell(_, _, let column, let range):
        if first == nil { first = (line, column, range.lowerBound) }
        end = range.upperBound
        continue
      case .redirection(let line, let column):
        if first == nil { throw .strayMark(line: line, column: column, mark: ">") }
        end = index
        continue
      case .separator, .newline, nil: break
      }
      if let begun = first {
        let source = Array(bytes[begun.start..<end])
        commands.append(
          CommandText(number: begun.line, column: begun.column, source: source, text: LineScanner.joined(source)))
        first = nil
      }
      isFirst = true
      if token == nil { return commands }
    }
  }

  /// The first word of the one command there is, and the command that follows it. Both are nil where it begins with
  /// something other than a word.
  mutating func parts() throws(ScriptError) -> (first: String?, rest: CommandText?) {
    guard case .word(let text, _, _, _)? = try next(nil, isFirst: true) else { return (nil, nil) }
    let first = String(decoding: text, as: UTF8.self)
    let begun: (line: Int, column: Int, start: Int)
    switch try next(nil, isFirst: true) {
    case .word(_, let line, let column, let range): begun = (line, column, range.lowerBound)
    case .shell(_, _, let column, let range): begun = (line, column, range.lowerBound)
    default: return (first, nil)
    }
    let source = Array(bytes[begun.start...])
    return (
      first, CommandText(number: begun.line, column: begun.column, source: source, text: LineScanner.joined(source))
    )
  }

  /// `source` without its continuation line breaks. Single quotes cannot hold one, so no quoting has to be known.
  private static func joined(_ source: [UInt8]) -> [UInt8] {
    guard source.contains(ASCII.newline) else { return source }
    var text: [UInt8] = []
    for byte in source {
      if byte == ASCII.newline, text.last == ASCII.backslash { text.removeLast() } else { text.append(byte) }
    }
    return text
  }

  /// The next token; `isFirst` is true where a command may begin with it.
  private mutating func next(_ parameters: [String: String]?, isFirst: Bool) throws(ScriptError) -> Token? {
    while index < bytes.count {
      switch bytes[index] {
      case ASCII.space, ASCII.tab:
        index += 1
      case ASCII.backslash where index + 1 < bytes.count && bytes[index + 1] == ASCII.newline:
        try continueLine()
      case ASCII.hash:
        index = bytes[index...].firstIndex(of: ASCII.newline) ?? bytes.count
      case ASCII.newline:
        index += 1
        startLine()
        return .newline
      case ASCII.semicolon:
        index += 1
        return .separator
      case ASCII.bar:
        return shell()
      case ASCII.bang where isFirst:
        return shell()
      case ASCII.greater:
        let column = columnHere()
        index += 1
        return .redirection(line: line, column: column)
      default:
        return try word(parameters)
      }
    }
    return nil
  }

  /// The mark at `index` and what stands behind it on the line, which only the shell understands.
  private mutating func shell() -> Token {
    let start = index
    let column = columnHere()
    let end = bytes[index...].firstIndex(of: ASCII.newline) ?? bytes.count
    index = end
    let text = bytes[(start + 1)..<end].drop { $0 == ASCII.space || $0 == ASCII.tab }
    return .shell(mark: bytes[start], text: String(decoding: text, as: UTF8.self), column: column, range: start..<end)
  }

  private mutating func word(_ parameters: [String: String]?) throws(ScriptError) -> Token {
    let start = index
    let startLine = line
    let startColumn = columnHere()
    var text: [UInt8] = []
    scan: while index < bytes.count {
      switch bytes[index] {
      case ASCII.space, ASCII.tab, ASCII.newline, ASCII.semicolon:
        break scan
      case ASCII.quote:
        try single(into: &text)
      case ASCII.doubleQuote:
        try double(into: &text, parameters)
      case ASCII.backslash:
        guard index + 1 < bytes.count else { throw .nothingContinues(line: line, column: columnHere()) }
        if bytes[index + 1] == ASCII.newline {
          try continueLine()
        } else {
          text.append(bytes[index + 1])
          index += 2
        }
      case ASCII.dollar:
        try dollar(into: &text, parameters)
      default:
        text.append(bytes[index])
        index += 1
      }
    }
    return .word(text: text, line: startLine, column: startColumn, range: start..<index)
  }

  private mutating func single(into text: inout [UInt8]) throws(ScriptError) {
    let column = columnHere()
    index += 1
    while index < bytes.count, bytes[index] != ASCII.newline {
      if bytes[index] == ASCII.quote {
        index += 1
        return
      }
      text.append(bytes[index])
      index += 1
    }
    throw .unclosedQuote(line: line, column: column, quote: "'")
  }

  private mutating func double(into text: inout [UInt8], _ parameters: [String: String]?) throws(ScriptError) {
    let column = columnHere()
    index += 1
    while index < bytes.count, bytes[index] != ASCII.newline {
      switch bytes[index] {
      case ASCII.doubleQuote:
        index += 1
        return
      case ASCII.backslash:
        guard index + 1 < bytes.count, bytes[index + 1] != ASCII.newline else {
          throw .unclosedQuote(line: line, column: column, quote: "\"")
        }
        text.append(try escaped(bytes[index + 1]))
        index += 2
      case ASCII.dollar:
        try dollar(into: &text, parameters)
      default:
        text.append(bytes[index])
        index += 1
      }
    }
    throw .unclosedQuote(line: line, column: column, quote: "\"")
  }

  private mutating func escaped(_ byte: UInt8) throws(ScriptError) -> UInt8 {
    switch byte {
    case ASCII.doubleQuote, ASCII.backslash, ASCII.dollar: return byte
    case UInt8(ascii: "n"): return ASCII.newline
    case UInt8(ascii: "t"): return ASCII.tab
    default:
      let character = String(decoding: bytes[(index + 1)...].prefix(4), as: UTF8.self).first ?? "?"
      throw .badEscape(line: line, column: columnHere(), character: character)
    }
  }

  private mutating func dollar(into text: inout [UInt8], _ parameters: [String: String]?) throws(ScriptError) {
    guard let parameters else {
      text.append(ASCII.dollar)
      index += 1
      return
    }
    let column = columnHere()
    let hasBrace = index + 1 < bytes.count && bytes[index + 1] == ASCII.openBrace
    let start = index + (hasBrace ? 2 : 1)
    let end = bytes[start...].firstIndex { !LineScanner.isName($0) } ?? bytes.count
    let name = bytes[start..<end]
    let isName = name.first.map { !(48...57).contains($0) } ?? false
    if hasBrace {
      guard isName, end < bytes.count, bytes[end] == ASCII.closeBrace else {
        throw .unclosedParameter(line: line, column: column)
      }
    } else if !isName {
      text.append(ASCII.dollar)
      index += 1
      return
    }
    let word = String(decoding: name, as: UTF8.self)
    guard let value = parameters[word] else {
      let nearest = Nearest.names(to: word, in: parameters.keys.sorted())
      throw .unknownParameter(line: line, column: column, name: word, nearest: nearest)
    }
    // Parameters made of parameters would grow without end.
    guard text.count + value.utf8.count <= LineScanner.longest else {
      throw .tooLong(line: line, column: column, limit: LineScanner.longest)
    }
    text += value.utf8
    index = end + (hasBrace ? 1 : 0)
  }

  /// How many bytes a word with parameters in it may have.
  private static let longest = 1 << 20

  private static func isName(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
  }

  /// Steps over a backslash and the line end behind it.
  private mutating func continueLine() throws(ScriptError) {
    let column = columnHere()
    guard index + 2 < bytes.count else { throw .nothingContinues(line: line, column: column) }
    index += 2
    startLine()
  }

  private mutating func startLine() {
    line += 1
    counted = index
    column = 1
  }

  /// The column of `index`, counted on from where the last call stopped.
  private mutating func columnHere() -> Int {
    while counted < index {
      if bytes[counted] & 0xC0 != 0x80 { column += 1 }
      counted += 1
    }
    return column
  }
}

extension [UInt8] {
  /// The bytes without the CRs that stand before an LF or, where `atEnd` is true, at the end.
  func withLineFeeds(atEnd: Bool = false) -> [UInt8] {
    guard contains(ASCII.carriageReturn) else { return self }
    var kept: [UInt8] = []
    kept.reserveCapacity(count)
    for byte in self {
      if byte == ASCII.newline { kept.dropCarriageReturns() }
      kept.append(byte)
    }
    if atEnd { kept.dropCarriageReturns() }
    return kept
  }

  private mutating func dropCarriageReturns() {
    while last == ASCII.carriageReturn { removeLast() }
  }
}
