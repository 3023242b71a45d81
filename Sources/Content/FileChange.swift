import Foundation

/// What becomes of one file.
///
/// Coded as text where the bytes are valid UTF-8 (`before`, `after`), in base64 otherwise (`before_base64`,
/// `after_base64`); a key that is not there stands for nil.
package struct FileChange: Hashable, Codable, Sendable {
  /// Relative to the repository's root, parted by `/`.
  package var path: String
  /// The bytes of the old file; nil for a new one.
  package var before: [UInt8]?
  /// The bytes of the file afterwards; nil where it is deleted.
  package var after: [UInt8]?

  package init(path: String, before: [UInt8]?, after: [UInt8]?) {
    self.path = path
    self.before = before
    self.after = after
  }
}

extension FileChange {
  private enum CodingKeys: String, CodingKey {
    case path, before, after
    case beforeBase64 = "before_base64"
    case afterBase64 = "after_base64"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    path = try container.decode(String.self, forKey: .path)
    before = try FileChange.bytes(in: container, .before, .beforeBase64)
    after = try FileChange.bytes(in: container, .after, .afterBase64)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try FileChange.encode(before, in: &container, .before, .beforeBase64)
    try FileChange.encode(after, in: &container, .after, .afterBase64)
  }

  private static func bytes(
    in container: KeyedDecodingContainer<CodingKeys>, _ text: CodingKeys, _ base64: CodingKeys
  ) throws -> [UInt8]? {
    if let value = try container.decodeIfPresent(String.self, forKey: text) { return Array(value.utf8) }
    return try container.decodeIfPresent(Data.self, forKey: base64).map { Array($0) }
  }

  private static func encode(
    _ bytes: [UInt8]?, in container: inout KeyedEncodingContainer<CodingKeys>, _ text: CodingKeys, _ base64: CodingKeys
  ) throws {
    guard let bytes else { return }
    if let value = String(validating: bytes, as: UTF8.self) {
      try container.encode(value, forKey: text)
    } else {
      try container.encode(Data(bytes), forKey: base64)
    }
  }
}
