/// Scalars out of the bytes that a keyboard sends, one byte at a time.
struct KeyDecoder {
  /// The bytes of a scalar so far.
  private var bytes: [UInt8] = []

  /// The scalars that are certain after this byte. What is not UTF-8 becomes U+FFFD, and a byte that ends a broken
  /// sequence is not lost.
  mutating func take(_ byte: UInt8) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    if !bytes.isEmpty, byte & 0xC0 != 0x80 {
      result.append("\u{FFFD}")
      bytes = []
    }
    bytes.append(byte)
    guard bytes.count == Self.length(of: bytes[0]) else { return result }
    result += String(decoding: bytes, as: UTF8.self).unicodeScalars.prefix(1)
    bytes = []
    return result
  }

  /// Bytes of the sequence that begins so; 1 for a byte that can begin none.
  private static func length(of first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }
}
