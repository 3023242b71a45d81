/// A token of a template and the byte offset where it begins.
struct Token: Hashable {
  enum Kind: Hashable {
    /// Text that stands as it is; `isRaw` inside `{% raw %}`.
    case text(String, isRaw: Bool)
    /// The name that a `{# part: NAME #}` gives.
    case part(String)
    case outputBegin, outputEnd, blockBegin, blockEnd
    case name(String)
    case number(Int)
    case string(String)
    case symbol(String)
    case end
  }

  let kind: Kind
  let at: Int
}

/// Cuts a template into text and the tokens inside its marks, white space control applied.
struct TemplateLexer {
  private let source: TemplateSource
  private let bytes: [UInt8]
  private var index = 0
  private var found: [Token] = []
  /// True after `-%}`, `-}}` or `-#}`: the text that follows loses its leading white space.
  private var stripsNext = false

  init(_ source: TemplateSource) {
    self.source = source
    bytes = source.bytes
  }

  /// All tokens, ending with `.end`.
  mutating func tokens() throws(TemplateError) -> [Token] {
    while index < bytes.count {
      let start = index
      while index < bytes.count, !(bytes[index] == UInt8(ascii: "{") && Self.opens.contains(byte(index + 1))) {
        index += 1
      }
      let strips = index < bytes.count && byte(index + 2) == UInt8(ascii: "-")
      append(text: start..<index, stripsEnd: strips, isRaw: false)
      if index < bytes.count { try mark() }
    }
    found.append(Token(kind: .end, at: index))
    return found
  }

  private static let opens: [UInt8] = Array("{%#".utf8)

  /// The byte at `index`, or 0 past the end.
  private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  private mutating func append(text range: Range<Int>, stripsEnd: Bool, isRaw: Bool) {
    var text = source.text(range)[...]
    if stripsNext { text = text.trimmingStart() }
    if stripsEnd { text = text.trimmingEnd() }
    if !range.isEmpty { stripsNext = false }
    if !text.isEmpty { found.append(Token(kind: .text(String(text), isRaw: isRaw), at: range.lowerBound)) }
  }

  private mutating func mark() throws(TemplateError) {
    stripsNext = false
    let start = index
    let open = bytes[index + 1]
    index += 2
    if byte(index) == UInt8(ascii: "-") || byte(index) == UInt8(ascii: "+") { index += 1 }
    switch open {
    case UInt8(ascii: "#"): try comment(start)
    case UInt8(ascii: "%"):
      if let end = keyword("raw", from: index, allowsPlus: false) {
        try raw(start, after: end)
      } else {
        found.append(Token(kind: .blockBegin, at: start))
        try inside(start, tag: "{%", close: "%}", end: .blockEnd)
      }
    default:
      found.append(Token(kind: .outputBegin, at: start))
      try inside(start, tag: "{{", close: "}}", end: .outputEnd)
    }
  }

  private mutating func comment(_ start: Int) throws(TemplateError) {
    let begin = index
    while index < bytes.count, !(bytes[index] == UInt8(ascii: "#") && byte(index + 1) == UInt8(ascii: "}")) {
      index += 1
    }
    guard index < bytes.count else { throw .unclosed("{#", at: source.position(start)) }
    let said = source.text(begin..<index)[...].trimmingStart().trimmingEnd()
    stripsNext = index > begin && bytes[index - 1] == UInt8(ascii: "-")
    if said.hasPrefix("part:") {
      let name = (stripsNext ? said.dropLast() : said).dropFirst(5).trimmingStart().trimmingEnd()
      found.append(Token(kind: .part(String(name)), at: start))
    }
    index += 2
  }

