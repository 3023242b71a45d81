/// Lines that stand for code which a model left out.
enum Ellipsis {
  /// How surely a line says that code is left out.
  enum Kind: Equatable {
    /// `...` alone, which Python also takes for a body.
    case bare
    /// It says so in words that mean nothing else.
    case certain
    /// Its words may say so: `# existing code`, `# etc.`. Only lines that are gone show it.
    case possible
  }

  /// True for a line that stands for others in a SEARCH text.
  static func isMark(_ line: ArraySlice<UInt8>) -> Bool {
    switch kind(of: line) {
    case .bare, .certain: true
    case .possible, nil: false
    }
  }

  /// What `line` says about code that is left out; nil for code, and for comments about something else.
  static func kind(of line: ArraySlice<UInt8>) -> Kind? {
    var text = line.withoutBlanks
    guard let first = text.first, text.count < 120 else { return nil }
    if text.elementsEqual("...".utf8) || text.elementsEqual("…".utf8) { return .bare }
    for bracketed in ["[...]", "(...)", "{...}", "<...>", "[…]", "(…)"] where text.elementsEqual(bracketed.utf8) {
      return .certain
    }
    // `pass  # existing code`, `...  # rest of the body`
    for word in ["pass", "..."] as [StaticString] {
      if let rest = text.dropping(word: word), rest.first?.isBlank == true, rest.withoutBlanks.first == 35 {
        let said = kind(of: rest.withoutBlanks)
        return said ?? (first == 46 ? .bare : nil)
      }
    }
    var isComment = true
    if let rest = text.dropping(word: "<!--") {
      text = rest
    } else if let rest = text.dropping(word: "//") ?? text.dropping(word: "/*") ?? text.dropping(word: "{/*") {
      text = rest
    } else if let rest = text.dropping(word: "--"), rest.first?.isBlank == true {
      text = rest
    } else if first == 35 {
      text = text.dropFirst()
    } else {
      isComment = false
      // A line of words in brackets, or one that begins or ends with dots, is no code.
      let isDotted = text.starts(with: "...".utf8) || text.starts(with: "…".utf8)
      let isBracketed = (first == 91 || first == 40 || first == 60 || first == 123) && closes(text)
      guard isDotted || isBracketed else { return nil }
    }
    return EllipsisWords(text).kind(isComment: isComment)
  }

  private static func closes(_ text: ArraySlice<UInt8>) -> Bool {
    switch (text.first, text.last) {
    case (91, 93), (40, 41), (60, 62), (123, 125): true
    default: false
    }
  }

  /// False when no line of `text` surely stands for others: a look at the first byte of each line.
  static func mayStand(in text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var isAtStart = true
      for byte in bytes {
        if byte == 10 {
          isAtStart = true
        } else if isAtStart, !byte.isBlank {
          isAtStart = false
          switch byte {
          case 35, 46, 47, 60, 0xE2: return true
          case 40, 45, 91, 112, 123: if bytes.count < 4096, mayBegin(byte, bytes) { return true }
          default: break
          }
        }
      }
      return false
    }
  }

  /// `(`, `[`, `{`, `-` and the `p` of `pass` begin many lines: only with what goes with them they are looked at.
  private static func mayBegin(_ byte: UInt8, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    byte == 112 ? ByteSearch.contains(bytes, 35) : true
  }
}

/// The words of a line that may say that code is left out.
private struct EllipsisWords {
  /// In lower case, without the decoration round them.
  private let core: String
  private let words: [Substring]
  private let isDotted: Bool
  private let isBracketed: Bool

  init(_ line: ArraySlice<UInt8>) {
    let text = line.text.lowercased()
    let decoration: Set<Character> = [
      " ", "\t", ".", "…", "-", "–", "—", "=", "*", "<", ">", "[", "]", "(", ")", "{", "}", "/", "#", ":", "!", "~",
      "_",
      "\"", "'", "`", ",", ";",
    ]
    let head = text.prefix { decoration.contains($0) }
    let rest = text.dropFirst(head.count)
    let tail = String(rest.reversed().prefix { decoration.contains($0) })
    core = String(rest.dropLast(tail.count))
    words = core.split { !$0.isLetter && $0 != "'" }
    let around = head + " " + String(tail.reversed())
    isDotted = around.contains("...") || around.contains("…")
    isBracketed = around.contains { "<[({".contains($0) } && around.contains { ">])}".contains($0) }
  }

