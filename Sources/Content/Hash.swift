import CCrypto

/// The SHA-256 of some bytes: the address of every artifact, blob, row and section.
///
/// Printed and stored as 64 lower-case hexadecimal digits. Computed by OpenSSL's libcrypto; this file is the only one
/// that names it.
package struct Hash: Hashable, Sendable, Comparable {
  /// 64 lower-case hexadecimal digits.
  package let hex: String

  /// The hash of `bytes`.
  package init(of bytes: some Sequence<UInt8>) {
    let input = Array(bytes)
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = SHA256(input, input.count, &digest)
    hex = Hash.hexadecimal(digest)
  }

  /// The hash of the UTF-8 bytes of `text`.
  package init(of text: String) {
    self.init(of: text.utf8)
  }

  /// The hash that `hex` spells, or nil where it is not 64 lower-case hexadecimal digits.
  package init?(hex: String) {
    guard hex.utf8.count == 64, hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
      return nil
    }
    self.hex = hex
  }

  /// The first 12 digits, for people.
  package var short: String { String(hex.prefix(12)) }

  package static func < (left: Hash, right: Hash) -> Bool { left.hex < right.hex }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension Hash: CustomStringConvertible {
  package var description: String { hex }
}

extension Hash: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let hash = Hash(hex: text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a SHA-256: \(text.prefix(80))")
    }
    self = hash
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}
