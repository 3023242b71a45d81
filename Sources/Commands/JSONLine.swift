import Foundation

/// JSON for programs: one object per line, names in snake_case, keys sorted. Names without a small letter are a dataset's
/// own (`FAIL_TO_PASS`) and stay.
package enum JSONLine {
  /// The line of `value`, without its newline.
  package static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .custom { path in
      guard let key = path.last?.stringValue, key.contains(where: \.isLowercase) else { return path.last ?? Name("") }
      return Name(snakeCase(key))
    }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// `promptTokens` as `prompt_tokens`, `sha256` as it is.
  private static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { text, letter in
      if letter.isUppercase, !text.isEmpty, text.last != "_" { text.append("_") }
      text += letter.lowercased()
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }

    init?(stringValue: String) { self.init(stringValue) }

    init?(intValue: Int) { nil }
  }
}
