/// What a unified diff says of one file before the first of its hunks.
package struct PatchHeader: Hashable, Sendable {
  /// The paths of the file, relative to the repository, each once: of a renamed or copied one the new path and then the
  /// old one.
  package var paths: [String] {
    let named = [new, old].compactMap { $0 }
    if named.isEmpty { return git.map { [$0] } ?? [] }
    return named.count == 2 && named[0] == named[1] ? [named[0]] : named
  }

  /// The file's mode afterwards, in octal as git writes it (`100755`, `160000`); nil where the patch does not tell.
  package fileprivate(set) var mode: String?

  /// The path that the line `diff --git` gives, where it gives the same one twice.
  fileprivate var git: String?
  fileprivate var old: String?
  fileprivate var new: String?

  /// The headers in a patch, in its order. Lines inside hunks are counted off, so that text which looks like a header is
  /// not taken for one.
  package static func headers(in patch: some Collection<UInt8>) -> [PatchHeader] {
    var headers: [PatchHeader] = []
    var header = PatchHeader()
    // True behind `+++`, after which only hunks belong to the file.
    var isWhole = false
    func close() {
      if !header.paths.isEmpty { headers.append(header) }
      header = PatchHeader()
      isWhole = false
    }
    var left = HunkLines()
    for line in Array(patch).split(separator: 10, omittingEmptySubsequences: false) {
      if left.take(line.first) { continue }
      if let rest = line.after("diff --git ") {
        close()
        header.git = PatchName.common(rest)
      } else if let rest = line.after("--- ") {
        if isWhole { close() }
        header.old = PatchName.path(rest, strip: true) ?? header.old
      } else if let rest = line.after("+++ ") {
        header.new = PatchName.path(rest, strip: true) ?? header.new
        isWhole = true
      } else if let rest = line.after("rename from ") ?? line.after("copy from ") {
        header.old = PatchName.path(rest, strip: false)
      } else if let rest = line.after("rename to ") ?? line.after("copy to ") {
        header.new = PatchName.path(rest, strip: false)
      } else if let rest = line.after("new file mode ") ?? line.after("new mode ") ?? line.after("deleted file mode ") {
        header.mode = String(decoding: rest.prefix { $0 > 32 }, as: UTF8.self)
      } else if line.after("index ") != nil, let mode = line.split(separator: 32).dropFirst(2).first {
        header.mode = String(decoding: mode.prefix { $0 > 32 }, as: UTF8.self)
      } else if line.after("@@ -") != nil {
        left = HunkLines(line)
      }
    }
    close()
    return headers
  }

  /// The paths of all headers in a patch, each once, in order.
  package static func paths(in patch: some Collection<UInt8>) -> [String] {
    var seen: Set<String> = []
    return headers(in: patch).flatMap(\.paths).filter { seen.insert($0).inserted }
  }

  /// The paths of all headers in a patch, each once, in order.
  package static func paths(in patch: String) -> [String] { paths(in: patch.utf8) }
}

/// How many lines of a hunk are still to come.
private struct HunkLines {
  private var old = 0
  private var new = 0

  init() {}

  /// The counts of `@@ -start,count +start,count @@`; one that is left out is 1, one that is no number 0.
  init(_ line: ArraySlice<UInt8>) {
    let fields = line.split(separator: 32)
    guard fields.count > 2 else { return }
    (old, new) = (HunkLines.count(fields[1]), HunkLines.count(fields[2]))
  }

  /// Counts off one line by its first byte; false where it belongs to no hunk.
  mutating func take(_ first: UInt8?) -> Bool {
    guard old > 0 || new > 0 else { return false }
    if first != UInt8(ascii: "+"), first != UInt8(ascii: "\\") { old -= 1 }
    if first != UInt8(ascii: "-"), first != UInt8(ascii: "\\") { new -= 1 }
    return true
  }

  private static func count(_ field: ArraySlice<UInt8>) -> Int {
    let parts = field.dropFirst().split(separator: UInt8(ascii: ","))
    guard parts.count > 1 else { return 1 }
    // A patch's text may hold any number; one that has a sign, or is more than an Int, is none.
    guard parts[1].allSatisfy({ (48...57).contains($0) }) else { return 0 }
    return Int(String(decoding: parts[1], as: UTF8.self)) ?? 0
  }
}

/// Names of files as the headers of a patch spell them.
private enum PatchName {
  /// The name in a header line: unquoted, without what follows a tab, without its first part where `strip` is set; nil
  /// for `/dev/null` and for what has no first part.
  static func path(_ bytes: ArraySlice<UInt8>, strip: Bool) -> String? {
    var bytes = bytes
    if bytes.first == UInt8(ascii: "\"") {
      bytes = unquoted(bytes)[...]
    } else {
      bytes = bytes.prefix { $0 != 9 && $0 != 13 }
    }
    if bytes.elementsEqual("/dev/null".utf8) { return nil }
    if strip {
      guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else { return nil }
      bytes = bytes[(slash + 1)...]
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// The name that `a/NAME b/NAME` gives twice, or nil where the two differ.
  static func common(_ bytes: ArraySlice<UInt8>) -> String? {
    let bytes = bytes.last == 13 ? bytes.dropLast() : bytes
    guard bytes.count % 2 == 1 else { return nil }
    let middle = bytes.startIndex + bytes.count / 2
    guard bytes[middle] == 32 else { return nil }
    let first = path(bytes[..<middle], strip: true)
    return first == path(bytes[(middle + 1)...], strip: true) ? first : nil
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
        result.append(digits.reduce(0) { ($0 &<< 3) | ($1 - 48) })
        rest = rest.dropFirst(2)
      } else {
        result.append(letters[next] ?? next)
      }
    }
    return result
  }
}

extension ArraySlice<UInt8> {
  /// What follows `word` at the beginning, or nil where it does not begin so.
  fileprivate func after(_ word: StaticString) -> ArraySlice<UInt8>? {
    let count = word.utf8CodeUnitCount
    let begins = word.withUTF8Buffer { starts(with: $0) }
    return begins ? dropFirst(count) : nil
  }
}
