import Foundation

/// JSON for programs: one object per line, names in snake_case, keys sorted.
package enum JSONLine {
  /// The line of `value`, without its newline.
  package static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
