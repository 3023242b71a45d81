import Content

/// What an expression is while a template renders: text in pieces, so that each keeps its origin.
indirect enum Operand {
  case text([Piece])
  case number(Int)
  case flag(Bool)
  case none
  case list([Operand])
  /// A list given from outside, under its path.
  case values([Value], path: String)
  /// An object given from outside, under its path.
  case object([String: Value], path: String)
  /// A name that stands for nothing; an error wherever it is used, but for `default` and `is defined`.
  case undefined(TemplateError)

  /// The operand of a value that stands under `path`.
  init(_ value: Value, path: String) {
    switch value {
    case .text(let text, let origin): self = .text([Piece(text: text, origin: origin, name: path, isSource: false)])
    case .number(let number): self = .number(number)
    case .flag(let flag): self = .flag(flag)
    case .list(let values): self = .values(values, path: path)
    case .object(let fields): self = .object(fields, path: path)
    case .none: self = .none
    }
  }

  /// What it is, for errors.
  var kind: String {
    switch self {
    case .text: "text"
    case .number: "a number"
    case .flag: "true or false"
    case .none: "nothing"
    case .list, .values: "a list"
    case .object: "an object"
    case .undefined: "an undefined name"
    }
  }

  /// True where Python would take it for true.
  var truth: Bool {
    switch self {
    case .text(let pieces): pieces.contains { !$0.text.isEmpty }
    case .number(let number): number != 0
    case .flag(let flag): flag
    case .none, .undefined: false
    case .list(let items): !items.isEmpty
    case .values(let items, _): !items.isEmpty
    case .object(let fields, _): !fields.isEmpty
    }
  }

  /// The number it counts as: true is 1, as in Python.
  var number: Int? {
    switch self {
    case .number(let number): number
    case .flag(let flag): flag ? 1 : 0
    default: nil
    }
  }

  /// The bytes of a text.
  var bytes: [UInt8]? {
    guard case .text(let pieces) = self else { return nil }
    return pieces.flatMap { Array($0.text.utf8) }
  }

  /// The items of a list.
  var items: [Operand]? {
    switch self {
    case .list(let items): items
    case .values(let values, let path): values.enumerated().map { Operand($1, path: "\(path)[\($0)]") }
    default: nil
    }
  }

  /// How many items a list has, those of its lists counted; counting ends soon after `limit`.
  func weight(upTo limit: Int) -> Int {
    guard case .list(let items) = self else { return 1 }
    var weight = 1
    for item in items where weight <= limit { weight += item.weight(upTo: limit - weight) }
    return weight
  }

  /// Equality as in Python: by code points, numbers with truth values, lists item by item. Objects are equal to none.
  static func isEqual(_ left: Operand, _ right: Operand) -> Bool {
    if let a = left.number, let b = right.number { return a == b }
    if let a = left.bytes, let b = right.bytes { return a == b }
    if case .none = left, case .none = right { return true }
    guard let a = left.items, let b = right.items, a.count == b.count else { return false }
    return zip(a, b).allSatisfy(isEqual)
  }
}
