/// Whether text is Python: what a file must still be after an edit, found out before any test is paid for.
package enum PythonSyntax {
  /// The first fault of `bytes`, or nil where they are Python of some release 3.
  ///
  /// It knows the grammar and the places of `return`, `yield`, `break` and `continue`, not what names mean. Patterns of
  /// `match` are only looked through for their end. Cost: linear.
  package static func fault(in bytes: [UInt8]) -> PythonFault? {
    let (tokens, fault) = PythonLexer.tokens(of: bytes)
    guard fault == nil else {
      // What comes before may be at fault first: a line that the lexer stumbles over may be the second half of one.
      if let earlier = PythonParser.fault(in: tokens), let fault, earlier.line < fault.line { return earlier }
      return fault
    }
    return PythonParser.fault(in: tokens)
  }

  /// True where `path` names a file of Python.
  package static func isPython(_ path: String) -> Bool { path.hasSuffix(".py") || path.hasSuffix(".pyi") }
}

/// Recognizes Python's grammar (language reference, full grammar specification), statement by statement.
struct PythonParser {
  var tokens: [PythonToken]
  var index = 0
  /// How deep blocks and expressions are within one another; beyond the limit nothing is said.
  var depth = 0
  static let limit = 90
  var isInFunction = false
  var isInLoop = false

  /// The first fault, nil for none; tokens that end early, as where the lexer gave up, are fine so far.
  static func fault(in tokens: [PythonToken]) -> PythonFault? {
    var parser = PythonParser(tokens: tokens)
    if tokens.last?.kind != .end {
      parser.tokens.append(
        PythonToken(kind: .end, word: 0, start: 0, end: 0, line: tokens.last?.line ?? 1))
    }
    do {
      while !parser.at(.end) { try parser.statement() }
      return nil
    } catch {
      return error.reason == PythonParser.tooDeep ? nil : error
    }
  }

  static let tooDeep = "too deep"

  var current: PythonToken { tokens[index] }

  func at(_ kind: PythonToken.Kind) -> Bool { tokens[index].kind == kind }

  /// True where the token is this name or symbol.
  func at(_ text: StaticString) -> Bool { tokens[index].is(text) && tokens[index].kind.rawValue <= 3 }

  func next(_ text: StaticString) -> Bool { index + 1 < tokens.count && tokens[index + 1].is(text) }

  mutating func advance() { if index + 1 < tokens.count { index += 1 } }

  mutating func skip(_ text: StaticString) -> Bool {
    guard at(text) else { return false }
    advance()
    return true
  }

  mutating func skip(_ kind: PythonToken.Kind) -> Bool {
    guard at(kind) else { return false }
    advance()
    return true
  }

  mutating func expect(_ text: StaticString) throws(PythonFault) {
    guard skip(text) else { throw missing("`\(text)`") }
  }

  func fault(_ reason: String) -> PythonFault {
    PythonFault(line: current.line, reason: reason, offset: current.start)
  }

  func missing(_ what: String) -> PythonFault {
    // What is missing at the end of a line is missing on that line.
    var (line, offset) = (current.line, current.start)
    if at(.newline) || at(.end) || at(.dedent) {
      let last = tokens[..<index].last { ![.newline, .indent, .dedent].contains($0.kind) }
      (line, offset) = last.map { ($0.line, $0.end) } ?? (line, offset)
    }
    return PythonFault(line: line, reason: "\(what) is missing", offset: offset)
  }

  mutating func nested<Value>(_ body: (inout PythonParser) throws(PythonFault) -> Value) throws(PythonFault) -> Value {
    depth += 1
    if depth > PythonParser.limit { throw fault(PythonParser.tooDeep) }
    let value = try body(&self)
    depth -= 1
    return value
  }

  private static let keywords: Set<UInt64> = Set(
    ([
      "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
      "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
      "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ] as [StaticString]).map(PythonToken.packed))

  /// True where the token is a name and no keyword.
  var isAtName: Bool {
    at(.name) && (current.word == 0 || !PythonParser.keywords.contains(current.word))
  }

  mutating func name() throws(PythonFault) {
    guard isAtName else { throw missing("a name") }
    advance()
  }
}
