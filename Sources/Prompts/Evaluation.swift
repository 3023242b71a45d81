extension Renderer {
  /// What an expression stands for; may be undefined.
  func evaluate(_ expression: Expression) throws(TemplateError) -> Operand {
    switch expression {
    case .text(let text): return .text(own(text))
    case .number(let number): return .number(number)
    case .flag(let flag): return .flag(flag)
    case .none: return .none
    case .list(let items):
      var operands: [Operand] = []
      for item in items { operands.append(try defined(evaluate(item))) }
      // A list of a list twice, and so on, is long without being written long.
      try meter.spend(steps: Operand.list(operands).weight(upTo: Meter.steps), at: { position(0) })
      return .list(operands)
    case .name(let name, let at): return lookup(name, at: at)
    case .field(let base, let name, let at): return try field(of: defined(evaluate(base)), name, at: at)
    case .element(let base, let index, let at):
      return try element(of: defined(evaluate(base)), defined(evaluate(index)), at: at)
    case .filter(let base, let filter, let arguments, let at):
      return try apply(filter, to: evaluate(base), arguments, at: at)
    case .test(let base, let test, let isNegated, _):
      return .flag(try holds(test, try evaluate(base)) != isNegated)
    case .not(let base, _): return .flag(try !truth(base))
    case .all(let terms, _): return try firstDeciding(terms) { !$0.truth }
    case .any(let terms, _): return try firstDeciding(terms) { $0.truth }
    case .comparison(let left, let rest, let at): return .flag(try compare(left, rest, at: at))
    }
  }

  /// The first term that decides `and` or `or`, or else the last: as in Python, a term and not a truth value.
  private func firstDeciding(
    _ terms: [Expression], _ decides: (Operand) -> Bool
  ) throws(TemplateError) -> Operand {
    var last = Operand.none
    for term in terms {
      last = try defined(evaluate(term))
      if decides(last) { break }
    }
    return last
  }

  private func field(of base: Operand, _ name: String, at: Int) throws(TemplateError) -> Operand {
    guard case .object(let fields, let path) = base else {
      return undefined(".\(name)", word: name, among: [], at)
    }
    guard let value = fields[name] else { return undefined("\(path).\(name)", word: name, among: fields.keys, at) }
    return Operand(value, path: "\(path).\(name)")
  }

  private func element(of base: Operand, _ index: Operand, at: Int) throws(TemplateError) -> Operand {
    if case .object = base {
      guard let name = index.bytes else { throw wrongType("a field in []", index, at) }
      return try field(of: base, String(decoding: name, as: UTF8.self), at: at)
    }
    guard let index = index.number else { throw wrongType("an index", index, at) }
    switch base {
    case .values(let values, let path):
      let at0 = index < 0 ? index + values.count : index
      guard values.indices.contains(at0) else { return undefined("\(path)[\(index)]", word: "", among: [], at) }
      return Operand(values[at0], path: "\(path)[\(at0)]")
    case .list(let items):
      let at0 = index < 0 ? index + items.count : index
      return items.indices.contains(at0) ? items[at0] : undefined("[\(index)]", word: "", among: [], at)
    default:
      throw wrongType("an index", base, at)
    }
  }

  private func holds(_ test: Expression.Test, _ operand: Operand) throws(TemplateError) -> Bool {
    switch test {
    case .defined:
      if case .undefined = operand { return false }
      return true
    case .none:
      if case .none = try defined(operand) { return true }
      return false
    }
  }

  private func compare(
    _ first: Expression, _ rest: [(Expression.Comparison, Expression)], at: Int
  ) throws(TemplateError) -> Bool {
    var left = try defined(evaluate(first))
    for (comparison, expression) in rest {
      let right = try defined(evaluate(expression))
      guard try holds(comparison, left, right, at: at) else { return false }
      left = right
    }
    return true
  }

  private func holds(
    _ comparison: Expression.Comparison, _ left: Operand, _ right: Operand, at: Int
  ) throws(TemplateError) -> Bool {
    switch comparison {
    case .equal: return Operand.isEqual(left, right)
    case .unequal: return !Operand.isEqual(left, right)
    case .less: return try isLess(left, right, at: at)
    case .greater: return try isLess(right, left, at: at)
    case .lessEqual: return try !isLess(right, left, at: at)
    case .greaterEqual: return try !isLess(left, right, at: at)
    case .within: return try contains(right, left, at: at)
    case .notWithin: return try !contains(right, left, at: at)
    }
  }

  private func isLess(_ left: Operand, _ right: Operand, at: Int) throws(TemplateError) -> Bool {
    if let a = left.number, let b = right.number { return a < b }
    guard let a = left.bytes else { throw wrongType("an order", left, at) }
    guard let b = right.bytes else { throw wrongType("an order", right, at) }
    return a.lexicographicallyPrecedes(b)
  }

  private func contains(_ whole: Operand, _ part: Operand, at: Int) throws(TemplateError) -> Bool {
    if let items = whole.items {
      try meter.spend(steps: items.count, at: { position(at) })
      return items.contains { Operand.isEqual($0, part) }
    }
    guard let needle = part.bytes else { throw wrongType("`in`", part, at) }
    if case .object(let fields, _) = whole { return fields[String(decoding: needle, as: UTF8.self)] != nil }
    guard let text = whole.bytes else { throw wrongType("`in`", whole, at) }
    // Searching a thousand bytes takes about as long as any other step.
    try meter.spend(steps: 1 + text.count >> 10, at: { position(at) })
    return text.firstRange(of: needle) != nil || needle.isEmpty
  }
}
