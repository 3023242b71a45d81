/// How tokens are estimated before a server counts them: the setting `tokens.ratio`.
package enum TokenRatio: Hashable, Sendable {
  /// The larger of bytes / 3 and pieces * 1.2, times a number that a person set. Versions before this one knew no other.
  case fixed(Double)
  /// By how the text is written, see ``TokenCost``; `learnt` is what the model's server was seen to count, nil as long as
  /// that is not known. It is on the scale of ``fixed(_:)``: 0.65 is what a tokenizer with a large vocabulary takes of code.
  case auto(learnt: Double?)

  /// What holds as long as no count is known.
  package static let unknown = 0.65
  /// What may be set, and learnt.
  package static let range = 0.1...10.0

  /// The number in use.
  package var value: Double {
    switch self {
    case .fixed(let value): value
    case .auto(let learnt): learnt ?? TokenRatio.unknown
    }
  }

  package var isAuto: Bool {
    if case .auto = self { true } else { false }
  }

  /// Reads `auto`, `auto:0.62` or a number; nil for anything else.
  package init?(_ text: String) {
    if text == "auto" {
      self = .auto(learnt: nil)
      return
    }
    let isAuto = text.hasPrefix("auto:")
    guard let value = Double(isAuto ? text.dropFirst(5) : text[...]), TokenRatio.range.contains(value) else {
      return nil
    }
    self = isAuto ? .auto(learnt: value) : .fixed(value)
  }
}

extension TokenRatio: CustomStringConvertible {
  /// As it is typed.
  package var description: String {
    switch self {
    case .fixed(let value): "\(value)"
    case .auto(nil): "auto"
    case .auto(let learnt?): "auto:\(learnt)"
    }
  }
}

extension TokenRatio: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  package init(floatLiteral value: Double) { self = .fixed(value) }
  package init(integerLiteral value: Int) { self = .fixed(Double(value)) }
}

// Older versions kept a number.
extension TokenRatio: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .fixed(number)
      return
    }
    let text = try container.decode(String.self)
    guard let ratio = TokenRatio(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a ratio: \(text.prefix(40))")
    }
    self = ratio
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if case .fixed(let value) = self { try container.encode(value) } else { try container.encode(description) }
  }
}
