/// The names of a Python file: those that it binds anywhere, and those that it uses.
///
/// Scopes are not told apart: a name that is bound in one function counts as bound in all. So what is left unbound is so
/// for certain, but for what `import *`, `globals()` and `exec` bring.
struct PythonNames {
  private(set) var bound: Set<String> = []
  /// Every use, with its 1-based line.
  private(set) var uses: [(name: String, line: Int)] = []
  /// The names that import statements bind, wherever they stand.
  private(set) var imported: Set<String> = []
  /// True where names may come from elsewhere.
  private(set) var isOpen = false

  private let bytes: [UInt8]
  private let tokens: [PythonToken]

  /// Nil for what is not Python.
  init?(_ bytes: [UInt8]) {
    let (tokens, fault) = PythonLexer.tokens(of: bytes)
    guard fault == nil else { return nil }
    self.bytes = bytes
    self.tokens = tokens
    read()
  }

  /// The names that are used and not bound, with the lines of their uses.
  var unbound: [String: [Int]] {
    guard !isOpen else { return [:] }
    var found: [String: [Int]] = [:]
    for use in uses where !bound.contains(use.name) && !PythonNames.builtins.contains(use.name) {
      found[use.name, default: []].append(use.line)
    }
    return found
  }

  private func text(_ token: PythonToken) -> String { String(decoding: bytes[token.start..<token.end], as: UTF8.self) }

  private mutating func read() {
    var start = 0
    while start < tokens.count {
      var end = start
      while end < tokens.count, tokens[end].kind != .newline, tokens[end].kind != .end { end += 1 }
      let first = tokens[start..<end].firstIndex { ![.indent, .dedent].contains($0.kind) } ?? end
      if first < end { statement(first..<end) }
      start = end + 1
    }
  }

  private mutating func statement(_ range: Range<Int>) {
    let head = tokens[range.lowerBound]
    if head.is("import") || head.is("from") { return readImport(range) }
    if head.is("global") || head.is("nonlocal") || head.is("del") {
      for index in range.dropFirst() where tokens[index].kind == .name { bound.insert(text(tokens[index])) }
      return
    }
    // What follows the colon of a block on its line is a statement too.
    if let colon = blockColon(range), colon + 1 < range.upperBound {
      let body = colon + 1..<range.upperBound
      if tokens[body.lowerBound].is("import") || tokens[body.lowerBound].is("from") {
        names(in: range.lowerBound..<colon)
        return readImport(body)
      }
    }
    names(in: range)
  }

  /// The colon that ends the head of a block whose body stands on the same line.
  private func blockColon(_ range: Range<Int>) -> Int? {
    let heads: [StaticString] = [
      "if", "else", "elif", "try", "except", "finally", "for", "while", "with", "class", "def",
    ]
    guard heads.contains(where: { tokens[range.lowerBound].is($0) }) else { return nil }
    var depth = 0
    for index in range {
      if isOpening(tokens[index]) { depth += 1 }
      if isClosing(tokens[index]) { depth -= 1 }
      if depth == 0, tokens[index].is(":"), tokens[index].kind == .symbol { return index }
    }
    return nil
  }

  private func isOpening(_ token: PythonToken) -> Bool {
    token.kind == .symbol && (token.is("(") || token.is("[") || token.is("{"))
  }

  private func isClosing(_ token: PythonToken) -> Bool {
    token.kind == .symbol && (token.is(")") || token.is("]") || token.is("}"))
  }

  /// The names of one logical line that is no import.
  private mutating func names(in range: Range<Int>) {
    let assigned = lastAssignment(range)
    var depth = 0
    var kinds: [Bool] = []
    /// True between `lambda` and its colon, and between `for` and `in`.
    var lambdaDepths: [Int] = []
    var targetDepths: [Int] = []
    let isCase = tokens[range.lowerBound].is("case")
    let isDefinition = tokens[range.lowerBound].is("def") || tokens[range.lowerBound].is("async")
    var index = range.lowerBound
    var wasBinding = false
    while index < range.upperBound {
      let token = tokens[index]
      defer { index += 1 }
      if isOpening(token) {
        depth += 1
        // Parameters of a definition stand in the first brackets of its line.
        kinds.append(isDefinition && depth == 1 && kinds.isEmpty && token.is("("))
      } else if isClosing(token) {
        depth = max(0, depth - 1)
      } else if token.is(":"), token.kind == .symbol, lambdaDepths.last == depth {
        lambdaDepths.removeLast()
      }
      guard token.kind == .name else { continue }
      let word = text(token)
      let next = index + 1 < range.upperBound ? tokens[index + 1] : nil
      let before = index > range.lowerBound ? tokens[index - 1] : nil
      if token.is("lambda") {
        lambdaDepths.append(depth)
        continue
      }
      if token.is("for") {
        targetDepths.append(depth)
        continue
      }
      if token.is("in"), targetDepths.last == depth {
        targetDepths.removeLast()
        continue
      }
      if token.is("def") || token.is("class") || token.is("as") {
        wasBinding = true
        continue
      }
      if PythonNames.keywords.contains(word) { continue }
      if before?.is(".") == true, before?.kind == .symbol { continue }
      if word == "globals" || word == "exec" || word == "locals" { isOpen = true }
      let isKeyword = depth > 0 && next?.is("=") == true && next?.kind == .symbol
      if wasBinding {
        bound.insert(word)
        wasBinding = false
        // `with x as (a, b)` is read as targets by the assignment rule's width: names up to the colon.
        continue
      }
      if next?.is(":=") == true || lambdaDepths.last != nil && isParameter(before) || targetDepths.last != nil || isCase
      {
        bound.insert(word)
        continue
      }
      if isDefinition, isParameter(before) || before?.is("*") == true || before?.is("**") == true {
        bound.insert(word)
        continue
      }
      if let assigned, index < assigned {
        // Of a subscript or an attribute only what stands in front is used; all of it counts as bound.
        bound.insert(word)
        continue
      }
      if index == range.lowerBound, next?.is(":") == true, next?.kind == .symbol {
        bound.insert(word)
        continue
      }
      if isKeyword { continue }
      uses.append((word, token.line))
    }
    // `with open(a) as (b, c)`, `except (A, B) as e` and the like.
    bindTargets(after: "as", in: range)
  }

