import Foundation

/// Canonical bytes of a value: JSON with sorted keys, no white space and unescaped slashes, so that equal values have
/// equal bytes and therefore equal hashes. Values that reach it hold no floating-point numbers but settings.
package enum Canonical {
  /// The canonical bytes of `value`.
  package static func bytes(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }

  /// The value that `bytes`, made by `bytes(_:)`, stand for.
  package static func value<Value: Decodable>(_ type: Value.Type = Value.self, from bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
  }

  /// The content hash of `value`: the hash of its canonical bytes.
  package static func hash(_ value: some Encodable) throws -> Hash {
    Hash(of: try bytes(value))
  }
}
