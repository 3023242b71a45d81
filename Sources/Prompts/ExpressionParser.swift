import Content

/// Reads expressions from tokens, with Jinja2's precedence: or, and, not, comparisons, then `.`, `[]`, `|` and `is`.
struct ExpressionParser {
  /// The most parts of one expression, so that no nesting is deep.
  private static let maximumParts = 400
  private static let keywords: Set<String> = [
    "and", "or", "not", "in", "is", "if", "else", "elif", "true", "false", "none", "True", "False", "None",
  ]

  private let source: TemplateSource
  private let tokens: [Token]
  private var index = 0
  private var parts = 0

  init(_ source: TemplateSource, _ tokens: [Token]) {
    self.source = source
    self.tokens = tokens
  }

  private var current: Token { tokens[index] }

  /// Takes the next token; the last one, `.end`, stays.
  mutating func take() -> Token {
    let token = tokens[index]
    if index + 1 < tokens.count { index += 1 }
    return token
  }

  /// Takes a token of just this kind.
  mutating func expect(_ kind: Token.Kind, _ expected: String) throws(TemplateError) {
    guard skip(kind) else { throw unexpected(expected) }
  }

  /// Takes a name that is no keyword, unless a tag is wanted.
  mutating func name(_ expected: String) throws(TemplateError) -> (text: String, at: Int) {
    let token = current
    guard case .name(let text) = token.kind, expected == "a tag" || !Self.keywords.contains(text) else {
      throw unexpected(expected)
    }
    _ = take()
    return (text, token.at)
  }

  /// One whole expression.
  mutating func expression() throws(TemplateError) -> Expression {
    parts = 0
    return try disjunction()
  }

  private mutating func disjunction() throws(TemplateError) -> Expression {
    try count()
    let at = current.at
    var terms = [try conjunction()]
    while skip(.name("or")) { terms.append(try conjunction()) }
    return terms.count == 1 ? terms[0] : .any(terms, at: at)
  }

  private mutating func conjunction() throws(TemplateError) -> Expression {
    try count()
    let at = current.at
    var terms = [try negation()]
    while skip(.name("and")) { terms.append(try negation()) }
    return terms.count == 1 ? terms[0] : .all(terms, at: at)
  }

  private mutating func negation() throws(TemplateError) -> Expression {
    try count()
    let at = current.at
    return skip(.name("not")) ? .not(try negation(), at: at) : try comparison()
  }

  private mutating func comparison() throws(TemplateError) -> Expression {
    let at = current.at
    let left = try postfix()
    var rest: [(Expression.Comparison, Expression)] = []
    while let comparison = takeComparison() { rest.append((comparison, try postfix())) }
    return rest.isEmpty ? left : .comparison(left, rest, at: at)
  }

  private mutating func takeComparison() -> Expression.Comparison? {
    switch current.kind {
    case .symbol(let text):
      guard let comparison = Expression.Comparison(rawValue: text) else { return nil }
      _ = take()
      return comparison
    case .name("in"):
      _ = take()
      return .within
    case .name("not") where tokens[min(index + 1, tokens.count - 1)].kind == .name("in"):
      _ = take()
      _ = take()
      return .notWithin
    default:
      return nil
    }
  }

  private mutating func postfix() throws(TemplateError) -> Expression {
    var value = try primary()
    while true {
      let at = current.at
      if skip(.symbol(".")) {
        guard case .name(let field) = current.kind else { throw unexpected("the name of a field") }
        _ = take()
        value = .field(value, field, at: at)
      } else if skip(.symbol("[")) {
        value = .element(value, try disjunction(), at: at)
        try expect(.symbol("]"), "`]`")
      } else {
        break
      }
      try count()
    }
    while true {
      if skip(.symbol("|")) {
        value = try filter(value)
      } else if skip(.name("is")) {
        let isNegated = skip(.name("not"))
        guard case .name(let name) = current.kind, let test = Expression.Test(rawValue: name) else {
          throw unexpected("`defined` or `none`")
        }
        value = .test(value, test, isNegated: isNegated, at: take().at)
      } else {
        return value
      }
      try count()
    }
  }

  private mutating func filter(_ value: Expression) throws(TemplateError) -> Expression {
    let (name, at) = try name("a filter")
    guard let filter = Filter(rawValue: name) else {
      let nearest = Nearest.names(to: name, in: Filter.allCases.map(\.rawValue))
      throw .unknownFilter(name, nearest: nearest, at: source.position(at))
    }
    var arguments: [(label: String?, value: Expression)] = []
    if skip(.symbol("(")), !skip(.symbol(")")) {
      repeat {
        var label: String?
        if case .name(let text) = current.kind, tokens[min(index + 1, tokens.count - 1)].kind == .symbol("=") {
          label = text
          _ = take()
          _ = take()
        }
        arguments.append((label, try disjunction()))
      } while skip(.symbol(","))
      try expect(.symbol(")"), "`)`")
    }
    return .filter(value, filter, arguments, at: at)
  }

  private mutating func primary() throws(TemplateError) -> Expression {
    try count()
    let token = current
    switch token.kind {
    case .string(let text):
      _ = take()
      return .text(text)
    case .number(let number):
      _ = take()
      return .number(number)
    case .symbol("-"):
      _ = take()
      guard case .number(let number) = current.kind else { throw unexpected("an integer") }
      _ = take()
      return .number(-number)
    case .symbol("("):
      _ = take()
      let value = try disjunction()
      try expect(.symbol(")"), "`)`")
      return value
    case .symbol("["):
      _ = take()
      var items: [Expression] = []
      while !skip(.symbol("]")) {
        if !items.isEmpty { try expect(.symbol(","), "`,` or `]`") }
        items.append(try disjunction())
      }
      return .list(items)
    case .name("true"), .name("True"), .name("false"), .name("False"):
      _ = take()
      return .flag(token.kind == .name("true") || token.kind == .name("True"))
    case .name("none"), .name("None"):
      _ = take()
      return .none
    default:
      let (text, at) = try name("a name or a literal")
      return .name(text, at: at)
    }
  }

  private mutating func skip(_ kind: Token.Kind) -> Bool {
    guard current.kind == kind else { return false }
    _ = take()
    return true
  }

  private mutating func count() throws(TemplateError) {
    parts += 1
    if parts > Self.maximumParts { throw .tooDeep(at: source.position(current.at)) }
  }

  private func unexpected(_ expected: String) -> TemplateError {
    let found =
      switch current.kind {
      case .name(let text), .symbol(let text): "`\(text)`"
      case .number(let number): "`\(number)`"
      case .string(let text): "the string `\(text.prefix(40))`"
      case .outputEnd: "`}}`"
      case .blockEnd: "`%}`"
      case .end: "the end"
      case .outputBegin, .blockBegin, .text, .part: "text"
      }
    return .unexpected(found: found, expected: expected, at: source.position(current.at))
  }
}
