/// A value of JSON whose members keep their order, so that a file reads as its shape is written down.
indirect enum OrderedJSON: Hashable, Sendable {
  case null
  case flag(Bool)
  case whole(Int)
  case number(Double)
  case text(String)
  case list([OrderedJSON])
  case object([Member])

  struct Member: Hashable, Sendable {
    let key: String
    let value: OrderedJSON
  }

  /// An object of these members.
  static func members(_ members: KeyValuePairs<String, OrderedJSON>) -> OrderedJSON {
    .object(members.map { Member(key: $0.key, value: $0.value) })
  }

  /// The text, or null.
  static func optional(_ text: String?) -> OrderedJSON { text.map(OrderedJSON.text) ?? .null }
  static func optional(_ number: Int?) -> OrderedJSON { number.map(OrderedJSON.whole) ?? .null }
  static func optional(_ number: Double?) -> OrderedJSON { number.map(OrderedJSON.number) ?? .null }

  /// The object without the members that are null; any other value as it is.
  var withoutNulls: OrderedJSON {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { $0.value != .null })
  }

  /// The object with these members behind its own; any other value as it is.
  func adding(_ others: OrderedJSON) -> OrderedJSON {
    guard case .object(let members) = self, case .object(let more) = others else { return self }
    return .object(members + more)
  }

  /// Indented by two spaces, the last line ended: Python's `json.dump(value, file, indent=2, ensure_ascii=False)`.
  var indented: [UInt8] {
    var bytes: [UInt8] = []
    write(into: &bytes, depth: 0)
    return bytes + [0x0A]
  }

  /// On one line, without a line's end.
  var line: [UInt8] {
    var bytes: [UInt8] = []
    write(into: &bytes, depth: nil)
    return bytes
  }

  private func write(into bytes: inout [UInt8], depth: Int?) {
    switch self {
    case .null: bytes += "null".utf8
    case .flag(let flag): bytes += (flag ? "true" : "false").utf8
    case .whole(let number): bytes += "\(number)".utf8
    // JSON has no word for what is no number.
    case .number(let number): bytes += (number.isFinite ? "\(number)" : "null").utf8
    case .text(let text): OrderedJSON.write(text, into: &bytes)
    case .list(let values):
      OrderedJSON.write(values, "[", "]", into: &bytes, depth) { $0.write(into: &$1, depth: $2) }
    case .object(let members):
      OrderedJSON.write(members, "{", "}", into: &bytes, depth) { member, bytes, depth in
        OrderedJSON.write(member.key, into: &bytes)
        bytes += ": ".utf8
        member.value.write(into: &bytes, depth: depth)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], _ open: String, _ close: String, into bytes: inout [UInt8], _ depth: Int?,
    _ body: (Element, inout [UInt8], Int?) -> Void
  ) {
    func newLine(_ depth: Int) {
      bytes.append(0x0A)
      bytes.append(contentsOf: repeatElement(0x20, count: 2 * depth))
    }
    bytes += open.utf8
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes += (depth == nil ? ", " : ",").utf8 }
      if let depth { newLine(depth + 1) }
      body(element, &bytes, depth.map { $0 + 1 })
    }
    if let depth, !elements.isEmpty { newLine(depth) }
    bytes += close.utf8
  }

  private static func write(_ text: String, into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x0D: bytes += "\\r".utf8
      case 0x09: bytes += "\\t".utf8
      case 0..<0x20:
        bytes += "\\u00".utf8
        bytes += [byte >> 4, byte & 15].map { $0 < 10 ? 48 + $0 : 87 + $0 }
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
