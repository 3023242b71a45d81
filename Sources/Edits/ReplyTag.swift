/// A tag round a thought, or a token of a chat template, as the models that ramp talks to write them.
struct ReplyTag {
  /// In lower case.
  let name: String
  /// Where it stands in its line, brackets included.
  let range: Range<Int>
  /// True when nothing but blanks stands before it on its line.
  let isAtStart: Bool

  private static let names: Set<String> = [
    "think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad", "analysis", "inner_thoughts",
    "inner_monologue", "internal_monologue", "antthinking", "ant_thinking", "thought_process", "thinking_process",
    "chain_of_thought", "cot", "seed:think", "deep_think", "longcat_think", "begin_of_thought", "reason", "rationale",
    "brainstorm", "planning",
  ]

  static let channel = Array("<|channel".utf8)
  static let message = Array("<|message|>".utf8)

  /// False when `text` surely holds neither a tag nor a token.
  static func mayHold(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var at = 0
      while at < bytes.count {
        let byte = bytes[at]
        if byte == 60 || byte == 91 || byte == 0xE2 {
          let next = at + 1 < bytes.count ? bytes[at + 1] : 0
          if byte == 60, next == 60 {
            // A marker of a block.
            while at < bytes.count, bytes[at] == 60 { at += 1 }
            continue
          }
          if byte == 60, next.isASCIILetter || next == 47 || next == 124 || next == 0xEF { return true }
          if byte == 91, next == 47 || next == 84 || next == 73 || next == 69 || next == 66 { return true }
          if byte == 0xE2, next == 0x97 { return true }
        }
        at += 1
      }
      return bytes.count > 8 && bytes[0].lowercased == 97 && bytes.prefix(8).elementsEqual("analysis".utf8)
    }
  }

  // MARK: Thoughts

  /// The first opening tag of a thought on `line` that stands in no backticks.
  static func opening(in line: ArraySlice<UInt8>) -> ReplyTag? { first(in: line, isClosing: false, named: nil) }

  /// The first closing tag on `line`.
  static func closing(in line: ArraySlice<UInt8>, named name: String? = nil) -> ReplyTag? {
    first(in: line, isClosing: true, named: name)
  }

  private static func first(in line: ArraySlice<UInt8>, isClosing: Bool, named wanted: String?) -> ReplyTag? {
    var at = line.startIndex
    var isQuoted = false
    let start = line.withoutIndentation.startIndex
    while at < line.endIndex {
      if line[at] == 96 { isQuoted.toggle() }
      if !isQuoted || isClosing, let found = tag(in: line, at: at), found.isClosing == isClosing,
        wanted == nil || found.name == wanted
      {
        return ReplyTag(name: found.name, range: at..<found.end, isAtStart: at == start)
      }
      at += 1
    }
    return nil
  }

  /// The tag that begins at `at`: `<think>`, `</think>`, `<|begin_of_thought|>`, `[THINK]`, `◁think▷`.
  private static func tag(in line: ArraySlice<UInt8>, at: Int) -> (name: String, end: Int, isClosing: Bool)? {
    var rest = line[at...]
    let closer: [UInt8]
    switch rest.first {
    case 60: closer = [62]
    case 91: closer = [93]
    case 0xE2 where rest.starts(with: "◁".utf8): closer = Array("▷".utf8)
    default: return nil
    }
    let isSquare = rest.first == 91
    rest = rest.first == 0xE2 ? rest.dropFirst(3) : rest.dropFirst()
    var isClosing = false
    let isBarred = rest.first == 124
    if isBarred { rest = rest.dropFirst() }
    if rest.first == 47 {
      isClosing = true
      rest = rest.dropFirst()
    }
    let word = rest.prefix { $0.isASCIILetter || $0 == 95 || $0 == 58 }
    guard !word.isEmpty, word.count < 24 else { return nil }
    if isSquare, word.contains(where: { $0 != $0.lowercased ? false : $0.isASCIILetter }) { return nil }
    var name = String(decoding: word.map(\.lowercased), as: UTF8.self)
    if isBarred, name == "end_of_thought" { (name, isClosing) = ("begin_of_thought", true) }
    guard names.contains(name) else { return nil }
    rest = rest.dropFirst(word.count)
    // Attributes, as in `<think time="3">`.
    if rest.first == 32, closer == [62] {
      let attributes = rest.prefix { $0 != 62 && $0 != 60 }
      guard attributes.contains(61) else { return nil }
      rest = rest.dropFirst(attributes.count)
    }
    if isBarred, rest.first == 124 { rest = rest.dropFirst() }
    guard rest.starts(with: closer) else { return nil }
    return (name, rest.startIndex + closer.count, isClosing)
  }

  // MARK: Tokens

  private static let tokens: [[UInt8]] = [
    "</s>", "<s>", "<eos>", "<bos>", "<pad>", "<unk>", "<eod>", "<EOT>", "<eot>", "<end_of_turn>", "<start_of_turn>",
    "<end_of_utterance>", "[/INST]", "[INST]", "[EOS]", "[BOS]", "<extra_id_0>", "<extra_id_1>",
  ].map { Array($0.utf8) }

  /// Tags that some models write round their whole answer.
  private static let wrappers: [StaticString] = [
    "answer>", "solution>", "output>", "response>", "final>", "final_answer>",
  ]

  private static let roles: [StaticString] = ["assistant", "model", "ai", "bot"]

  /// `line` without a token at its end; nil when it does not end with one.
  static func tokenEnd(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let line = line.withoutTrailingBlanks
    if isWrapper(line) { return [] }
    // The beginning of a turn that was never written.
    for role in roles where line.count > role.utf8CodeUnitCount {
      let head = line.dropLast(role.utf8CodeUnitCount)
      if line[head.endIndex...].dropping(word: role)?.isEmpty == true,
        let bare = barred(endOf: head) ?? literal(endOf: head)
      {
        return bare
      }
    }
    return barred(endOf: line) ?? literal(endOf: line)
  }

  /// `line` without a token at its start; nil when it does not begin with one.
  static func tokenStart(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let bare = line.withoutIndentation
    if isWrapper(bare.withoutTrailingBlanks) { return [] }
    guard var rest = barred(startOf: bare) ?? literal(startOf: bare) else { return nil }
    for role in roles {
      if let next = rest.dropping(word: role), next.first.map({ $0 == 60 || $0.isBlank }) ?? true {
        rest = next
        break
      }
    }
    return rest
  }

  private static func isWrapper(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.first == 60 else { return false }
    let rest = line.dropFirst().first == 47 ? line.dropFirst(2) : line.dropFirst()
    return wrappers.contains { rest.dropping(word: $0)?.isEmpty == true }
  }

  private static func literal(endOf line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let token = tokens.first(where: { line.count >= $0.count && line.suffix($0.count).elementsEqual($0) }) else {
      return nil
    }
    let rest = line.dropLast(token.count).withoutTrailingBlanks
    // `<s>text</s>` is markup.
    if token.count == 4, token[1] == 47, line.count > 6,
      rest.indices.contains(where: { rest[$0...].starts(with: "<s>".utf8) })
    {
      return nil
    }
    return rest
  }

  private static func literal(startOf line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let token = tokens.first(where: { line.starts(with: $0) }) else { return nil }
    let rest = line.dropFirst(token.count)
    if token.elementsEqual("<s>".utf8), rest.indices.contains(where: { rest[$0...].starts(with: "</s>".utf8) }),
      !rest.withoutTrailingBlanks.suffix(4).elementsEqual("</s>".utf8) || rest.count > 200
    {
      return nil
    }
    return rest
  }

  /// Without `<|name|>`, `<name|>` or `<｜name｜>` at its end.
  private static func barred(endOf line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard line.last == 62, let open = line.lastIndex(of: 60), open + 3 < line.endIndex, line.endIndex - open < 48 else {
      return nil
    }
    return isBarred(line[open...]) ? line[line.startIndex..<open].withoutTrailingBlanks : nil
  }

  private static func barred(startOf line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard line.first == 60, let close = line.prefix(48).firstIndex(of: 62), isBarred(line[...close]) else { return nil }
    return line[(close + 1)...]
  }

  /// True for `<|eot_id|>` and its like: a name between bars, half of them at least.
  private static func isBarred(_ token: ArraySlice<UInt8>) -> Bool {
    var name = token.dropFirst().dropLast()
    let wide = Array("｜".utf8)
    var bars = 0
    if name.first == 124 { (name, bars) = (name.dropFirst(), bars + 1) }
    if name.last == 124 { (name, bars) = (name.dropLast(), bars + 1) }
    if bars == 0, name.starts(with: wide), name.suffix(3).elementsEqual(wide) {
      (name, bars) = (name.dropFirst(3).dropLast(3), 2)
    }
    guard bars > 0, !name.isEmpty else { return false }
    return name.allSatisfy { $0.isWord || $0 == 45 || $0 == 32 || $0 == 47 }
  }
}
