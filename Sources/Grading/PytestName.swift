/// How a pytest id is spelled by the harness, which changes some. The text handed on is borrowed.
enum PytestName {
  /// `t.py::a[/x/y/z.py]` as `t.py::a[/z.py]`; what stands behind the last bracket is dropped.
  static func withShortOption(_ name: LogText, _ body: (LogText) -> Void) {
    guard let open = name.index(of: UInt8(ascii: "[")), let close = name.lastIndex(of: UInt8(ascii: "]")),
      open < close
    else { return body(name) }
    let option = name[(open + 1)..<close]
    guard option.hasPrefix("/"), !option.hasPrefix("//"), option.index(of: UInt8(ascii: "*")) == nil,
      let slash = option.lastIndex(of: UInt8(ascii: "/"))
    else { return body(name.upTo(close + 1)) }
    var bytes = Array(name.upTo(open + 1).bytes)
    bytes.append(contentsOf: option.from(slash).bytes)
    bytes.append(UInt8(ascii: "]"))
    LogText.reading(bytes, body)
  }

  /// `MouseButton.LEFT` and `MouseButton.RIGHT` as the numbers that newer Pythons print for them.
  static func withButtons(_ name: LogText, _ body: (LogText) -> Void) {
    guard name.contains("MouseButton.") else { return body(name) }
    let left = replacing("MouseButton.LEFT", with: UInt8(ascii: "1"), in: name)
    let both = LogText.reading(left) { replacing("MouseButton.RIGHT", with: UInt8(ascii: "3"), in: $0) }
    LogText.reading(both, body)
  }

  private static func replacing(_ text: StaticString, with digit: UInt8, in name: LogText) -> [UInt8] {
    var bytes: [UInt8] = []
    var at = 0
    while let found = name.index(of: text, from: at) {
      bytes.append(contentsOf: name[at..<found].bytes)
      bytes.append(digit)
      at = found + text.utf8CodeUnitCount
    }
    bytes.append(contentsOf: name.from(at).bytes)
    return bytes
  }

  /// The words of `text` with one space between them.
  static func joined(_ text: LogText, _ body: (LogText) -> Void) {
    let text = text.trimmed
    if text.isSingleSpaced { return body(text) }
    var bytes: [UInt8] = []
    var at = 0
    while let word = text.word(from: at) {
      if !bytes.isEmpty { bytes.append(0x20) }
      bytes.append(contentsOf: text[word].bytes)
      at = word.upperBound
      if bytes.count > OutcomeTable.mostBytes { break }
    }
    LogText.reading(bytes, body)
  }
}

extension LogText {
  /// True where words are parted by one plain space each. Non-ASCII text counts as not: it may hold other spaces.
  fileprivate var isSingleSpaced: Bool {
    var wasSpace = false
    for byte in bytes {
      if byte > 0x20, byte < 0x80 {
        wasSpace = false
      } else if byte == 0x20, !wasSpace {
        wasSpace = true
      } else {
        return false
      }
    }
    return true
  }
}