  private func isParameter(_ before: PythonToken?) -> Bool {
    guard let before else { return false }
    if before.kind == .name { return before.is("lambda") }
    return before.is("(") || before.is(",") || before.is("*") || before.is("**") || before.is("/")
  }

  private mutating func bindTargets(after word: StaticString, in range: Range<Int>) {
    for index in range where tokens[index].kind == .name && tokens[index].is(word) {
      guard index + 1 < range.upperBound, isOpening(tokens[index + 1]) else { continue }
      var at = index + 2
      while at < range.upperBound, !isClosing(tokens[at]) {
        if tokens[at].kind == .name { bound.insert(text(tokens[at])) }
        at += 1
      }
    }
  }

  /// The last `=` of an assignment that stands in no brackets; of an annotation and `+=` too.
  private func lastAssignment(_ range: Range<Int>) -> Int? {
    var depth = 0
    var last: Int?
    for index in range {
      let token = tokens[index]
      if isOpening(token) { depth += 1 }
      if isClosing(token) { depth -= 1 }
      guard depth == 0, token.kind == .symbol else { continue }
      if token.is("=") { last = index }
      // `x += 1` uses `x`, and something must have bound it.
      if token.is("lambda") { return last }
    }
    return last
  }

  private mutating func readImport(_ range: Range<Int>) {
    let isFrom = tokens[range.lowerBound].is("from")
    var index = range.lowerBound + 1
    if isFrom {
      while index < range.upperBound, !tokens[index].is("import") { index += 1 }
      index += 1
    }
    var name: String?
    var isDotted = false
    func bind(_ name: String?) {
      guard let name else { return }
      bound.insert(name)
      imported.insert(name)
    }
    while index < range.upperBound {
      let token = tokens[index]
      if token.kind == .symbol, token.is("*") { isOpen = true }
      if token.kind == .symbol, token.is(";") {
        bind(name)
        if index + 1 < range.upperBound { statement(index + 1..<range.upperBound) }
        return
      }
      if token.kind == .symbol, token.is(",") {
        bind(name)
        (name, isDotted) = (nil, false)
      } else if token.kind == .symbol, token.is(".") {
        isDotted = true
      } else if token.kind == .name {
        if token.is("as") {
          name = nil
          isDotted = false
        } else if !isDotted || name == nil {
          name = text(token)
        }
      }
      index += 1
    }
    bind(name)
  }

  private static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield", "print", "match", "case", "type", "_",
  ]

  /// What Python has without an import, of 2 and 3.
  static let builtins: Set<String> = [
    "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "BaseExceptionGroup", "BlockingIOError",
    "BrokenPipeError", "BufferError", "BytesWarning", "ChildProcessError", "ConnectionAbortedError", "ConnectionError",
    "ConnectionRefusedError", "ConnectionResetError", "DeprecationWarning", "EOFError", "Ellipsis", "EncodingWarning",
    "EnvironmentError", "Exception", "ExceptionGroup", "FileExistsError", "FileNotFoundError", "FloatingPointError",
    "FutureWarning", "GeneratorExit", "IOError", "ImportError", "ImportWarning", "IndentationError", "IndexError",
    "InterruptedError", "IsADirectoryError", "KeyError", "KeyboardInterrupt", "LookupError", "MemoryError",
    "ModuleNotFoundError", "NameError", "NotADirectoryError", "NotImplemented", "NotImplementedError", "OSError",
    "OverflowError", "PendingDeprecationWarning", "PermissionError", "ProcessLookupError", "PythonFinalizationError",
    "RecursionError", "ReferenceError", "ResourceWarning", "RuntimeError", "RuntimeWarning", "StopAsyncIteration",
    "StopIteration", "SyntaxError", "SyntaxWarning", "SystemError", "SystemExit", "TabError", "TimeoutError",
    "TypeError",
    "UnboundLocalError", "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "UnicodeTranslateError",
    "UnicodeWarning", "UserWarning", "ValueError", "Warning", "WindowsError", "ZeroDivisionError", "__build_class__",
    "__builtins__", "__class__", "__debug__", "__doc__", "__file__", "__import__", "__loader__", "__name__",
    "__package__",
    "__path__", "__spec__", "__annotations__", "__dict__", "__module__", "__qualname__", "__all__", "abs", "aiter",
    "all",
    "anext", "any", "apply", "ascii", "basestring", "bin", "bool", "breakpoint", "buffer", "bytearray", "bytes",
    "callable", "chr", "classmethod", "cmp", "coerce", "compile", "complex", "copyright", "credits", "delattr", "dict",
    "dir", "divmod", "enumerate", "eval", "exec", "execfile", "exit", "file", "filter", "float", "format", "frozenset",
    "getattr", "globals", "hasattr", "hash", "help", "hex", "id", "input", "int", "intern", "isinstance", "issubclass",
    "iter", "len", "license", "list", "locals", "long", "map", "max", "memoryview", "min", "next", "object", "oct",
    "open", "ord", "pow", "print", "property", "quit", "range", "raw_input", "reduce", "reload", "repr", "reversed",
    "reveal_type", "round", "set", "setattr", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "type",
    "unichr", "unicode", "vars", "xrange", "zip",
  ]
}
