extension PythonParser {
  /// Expressions parted by commas, or a `yield`. True where something may be assigned to them.
  @discardableResult
  mutating func starExpressions() throws(PythonFault) -> Bool {
    if at("yield") {
      try yield()
      return false
    }
    var isTarget = try starExpression()
    while at(",") {
      advance()
      if isEndOfList { break }
      if try !starExpression() { isTarget = false }
    }
    return isTarget
  }

  private var isEndOfList: Bool {
    at(.newline) || at(.end) || at("=") || at(";") || at(":") || at(")") || at("]") || at("}")
  }

  private mutating func starExpression() throws(PythonFault) -> Bool {
    if skip("*") {
      try arithmetic()
      return true
    }
    return try namedExpression()
  }

  private mutating func yield() throws(PythonFault) {
    if !isInFunction { throw fault("`yield` stands in no function") }
    advance()
    if skip("from") {
      _ = try expression()
    } else if !isEndOfList {
      try starExpressions()
    }
  }

  @discardableResult
  mutating func namedExpression() throws(PythonFault) -> Bool {
    let isTarget = try expression()
    if skip(":=") {
      _ = try expression()
      return false
    }
    return isTarget
  }

  /// One expression. True where something may be assigned to it.
  mutating func expression() throws(PythonFault) -> Bool {
    try nested { (p: inout PythonParser) throws(PythonFault) in
      if p.skip("lambda") {
        try p.parameters(until: ":", annotated: false)
        try p.expect(":")
        let was = p.isInFunction
        p.isInFunction = true
        _ = try p.expression()
        p.isInFunction = was
        return false
      }
      let isTarget = try p.disjunction()
      guard p.skip("if") else { return isTarget }
      _ = try p.disjunction()
      try p.expect("else")
      _ = try p.expression()
      return false
    }
  }

  mutating func disjunction() throws(PythonFault) -> Bool {
    var isTarget = try inversion()
    while at("or") || at("and") {
      advance()
      _ = try inversion()
      isTarget = false
    }
    return isTarget
  }

  private mutating func inversion() throws(PythonFault) -> Bool {
    var isTarget = true
    while skip("not") { isTarget = false }
    let operand = try arithmetic()
    isTarget = isTarget && operand
    while try comparison() {
      try arithmetic()
      isTarget = false
    }
    return isTarget
  }

  private mutating func comparison() throws(PythonFault) -> Bool {
    if at("<") || at(">") || at("==") || at(">=") || at("<=") || at("!=") || at("in") {
      advance()
      return true
    }
    if at("is") {
      advance()
      _ = skip("not")
      return true
    }
    guard at("not"), next("in") else { return false }
    advance()
    advance()
    return true
  }

  private static let operators: Set<UInt64> = Set(
    (["+", "-", "*", "/", "//", "%", "@", "&", "|", "^", "<<", ">>", "**"] as [StaticString]).map(PythonToken.packed))

  @discardableResult
  mutating func arithmetic() throws(PythonFault) -> Bool {
    var isTarget = try unary()
    while at(.symbol), PythonParser.operators.contains(current.word) {
      advance()
      _ = try unary()
      isTarget = false
    }
    return isTarget
  }

  private mutating func unary() throws(PythonFault) -> Bool {
    var isPlain = true
    while at("-") || at("+") || at("~") {
      advance()
      isPlain = false
    }
    if skip("await") { isPlain = false }
    return try primary() && isPlain
  }

  private mutating func primary() throws(PythonFault) -> Bool {
    var isTarget = try atom()
    while true {
      if skip(".") {
        try name()
        isTarget = true
      } else if at("(") {
        advance()
        try arguments()
        try expect(")")
        isTarget = false
      } else if at("[") {
        advance()
        try subscripts()
        try expect("]")
        isTarget = true
      } else {
        return isTarget
      }
    }
  }

  private mutating func atom() throws(PythonFault) -> Bool {
    switch current.kind {
    case .number:
      advance()
      return false
    case .string:
      while at(.string) { advance() }
      return false
    case .name:
      if isAtName {
        advance()
        return true
      }
      guard at("True") || at("False") || at("None") else { throw missing("an expression") }
      advance()
      return false
    case .symbol:
      if skip("...") { return false }
      if at("(") { return try bracketed(")") }
      if at("[") { return try bracketed("]") }
      if at("{") { return try braces() }
      throw missing("an expression")
    case .newline, .indent, .dedent, .end: throw missing("an expression")
    }
  }

