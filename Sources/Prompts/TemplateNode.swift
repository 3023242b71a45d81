/// A part of a template's body.
indirect enum Node: Sendable {
  case text(String, isRaw: Bool)
  case part(String)
  case output(Expression, at: Int)
  /// The branches in their order; an `else` has no condition.
  case condition([(test: Expression?, body: [Node])])
  case loop(variable: String, over: Expression, at: Int, body: [Node], otherwise: [Node])
  case assignment(String, Expression)
  /// Another template, rendered here with the names that are known here.
  case include(Template, at: Int)
}

/// An expression. Offsets are byte offsets into the source, for errors.
indirect enum Expression: Sendable {
  enum Comparison: String, Sendable {
    case equal = "==", unequal = "!=", less = "<", lessEqual = "<=", greater = ">", greaterEqual = ">="
    case within = "in", notWithin = "not in"
  }

  enum Test: String, CaseIterable, Sendable {
    case defined, none
  }

  case text(String)
  case number(Int)
  case flag(Bool)
  case none
  case list([Expression])
  case name(String, at: Int)
  case field(Expression, String, at: Int)
  case element(Expression, Expression, at: Int)
  case filter(Expression, Filter, [(label: String?, value: Expression)], at: Int)
  case test(Expression, Test, isNegated: Bool, at: Int)
  case not(Expression, at: Int)
  case all([Expression], at: Int)
  case any([Expression], at: Int)
  case comparison(Expression, [(Comparison, Expression)], at: Int)
}
