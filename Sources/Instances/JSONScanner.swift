/// Where and why a text is not JSON.
struct JSONFault: Error, Hashable {
  /// Byte offset from the beginning of the text.
  var at: Int
  /// What was expected there, or that the text ends there.
  var reason: JSONFaultReason
}

/// Why a text is not JSON.
enum JSONFaultReason: String, Hashable, Sendable {
  case end = "it ends in the middle of a value"
  case value = "a value should stand here"
  case key = "a key in double quotes should stand here"
  case colon = "a colon should stand here"
  case separator = "a comma or a closing bracket should stand here"
  case control = "a string holds a bare control character, or goes on past its line"
  case escape = "a string holds a wrong escape"
  case depth = "values are nested too deep"
  case encoding = "a string is not UTF-8"
  case trailing = "more text follows the value"
}

/// One value as it stands in the text.
struct JSONSlice {
  enum Kind: String {
    case object = "an object"
    case array = "a list"
    case string = "a string"
    case number = "a number"
    case bool = "true or false"
    case null = "null"
  }

  var kind: Kind
  /// Byte offsets; of a string, what stands between its quotes.
  var range: Range<Int>
  /// True for a string with at least one backslash.
  var isEscaped = false
}

/// A strict JSON reader that makes no values: it checks a text in one pass and says where its parts stand.
///
/// What it takes, Foundation's decoder takes too, as long as the bytes of `unproven` are UTF-8.
struct JSONScanner {
  /// The deepest nesting taken.
  static let deepest = 100

  let text: UnsafeBufferPointer<UInt8>
  let end: Int
  var at: Int
  /// From the beginning of the first string with a byte above 127 to the end of the last one; nil where all is ASCII.
  private(set) var unproven: Range<Int>?

  init(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    self.text = text
    at = range.lowerBound
    end = range.upperBound
  }

  /// Moves past white space.
  mutating func skipBlanks() {
    while at < end, text[at] == 0x20 || text[at] == 0x0A || text[at] == 0x0D || text[at] == 0x09 { at += 1 }
  }

