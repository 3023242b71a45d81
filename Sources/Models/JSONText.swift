import Foundation

/// JSON as servers write it.
enum JSONText {
  /// The value that `bytes` spell; nil where they do not. Bytes that are no UTF-8 count as U+FFFD.
  static func value<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) -> Value? {
    let data = Data(bytes)
    if let value = try? JSONDecoder().decode(type, from: data) { return value }
    let mended = String(decoding: data, as: UTF8.self)
    guard mended.utf8.count != data.count || !mended.utf8.elementsEqual(data) else { return nil }
    return try? JSONDecoder().decode(type, from: Data(mended.utf8))
  }

  /// The bytes of a request's body: keys sorted, so that equal requests are equal bytes.
  static func bytes(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }
}
