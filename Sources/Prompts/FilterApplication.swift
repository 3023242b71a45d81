extension Renderer {
  /// What `filter` makes of `base`, which only `default` takes undefined.
  func apply(
    _ filter: Filter, to base: Operand, _ arguments: [(label: String?, value: Expression)], at: Int
  ) throws(TemplateError) -> Operand {
    let given = try bind(filter, arguments, at: at)
    if filter == .default {
      let replacement = given["default_value"] ?? .text(own(""))
      if case .undefined = base { return replacement }
      return given["boolean"]?.truth == true && !base.truth ? replacement : base
    }
    let operand = try defined(base)
    switch filter {
    case .upper: return .text(try text(operand, filter, at).map { changed($0, $0.text.uppercased()) })
    case .lower: return .text(try text(operand, filter, at).map { changed($0, $0.text.lowercased()) })
    case .trim: return .text(PieceFilter.trimmed(try text(operand, filter, at)))
    case .length: return .number(try length(operand, at))
    case .indent: return .text(try indented(operand, given, at))
    case .join: return .text(try joined(operand, given["d"], at))
    case .first, .last, .default: return try end(operand, filter, at)
    }
  }

  /// The arguments by their names.
  private func bind(
    _ filter: Filter, _ arguments: [(label: String?, value: Expression)], at: Int
  ) throws(TemplateError) -> [String: Operand] {
    let refusal = TemplateError.badArguments(filter: filter.rawValue, usage: filter.usage, at: position(at))
    guard arguments.count <= filter.parameters.count else { throw refusal }
    var given: [String: Operand] = [:]
    for (index, argument) in arguments.enumerated() {
      let name = argument.label ?? filter.parameters[index]
      guard filter.parameters.contains(name), given[name] == nil else { throw refusal }
      given[name] = try defined(evaluate(argument.value))
    }
    return given
  }

  private func text(_ operand: Operand, _ filter: Filter, _ at: Int) throws(TemplateError) -> [Piece] {
    guard case .text(let pieces) = operand else { throw wrongType("`\(filter.rawValue)`", operand, at) }
    return pieces
  }

  private func changed(_ piece: Piece, _ text: String) -> Piece {
    var piece = piece
    piece.text = text
    return piece
  }

  private func length(_ operand: Operand, _ at: Int) throws(TemplateError) -> Int {
    switch operand {
    case .text(let pieces): return pieces.reduce(0) { $0 + $1.text.unicodeScalars.count }
    case .list(let items): return items.count
    case .values(let values, _): return values.count
    case .object(let fields, _): return fields.count
    case .number, .flag, .none, .undefined: throw wrongType("`length`", operand, at)
    }
  }

  private func indented(
    _ operand: Operand, _ given: [String: Operand], _ at: Int
  ) throws(TemplateError) -> [Piece] {
    let width = given["width"]?.number ?? 4
    guard (0...1_000).contains(width), given["width"]?.bytes == nil else {
      throw .badArguments(filter: "indent", usage: Filter.indent.usage, at: position(at))
    }
    let whole = try text(operand, .indent, at)
    // Of no text at all Jinja2 indents the empty line.
    let pieces = whole.isEmpty ? own("") : whole
    let lines = pieces.reduce(1) { $0 + $1.text.utf8.count(where: { $0 == 10 }) }
    if lines * width > Meter.bytes { throw .tooLong("indents \(lines) lines by \(width)", at: position(at)) }
    return PieceFilter.indented(
      pieces, width: width, first: given["first"]?.truth ?? false,
      blank: given["blank"]?.truth ?? false)
  }

  private func joined(_ operand: Operand, _ separator: Operand?, _ at: Int) throws(TemplateError) -> [Piece] {
    guard let items = operand.items else { throw wrongType("`join`", operand, at) }
    let between = try separator.map { (operand: Operand) throws(TemplateError) in try printed(operand, at: at) } ?? []
    var pieces: [Piece] = []
    for (index, item) in items.enumerated() {
      try meter.spend(at: { position(at) })
      if index > 0 { pieces += between }
      pieces += try printed(item, at: at)
    }
    try Meter.size(of: pieces, at: { position(at) })
    return pieces
  }

  private func end(_ operand: Operand, _ filter: Filter, _ at: Int) throws(TemplateError) -> Operand {
    let isFirst = filter == .first
    let found: Operand?
    if let items = operand.items {
      found = isFirst ? items.first : items.last
    } else if case .text(let pieces) = operand {
      found = PieceFilter.end(of: pieces, isFirst: isFirst).map { .text($0) }
    } else {
      throw wrongType("`\(filter.rawValue)`", operand, at)
    }
    return found ?? undefined("the \(filter.rawValue) of an empty list", word: "", among: [], at)
  }
}