  private mutating func raw(_ start: Int, after end: (index: Int, strips: Bool)) throws(TemplateError) {
    stripsNext = end.strips
    let begin = end.index
    index = begin
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "{"), byte(index + 1) == UInt8(ascii: "%") {
        let sign = byte(index + 2)
        let isSigned = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
        if let close = keyword("endraw", from: index + (isSigned ? 3 : 2), allowsPlus: true) {
          append(text: begin..<index, stripsEnd: sign == UInt8(ascii: "-"), isRaw: true)
          stripsNext = close.strips
          index = close.index
          return
        }
      }
      index += 1
    }
    throw .unclosed("{% raw %}", at: source.position(start))
  }

  /// Where `word` and the end of its tag are over, if they stand at `from`, white space between.
  private func keyword(_ word: String, from: Int, allowsPlus: Bool) -> (index: Int, strips: Bool)? {
    var at = from
    while Self.isBlank(byte(at)) { at += 1 }
    guard at < bytes.count, bytes[at...].starts(with: word.utf8) else { return nil }
    at += word.utf8.count
    while Self.isBlank(byte(at)) { at += 1 }
    let strips = byte(at) == UInt8(ascii: "-")
    if strips || (allowsPlus && byte(at) == UInt8(ascii: "+")) { at += 1 }
    return byte(at) == UInt8(ascii: "%") && byte(at + 1) == UInt8(ascii: "}") ? (at + 2, strips) : nil
  }

  private mutating func inside(
    _ start: Int, tag: String, close: String, end: Token.Kind
  ) throws(TemplateError) {
    while true {
      while Self.isBlank(byte(index)) { index += 1 }
      guard index < bytes.count else { throw .unclosed(tag, at: source.position(start)) }
      let isSigned = bytes[index] == UInt8(ascii: "-") || (bytes[index] == UInt8(ascii: "+") && end == .blockEnd)
      let at = isSigned ? index + 1 : index
      if at < bytes.count, bytes[at...].starts(with: close.utf8) {
        stripsNext = isSigned && bytes[index] == UInt8(ascii: "-")
        found.append(Token(kind: end, at: index))
        index = at + 2
        return
      }
      try word()
    }
  }

  private mutating func word() throws(TemplateError) {
    let start = index
    let first = bytes[index]
    if Self.isLetter(first) {
      while Self.isLetter(byte(index)) || Self.isDigit(byte(index)) { index += 1 }
      found.append(Token(kind: .name(source.text(start..<index)), at: start))
    } else if Self.isDigit(first) {
      while Self.isLetter(byte(index)) || Self.isDigit(byte(index)) { index += 1 }
      let text = source.text(start..<index)
      guard let number = Int(text) else {
        throw .unexpected(found: "`\(text)`", expected: "an integer", at: source.position(start))
      }
      found.append(Token(kind: .number(number), at: start))
    } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      try string(first)
    } else {
      let two = source.text(start..<min(start + 2, bytes.count))
      let symbol = ["==", "!=", "<=", ">="].contains(two) ? two : String(two.prefix(1))
      guard symbol.count == 2 || "()[].,|<>=-".contains(symbol) else {
        let character = String(decoding: bytes[start...].prefix(4), as: UTF8.self).prefix(1)
        throw .unexpected(
          found: "`\(character)`", expected: "a name, a literal or an operator", at: source.position(start))
      }
      index += symbol.utf8.count
      found.append(Token(kind: .symbol(symbol), at: start))
    }
  }

  private mutating func string(_ quote: UInt8) throws(TemplateError) {
    let start = index
    var text: [UInt8] = []
    index += 1
    while index < bytes.count, bytes[index] != quote {
      if bytes[index] == UInt8(ascii: "\\") {
        guard let escape = Self.escapes.first(where: { $0.letter == byte(index + 1) }) else {
          throw .unexpected(
            found: "`\\`", expected: "one of \\n, \\t, \\r, \\\\, \\\" and \\' in a string", at: source.position(index))
        }
        text.append(escape.byte)
        index += 2
      } else {
        text.append(bytes[index])
        index += 1
      }
    }
    guard index < bytes.count else { throw .unclosed("the string", at: source.position(start)) }
    index += 1
    found.append(Token(kind: .string(String(decoding: text, as: UTF8.self)), at: start))
  }

  private static let escapes: [(letter: UInt8, byte: UInt8)] = [
    (UInt8(ascii: "n"), 10), (UInt8(ascii: "t"), 9), (UInt8(ascii: "r"), 13), (UInt8(ascii: "\\"), 92),
    (UInt8(ascii: "\""), 34), (UInt8(ascii: "'"), 39),
  ]

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 9 }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
  }
}
