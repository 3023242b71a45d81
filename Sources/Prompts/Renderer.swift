import Content

/// Renders the nodes of one template into pieces.
struct Renderer {
  private var source: String
  private var origin: Origin
  private var part = "template"
  private var scopes: [[String: Operand]]
  /// Where the innermost loop begins.
  private var at = 0
  let meter = Meter()
  /// What has been rendered, in its order.
  private(set) var pieces: [Piece] = []

  init(name: String, source: String, values: [String: Value]) {
    self.source = source
    origin = .template(name)
    scopes = [Dictionary(uniqueKeysWithValues: values.map { ($0, Operand($1, path: $0)) })]
  }

  /// Renders `nodes` after what is there.
  mutating func render(_ nodes: [Node]) throws(TemplateError) {
    for node in nodes {
      try meter.spend(at: { position(at) })
      switch node {
      case .text(let text, let isRaw):
        try write([Piece(text: text, origin: origin, name: part, isSource: !isRaw)], at: at)
      case .part(let name):
        part = name.isEmpty ? "template" : name
      case .output(let expression, let at):
        try write(try printed(try evaluate(expression), at: at), at: at)
      case .assignment(let name, let expression):
        scopes[scopes.count - 1][name] = try defined(evaluate(expression))
      case .condition(let branches):
        try condition(branches)
      case .loop(let variable, let over, let at, let body, let otherwise):
        try loop(variable, over, at: at, body, otherwise)
      case .include(let template, let at):
        try include(template, at: at)
      }
    }
  }

  /// What the included template sets does not reach out of it.
  private mutating func include(_ template: Template, at: Int) throws(TemplateError) {
    let outer = (source, origin, part, self.at)
    let place = position(at)
    (source, origin, part, self.at) = (template.source, .template(template.name), "template", 0)
    scopes.append([:])
    switch Result(catching: { () throws(TemplateError) in try render(template.nodes) }) {
    case .success: break
    case .failure(.cancelled): throw .cancelled(at: place)
    case .failure(let error): throw .included(template.name, error, at: place)
    }
    scopes.removeLast()
    (source, origin, part, self.at) = outer
  }

  private mutating func write(_ more: [Piece], at: Int) throws(TemplateError) {
    try meter.spend(more, at: { position(at) })
    pieces += more
  }

  private mutating func condition(_ branches: [(test: Expression?, body: [Node])]) throws(TemplateError) {
    for (test, body) in branches {
      if let test, try !truth(test) { continue }
      try render(body)
      return
    }
  }

  private mutating func loop(
    _ variable: String, _ over: Expression, at: Int, _ body: [Node], _ otherwise: [Node]
  ) throws(TemplateError) {
    let list = try defined(evaluate(over))
    guard let items = list.items else { throw wrongType("`for`", list, at) }
    let outer = self.at
    self.at = at
    defer { self.at = outer }
    for (index, item) in items.enumerated() {
      try meter.spend(at: { position(at) })
      let loop: [String: Value] = [
        "index": .number(index + 1), "index0": .number(index), "length": .number(items.count),
        "first": .flag(index == 0), "last": .flag(index + 1 == items.count),
      ]
      scopes.append(["loop": .object(loop, path: "loop"), variable: item])
      try render(body)
      scopes.removeLast()
    }
    if items.isEmpty {
      scopes.append([:])
      try render(otherwise)
      scopes.removeLast()
    }
  }

  // MARK: What expressions need.

  /// The pieces that `operand` prints.
  func printed(_ operand: Operand, at: Int) throws(TemplateError) -> [Piece] {
    switch operand {
    case .text(let pieces): return pieces
    case .number(let number): return own(String(number))
    case .flag(let flag): return own(flag ? "True" : "False")
    case .undefined(let error): throw error
    case .none, .list, .values, .object: throw wrongType("printing", operand, at)
    }
  }

  /// Text that the template itself gives.
  func own(_ text: String) -> [Piece] { [Piece(text: text, origin: origin, name: part, isSource: false)] }

  /// The operand, unless it is undefined.
  func defined(_ operand: Operand) throws(TemplateError) -> Operand {
    if case .undefined(let error) = operand { throw error }
    return operand
  }

  /// Whether an expression holds.
  func truth(_ expression: Expression) throws(TemplateError) -> Bool {
    try defined(evaluate(expression)).truth
  }

  /// What `name` stands for, innermost first.
  func lookup(_ name: String, at: Int) -> Operand {
    for scope in scopes.reversed() {
      if let operand = scope[name] { return operand }
    }
    return undefined(name, word: name, among: scopes.flatMap(\.keys), at)
  }

  /// An undefined `path`, whose last `word` was looked for among `names`.
  func undefined(_ path: String, word: String, among names: some Sequence<String>, _ at: Int) -> Operand {
    let known = Set(names).sorted()
    return .undefined(
      .undefined(path, nearest: Nearest.names(to: word, in: known), known: known, at: position(at)))
  }

  func wrongType(_ operation: String, _ operand: Operand, _ at: Int) -> TemplateError {
    .wrongType(operation: operation, found: operand.kind, at: position(at))
  }

  func position(_ at: Int) -> TemplateError.Position { TemplateSource(source).position(at) }
}
