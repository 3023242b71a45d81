/// Reads the text out of one event of a stream, where the event is plainly a piece of text and nothing else: nearly all
/// events are, and with a whole JSON decoder reading one takes eight times as long. Whatever it is not sure of it leaves
/// to that.
struct TextScan {
  /// Where the text of an event stands, by protocol.
  enum Shape {
    /// `{"message": {"content": TEXT}, "done": false}`
    case ollama
    /// `{"choices": [{"index": 0, "delta": {"content": TEXT}, "finish_reason": null}]}`
    case openAI
    /// `{"type": "content_block_delta", "delta": {"type": "text_delta", "text": TEXT}}`
    case anthropic
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0
  private var text: Range<Int>?
  private var hasEscapes = false
  /// The type of an event of Anthropic's and of its delta, and whether Ollama's `done` is false.
  private var marks = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// The text of `event`; nil where it is another event, or one that a decoder should look at.
  static func text(_ shape: Shape, in event: ArraySlice<UInt8>) -> String? {
    event.withUnsafeBufferPointer { buffer in
      var scan = TextScan(buffer)
      guard scan.object(depth: 0, { scan, key in scan.top(shape, key) }), scan.isAtEnd else { return nil }
      guard let range = scan.text, scan.marks == (shape == .openAI ? 0 : shape == .ollama ? 1 : 2) else { return nil }
      let found = UnsafeBufferPointer(rebasing: buffer[range])
      return scan.hasEscapes ? TextScan.unescaped(found) : String(decoding: found, as: UTF8.self)
    }
  }

  // MARK: - Shapes

  private typealias Key = UnsafeBufferPointer<UInt8>

  private mutating func top(_ shape: Shape, _ key: Key) -> Bool {
    switch shape {
    case .ollama:
      if key.spells("message") { return object(depth: 1) { scan, key in scan.texts(key, "content") } }
      if key.spells("done") {
        marks += 1
        return literal("false")
      }
      if key.spells("done_reason") { return literal("null") }
      return !key.spells("error") && skip(depth: 1)
    case .openAI:
      if key.spells("choices") { return choices() }
      // Counts, times and errors are a decoder's.
      if key.spells("usage") || key.spells("error") || key.spells("timings") { return literal("null") }
      return skip(depth: 1)
    case .anthropic:
      if key.spells("type") { return marked("content_block_delta") }
      if key.spells("delta") {
        return object(depth: 1) { scan, key in
          key.spells("type") ? scan.marked("text_delta") : scan.texts(key, "text")
        }
      }
      return skip(depth: 1)
    }
  }

  private mutating func choices() -> Bool {
    guard take("["), text == nil else { return false }
    let isChoice = object(depth: 2) { scan, key in
      if key.spells("delta") { return scan.object(depth: 3) { scan, key in scan.texts(key, "content") } }
      if key.spells("index") { return scan.literal("0") }
      if key.spells("finish_reason") { return scan.literal("null") }
      return scan.skip(depth: 3)
    }
    return isChoice && take("]")
  }

  private mutating func texts(_ key: Key, _ name: StaticString) -> Bool {
    guard key.spells(name) else {
      // Thoughts and calls of tools are a decoder's.
      let isOther =
        key.spells("reasoning_content") || key.spells("reasoning") || key.spells("thinking") || key.spells("tool_calls")
      return isOther ? literal("null") || take("\"") && take("\"") : skip(depth: 4)
    }
    hasEscapes = false
    guard let range = string() else { return false }
    text = range
    return true
  }

  private mutating func marked(_ word: StaticString) -> Bool {
    guard let range = string() else { return false }
    marks += 1
    return UnsafeBufferPointer(rebasing: bytes[range]).spells(word)
  }

  // MARK: - JSON

  private var isAtEnd: Bool {
    mutating get {
      blanks()
      return at == bytes.count
    }
  }

  private mutating func blanks() {
    while at < bytes.count, bytes[at] == 32 || bytes[at] == 10 || bytes[at] == 13 || bytes[at] == 9 { at += 1 }
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    blanks()
    guard at < bytes.count, bytes[at] == UInt8(ascii: mark) else { return false }
    at += 1
    return true
  }

