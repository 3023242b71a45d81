import Content

/// A prompt as one text, for people and session files: each message after a line `[[system]]`, `[[user]]` or
/// `[[assistant]]` and before a line end. A line of a message that begins with backslashes and `[[` has one more
/// backslash there.
extension Prompt {
  /// The messages as one text.
  package var rendered: String {
    var bytes: [UInt8] = []
    for message in messages {
      bytes += "[[\(message.role.rawValue)]]\n".utf8
      for line in message.text.utf8.split(separator: 10, omittingEmptySubsequences: false) {
        if Prompt.isMarkLike(line) { bytes.append(UInt8(ascii: "\\")) }
        bytes += line
        bytes.append(10)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The prompt that `rendered` spells; each message is one part called `text`.
  ///
  /// - Parameters:
  ///   - rendered: what `rendered` gives, perhaps edited; a missing last line end is no harm.
  ///   - origin: what all of it came from.
  ///   - template: the template's name.
  ///   - ratio: for the token estimate.
  /// - Throws: where text stands above the first message, or a mark names no role.
  package init(
    rendered: String, origin: Origin, template: String, ratio: TokenRatio = 1
  ) throws(PromptError) {
    var bytes = Array(rendered.utf8)
    if bytes.last == 10 { bytes.removeLast() }
    var found: [(role: Role, lines: [ArraySlice<UInt8>])] = []
    for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      if line.starts(with: "[[".utf8) {
        found.append((try Prompt.role(line, number: index + 1), []))
      } else if found.isEmpty {
        throw .textBeforeRole(line: index + 1)
      } else {
        let isMarkLike = line.first == UInt8(ascii: "\\") && Prompt.isMarkLike(line)
        found[found.count - 1].lines.append(isMarkLike ? line.dropFirst() : line)
      }
    }
    self.init(
      template: template,
      messages: found.map { role, lines in
        let text = String(decoding: Array(lines.joined(separator: [10])), as: UTF8.self)
        return PromptMessage(role: role, parts: [PromptPart(name: "text", origin: origin, text: text, ratio: ratio)])
      },
      ratio: ratio)
  }

  private static func role(_ line: ArraySlice<UInt8>, number: Int) throws(PromptError) -> Role {
    let text = String(decoding: line, as: UTF8.self)
    if let role = Role.allCases.first(where: { text == "[[\($0.rawValue)]]" }) { return role }
    throw .unknownRole(String(text.prefix(40)), nearest: PromptError.roles(like: text), line: number)
  }

  private static func isMarkLike(_ line: some Collection<UInt8>) -> Bool {
    line.drop { $0 == UInt8(ascii: "\\") }.starts(with: "[[".utf8)
  }
}
