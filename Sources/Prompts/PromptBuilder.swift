import Content

/// Makes a prompt from a template whose own text holds lines `[[system]]`, `[[user]]` and `[[assistant]]`.
package enum PromptBuilder {
  /// The prompt for `values`.
  ///
  /// A line `[[role]]` of the template begins a message; the same line inside a value is text. A template without one
  /// makes a single user message. Blank lines of the template at both ends of a message are dropped, and so is a
  /// message with nothing in it.
  ///
  /// - Parameters:
  ///   - template: the template.
  ///   - values: its variables.
  ///   - ratio: for the token estimate.
  /// - Returns: the prompt, every part with its origin and tokens.
  /// - Throws: `TemplateError` of the rendering, `PromptError` where the text is no sequence of messages,
  ///   `CancellationError` where the task is cancelled.
  package static func build(template: Template, values: [String: Value], ratio: TokenRatio = 1) throws -> Prompt {
    var splitter = MessageSplitter()
    let pieces: [Piece]
    do { pieces = try template.pieces(values) } catch {
      // That the rendering was stopped is no fault of the template's.
      try Task.checkCancellation()
      throw error
    }
    for piece in pieces { try splitter.take(piece) }
    let messages = try splitter.messages().compactMap { role, pieces -> PromptMessage? in
      let parts = Template.merged(trimmed(pieces)).map {
        PromptPart(name: $0.name, origin: $0.origin, text: $0.text, ratio: ratio)
      }
      return parts.isEmpty ? nil : PromptMessage(role: role, parts: parts)
    }
    if messages.isEmpty { throw PromptError.empty }
    return Prompt(template: template.name, messages: messages, ratio: ratio)
  }

  /// Without the line ends that the template itself has at both ends.
  private static func trimmed(_ pieces: [Piece]) -> [Piece] {
    var kept = pieces[...]
    while let first = kept.first, first.isSource {
      let text = first.text.utf8.drop { $0 == 10 }
      kept[kept.startIndex].text = String(decoding: Array(text), as: UTF8.self)
      if !text.isEmpty { break }
      kept.removeFirst()
    }
    while let last = kept.last, last.isSource {
      var text = last.text.utf8[...]
      while text.last == 10 { text.removeLast() }
      kept[kept.endIndex - 1].text = String(decoding: Array(text), as: UTF8.self)
      if !text.isEmpty { break }
      kept.removeLast()
    }
    return Array(kept)
  }
}

/// Cuts rendered pieces into messages at the template's own role lines.
private struct MessageSplitter {
  private var found: [(role: Role, pieces: [Piece])] = []
  private var leading: [Piece] = []
  private var line = 1
  private var isLineStart = true
  /// A role line that ended its piece without a line end: fine only if nothing follows on its line.
  private var open: String?

  mutating func take(_ piece: Piece) throws(PromptError) {
    if piece.text.isEmpty { return }
    guard piece.isSource else {
      try closeRole(atLineEnd: false)
      return append(piece)
    }
    var kept = piece
    kept.text = ""
    var rest = Array(piece.text.utf8)[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 10).map { $0 + 1 } ?? rest.endIndex
      let text = rest[..<end]
      rest = rest[end...]
      if open != nil {
        try closeRole(atLineEnd: text.first == 10)
        advance(text)
        continue
      }
      let mark = text.last == 10 ? text.dropLast() : text
      guard let role = try role(mark) else {
        kept.text += String(decoding: text, as: UTF8.self)
        advance(text)
        continue
      }
      append(kept, advancing: false)
      kept.text = ""
      found.append((role, []))
      if text.last != 10 { open = role.rawValue }
      advance(text)
    }
    append(kept, advancing: false)
  }

  /// The messages, after the last piece.
  mutating func messages() throws(PromptError) -> [(role: Role, pieces: [Piece])] {
    if found.isEmpty { return [(.user, leading)] }
    var line = 1
    for piece in leading {
      for byte in piece.text.utf8 {
        if byte == 10 { line += 1 } else if byte != 32 { throw .textBeforeRole(line: line) }
      }
    }
    return found
  }

  private mutating func closeRole(atLineEnd: Bool) throws(PromptError) {
    guard let name = open else { return }
    if !atLineEnd { throw .roleNotAlone("[[\(name)]]", line: line) }
    open = nil
  }

  /// The role that a line of the template names, or nil where it is no role line.
  private func role(_ mark: ArraySlice<UInt8>) throws(PromptError) -> Role? {
    guard mark.count <= 40, mark.contains(UInt8(ascii: "[")) else { return nil }
    let text = String(decoding: mark, as: UTF8.self)
    let bare = String(text[...].trimmingStart().trimmingEnd())
    guard bare.hasPrefix("[["), bare.hasSuffix("]]"), bare.dropFirst(2).dropLast(2).allSatisfy(\.isLetter) else {
      return nil
    }
    guard let role = Role(rawValue: String(bare.dropFirst(2).dropLast(2))) else {
      let nearest = PromptError.roles(like: bare)
      if nearest.isEmpty { return nil }
      throw .unknownRole(bare, nearest: nearest, line: line)
    }
    guard isLineStart, text == bare else { throw .roleNotAlone(bare, line: line) }
    return role
  }

  private mutating func append(_ piece: Piece, advancing: Bool = true) {
    if piece.text.isEmpty { return }
    if found.isEmpty { leading.append(piece) } else { found[found.count - 1].pieces.append(piece) }
    if advancing { advance(Array(piece.text.utf8)[...]) }
  }

  private mutating func advance(_ text: ArraySlice<UInt8>) {
    for byte in text where byte == 10 { line += 1 }
    isLineStart = text.last == 10
  }
}
