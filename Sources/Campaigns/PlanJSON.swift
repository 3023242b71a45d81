import Foundation

/// JSON whose keys stay in their order: the plan's files are read by people, top down.
package indirect enum PlanJSON: Hashable, Sendable {
  case object([Field])
  case array([PlanJSON])
  case string(String)
  case number(Double)
  case integer(Int)
  case bool(Bool)
  case null

  package struct Field: Hashable, Sendable {
    package let name: String
    package let value: PlanJSON

    package init(_ name: String, _ value: PlanJSON) {
      self.name = name
      self.value = value
    }
  }

  /// A text, or null.
  package static func text(_ value: String?) -> PlanJSON { value.map { .string($0) } ?? .null }
  package static func count(_ value: Int?) -> PlanJSON { value.map { .integer($0) } ?? .null }
  /// A number, or null: what is no number has no place in JSON.
  package static func real(_ value: Double?) -> PlanJSON {
    value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }

  /// The value of an object's field.
  package subscript(name: String) -> PlanJSON? {
    if case .object(let fields) = self { fields.first { $0.name == name }?.value } else { nil }
  }

  /// The value as any encoder makes it, its keys sorted.
  package init(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let any = try JSONSerialization.jsonObject(with: try encoder.encode(value), options: .fragmentsAllowed)
    self.init(any: any)
  }

  private init(any: Any) {
    switch any {
    case let object as [String: Any]:
      self = .object(object.sorted { $0.key < $1.key }.map { Field($0.key, PlanJSON(any: $0.value)) })
    case let array as [Any]: self = .array(array.map(PlanJSON.init(any:)))
    case let text as String: self = .string(text)
    case let number as NSNumber:
      if CFNumber.isBool(number) {
        self = .bool(number.boolValue)
      } else if let whole = Int(exactly: number.doubleValue), "\(number)".allSatisfy({ $0.isNumber || $0 == "-" }) {
        self = .integer(whole)
      } else {
        self = .real(number.doubleValue)
      }
    default: self = .null
    }
  }

  private enum CFNumber {
    static func isBool(_ number: NSNumber) -> Bool {
      String(cString: number.objCType) == "c" || String(cString: number.objCType) == "B"
    }
  }

  /// As Python's `json.dump(value, file, indent=2)` writes it, with a newline at the end.
  package var bytes: [UInt8] {
    var text = ""
    write(to: &text, indent: 0)
    text += "\n"
    return Array(text.utf8)
  }

  /// On one line, without a newline.
  package var line: String {
    switch self {
    case .object(let fields):
      "{" + fields.map { "\(PlanJSON.quoted($0.name)): \($0.value.line)" }.joined(separator: ", ") + "}"
    case .array(let items): "[" + items.map(\.line).joined(separator: ", ") + "]"
    default: scalar
    }
  }

  private func write(to text: inout String, indent: Int) {
    let inner = String(repeating: "  ", count: indent + 1)
    switch self {
    case .object(let fields) where !fields.isEmpty:
      text += "{\n"
      for (index, field) in fields.enumerated() {
        text += "\(inner)\(PlanJSON.quoted(field.name)): "
        field.value.write(to: &text, indent: indent + 1)
        text += index + 1 < fields.count ? ",\n" : "\n"
      }
      text += String(repeating: "  ", count: indent) + "}"
    case .array(let items) where !items.isEmpty:
      text += "[\n"
      for (index, item) in items.enumerated() {
        text += inner
        item.write(to: &text, indent: indent + 1)
        text += index + 1 < items.count ? ",\n" : "\n"
      }
      text += String(repeating: "  ", count: indent) + "]"
    default: text += scalar
    }
  }

  private var scalar: String {
    switch self {
    case .object: "{}"
    case .array: "[]"
    case .string(let text): PlanJSON.quoted(text)
    case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int(number)).0" : "\(number)"
    case .integer(let number): "\(number)"
    case .bool(let value): value ? "true" : "false"
    case .null: "null"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 32 || scalar.value == 127 || scalar.value == 0x2028 || scalar.value == 0x2029:
        let hex = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