  private mutating func bracketed(_ close: StaticString) throws(PythonFault) -> Bool {
    try nested { (p: inout PythonParser) throws(PythonFault) in
      p.advance()
      if p.skip(close) { return true }
      if p.at("yield") {
        try p.yield()
        try p.expect(close)
        return false
      }
      var isTarget = try p.starExpression()
      if p.at("for") || p.at("async") {
        try p.comprehension()
        isTarget = false
      } else {
        while p.skip(",") {
          if p.at(close) { break }
          if try !p.starExpression() { isTarget = false }
        }
      }
      guard p.skip(close) else { throw p.comma() }
      return isTarget
    }
  }

  /// What to say where something stands between two items: a comma, most of the time.
  private func comma() -> PythonFault { fault("a comma or a closing bracket is missing before this") }

  private mutating func braces() throws(PythonFault) -> Bool {
    try nested { (p: inout PythonParser) throws(PythonFault) in
      p.advance()
      var isFirst = true
      while !p.at("}") {
        if !isFirst {
          guard p.skip(",") else { throw p.comma() }
          if p.at("}") { break }
        }
        if p.skip("**") {
          try p.arithmetic()
        } else {
          _ = try p.starExpression()
          if p.skip(":") { _ = try p.expression() }
        }
        if isFirst, p.at("for") || p.at("async") { try p.comprehension() }
        isFirst = false
      }
      try p.expect("}")
      return false
    }
  }

  private mutating func comprehension() throws(PythonFault) {
    while at("for") || (at("async") && next("for")) {
      _ = skip("async")
      advance()
      try targets()
      try expect("in")
      _ = try disjunction()
      while skip("if") {
        _ = try disjunction()
        if skip(":=") { _ = try expression() }
      }
    }
  }

  /// What a loop, `del` or a comprehension assigns to.
  mutating func targets() throws(PythonFault) {
    try target()
    while skip(",") {
      if at("in") || isEndOfList { break }
      try target()
    }
  }

  mutating func target() throws(PythonFault) {
    _ = skip("*")
    let first = current
    guard try primary() else {
      throw PythonFault(line: first.line, reason: "something is assigned to what is no name", offset: first.start)
    }
  }

  mutating func arguments() throws(PythonFault) {
    try nested { (p: inout PythonParser) throws(PythonFault) in
      var isNamed = false
      while !p.at(")") {
        if p.skip("**") {
          _ = try p.expression()
          isNamed = true
        } else if p.skip("*") {
          _ = try p.expression()
        } else if p.at(.name), p.next("=") {
          try p.name()
          p.advance()
          _ = try p.expression()
          isNamed = true
        } else {
          if isNamed { throw p.fault("an argument without a name follows one with a name") }
          try p.namedExpression()
          if p.at("for") || p.at("async") { try p.comprehension() }
        }
        guard p.skip(",") else { break }
      }
      if !p.at(")") { throw p.comma() }
    }
  }

  private mutating func subscripts() throws(PythonFault) {
    try nested { (p: inout PythonParser) throws(PythonFault) in
      repeat {
        if p.at("]") { break }
        if p.skip("*") {
          try p.arithmetic()
          continue
        }
        if !p.at(":") { try p.namedExpression() }
        var colons = 0
        while colons < 2, p.skip(":") {
          colons += 1
          if !p.at(":"), !p.at("]"), !p.at(",") { _ = try p.expression() }
        }
      } while p.skip(",")
    }
  }

  mutating func parameters(until close: StaticString, annotated: Bool) throws(PythonFault) {
    var isDefaulted = false
    var isKeyword = false
    while !at(close) {
      if skip("/") {
        guard at(",") || at(close) else { throw missing("`,`") }
      } else if skip("**") {
        try parameter(annotated)
      } else if skip("*") {
        isKeyword = true
        if !at(","), !at(close) { try parameter(annotated) }
      } else {
        try parameter(annotated)
        if skip("=") {
          _ = try expression()
          isDefaulted = true
        } else if isDefaulted, !isKeyword {
          throw fault("a parameter without a default follows one with a default")
        }
      }
      guard skip(",") else { break }
    }
  }

  private mutating func parameter(_ annotated: Bool) throws(PythonFault) {
    try name()
    if annotated, skip(":") {
      _ = skip("*")
      _ = try expression()
    }
  }
}
