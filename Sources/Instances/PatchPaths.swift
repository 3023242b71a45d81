/// The paths that a unified diff touches, read from its headers only.
package enum PatchPaths {
  /// The paths in the order of the patch, each once, relative to the repository. A file that is deleted or made stands
  /// with its one path, a renamed file with its new and then its old one. Lines inside hunks are counted off, so text
  /// that looks like a header is not taken for one.
  package static func paths(in patch: String) -> [String] {
    var found = Collected()
    var header = Header()
    var removed = 0
    var added = 0
    for line in Array(patch.utf8).split(separator: 0x0A, omittingEmptySubsequences: false) {
      if removed > 0 || added > 0 {
        switch line.first {
        case UInt8(ascii: "-"): removed -= 1
        case UInt8(ascii: "+"): added -= 1
        case UInt8(ascii: "\\"): break
        default:
          removed -= 1
          added -= 1
        }
        continue
      }
      if line.starts(with: "diff --git ".utf8) {
        found.take(header)
        header = Header(gitLine: line.dropFirst(11))
      } else if line.starts(with: "--- ".utf8) {
        if header.new != nil {
          found.take(header)
          header = Header()
        }
        header.old = Name.path(line.dropFirst(4), stripping: "a/")
      } else if line.starts(with: "+++ ".utf8) {
        header.new = Name.path(line.dropFirst(4), stripping: "b/")
      } else if line.starts(with: "rename from ".utf8) {
        header.old = Name.path(line.dropFirst(12), stripping: "")
      } else if line.starts(with: "rename to ".utf8) {
        header.new = Name.path(line.dropFirst(10), stripping: "")
      } else if line.starts(with: "@@ -".utf8) {
        (removed, added) = hunk(line)
      }
    }
    found.take(header)
    return found.paths
  }

  /// The two line counts of `@@ -a,b +c,d @@`; a count that is left out is 1.
  private static func hunk(_ line: ArraySlice<UInt8>) -> (removed: Int, added: Int) {
    func count(_ field: ArraySlice<UInt8>) -> Int {
      let parts = field.dropFirst().split(separator: UInt8(ascii: ","))
      guard parts.count > 1 else { return 1 }
      return Int(String(decoding: parts[1], as: UTF8.self)) ?? 0
    }
    let fields = line.split(separator: 0x20)
    guard fields.count > 2 else { return (0, 0) }
    return (count(fields[1]), count(fields[2]))
  }

  private struct Collected {
    var paths: [String] = []
    var seen: Set<String> = []

    mutating func take(_ header: Header) {
      for path in [header.new, header.old] {
        guard let path, path != "/dev/null", !path.isEmpty, seen.insert(path).inserted else { continue }
        paths.append(path)
      }
      if header.old == nil, header.new == nil, let path = header.git, seen.insert(path).inserted {
        paths.append(path)
      }
    }
  }

  private struct Header {
    var git: String?
    var old: String?
    var new: String?

    init() {}

    /// The path of `a/X b/X`: both halves are the same where no rename is told on lines of their own.
    init(gitLine line: ArraySlice<UInt8>) {
      let line = line.last == 0x0D ? line.dropLast() : line
      if line.first == UInt8(ascii: "\"") {
        git = Name.path(line, stripping: "a/")
      } else if line.count > 5 {
        git = Name.path(line.suffix((line.count - 1) / 2), stripping: "b/")
      }
    }
  }

  private enum Name {
    /// The path in a header field: the prefix off, a tab and what follows it off, git's quotes undone.
    static func path(_ field: ArraySlice<UInt8>, stripping prefix: String) -> String? {
      var bytes = field.first == UInt8(ascii: "\"") ? unquoted(field) : plain(field)
      if !prefix.isEmpty, bytes.starts(with: prefix.utf8) { bytes.removeFirst(prefix.utf8.count) }
      return String(decoding: bytes, as: UTF8.self)
    }

    private static func plain(_ field: ArraySlice<UInt8>) -> [UInt8] {
      Array(field.prefix { $0 != 0x09 && $0 != 0x0D })
    }

    /// Git's C style: `\303` octal bytes, `\t`, `\n`, `\"`, `\\` and their like, up to the closing quote.
    private static func unquoted(_ field: ArraySlice<UInt8>) -> [UInt8] {
      var bytes: [UInt8] = []
      var at = field.startIndex + 1
      while at < field.endIndex, field[at] != UInt8(ascii: "\"") {
        guard field[at] == UInt8(ascii: "\\"), at + 1 < field.endIndex else {
          bytes.append(field[at])
          at += 1
          continue
        }
        let digits = field[(at + 1)...].prefix(3).prefix { (48...55).contains($0) }
        if digits.count == 3 {
          bytes.append(digits.reduce(0) { ($0 &<< 3) | ($1 - 48) })
          at += 4
        } else {
          bytes.append(escape(field[at + 1]))
          at += 2
        }
      }
      return bytes
    }

    private static func escape(_ letter: UInt8) -> UInt8 {
      switch letter {
      case UInt8(ascii: "a"): 7
      case UInt8(ascii: "b"): 8
      case UInt8(ascii: "t"): 9
      case UInt8(ascii: "n"): 10
      case UInt8(ascii: "v"): 11
      case UInt8(ascii: "f"): 12
      case UInt8(ascii: "r"): 13
      default: letter
      }
    }
  }
}
