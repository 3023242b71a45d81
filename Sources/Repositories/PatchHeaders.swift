/// The files that a unified diff says it touches, read from its headers.
package enum PatchHeaders {
  /// The paths in the patch, without the `a/` and `b/`, each once, in order.
  package static func paths(in patch: [UInt8]) -> [String] {
    var paths: [String] = []
    var seen: Set<String> = []
    func add(_ path: String?) {
      if let path, seen.insert(path).inserted { paths.append(path) }
    }
    var old = 0
    var new = 0
    for line in patch.split(separator: 10, omittingEmptySubsequences: false) {
      if old > 0 || new > 0 {
        switch line.first {
        case UInt8(ascii: "+"): new -= 1
        case UInt8(ascii: "-"): old -= 1
        case UInt8(ascii: "\\"): break
        default:
          old -= 1
          new -= 1
        }
        continue
      }
      if line.starts(with: "@@ -".utf8) {
        (old, new) = counts(line)
      } else if line.starts(with: "--- ".utf8) || line.starts(with: "+++ ".utf8) {
        add(name(line.dropFirst(4), strip: true))
      } else if line.starts(with: "diff --git ".utf8) {
        add(common(line.dropFirst(11)))
      } else {
        for mark in ["rename from ", "rename to ", "copy from ", "copy to "] where line.starts(with: mark.utf8) {
          add(name(line.dropFirst(mark.utf8.count), strip: false))
        }
      }
    }
    return paths
  }

  /// The line counts of a hunk header, `@@ -start,count +start,count @@`.
  private static func counts(_ line: ArraySlice<UInt8>) -> (old: Int, new: Int) {
    let fields = String(decoding: line, as: UTF8.self).split(separator: " ")
    guard fields.count >= 3 else { return (0, 0) }
    func count(_ field: Substring) -> Int {
      let parts = field.dropFirst().split(separator: ",")
      return parts.count == 2 ? Int(parts[1]) ?? 0 : 1
    }
    return (count(fields[1]), count(fields[2]))
  }

  /// The name in a header line: unquoted, without what follows a tab, without its first part where `strip` is set.
  private static func name(_ bytes: ArraySlice<UInt8>, strip: Bool) -> String? {
    var bytes = bytes
    if bytes.last == 13 { bytes = bytes.dropLast() }
    if bytes.first == UInt8(ascii: "\"") {
      bytes = unquoted(bytes)[...]
    } else if let tab = bytes.firstIndex(of: 9) {
      bytes = bytes[..<tab]
    }
    if bytes.elementsEqual("/dev/null".utf8) { return nil }
    if strip {
      guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else { return nil }
      bytes = bytes[(slash + 1)...]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The name that a `diff --git a/NAME b/NAME` line gives twice, or nil where the two differ.
  private static func common(_ bytes: ArraySlice<UInt8>) -> String? {
    guard bytes.count % 2 == 1 else { return nil }
    let middle = bytes.startIndex + bytes.count / 2
    guard bytes[middle] == 32 else { return nil }
    let first = name(bytes[..<middle], strip: true)
    return first == name(bytes[(middle + 1)...], strip: true) ? first : nil
  }

  /// The bytes of a name that git wrote in quotes: `\n`, `\"`, `\303` and their like.
  private static func unquoted(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let letters: [UInt8: UInt8] = [97: 7, 98: 8, 116: 9, 110: 10, 118: 11, 102: 12, 114: 13]
    var result: [UInt8] = []
    var rest = bytes.dropFirst()
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
        result.append(byte)
        continue
      }
      let digits = [next] + rest.prefix(2)
      if digits.count == 3, digits.allSatisfy({ (48...55).contains($0) }) {
        result.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1 - 48) }))
        rest = rest.dropFirst(2)
      } else {
        result.append(letters[next] ?? next)
      }
    }
    return result
  }
}
