/// Paths as a reply spells them: alone on a line in some decoration, or in backticks within a sentence.
enum ReplyPath {
  /// The path that `line` consists of, or nil: `path`, `` `path` ``, `**path**`, `### path`, `# path: path`,
  /// `// path`, `<!-- path -->`, `File: path:`, `- path`, `1. path`.
  static func alone(on line: ArraySlice<UInt8>) -> String? {
    var rest = line.withoutBlanks
    rest = bare(rest)
    while let next = withoutMark(rest) { rest = bare(next) }
    let isLabelled: Bool
    if let labelled = withoutLabel(rest) {
      rest = bare(labelled)
      isLabelled = true
    } else {
      isLabelled = false
    }
    guard !rest.isEmpty, !rest.contains(where: { $0.isBlank || $0 == 96 }) else { return nil }
    return isLabelled || looksLikePath(rest) ? rest.text : nil
  }

  /// The only path that a sentence names: `` Updated `path`: ``, `**path** (updated)`, `In path:`. Nil for none or several.
  static func inSentence(_ line: ArraySlice<UInt8>) -> String? {
    guard line.count < 400 else { return nil }
    var found: String?
    for word in line.split(whereSeparator: \.isBlank) {
      let path = clipped(word)
      guard path.count > 2, looksLikePath(path), hasKnownEnding(path) || isNamedInMarks(word) else { continue }
      if let found, found != path.text { return nil }
      found = path.text
    }
    return found
  }

  /// A word without the marks of a sentence round it.
  private static func clipped(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isMark = { (byte: UInt8) in "*`\"'()[]<>{},;:!?".utf8.contains(byte) }
    var rest = word
    while let first = rest.first, isMark(first) { rest = rest.dropFirst() }
    while let last = rest.last, isMark(last) || last == 46 { rest = rest.dropLast() }
    // `path`'s
    if let mark = rest.firstIndex(where: { $0 == 96 || $0 == 42 }) { rest = rest[..<mark] }
    return rest
  }

  private static func hasKnownEnding(_ path: ArraySlice<UInt8>) -> Bool {
    guard let dot = path.lastIndex(of: 46), dot > path.startIndex else { return false }
    return knownEndings.contains(path[(dot + 1)...].text.lowercased())
  }

  private static func isNamedInMarks(_ word: ArraySlice<UInt8>) -> Bool {
    word.contains(96) && word.contains(47) && word.contains(46)
  }

  /// `line` without the marks of a heading, a list or a comment in front, and without a label.
  static func unmarked(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bare(line.withoutBlanks)
    while let next = withoutMark(rest) { rest = bare(next) }
    return withoutLabel(rest).map(bare) ?? rest
  }

  static func isBracket(_ byte: UInt8) -> Bool { "()[]{},&'$=!".utf8.contains(byte) }

  /// The path after a label such as `path:` where `line` is a comment that holds nothing else.
  static func labelled(on line: ArraySlice<UInt8>) -> String? {
    var rest = bare(line.withoutBlanks)
    while let next = withoutMark(rest) { rest = bare(next) }
    return withoutLabel(rest) == nil ? nil : alone(on: line)
  }

  /// The path that an info string holds: ```` ```x.py ````, ```` ```python x.py ````, ```` ```python:x.py ````,
  /// ```` ```python title="x.py" ````.
  static func inInfo(_ info: ArraySlice<UInt8>) -> String? {
    for word in info.split(whereSeparator: { $0.isBlank || $0 == 58 || $0 == 61 || $0 == 123 || $0 == 125 }) {
      let path = bare(word)
      if looksLikePath(path) { return path.text }
    }
    return nil
  }

  /// Every path named on `line`: the line itself, or what stands in backticks or bold and looks like a path.
  static func named(on line: ArraySlice<UInt8>) -> [String] {
    if let path = alone(on: line) { return [path] }
    return line.split(whereSeparator: { $0 == 96 || $0 == 42 }).dropFirst().compactMap { piece in
      looksLikePath(piece) && !piece.contains(where: \.isBlank) ? piece.text : nil
    }
  }

  /// `path` without quotes, backticks, stars and a colon round it.
  static func bare(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = path.withoutBlanks
    while let last = rest.last, last == 58 || isQuote(last) || last.isBlank { rest = rest.dropLast() }
    while let first = rest.first, isQuote(first) || first.isBlank { rest = rest.dropFirst() }
    return rest
  }

  private static func isQuote(_ byte: UInt8) -> Bool { byte == 96 || byte == 42 || byte == 34 || byte == 39 }

  /// `line` without one mark of a heading, a list or a comment in front (and its counterpart behind), or nil.
  private static func withoutMark(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    if let first = line.first, first == 35 {
      return line.drop { $0 == 35 }.withoutBlanks
    }
    if let rest = line.dropping(word: "<!--") {
      let trimmed = rest.withoutBlanks
      return (trimmed.suffix(3).elementsEqual("-->".utf8) ? trimmed.dropLast(3) : trimmed).withoutBlanks
    }
    if let rest = line.dropping(word: "/*") {
      let trimmed = rest.withoutBlanks
      return (trimmed.suffix(2).elementsEqual("*/".utf8) ? trimmed.dropLast(2) : trimmed).withoutBlanks
    }
    if let rest = line.dropping(word: "//") { return rest.first == 32 ? rest.withoutBlanks : nil }
    if let rest = line.dropping(word: "- ") { return rest.withoutBlanks }
    let digits = line.prefix(while: \.isDigit)
    let rest = line.dropFirst(digits.count)
    if !digits.isEmpty, rest.first == 46 || rest.first == 41, rest.dropFirst().first == 32 {
      return rest.dropFirst(2).withoutBlanks
    }
    return nil
  }

  private static func withoutLabel(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let labels: [StaticString] = ["filename", "filepath", "file name", "file path", "file", "path"]
    for label in labels {
      guard let rest = line.dropping(word: label) else { continue }
      let colon = rest.drop { isQuote($0) || $0.isBlank }
      if colon.first == 58 { return colon.dropFirst() }
    }
    return nil
  }

  /// True where `word` has a folder, or a name that ends as source files do. What leads out of the repository counts:
  /// it must be refused by name, not overlooked.
  private static func looksLikePath(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count > 1, !word.contains(where: { isForbidden[Int($0)] }) else { return false }
    let text = word.text
    if word.contains(58), text.contains("://") { return false }
    let name = word.lastIndex(of: 47).map { word[($0 + 1)...].text[...] } ?? text[...]
    if text.utf8.contains(47) || text.utf8.contains(92) {
      return name.utf8.contains { $0.isWord }
    }
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return text.hasPrefix(".git") }
    return knownEndings.contains(name[name.index(after: dot)...].lowercased())
  }

  /// What no path of source code holds.
  private static let isForbidden: [Bool] = (0...255).map { byte in
    UInt8(byte).isBlank || "<>|()[]{},;=!$&*?\"'".utf8.contains(UInt8(byte))
  }

  private static let knownEndings: Set<String> = [
    "c", "cc", "cfg", "conf", "cpp", "css", "csv", "cu", "f", "f90", "go", "h", "hpp", "htm", "html", "in", "ini",
    "ipynb", "java", "js", "json", "jsx", "md", "mo", "po", "proto", "pxd", "py", "pyi", "pyx", "rb", "rs", "rst",
    "sh", "sql", "swift", "tex", "toml", "ts", "tsx", "txt", "vue", "xml", "yaml", "yml",
  ]
}
