/// What the short columns of a row may hold. They become folder names, arguments of git and parts of addresses.
package enum RowRule {
  /// True for 1 to 200 letters, digits, `.`, `_` and `-` that do not begin with `.` or `-` and hold no `..`.
  package static func isSafe(id: String) -> Bool {
    let bytes = Array(id.utf8)
    return (1...200).contains(bytes.count) && isName(bytes[...])
  }

  /// True for 40 lower-case hexadecimal digits.
  package static func isCommit(_ commit: String) -> Bool {
    commit.utf8.count == 40 && commit.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  /// True for `owner/name`, each by the rule for ids and at most 100 long.
  package static func isRepository(_ repo: String) -> Bool {
    let parts = Array(repo.utf8).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { (1...100).contains($0.count) && isName($0) }
  }

  private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-") else { return false }
    var last: UInt8 = 0
    for byte in bytes {
      switch byte {
      case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "-"): break
      case UInt8(ascii: ".") where last != byte: break
      default: return false
      }
      last = byte
    }
    return true
  }
}
