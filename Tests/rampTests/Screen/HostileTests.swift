import Testing

@Suite(.enabled(if: Pane.isHere, "tmux is not here: `apt install tmux`")) struct `the prompt shows hostile text` {
  /// A title, a cleared screen, a report that would be typed, a colour, 8-bit forms, an overwritten line, an override.
  private static let hostile =
    "evil\u{1B}]0;title\u{7}a\u{1B}[2Jb\u{1B}[6nc\u{1B}[31md\u{9B}32me\u{9D}0;t\u{9C}f\rg\u{8}h\u{202E}i\u{1B}P+q\u{1B}\\"

  /// What is left of the bytes that a terminal got once the sequences are gone that ramp, libedit and the shell write
  /// of their own accord.
  private func strange(_ raw: String) -> String {
    raw.replacing(/\u{1B}\[[0-9;]*[ACDKJm]|\u{1B}\[\?2004[hl]|\r/.matchingSemantics(.unicodeScalar), with: "")
      .unicodeScalars.filter { $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\u{8}" }
      .map { "U+" + String($0.value, radix: 16) }.joined(separator: " ")
  }

  @Test func `from an issue, a reply, a test and a file without obeying any of it`() async throws {
    try await PromptHome.with { home in
      try await home.makeRow(
        issue: Self.hostile, test: "printf '\\033[2Jt\\007\\n'; \(PromptHome.honestTest)",
        reply: "-- scripted/any/1 pace=30 --\n\(Self.hostile)\n\(PromptHome.fix)")
      try await Pane.with(home) { pane in
        try await pane.record()
        for line in home.linesForRow { try await pane.line(line) }
        #expect(try await pane.line("run own__own-1").contains("verdict    resolved"))
        for line in ["info own__own-1", "show reply", "show prompt | cat", "show tests", "show edits"] {
          try await pane.line(line)
        }
        try await pane.press("C-d")
        #expect(try await pane.waitForEnd() == "0")
        let raw = try await pane.recorded(through: "ramp has ended")
        #expect(raw.ranges(of: "evil␛]0;title␇").count >= 4)
        #expect(raw.contains("f␍g␈h<U+202E>i"))
        #expect(!raw.contains("\u{1B}[31md"))
        #expect(strange(raw) == "")
        #expect(try await pane.tmux(["display-message", "-p", "#{pane_title}"]).output != "title\n")
      }
    }
  }
}
