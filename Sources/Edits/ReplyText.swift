/// A reply taken apart: the answer, and what is not part of it.
///
/// Text in `<think>`, `<thinking>` and their like is a thought, closed or not; so is everything before a closing tag
/// that nothing opened, because some chat templates write the opening tag into the prompt. Tokens of a chat template at
/// either end of the reply (`<|eot_id|>`, `</s>`) are not text.
package struct ReplyText: Hashable, Sendable {
  /// The answer. Lines that held thoughts are blank, so that every line keeps its number.
  package let answer: String
  /// The thoughts without their tags, several of them separated by a blank line; nil when there are none.
  package let thoughts: String?

  /// Takes `reply` apart. Cost: one search for a few bytes when it holds neither tags nor tokens.
  package init(_ reply: String) {
    guard ReplyTag.mayHold(reply) else {
      answer = reply
      thoughts = nil
      return
    }
    let lines = LineSplit.lines(of: reply)
    var parts = ReplyParts(lines)
    parts.separate()
    answer = parts.isChanged ? LineSplit.text(parts.lines) : reply
    thoughts = parts.told
  }

  /// The lines of the answer of `reply`.
  static func lines(of reply: String) -> [ArraySlice<UInt8>] {
    let lines = LineSplit.lines(of: reply)
    guard ReplyTag.mayHold(reply) else { return lines }
    var parts = ReplyParts(lines)
    parts.separate()
    return parts.lines
  }
}

/// The lines of a reply while thoughts and tokens are taken out of it.
private struct ReplyParts {
  private(set) var lines: [ArraySlice<UInt8>]
  private(set) var isChanged = false
  private var thoughts: [String] = []

  /// A place in the reply: the index of a line, and an index into that line.
  private typealias Place = (line: Int, offset: Int)

  init(_ lines: [ArraySlice<UInt8>]) { self.lines = lines }

  var told: String? {
    let told = thoughts.filter { $0.contains { !$0.isWhitespace } }
    return told.isEmpty ? nil : told.joined(separator: "\n")
  }

  mutating func separate() {
    channels()
    stripEnds()
    tags()
    stripEnds()
    stripMarkers()
  }

  // MARK: Thoughts

  /// Channels as `<|channel|>analysis<|message|> ... <|end|>`: all but the final one are thoughts.
  private mutating func channels() {
    let mark = ReplyTag.channel
    while let open = first(mark, from: (0, lines.first?.startIndex ?? 0)) {
      let head = lines[open.line][(open.offset + mark.count)...]
      let name = head.drop { $0 == 124 || $0 == 62 }.prefix { $0.isWord }
      let message = ReplyTag.message
      let isOld = head.starts(with: "|>".utf8)
      if name.elementsEqual("final".utf8) {
        let end = isOld ? first(message, from: open).map { ($0.line, $0.offset + message.count) } : nil
        cut(from: start(of: open), to: end ?? (open.line, name.endIndex), isThought: false)
        continue
      }
      let body =
        (isOld ? first(message, from: open).map { ($0.line, $0.offset + message.count) } : nil)
        ?? (open.line, name.endIndex)
      let closings: [[UInt8]] =
        isOld ? [Array("<|end|>".utf8), Array("<|start|>".utf8), mark] : [Array("<channel|>".utf8)]
      let end = closings.compactMap { first($0, from: body) }.min { $0 < $1 } ?? self.end
      let tail: Place =
        isOld ? end : (end.line, min(end.offset + "<channel|>".utf8.count, lines[end.line].endIndex))
      keep(from: body, to: end)
      cut(from: start(of: open), to: tail, isThought: false)
    }
    let leak: StaticString = "analysis"
    if let top = lines.first, top.dropping(word: leak) != nil,
      let final = first(Array("assistantfinal".utf8), from: (0, top.startIndex))
    {
      cut(from: (0, top.startIndex), to: (final.line, final.offset + "assistantfinal".utf8.count))
    }
  }

  /// A `<|start|>assistant` right before a channel belongs to it.
  private func start(of open: Place) -> Place {
    let head = lines[open.line][lines[open.line].startIndex..<open.offset]
    let role = Array("<|start|>assistant".utf8)
    return head.suffix(role.count).elementsEqual(role) ? (open.line, open.offset - role.count) : open
  }

  private mutating func tags() {
    if let orphan = orphan() { cut(from: (0, lines[0].startIndex), to: orphan) }
    var index = 0
    while index < lines.count {
      let line = lines[index]
      if SearchMarker.head(line) != nil,
        let tail = lines[(index + 1)...].firstIndex(where: { SearchMarker.tail($0) != nil })
      {
        index = tail + 1
        continue
      }
      if let fence = Fence(line) {
        index = (fence.end(in: lines, from: index + 1) ?? index) + 1
        continue
      }
      guard let tag = ReplyTag.opening(in: line) else {
        index += 1
        continue
      }
      let open: Place = (index, tag.range.lowerBound)
      let body: Place = (index, tag.range.upperBound)
      if let close = closing(of: tag, from: body) {
        keep(from: body, to: close.start)
        cut(from: open, to: close.end, isThought: false)
      } else if tag.isAtStart {
        keep(from: body, to: end)
        cut(from: open, to: end, isThought: false)
        return
      } else {
        index += 1
      }
    }
  }

