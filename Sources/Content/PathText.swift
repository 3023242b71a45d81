/// Paths as text. `NSString.deletingLastPathComponent` is not used: Foundation on Linux stops the program for a path of
/// one character.
package enum PathText {
  /// The folder that `path` names something in: what stands before the last `/`, `/` for what lies in the root, and
  /// the empty string where no folder is named.
  package static func folder(of path: String) -> String {
    var bytes = Array(path.utf8)[...]
    while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
    guard let last = bytes.lastIndex(of: slash) else { return "" }
    bytes = bytes[..<last]
    while bytes.last == slash { bytes.removeLast() }
    return bytes.isEmpty ? "/" : String(decoding: bytes, as: UTF8.self)
  }

  private static let slash = UInt8(ascii: "/")
}
