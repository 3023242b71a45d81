/// A JSON value whose members keep their order, written as the harness's own tools write theirs, so that reports can be
/// compared byte by byte.
indirect enum ReportValue {
  case null
  case bool(Bool)
  case number(Int)
  case string(String)
  case array([ReportValue])
  case object([(String, ReportValue)])

  /// Indented by four spaces, and whatever is not plain ASCII escaped: Python's `json.dumps(value, indent=4)`.
  var indented: [UInt8] {
    var bytes: [UInt8] = []
    write(into: &bytes, depth: 0)
    return bytes
  }

  /// On one line, in UTF-8.
  var line: String {
    var bytes: [UInt8] = []
    write(into: &bytes, depth: nil)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(into bytes: inout [UInt8], depth: Int?) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let value): bytes += String(value).utf8
    case .string(let text): Self.write(text, into: &bytes, isASCII: depth != nil)
    case .array(let elements):
      Self.write("[", "]", elements, into: &bytes, depth) { element, bytes, depth in
        element.write(into: &bytes, depth: depth)
      }
    case .object(let members):
      Self.write("{", "}", members, into: &bytes, depth) { member, bytes, depth in
        Self.write(member.0, into: &bytes, isASCII: depth != nil)
        bytes += ": ".utf8
        member.1.write(into: &bytes, depth: depth)
      }
    }
  }

  private static func write<Element>(
    _ open: String, _ close: String, _ elements: [Element], into bytes: inout [UInt8], _ depth: Int?,
    _ body: (Element, inout [UInt8], Int?) -> Void
  ) {
    bytes += open.utf8
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes += (depth == nil ? ", " : ",").utf8 }
      if let depth { newLine(depth + 1, into: &bytes) }
      body(element, &bytes, depth.map { $0 + 1 })
    }
    if let depth, !elements.isEmpty { newLine(depth, into: &bytes) }
    bytes += close.utf8
  }

  private static func newLine(_ depth: Int, into bytes: inout [UInt8]) {
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: 4 * depth))
  }

  private static func write(_ text: String, into bytes: inout [UInt8], isASCII: Bool) {
    bytes.append(UInt8(ascii: "\""))
    defer { bytes.append(UInt8(ascii: "\"")) }
    var text = text
    let isPlain = text.withUTF8 { utf8 in
      guard utf8.allSatisfy({ $0.isPlain }) else { return false }
      bytes.append(contentsOf: utf8)
      return true
    }
    if isPlain { return }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": bytes += "\\\"".utf8
      case "\\": bytes += "\\\\".utf8
      case "\n": bytes += "\\n".utf8
      case "\r": bytes += "\\r".utf8
      case "\t": bytes += "\\t".utf8
      case "\u{8}": bytes += "\\b".utf8
      case "\u{C}": bytes += "\\f".utf8
      case " "..."~": bytes.append(UInt8(scalar.value))
      case "\u{80}"... where !isASCII: bytes += UTF8.encode(scalar).map(Array.init) ?? []
      default:
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
          let digits = String(unit, radix: 16)
          bytes += "\\u".utf8
          bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
          bytes += digits.utf8
        }
      }
    }
  }
}

extension UInt8 {
  /// True for what stands for itself inside a JSON string.
  fileprivate var isPlain: Bool {
    self >= 0x20 && self < 0x7F && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
  }
}
