extension PythonParser {
  mutating func statement() throws(PythonFault) {
    if at(.indent) { throw fault("it is indented deeper than the line above it") }
    if at(.name) {
      switch current.word {
      case PythonParser.if: return try conditional()
      case PythonParser.while: return try loop { p throws(PythonFault) in try p.namedExpression() }
      case PythonParser.for: return try loop { p throws(PythonFault) in try p.forHead() }
      case PythonParser.try: return try attempt()
      case PythonParser.with: return try with()
      case PythonParser.def: return try definition()
      case PythonParser.class: return try classDefinition()
      case PythonParser.async:
        advance()
        if at("def") { return try definition() }
        if at("for") { return try loop { p throws(PythonFault) in try p.forHead() } }
        if at("with") { return try with() }
        throw missing("`def`, `for` or `with`")
      case PythonParser.match where try match(): return
      default: break
      }
    }
    if at("@") {
      while skip("@") {
        try namedExpression()
        guard skip(.newline) else { throw fault("something follows a decorator on its line") }
      }
      guard at("def") || at("class") || at("async") else { throw missing("what is decorated") }
      return try statement()
    }
    try simpleStatements()
  }

  private static let `if` = PythonToken.packed("if")
  private static let `while` = PythonToken.packed("while")
  private static let `for` = PythonToken.packed("for")
  private static let `try` = PythonToken.packed("try")
  private static let with = PythonToken.packed("with")
  private static let def = PythonToken.packed("def")
  private static let `class` = PythonToken.packed("class")
  private static let async = PythonToken.packed("async")
  private static let match = PythonToken.packed("match")

  // MARK: Blocks

  private mutating func block() throws(PythonFault) {
    let head = index > 0 ? tokens[index - 1].line : current.line
    guard skip(":") else { throw missing("`:`") }
    guard skip(.newline) else { return try simpleStatements() }
    guard skip(.indent) else {
      throw PythonFault(
        line: at(.end) ? head : current.line, reason: "the block of line \(head) is missing", offset: current.start)
    }
    try nested { (p: inout PythonParser) throws(PythonFault) in
      while !p.at(.dedent), !p.at(.end) { try p.statement() }
    }
    _ = skip(.dedent)
  }

  private mutating func block(inLoop: Bool) throws(PythonFault) {
    let was = isInLoop
    isInLoop = inLoop
    try block()
    isInLoop = was
  }

  private mutating func block(inFunction: Bool) throws(PythonFault) {
    let was = (isInFunction, isInLoop)
    (isInFunction, isInLoop) = (inFunction, false)
    try block()
    (isInFunction, isInLoop) = was
  }

  private mutating func conditional() throws(PythonFault) {
    advance()
    try namedExpression()
    try block()
    while skip("elif") {
      try namedExpression()
      try block()
    }
    if skip("else") { try block() }
  }

  private mutating func loop(_ head: (inout PythonParser) throws(PythonFault) -> Void) throws(PythonFault) {
    advance()
    try head(&self)
    try block(inLoop: true)
    if skip("else") { try block() }
  }

  mutating func forHead() throws(PythonFault) {
    try targets()
    try expect("in")
    try starExpressions()
  }

  private mutating func attempt() throws(PythonFault) {
    advance()
    try block()
    var isHandled = false
    while skip("except") {
      isHandled = true
      _ = skip("*")
      if !at(":") {
        _ = try expression()
        if skip("as") { try name() }
      }
      try block()
    }
    if isHandled, skip("else") { try block() }
    if skip("finally") { return try block() }
    if !isHandled { throw missing("`except` or `finally`") }
  }

  private mutating func with() throws(PythonFault) {
    advance()
    let start = (index, depth)
    if skip("(") {
      let isList = { (p: inout PythonParser) -> Bool in
        do throws(PythonFault) {
          repeat {
            if p.at(")") { break }
            try p.withItem()
          } while p.skip(",")
          try p.expect(")")
          return p.at(":")
        } catch { return false }
      }(&self)
      if isList { return try block() }
      (index, depth) = start
    }
    repeat { try withItem() } while skip(",")
    try block()
  }

  private mutating func withItem() throws(PythonFault) {
    _ = try expression()
    if skip("as") { try target() }
  }

  private mutating func definition() throws(PythonFault) {
    advance()
    try name()
    try typeParameters()
    try expect("(")
    try parameters(until: ")", annotated: true)
    try expect(")")
    if skip("->") { _ = try expression() }
    try block(inFunction: true)
  }

