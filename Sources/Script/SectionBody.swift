import Foundation

/// How a section's bytes stand in a file: as lines of text where they can be, as base64 where not.
enum SectionBody {
  /// The flag of a body with NUL or bytes that are not UTF-8.
  static let base64 = "base64"
  /// The flag of a text that does not end in a line end.
  static let noNewline = "no-eol"
  /// The flag of a text with carriage returns: they stand in it as `\r`, see `escaped`.
  static let returns = "cr"
  /// The attributes that follow from the body.
  static let keys = [base64, noNewline, returns]

  /// The flags that a body is written with.
  static func flags(of body: [UInt8]) -> [Attribute] {
    if needsBase64(body) { return [Attribute(base64)] }
    return (body.contains(ASCII.carriageReturn) ? [Attribute(returns)] : [])
      + (body.isEmpty || body.last == ASCII.newline ? [] : [Attribute(noNewline)])
  }

  /// The lines of `body`, each with its line end.
  static func written(_ body: [UInt8]) -> [UInt8] {
    if needsBase64(body) { return encoded(body) }
    var text: [UInt8] = []
    text.reserveCapacity(body.count + 64)
    var rest = (body.contains(ASCII.carriageReturn) ? escaped(body) : body)[...]
    while !rest.isEmpty {
      let line = rest.prefix { $0 != ASCII.newline }
      if isHeaderLike(line) { text.append(ASCII.backslash) }
      text += line
      text.append(ASCII.newline)
      rest = rest[line.endIndex...].dropFirst()
    }
    return text
  }

  /// The body that `lines`, each with its line end, stand for; nil where base64 is asked for and there is none.
  static func read(_ lines: ArraySlice<UInt8>, flags: [Attribute]) -> [UInt8]? {
    if flags.contains(where: { $0.key == base64 }) {
      let digits = lines.filter { $0 > ASCII.space }
      return Data(base64Encoded: Data(digits)).map { Array($0) }
    }
    var body: [UInt8] = []
    body.reserveCapacity(lines.count)
    var rest = lines
    while !rest.isEmpty {
      let line = rest[..<(rest.firstIndex(of: ASCII.newline) ?? rest.endIndex)]
      body += line.first == ASCII.backslash && isHeaderLike(line) ? line.dropFirst() : line
      body.append(ASCII.newline)
      rest = rest[line.endIndex...].dropFirst()
    }
    if flags.contains(where: { $0.key == noNewline }), !body.isEmpty { body.removeLast() }
    return flags.contains { $0.key == returns } ? unescaped(body) : body
  }

  /// The bytes with `\r` for each carriage return. Backslashes right before one, or before a letter r, are doubled, so
  /// that every text comes back; all others stay as they are.
  private static func escaped(_ body: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(body.count + body.count / 32)
    var run = 0
    for byte in body {
      switch byte {
      case ASCII.backslash:
        run += 1
        continue
      case ASCII.carriageReturn:
        text += Array(repeating: ASCII.backslash, count: 2 * run + 1) + [ASCII.letterR]
      case ASCII.letterR: text += Array(repeating: ASCII.backslash, count: 2 * run) + [byte]
      default: text += Array(repeating: ASCII.backslash, count: run) + [byte]
      }
      run = 0
    }
    return text + Array(repeating: ASCII.backslash, count: run)
  }

  private static func unescaped(_ text: [UInt8]) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(text.count)
    var run = 0
    for byte in text {
      if byte == ASCII.backslash {
        run += 1
        continue
      }
      let isEscape = byte == ASCII.letterR
      body += Array(repeating: ASCII.backslash, count: isEscape ? run / 2 : run)
      body.append(isEscape && run % 2 == 1 ? ASCII.carriageReturn : byte)
      run = 0
    }
    return body + Array(repeating: ASCII.backslash, count: run)
  }

  /// True for a line of any number of backslashes and then `-- `: one that could be taken for a header.
  private static func isHeaderLike(_ line: ArraySlice<UInt8>) -> Bool {
    line.drop { $0 == ASCII.backslash }.starts(with: "-- ".utf8)
  }

  private static func needsBase64(_ body: [UInt8]) -> Bool {
    body.contains(ASCII.nul) || String(validating: body, as: UTF8.self) == nil
  }

  private static func encoded(_ body: [UInt8]) -> [UInt8] {
    let digits = Array(Data(body).base64EncodedData())
    var text: [UInt8] = []
    text.reserveCapacity(digits.count + digits.count / 76 + 1)
    for start in stride(from: 0, to: digits.count, by: 76) {
      text += digits[start..<min(start + 76, digits.count)]
      text.append(ASCII.newline)
    }
    return text
  }
}
