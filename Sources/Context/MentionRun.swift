extension Mentions {
  /// A run of bytes without blanks, brackets or quotes: a word of prose, a path, a dotted name, a call.
  struct Run: Sendable {
    private let bytes: ArraySlice<UInt8>
    /// The bytes that stand directly before and behind it; 0 at the ends of the line.
    private let before: UInt8
    private let behind: UInt8

    init(_ bytes: ArraySlice<UInt8>, before: UInt8, behind: UInt8) {
      self.bytes = bytes
      self.before = before
      self.behind = behind
    }

    /// The file that the run names, with the line of `a.py:40` or `a.py#L40`: it has a folder or ends in `.py`.
    var file: File? {
      guard let end = pathEnd else { return nil }
      let path = bytes[..<end]
      var line: Int?
      let rest = bytes[end...]
      if rest.first == UInt8(ascii: ":") {
        line = Mentions.number(rest.dropFirst().prefix { (48...57).contains($0) })
      } else if rest.starts(with: "#L".utf8) {
        line = Mentions.number(rest.dropFirst(2).prefix { (48...57).contains($0) })
      }
      return File(path: Mentions.slashed(path), line: line)
    }

    /// Where the path of the run ends: behind `.py`, or behind a run with a folder whose last name has a suffix.
    private var pathEnd: Int? {
      var index = bytes.startIndex
      var slash = false
      while index < bytes.endIndex {
        let byte = bytes[index]
        if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") { slash = true }
        if byte == UInt8(ascii: "."), bytes[index...].starts(with: ".py".utf8), index > bytes.startIndex {
          let end = index + 3
          if end == bytes.endIndex || !Mentions.isNameByte(bytes[end]) { return end }
        }
        index += 1
      }
      guard slash, !bytes.starts(with: "http".utf8) else { return nil }
      let trimmed = bytes.prefix(while: { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "#") })
      let name = trimmed.split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }).last ?? []
      let dot = name.lastIndex(of: UInt8(ascii: "."))
      guard let dot, dot > name.startIndex, dot < name.endIndex - 1 else { return nil }
      return trimmed.endIndex
    }

    /// The dotted names in the run; `self.x`, numbers and abbreviations are none.
    var dottedNames: [[String]] {
      pieces.compactMap { piece in
        let parts = piece.split(separator: UInt8(ascii: ".")).prefix(Mentions.partLimit).map {
          String(decoding: $0, as: UTF8.self)
        }
        let first = parts.first?.utf8.first ?? 48
        return parts.count >= 2 && !(48...57).contains(first) && parts[0] != "self" ? parts : nil
      }
    }

    /// The names in the run that are written as code.
    var codeNames: [String] {
      let quoted = before == UInt8(ascii: "`") && behind == UInt8(ascii: "`")
      let called = behind == UInt8(ascii: "(")
      let all = pieces
      return all.indices.flatMap { index -> [String] in
        let parts = all[index].split(separator: UInt8(ascii: "."))
        return parts.indices.compactMap { part -> String? in
          let name = parts[part]
          let isLast = index == all.count - 1 && part == parts.count - 1
          guard
            quoted || parts.count > 1 || (called && isLast) || Run.looksLikeCode(name),
            let first = name.first, !(48...57).contains(first)
          else { return nil }
          return String(decoding: name, as: UTF8.self)
        }
      }
    }

    /// The identifiers of the run with the dots between them.
    private var pieces: [ArraySlice<UInt8>] {
      bytes.split { !Mentions.isNameByte($0) && $0 != UInt8(ascii: ".") }
    }

    /// True for CamelCase and snake_case.
    private static func looksLikeCode(_ name: ArraySlice<UInt8>) -> Bool {
      var lower = false
      var inner = false
      for index in name.indices {
        let kind = Words.kinds[Int(name[index])]
        if kind == Words.Kind.lower { lower = true }
        if index > name.startIndex, kind == Words.Kind.underscore || (kind == Words.Kind.upper && lower) {
          inner = true
        }
      }
      return lower && inner
    }
  }

  /// The runs of `line`.
  static func runs(_ line: ArraySlice<UInt8>) -> [Run] {
    var runs: [Run] = []
    var start = line.startIndex
    var index = line.startIndex
    while index <= line.endIndex {
      if index == line.endIndex || isBreak(line[index]) {
        if index > start {
          let before = start > line.startIndex ? line[start - 1] : 0
          runs.append(Run(line[start..<index], before: before, behind: index < line.endIndex ? line[index] : 0))
        }
        start = index + 1
      }
      index += 1
    }
    return runs
  }

  private static func isBreak(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...32, 127: true
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
      UInt8(ascii: "}"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"),
      UInt8(ascii: "`"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "="),
      UInt8(ascii: "*"):
      true
    default: false
    }
  }
}