  func kind(isComment: Bool) -> Ellipsis.Kind? {
    if words.isEmpty { return isDotted && core.isEmpty ? .certain : nil }
    if words.count > 14 { return nil }
    if EllipsisWords.alone.contains(core) { return .certain }
    if core.contains("for brevity") || core.hasPrefix("omitted") || core.hasSuffix("omitted") { return .certain }
    let said = Set(words)
    let isClosed = words.allSatisfy(EllipsisWords.known.contains)
    let states = said.intersection(EllipsisWords.states).union(said.intersection(EllipsisWords.certain))
    if isDotted, !states.isEmpty || !said.isDisjoint(with: EllipsisWords.nouns), isClosed || words.count <= 6 {
      // `# ... and so on` may go on with what it is about.
      return states.isEmpty && !isClosed ? nil : .certain
    }
    guard isComment || isDotted || isBracketed, isClosed else { return restOf(said) }
    let certain = said.intersection(EllipsisWords.certain)
    let hasNoun = !said.isDisjoint(with: EllipsisWords.nouns)
    if isBracketed, !states.isEmpty { return .certain }
    if !certain.isEmpty, hasNoun || words.count > 1, core != "rest of" {
      return words.count > 1 || core == "unchanged" ? .certain : .possible
    }
    if EllipsisWords.phrases.contains(where: core.hasPrefix) { return .possible }
    return states.isEmpty ? nil : .possible
  }

  /// `the rest of X` and `rest ... unchanged`, whatever X is.
  private func restOf(_ said: Set<Substring>) -> Ellipsis.Kind? {
    let opening = core.hasPrefix("the ") ? core.dropFirst(4) : core[...]
    let isRest = opening.hasPrefix("rest of ") || opening.hasPrefix("remaining ") || opening.hasPrefix("remainder of ")
    let isKept = !said.isDisjoint(with: [
      "unchanged", "same", "remain", "remains", "omitted", "untouched", "unmodified",
    ])
    if isRest, words.count <= 6 || isKept { return isKept || opening.hasPrefix("rest of ") ? .certain : .possible }
    if opening.hasPrefix("rest "), isKept { return .certain }
    if core.hasSuffix(" unchanged") || core.hasPrefix("unchanged "), words.count <= 6 { return .possible }
    return nil
  }

  private static let alone: Set<String> = [
    "unchanged", "snip", "snipped", "snippet", "truncated", "elided", "unmodified", "no changes", "no change",
    "no other changes", "no changes here", "no changes needed", "code continues", "existing code continues", "skipped",
  ]

  /// Words that no comment in code says beside a noun of code unless code is left out.
  private static let certain: Set<Substring> = [
    "unchanged", "rest", "remaining", "remainder", "remain", "remains", "untouched", "unmodified", "continues",
    "elided",
    "omitted", "truncated", "snipped", "stays", "stay", "keep", "kept",
  ]

  private static let states: Set<Substring> = [
    "same", "existing", "previous", "original", "other", "others", "before", "above", "below", "identical", "etc",
    "ditto",
    "goes", "your", "previously", "earlier", "current", "old", "changed", "changes", "no", "further", "more", "left",
    "skip", "skipped", "preserved", "retained", "intact",
  ]

  private static let nouns: Set<Substring> = [
    "code", "function", "functions", "method", "methods", "class", "classes", "file", "files", "implementation",
    "implementations", "logic", "content", "contents", "body", "lines", "line", "imports", "import", "definition",
    "definitions", "section", "sections", "part", "parts", "module", "script", "block", "blocks", "statements",
    "helpers",
    "attributes", "properties", "fields", "docstring", "docstrings", "tests", "members", "everything", "all", "stuff",
    "things", "initialization", "setup", "text", "document", "entries", "items", "rows", "paragraphs", "cases",
    "branches",
    "parameters", "arguments", "constants", "variables", "declarations",
  ]

  private static let small: Set<Substring> = [
    "the", "of", "this", "that", "these", "those", "here", "as", "is", "are", "they", "it", "and", "so", "on", "in",
    "for",
    "with", "to", "was", "were", "be", "goes", "go", "from", "not", "a", "an", "todo", "implement", "add", "put",
    "exactly",
    "any", "at", "all", "needed", "required", "necessary", "else", "will", "should", "must", "come", "comes", "follows",
    "follow", "class's", "method's", "function's", "file's", "its", "their", "just", "like", "same", "way", "end",
  ]

  private static let known: Set<Substring> = certain.union(states).union(nouns).union(small)

  private static let phrases: Set<String> = [
    "and so on", "and so forth", "etc", "as before", "as above", "ditto", "as is",
  ]
}
