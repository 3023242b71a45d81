import Foundation

/// JSON for programs: one object per line, names in snake_case, keys sorted. Names without a small letter are a dataset's
/// own (`FAIL_TO_PASS`) and stay.
package enum JSONLine {
  /// The line of `value`, without its newline.
  package static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .custom { path in
      guard let key = path.last?.stringValue, key.utf8.contains(where: { (97...122).contains($0) }) else {
        return path.last ?? Name("")
      }
      return Name(snakeCase(key))
    }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// `promptTokens` as `prompt_tokens`, `sha256` as it is. Keys are ASCII.
  private static func snakeCase(_ name: String) -> String {
    guard name.utf8.contains(where: { (65...90).contains($0) }) else { return name }
    var bytes: [UInt8] = []
    var wasUpper = false
    for byte in name.utf8 {
      let isUpper = (65...90).contains(byte)
      // Letters of an abbreviation are one word: `instanceID` is `instance_id`.
      if isUpper, !wasUpper, let last = bytes.last, last != UInt8(ascii: "_") { bytes.append(UInt8(ascii: "_")) }
      wasUpper = isUpper
      bytes.append(isUpper ? byte + 32 : byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }

    init?(stringValue: String) { self.init(stringValue) }

    init?(intValue: Int) { nil }
  }
}
