/// One token of Python source.
struct PythonToken {
  enum Kind: UInt8 { case name, number, string, symbol, newline, indent, dedent, end }

  let kind: Kind
  /// The bytes of a name or a symbol of at most eight bytes, packed; 0 for any other token.
  let word: UInt64
  /// The byte offsets where it begins and ends.
  let start: Int
  let end: Int
  /// The 1-based line where it begins.
  let line: Int

  func `is`(_ text: StaticString) -> Bool { word == PythonToken.packed(text) }

  /// Up to eight bytes as one number.
  static func packed(_ text: StaticString) -> UInt64 {
    text.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt64($1) } }
  }
}

/// Where Python source is no Python, and why.
package struct PythonFault: Error, Hashable, Codable, Sendable {
  /// The 1-based line.
  package let line: Int
  /// What is wrong with it, in lower case.
  package let reason: String
  /// The byte offset of the place in the file; it need not be on the line.
  package let offset: Int

  /// The 1-based column of the place, in characters; nil where it is not on the line.
  package func column(in bytes: [UInt8]) -> Int? {
    guard offset <= bytes.count else { return nil }
    let start = bytes[..<offset].lastIndex(of: 10).map { $0 + 1 } ?? 0
    guard bytes[..<start].count(where: { $0 == 10 }) == line - 1 else { return nil }
    return String(decoding: bytes[start..<offset], as: UTF8.self).count + 1
  }
}