  private mutating func literal(_ word: StaticString) -> Bool {
    blanks()
    let end = at + word.utf8CodeUnitCount
    guard end <= bytes.count, UnsafeBufferPointer(rebasing: bytes[at..<end]).spells(word) else { return false }
    at = end
    // Behind a literal stands the end of what it is in, or a comma: `0` is not the beginning of `0.5`.
    blanks()
    return at < bytes.count && (bytes[at] == UInt8(ascii: ",") || bytes[at] == UInt8(ascii: "}"))
  }

  /// A string, without its quotes.
  private mutating func string() -> Range<Int>? {
    guard take("\"") else { return nil }
    let start = at
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        at += 1
        return start..<(at - 1)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        at += 2
      case ..<32: return nil
      default: at += 1
      }
    }
    return nil
  }

  /// An object, each of whose values `value` reads.
  private mutating func object(depth: Int, _ value: (inout TextScan, Key) -> Bool) -> Bool {
    guard take("{") else { return false }
    if take("}") { return true }
    repeat {
      guard let key = string(), take(":") else { return false }
      guard value(&self, UnsafeBufferPointer(rebasing: bytes[key])) else { return false }
    } while take(",")
    return take("}")
  }

  /// Any value.
  private mutating func skip(depth: Int) -> Bool {
    blanks()
    guard at < bytes.count, depth < 32 else { return false }
    switch bytes[at] {
    case UInt8(ascii: "\""): return string() != nil
    case UInt8(ascii: "{"): return object(depth: depth) { scan, _ in scan.skip(depth: depth + 1) }
    case UInt8(ascii: "["):
      at += 1
      if take("]") { return true }
      repeat { guard skip(depth: depth + 1) else { return false } } while take(",")
      return take("]")
    case UInt8(ascii: "t"): return word("true")
    case UInt8(ascii: "f"): return word("false")
    case UInt8(ascii: "n"): return word("null")
    default:
      let start = at
      while at < bytes.count, TextScan.isOfNumber(bytes[at]) { at += 1 }
      return at > start
    }
  }

  private mutating func word(_ word: StaticString) -> Bool {
    let end = at + word.utf8CodeUnitCount
    guard end <= bytes.count, UnsafeBufferPointer(rebasing: bytes[at..<end]).spells(word) else { return false }
    at = end
    return true
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || byte == 43 || byte == 45 || byte == 46 || byte | 0x20 == 101
  }

  /// A string's text; nil where an escape is none, or half of a pair.
  private static func unescaped(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      guard bytes[at] == UInt8(ascii: "\\") else {
        text.append(bytes[at])
        at += 1
        continue
      }
      guard at + 1 < bytes.count else { return nil }
      at += 2
      switch bytes[at - 1] {
      case UInt8(ascii: "n"): text.append(10)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[at - 1])
      case UInt8(ascii: "t"): text.append(9)
      case UInt8(ascii: "r"): text.append(13)
      case UInt8(ascii: "b"): text.append(8)
      case UInt8(ascii: "f"): text.append(12)
      case UInt8(ascii: "u"):
        guard at + 4 <= bytes.count, let scalar = scalar(UnsafeBufferPointer(rebasing: bytes[at..<(at + 4)])) else {
          return nil
        }
        text.append(contentsOf: String(Character(scalar)).utf8)
        at += 4
      default: return nil
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func scalar(_ digits: UnsafeBufferPointer<UInt8>) -> Unicode.Scalar? {
    var value: UInt32 = 0
    for digit in digits {
      switch digit {
      case 48...57: value = value << 4 | UInt32(digit - 48)
      case 65...70, 97...102: value = value << 4 | UInt32((digit | 0x20) - 87)
      default: return nil
      }
    }
    return Unicode.Scalar(value)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether these are the bytes of `word`.
  fileprivate func spells(_ word: StaticString) -> Bool {
    guard count == word.utf8CodeUnitCount else { return false }
    for index in 0..<count where self[index] != word.utf8Start[index] { return false }
    return true
  }
}
