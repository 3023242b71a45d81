/// What an issue names outright: files, modules, frames of a traceback, and things written as code.
struct Mentions: Hashable, Sendable {
  /// A path as the issue spells it, with `/` between folders.
  struct File: Hashable, Sendable {
    var path: String
    /// The 1-based line that stands with it.
    var line: Int?
    /// The function of a traceback frame.
    var function: String?
    /// True where it is a frame, `File "...", line 40, in f`.
    var isFrame = false
  }

  /// The most files, dotted names and names that are read of an issue, and the most parts of a dotted name: each is held
  /// against the tree, and no person writes as many. What comes first in the text is read.
  static let limit = 1_000
  /// See ``limit``.
  static let partLimit = 12

  /// Paths and frames, in the order of the text.
  private(set) var files: [File] = []
  /// Dotted names of two parts or more, each once.
  private(set) var dotted: [[String]] = []
  /// Names written as code, each once: in backticks, in CamelCase, in snake_case, or called.
  private(set) var names: [String] = []

  /// Reads `issue`, whatever its line ends.
  init(issue: [UInt8]) {
    var seenDotted: Set<[String]> = []
    var seenNames: Set<String> = []
    func note(_ name: String) {
      guard names.count < Mentions.limit, name.utf8.count > 2, !StopWords.hashes.contains(Words.hash(of: name)),
        seenNames.insert(name).inserted
      else { return }
      names.append(name)
    }
    for line in issue.split(whereSeparator: { $0 == newline || $0 == carriageReturn }) {
      if let frame = Mentions.frame(line) {
        if files.count < Mentions.limit { files.append(frame) }
        if let function = frame.function { note(function) }
        continue
      }
      for run in Mentions.runs(line) {
        if let file = run.file {
          if files.count < Mentions.limit { files.append(file) }
          continue
        }
        for name in run.dottedNames where dotted.count < Mentions.limit && seenDotted.insert(name).inserted {
          dotted.append(name)
        }
        run.codeNames.forEach(note)
      }
    }
  }

  /// The frame that a traceback's `File "path", line 40, in name` stands for.
  private static func frame(_ line: ArraySlice<UInt8>) -> File? {
    let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: ">") }
    guard text.starts(with: "File \"".utf8) else { return nil }
    let path = text.dropFirst(6).prefix { $0 != UInt8(ascii: "\"") }
    var rest = text[path.endIndex...].dropFirst()
    guard path.count > 0, rest.starts(with: ", line ".utf8) else { return nil }
    rest = rest.dropFirst(7)
    let digits = rest.prefix { (48...57).contains($0) }
    rest = rest.dropFirst(digits.count)
    var function: String?
    if rest.starts(with: ", in ".utf8) {
      function = String(decoding: rest.dropFirst(5).prefix(while: isNameByte), as: UTF8.self)
    }
    return File(path: slashed(path), line: number(digits), function: function == "" ? nil : function, isFrame: true)
  }

  static func slashed(_ path: some Sequence<UInt8>) -> String {
    String(decoding: path.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }, as: UTF8.self)
  }

  static func number(_ digits: some Collection<UInt8>) -> Int? {
    Int(String(decoding: digits, as: UTF8.self)).flatMap { $0 > 0 && $0 < 10_000_000 ? $0 : nil }
  }

  static func isNameByte(_ byte: UInt8) -> Bool { Words.kinds[Int(byte)] != Words.Kind.other }
}
