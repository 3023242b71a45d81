import Content

/// The templates that one may include, and those that are being read.
struct Includes {
  let sources: [String: String]
  let open: [String]
  let read: ReadTemplates

  init(sources: [String: String], open: [String], read: ReadTemplates = ReadTemplates()) {
    self.sources = sources
    self.open = open
    self.read = read
  }

  func adding(_ name: String) -> Includes { Includes(sources: sources, open: open + [name], read: read) }
}

/// The templates that were read so far while one template is: each is read once, however often it is included. A few lines
/// that include each other ten times are millions of nodes otherwise.
final class ReadTemplates {
  private var templates: [String: Template] = [:]
  /// How many templates may be included, one within the other.
  static let depth = 64

  subscript(name: String) -> Template? {
    get { templates[name] }
    set { templates[name] = newValue }
  }
}

/// Reads the tokens of a template into nodes: tags and their bodies.
struct TemplateParser {
  private static let maximumDepth = 64
  private static let tags = ["if", "elif", "else", "endif", "for", "endfor", "set", "include", "raw", "endraw"]

  private let source: TemplateSource
  private var expressions: ExpressionParser
  private let includes: Includes

  init(_ source: TemplateSource, _ tokens: [Token], _ includes: Includes) {
    self.source = source
    self.includes = includes
    expressions = ExpressionParser(source, tokens)
  }

  /// The whole template.
  mutating func template() throws(TemplateError) -> [Node] {
    let (nodes, tag) = try body(depth: 0, until: [])
    if let tag { throw .unexpected(found: "`\(tag.name)`", expected: "no end of a block", at: source.position(tag.at)) }
    return nodes
  }

  /// Nodes up to one of the tags `until`, whose name has been taken, or to the end of the template.
  private mutating func body(
    depth: Int, until: [String]
  ) throws(TemplateError) -> (nodes: [Node], tag: (name: String, at: Int)?) {
    var nodes: [Node] = []
    while true {
      let token = expressions.take()
      switch token.kind {
      case .end:
        return (nodes, nil)
      case .text(let text, let isRaw):
        nodes.append(.text(text, isRaw: isRaw))
      case .part(let name):
        nodes.append(.part(name))
      case .outputBegin:
        nodes.append(.output(try expressions.expression(), at: token.at))
        try expressions.expect(.outputEnd, "`}}`")
      default:
        let (name, at) = try expressions.name("a tag")
        switch name {
        case "if", "for":
          guard depth < Self.maximumDepth else { throw .tooDeep(at: source.position(at)) }
          nodes.append(name == "if" ? try condition(depth, at: token.at) : try loop(depth, at: token.at))
        case "set":
          nodes.append(try assignment())
        case "include":
          nodes.append(.include(try included(), at: token.at))
        default:
          guard Self.tags.contains(name) else {
            throw .unknownTag(name, nearest: Nearest.names(to: name, in: Self.tags), at: source.position(at))
          }
          guard until.contains(name) else {
            throw .unexpected(found: "`\(name)`", expected: expectation(until), at: source.position(at))
          }
          return (nodes, (name, at))
        }
      }
    }
  }

  private func expectation(_ until: [String]) -> String {
    until.isEmpty ? "no end of a block" : until.map { "`\($0)`" }.joined(separator: " or ")
  }

  private mutating func condition(_ depth: Int, at: Int) throws(TemplateError) -> Node {
    var branches: [(test: Expression?, body: [Node])] = []
    var test: Expression? = try expressions.expression()
    while true {
      try expressions.expect(.blockEnd, "`%}`")
      let ends = test == nil ? ["endif"] : ["elif", "else", "endif"]
      let (nodes, tag) = try body(depth: depth + 1, until: ends)
      branches.append((test, nodes))
      switch tag?.name {
      case nil: throw .unclosedBlock("if", at: source.position(at))
      case "elif": test = try expressions.expression()
      case "else": test = nil
      default:
        try expressions.expect(.blockEnd, "`%}`")
        return .condition(branches)
      }
    }
  }

  private mutating func loop(_ depth: Int, at: Int) throws(TemplateError) -> Node {
    let variable = try expressions.name("the name of the loop's variable").text
    try expressions.expect(.name("in"), "`in`")
    let over = try expressions.expression()
    try expressions.expect(.blockEnd, "`%}`")
    var (nodes, tag) = try body(depth: depth + 1, until: ["else", "endfor"])
    var otherwise: [Node] = []
    let main = nodes
    if tag?.name == "else" {
      try expressions.expect(.blockEnd, "`%}`")
      (nodes, tag) = try body(depth: depth + 1, until: ["endfor"])
      otherwise = nodes
    }
    if tag == nil { throw .unclosedBlock("for", at: source.position(at)) }
    try expressions.expect(.blockEnd, "`%}`")
    return .loop(variable: variable, over: over, at: at, body: main, otherwise: otherwise)
  }

  private mutating func included() throws(TemplateError) -> Template {
    let token = expressions.take()
    guard case .string(let name) = token.kind else {
      throw .unexpected(
        found: "what follows `include`", expected: "the name of a template in quotes", at: source.position(token.at))
    }
    try expressions.expect(.blockEnd, "`%}`")
    let at = source.position(token.at)
    if includes.open.contains(name) { throw .includesItself(name, at: at) }
    if let known = includes.read[name] { return known }
    if includes.open.count > ReadTemplates.depth {
      throw .tooLong("includes templates within templates, more than \(ReadTemplates.depth) deep", at: at)
    }
    guard let text = includes.sources[name] else {
      throw .unknownTemplate(name, nearest: Nearest.names(to: name, in: includes.sources.keys.sorted()), at: at)
    }
    do {
      let template = try Template.parse(name: name, source: text, within: includes.adding(name))
      includes.read[name] = template
      return template
    } catch { throw .included(name, error, at: at) }
  }

  private mutating func assignment() throws(TemplateError) -> Node {
    let name = try expressions.name("the name to set").text
    try expressions.expect(.symbol("="), "`=`")
    let value = try expressions.expression()
    try expressions.expect(.blockEnd, "`%}`")
    return .assignment(name, value)
  }
}
