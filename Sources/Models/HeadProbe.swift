/// A prompt a little shorter at its head: the part that a server drops first. Where the server had read all of it, it now
/// reads less; where it had cut it, it reads as much as before, or more.
struct HeadProbe: Hashable {
  /// What is asked in place of the prompt.
  let messages: [ModelMessage]
  /// The text that was taken away, and a piece that stands in for what follows it: together and alone they tell how many
  /// tokens were taken.
  let head: String
  let next: String

  /// Nil where the prompt has no text that could be taken away. `read` is how many tokens the server says it has read: much
  /// less than that is taken, so that a prompt of which half was left does not become shorter than that half.
  init?(_ messages: [ModelMessage], read: Int) {
    guard let index = messages.firstIndex(where: { $0.role != "system" }), !messages[index].text.isEmpty else {
      return nil
    }
    let bytes = Array(messages[index].text.utf8)
    let limit = min(2000, max(16, read / 4))
    let cut = HeadProbe.cut(bytes, limit: limit)
    head = String(decoding: bytes[..<cut], as: UTF8.self)
    next = String(decoding: bytes[cut...].prefix { $0 != 10 }.prefix(limit), as: UTF8.self)
    var shorter = messages
    shorter[index] = ModelMessage(role: messages[index].role, text: String(decoding: bytes[cut...], as: UTF8.self))
    self.messages = shorter
  }

  /// Where to cut, so that whole tokens go: after a line, for tokens begin anew there; else after a word; else where
  /// letters, digits, blanks and signs meet; else a few of them, or all of a short text.
  private static func cut(_ bytes: [UInt8], limit: Int) -> Int {
    let places = 1..<max(1, min(bytes.count - 1, limit))
    var hasText = false
    for place in places {
      hasText = hasText || bytes[place - 1] > 32
      if hasText, bytes[place - 1] == 10, bytes[place] > 32 { return place }
    }
    if let place = places.first(where: { bytes[$0 - 1] > 32 && bytes[$0] == 32 }) { return place }
    if let place = places.first(where: { kind(bytes[$0 - 1]) != kind(bytes[$0]) }) { return place }
    return bytes.count <= 4 * limit ? bytes.count : places.last { bytes[$0] & 0xC0 != 0x80 } ?? bytes.count
  }

  private static func kind(_ byte: UInt8) -> Int {
    switch byte {
    case 48...57: 0
    case 65...90, 97...122, 128...: 1
    case ...32: 2
    default: 3
    }
  }

  /// What the counts say.
  ///
  /// - Parameters:
  ///   - read: how many tokens the server read of the whole prompt.
  ///   - shorter: and of the one without its head.
  ///   - head: how many tokens the head has; nil where the prompt did not fill the window, and any is enough.
  ///   - why: what had raised the doubt.
  /// - Returns: the proof.
  static func proof(read: Int, shorter: Int, head: Int?, why: String) -> WindowProof {
    if read - shorter >= max(head ?? 1, 1) {
      return .intact("\(read) tokens read, and \(shorter) without the first of them")
    }
    return .truncated("\(why), and \(shorter) without the first of them")
  }
}

extension SentPrompt {
  /// What shows whether a server that may cut prompts has read all of this one.
  ///
  /// - Parameters:
  ///   - messages: the prompt.
  ///   - read: how many tokens the server says it has read.
  ///   - loaded: the window that is loaded, where it is known.
  ///   - refuses: whether it refuses what does not fit; nil where that is not known.
  ///   - count: how many tokens it reads of other messages, asked for where the count alone is not enough.
  /// - Returns: the proof.
  func proof(
    of messages: [ModelMessage], read: Int?, loaded: Int?, refuses: Bool?, count: ([ModelMessage]) async -> Int?
  ) async -> WindowProof {
    let (fills, why): (Bool, String)
    switch reading(read: read, loaded: loaded, refuses: refuses) {
    case .proof(let proof): return proof
    case .doubtful(let full, let reason): (fills, why) = (full, reason)
    }
    guard let read, let probe = HeadProbe(messages, read: read) else { return .unknown(why) }
    let uncounted = WindowProof.unknown("\(why), and the server did not count again")
    guard let shorter = await count(probe.messages) else { return uncounted }
    guard fills else { return HeadProbe.proof(read: read, shorter: shorter, head: nil, why: why) }
    // It may be cut by a few tokens alone, so how many the head has must be known.
    func counted(_ text: String) async -> Int? { await count([ModelMessage(role: "user", text: text)]) }
    guard let both = await counted(probe.head + probe.next), let next = await counted(probe.next) else {
      return uncounted
    }
    return HeadProbe.proof(read: read, shorter: shorter, head: both - next, why: why)
  }
}