  /// The value that begins at the next byte that is not white space.
  mutating func value(depth: Int = 0) throws(JSONFault) -> JSONSlice {
    skipBlanks()
    let start = at
    guard at < end else { throw fault(.end) }
    switch text[at] {
    case UInt8(ascii: "\""):
      return try string()
    case UInt8(ascii: "{"):
      try object(depth: depth) { (scanner, _) throws(JSONFault) in _ = try scanner.value(depth: depth + 1) }
      return JSONSlice(kind: .object, range: start..<at)
    case UInt8(ascii: "["):
      try array(depth: depth) { (scanner) throws(JSONFault) in _ = try scanner.value(depth: depth + 1) }
      return JSONSlice(kind: .array, range: start..<at)
    case UInt8(ascii: "t"): return try word("true", .bool)
    case UInt8(ascii: "f"): return try word("false", .bool)
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  /// Reads an object; `member` is called behind each colon, with the key, and must read the value.
  mutating func object(
    depth: Int = 0, _ member: (inout JSONScanner, JSONSlice) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    guard depth < Self.deepest else { throw fault(.depth) }
    at += 1
    skipBlanks()
    if at < end, text[at] == UInt8(ascii: "}") {
      at += 1
      return
    }
    while true {
      skipBlanks()
      guard at < end else { throw fault(.end) }
      guard text[at] == UInt8(ascii: "\"") else { throw fault(.key) }
      let key = try string()
      skipBlanks()
      guard at < end else { throw fault(.end) }
      guard text[at] == UInt8(ascii: ":") else { throw fault(.colon) }
      at += 1
      try member(&self, key)
      guard try goesOn(closing: UInt8(ascii: "}")) else { return }
    }
  }

  /// Reads a list; `element` is called before each element and must read it.
  mutating func array(
    depth: Int = 0, _ element: (inout JSONScanner) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    guard depth < Self.deepest else { throw fault(.depth) }
    at += 1
    skipBlanks()
    if at < end, text[at] == UInt8(ascii: "]") {
      at += 1
      return
    }
    while true {
      try element(&self)
      guard try goesOn(closing: UInt8(ascii: "]")) else { return }
    }
  }

  /// Refuses anything but white space up to the end.
  mutating func finish() throws(JSONFault) {
    skipBlanks()
    if at < end { throw fault(.trailing) }
  }

  private mutating func goesOn(closing: UInt8) throws(JSONFault) -> Bool {
    skipBlanks()
    guard at < end else { throw fault(.end) }
    let byte = text[at]
    guard byte == closing || byte == UInt8(ascii: ",") else { throw fault(.separator) }
    at += 1
    return byte != closing
  }

  private mutating func string() throws(JSONFault) -> JSONSlice {
    let start = at + 1
    var isEscaped = false
    at = start
    while true {
      // Nearly all bytes of a file are plain ones inside strings: they are passed without a write to memory.
      let (stop, high) = plainEnd(from: at)
      if high > 127 { unproven = (unproven?.lowerBound ?? start)..<stop }
      at = stop
      guard at < end else { throw fault(.end) }
      switch text[at] {
      case UInt8(ascii: "\""):
        at += 1
        return JSONSlice(kind: .string, range: start..<(at - 1), isEscaped: isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        try escape()
      default:
        throw fault(.control)
      }
    }
  }

  /// The offset of the next quote, backslash or control character, and the bits of the bytes before it.
  private func plainEnd(from start: Int) -> (stop: Int, high: UInt8) {
    guard let base = text.baseAddress else { return (end, 0) }
    var high: UInt8 = 0
    var at = start
    while at + 8 <= end, Self.isPlain(UnsafeRawPointer(base).loadUnaligned(fromByteOffset: at, as: UInt64.self)) {
      at += 8
    }
    while at < end {
      let byte = base[at]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      high |= byte
      at += 1
    }
    return (at, high)
  }

  /// True where none of eight bytes is a quote, a backslash, a control character or above 127. The borrow of a
  /// subtraction may make a plain byte look like one of these, never the other way round.
  private static func isPlain(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    let found = (word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones) | word
    return found & (ones &* 0x80) == 0
  }

  private mutating func escape() throws(JSONFault) {
    guard at + 1 < end else {
      at = end
      throw fault(.end)
    }
    switch text[at + 1] {
    case UInt8(ascii: "n"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at += 2
    case UInt8(ascii: "u"):
      let unit = try codeUnit()
      if (0xD800..<0xDC00).contains(unit) {
        guard at + 1 < end else { throw JSONFault(at: end, reason: .end) }
        guard text[at] == UInt8(ascii: "\\"), text[at + 1] == UInt8(ascii: "u") else { throw fault(.escape) }
        guard (0xDC00..<0xE000).contains(try codeUnit()) else { throw fault(.escape) }
      } else if (0xDC00..<0xE000).contains(unit) {
        throw fault(.escape)
      }
    default:
      throw fault(.escape)
    }
  }

  /// Reads `\uXXXX`.
  private mutating func codeUnit() throws(JSONFault) -> UInt32 {
    guard at + 6 <= end else { throw JSONFault(at: end, reason: .end) }
    var unit: UInt32 = 0
    for offset in 2..<6 {
      guard let digit = JSONText.hexadecimal(text[at + offset]) else { throw fault(.escape) }
      unit = unit << 4 | digit
    }
    at += 6
    return unit
  }

  private mutating func word(_ word: StaticString, _ kind: JSONSlice.Kind) throws(JSONFault) -> JSONSlice {
    let start = at
    for offset in 0..<word.utf8CodeUnitCount {
      guard at < end else { throw fault(.end) }
      guard text[at] == word.utf8Start[offset] else { throw fault(.value) }
      at += 1
    }
    return JSONSlice(kind: kind, range: start..<at)
  }

  private mutating func number() throws(JSONFault) -> JSONSlice {
    let start = at
    if text[at] == UInt8(ascii: "-") { at += 1 }
    let leading = at
    try digits()
    if text[leading] == UInt8(ascii: "0"), at > leading + 1 { throw JSONFault(at: start, reason: .value) }
    if at < end, text[at] == UInt8(ascii: ".") {
      at += 1
      try digits()
    }
    if at < end, text[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < end, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
      try digits()
    }
    return JSONSlice(kind: .number, range: start..<at)
  }

  private mutating func digits() throws(JSONFault) {
    guard at < end else { throw fault(.end) }
    let start = at
    while at < end, (48...57).contains(text[at]) { at += 1 }
    if at == start { throw fault(.value) }
  }

  private func fault(_ reason: JSONFaultReason) -> JSONFault { JSONFault(at: at, reason: reason) }
}