  /// The end of a thought that was opened in the prompt; nil when the reply does not begin within one.
  private func orphan() -> Place? {
    var index = 0
    while index < lines.count {
      let line = lines[index]
      if ReplyTag.opening(in: line) != nil { return nil }
      if let tag = ReplyTag.closing(in: line),
        tag.isAtStart || tag.range.upperBound == line.withoutTrailingBlanks.endIndex
      {
        return (index, tag.range.upperBound)
      }
      if SearchMarker.head(line) != nil,
        let tail = lines[(index + 1)...].firstIndex(where: {
          SearchMarker.tail($0) != nil || SearchMarker.head($0) != nil
        }),
        SearchMarker.tail(lines[tail]) != nil
      {
        index = tail + 1
        continue
      }
      if let fence = Fence(line), let end = fence.end(in: lines, from: index + 1),
        !lines[(index + 1)..<end].contains(where: { fence.isReopened(by: $0) || SearchMarker.head($0) != nil })
      {
        index = end + 1
        continue
      }
      index += 1
    }
    return nil
  }

  /// The closing tag that belongs to an opening one before `body`.
  private func closing(of tag: ReplyTag, from body: Place) -> (start: Place, end: Place)? {
    var depth = 1
    var last: (start: Place, end: Place)?
    var (index, offset) = body
    while index < lines.count {
      let rest = lines[index][offset...]
      if let close = ReplyTag.closing(in: rest, named: tag.name) {
        depth -= 1
        last = ((index, close.range.lowerBound), (index, close.range.upperBound))
        if depth == 0 { return last }
        offset = close.range.upperBound
        continue
      }
      if index > body.line, let inner = ReplyTag.opening(in: rest), inner.isAtStart, inner.name == tag.name {
        depth += 1
      }
      index += 1
      offset = index < lines.count ? lines[index].startIndex : 0
    }
    return last
  }

  // MARK: Tokens

  private mutating func stripEnds() {
    while let index = lines.lastIndex(where: { !$0.isBlank }) {
      let line = lines[index].withoutTrailingBlanks
      guard let cut = ReplyTag.tokenEnd(of: line) else { break }
      lines[index] = cut
      isChanged = true
    }
    while let index = lines.firstIndex(where: { !$0.isBlank }) {
      guard let cut = ReplyTag.tokenStart(of: lines[index]) else { break }
      lines[index] = cut
      isChanged = true
    }
  }

  /// A token behind a marker or a fence in the middle of the reply.
  private mutating func stripMarkers() {
    for index in lines.indices {
      let first = lines[index].withoutIndentation.first
      guard first == 60 || first == 62 || first == 96 || first == 126,
        lines[index].last == 62 || lines[index].last == 93,
        let cut = ReplyTag.tokenEnd(of: lines[index]),
        Fence(cut) != nil || SearchMarker.tail(cut) != nil || SearchMarker.head(cut) != nil
      else { continue }
      lines[index] = cut
      isChanged = true
    }
  }

  // MARK: Places

  private var end: Place { (max(0, lines.count - 1), lines.last?.endIndex ?? 0) }

  private func first(_ text: [UInt8], from place: Place) -> Place? {
    var (index, offset) = place
    while index < lines.count {
      let rest = lines[index][offset...]
      if rest.count >= text.count {
        for at in rest.startIndex...(rest.endIndex - text.count) where rest[at] == text[0] {
          if rest[at..<at + text.count].elementsEqual(text) { return (index, at) }
        }
      }
      index += 1
      offset = index < lines.count ? lines[index].startIndex : 0
    }
    return nil
  }

  private mutating func keep(from: Place, to: Place) {
    guard from < to else { return }
    let text = (from.line...to.line).map { index -> String in
      let line = lines[index]
      let first = index == from.line ? from.offset : line.startIndex
      let last = index == to.line ? to.offset : line.endIndex
      return line[min(first, last)..<last].text
    }
    thoughts.append(text.joined(separator: "\n").trimmedOfBlankLines + "\n")
  }

  /// Blanks out what stands between two places.
  private mutating func cut(from: Place, to: Place, isThought: Bool = true) {
    if isThought { keep(from: from, to: to) }
    isChanged = true
    let head = lines[from.line][lines[from.line].startIndex..<from.offset]
    let tail = lines[to.line][to.offset...]
    for index in from.line...to.line { lines[index] = [] }
    lines[from.line] = head
    // What follows a thought on its line is the first line of the answer.
    lines[to.line] = from.line == to.line ? (head.isBlank ? tail : ArraySlice(Array(head) + Array(tail))) : tail
  }
}

extension String {
  fileprivate var trimmedOfBlankLines: String {
    var rest = self[...]
    while let first = rest.first, first.isNewline || first == " " { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }
}
