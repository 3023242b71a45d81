import Testing

@testable import Terminal

@Suite struct `a diff by words` {
  /// The diff in colour, with `<...>` for the words that stand out and nothing for other colours.
  private func shown(_ old: String, _ new: String) -> String {
    LineDiff.rendered(LineDiff.unified(old: old, new: new), style: Style(color: true))
      .replacing(/\u{1B}\[3[12];7m(.*?)\u{1B}\[0m/) { "<\($0.output.1)>" }.replacing(/\u{1B}\[[0-9]*m/, with: "")
      .split(separator: "\n").dropFirst(3).joined(separator: "\n")
  }

  @Test(
    arguments: [
      (
        "Answer with blocks only.\n", "Answer with blocks and nothing else.\n",
        "-Answer with blocks <only>.\n+Answer with blocks <and nothing else>."
      ),
      (
        "    return total(prices)\n", "    return total(prices, tax)\n",
        "-    return total(prices)\n+    return total(prices<, tax>)"
      ),
      ("a b c\nd e f\n", "a b X\nd e f g\n", "-a b <c>\n-d e f\n+a b <X>\n+d e f< g>"),
      // Nothing in common, and a line without a counterpart.
      ("alpha\n", "one two three\n", "-alpha\n+one two three"), ("a b\nx\n", "a c\n", "-a <b>\n-x\n+a <c>"),
    ])
  func `marks what differs in a pair of lines`(old: String, new: String, expected: String) {
    #expect(shown(old, new) == expected)
  }

  @Test func `has plain lines without colour, and the same words with it`() {
    var generator = Generator(seed: 5)
    for _ in 0..<300 {
      func text() -> String {
        (0..<Int.random(in: 0..<6, using: &generator)).map { _ in
          (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
            ["a", "bc", " ", "\t", "(", "é", "\u{1B}[2J"].randomElement(using: &generator) ?? ""
          }.joined() + "\n"
        }.joined()
      }
      let lines = LineDiff.unified(old: text(), new: text())
      let plain = LineDiff.rendered(lines, style: Style(color: false))
      #expect(plain == lines.map { $0.rendered(style: Style(color: false)) }.joined())
      let colored = LineDiff.rendered(lines, style: Style(color: true))
      #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    }
  }
}