  private mutating func classDefinition() throws(PythonFault) {
    advance()
    try name()
    try typeParameters()
    if skip("(") {
      try arguments()
      try expect(")")
    }
    try block(inFunction: false)
  }

  private mutating func typeParameters() throws(PythonFault) {
    guard skip("[") else { return }
    repeat {
      if at("]") { break }
      if !skip("**") { _ = skip("*") }
      try name()
      if skip(":") { _ = try expression() }
      if skip("=") { _ = try expression() }
    } while skip(",")
    try expect("]")
  }

  /// A `match` statement, or false where the word is a name.
  private mutating func match() throws(PythonFault) -> Bool {
    let start = (index, depth)
    advance()
    let isHead = { (p: inout PythonParser) -> Bool in
      do throws(PythonFault) {
        try p.starExpressions()
        return p.skip(":") && p.skip(.newline) && p.skip(.indent) && p.at("case")
      } catch { return false }
    }(&self)
    guard isHead else {
      (index, depth) = start
      return false
    }
    while skip("case") {
      var open = 0
      while !(open == 0 && at(":")) {
        if at(.newline) || at(.end) { throw missing("`:`") }
        if at("(") || at("[") || at("{") { open += 1 }
        if at(")") || at("]") || at("}") { open -= 1 }
        advance()
      }
      try block()
    }
    guard skip(.dedent) || at(.end) else { throw missing("`case`") }
    return true
  }

  // MARK: Lines

  private mutating func simpleStatements() throws(PythonFault) {
    repeat {
      if at(.newline) { break }
      try simpleStatement()
    } while skip(";")
    guard skip(.newline) || at(.end) else {
      if at(":") { throw fault("`:` stands where no block begins") }
      throw fault("\(shown) does not go on the line")
    }
  }

  private var shown: String {
    switch current.kind {
    case .string: "the string"
    case .number: "the number"
    case .name: "this name"
    default: "this"
    }
  }

  private mutating func simpleStatement() throws(PythonFault) {
    if at("pass") {
      advance()
    } else if at("break") || at("continue") {
      if !isInLoop { throw fault("it stands in no loop") }
      advance()
    } else if skip("return") {
      let word = tokens[index - 1]
      if !isInFunction {
        throw PythonFault(line: word.line, reason: "`return` stands in no function", offset: word.start)
      }
      if !isAtEnd { try starExpressions() }
    } else if skip("raise") {
      if !isAtEnd {
        _ = try expression()
        if skip("from") { _ = try expression() }
      }
    } else if at("global") || at("nonlocal") {
      advance()
      repeat { try name() } while skip(",")
    } else if skip("del") {
      try targets()
    } else if skip("assert") {
      _ = try expression()
      if skip(",") { _ = try expression() }
    } else if skip("import") {
      repeat {
        try dottedName()
        if skip("as") { try name() }
      } while skip(",")
    } else if skip("from") {
      try importFrom()
    } else {
      try expressionStatement()
    }
  }

  private var isAtEnd: Bool { at(.newline) || at(";") || at(.end) }

  private mutating func dottedName() throws(PythonFault) {
    repeat { try name() } while skip(".")
  }

  private mutating func importFrom() throws(PythonFault) {
    var dots = 0
    while at(".") || at("...") {
      advance()
      dots += 1
    }
    if !at("import") || dots == 0 { try dottedName() }
    try expect("import")
    if skip("*") { return }
    let isOpen = skip("(")
    repeat {
      if isOpen, at(")") { break }
      try name()
      if skip("as") { try name() }
    } while skip(",")
    if isOpen { try expect(")") }
  }

  private mutating func expressionStatement() throws(PythonFault) {
    if at("type"), index + 2 < tokens.count, tokens[index + 1].kind == .name,
      tokens[index + 2].is("=") || tokens[index + 2].is("[")
    {
      advance()
      try name()
      try typeParameters()
      try expect("=")
      _ = try expression()
      return
    }
    var isTarget = try starExpressions()
    if at(":") {
      if !isTarget { throw fault("`:` stands where no block begins") }
      advance()
      _ = try expression()
      if skip("=") { try starExpressions() }
      return
    }
    if at(.symbol), current.isAugmented {
      if !isTarget { throw fault("something is assigned to what is no name") }
      advance()
      try starExpressions()
      return
    }
    while at("=") {
      if !isTarget { throw fault("something is assigned to what is no name") }
      advance()
      isTarget = try starExpressions()
    }
  }
}

extension PythonToken {
  private static let augmented: Set<UInt64> = Set(
    (["+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**="] as [StaticString]).map(packed))

  fileprivate var isAugmented: Bool { PythonToken.augmented.contains(word) }
}
