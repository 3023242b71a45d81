import Foundation
import Testing

@Suite(.enabled(if: Pane.isHere, "tmux is not here: `apt install tmux`")) struct `the prompt edits a line` {
  /// The lines of the history that notes are in: `note` says nothing, and the history has it as it was typed.
  private func notes(_ pane: Pane) async throws -> [String] {
    try await pane.line("history note").split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { $0.hasPrefix("note") }
  }

  @Test func `of letters that are wide, accented or combined`() async throws {
    try await Pane.with { pane in
      try await pane.type("note größe 漢字 e\u{301}t")
      // Before the second ideograph: an accent is a letter of its own for the cursor.
      try await pane.press("Left", "Left", "Left", "Left", "Left")
      try await pane.type("中")
      try await pane.wait(for: "ramp> note größe 漢中字 ")
      try await pane.line("")
      try await pane.type("note äöü")
      try await pane.press("BSpace", "BSpace", "Home", "C-Right")
      try await pane.line(" ß")
      #expect(try await notes(pane) == ["note größe 漢中字 e\u{301}t", "note ß ä"])
    }
  }

  @Test func `that goes on in the next one`() async throws {
    try await Pane.with { pane in
      try await pane.type("settings \\")
      try await pane.press("Enter")
      try await pane.wait { $0.hasSuffix("ramp> settings \\\n  ...") }
      let said = try await pane.line("  format")
      #expect(said.contains("format   search"))
      try await pane.press("Up")
      try await pane.wait { $0.hasSuffix("  format") }
      #expect(try await pane.line("").contains("format   search"))
    }
  }

  @Test func `that it finds again with Control-R`() async throws {
    try await Pane.with { pane in
      for line in ["settings format", "settings feedback", "instances"] { try await pane.line(line) }
      let before = try await pane.prompts()
      try await pane.press("C-r")
      try await pane.type("set")
      try await pane.wait(for: "bck:set")
      try await pane.wait { $0.contains("ramp> settings feedback\nbck:set") }
      try await pane.press("C-r")
      try await pane.wait { $0.contains("ramp> settings format\nbck:set") }
      try await pane.press("Enter")
      #expect(try await pane.waitForPrompt(after: before).contains("format   search"))
    }
  }

  @Test func `that wraps, while the terminal is made narrow and wide again`() async throws {
    try await Pane.with(columns: 40) { pane in
      let words = (1...16).map { "word\($0)" }.joined(separator: " ")
      try await pane.type("note " + words)
      try await pane.wait { $0.contains("word16") }
      try await pane.record()
      for (count, columns) in [26, 90, 33].enumerated() {
        try await pane.tmux(["resize-window", "-x", "\(columns)", "-y", "30"])
        try await pane.wait("the line drawn anew for \(columns) columns") { _ in
          // The terminal wraps the rows anew by itself: what is waited for is ramp, which draws from the prompt on.
          let rows = try await pane.rowsOfLastPrompt()
          let isDrawn = try pane.home.read("raw").ranges(of: "\u{1B}[J").count > count
          return isDrawn && rows == wrapped("ramp> note " + words, columns)
        }
      }
      try await pane.press("C-a")
      try await pane.press("C-Right")
      try await pane.line(" first")
      #expect(try await notes(pane) == ["note first " + words])
    }
  }

  private func wrapped(_ text: String, _ columns: Int) -> [String] {
    stride(from: 0, to: text.count, by: columns).map { start in
      let row = text.dropFirst(start).prefix(columns)
      return String(row.reversed().drop { $0 == " " }.reversed())
    }
  }

  @Test func `and carries out each line of a pasted block`() async throws {
    for isBracketed in [true, false] {
      try await Pane.with { pane in
        let before = try await pane.prompts()
        try await pane.paste(
          "note one\nsettings format\n\nnote größe 'a\tb' \\\n  and more\nnote three\nnote fo", isBracketed: isBracketed
        )
        try await pane.wait("the block") { $0.hasSuffix("ramp> note fo") }
        try await pane.line("ur")
        #expect(try await pane.prompts() == before + 6)
        let blank = isBracketed ? " " : ""
        #expect(
          try await notes(pane) == ["note one", "note größe 'a\(blank)b' \\␊  and more", "note three", "note four"])
      }
    }
  }

  /// A terminal that does not say that it pastes types, as it were: libedit draws each letter.
  @Test(arguments: [(1 << 16, true), (1 << 11, false)])
  func `of a megabyte, or of much where it comes key by key`(count: Int, isBracketed: Bool) async throws {
    try await Pane.with { pane in
      let text = String(repeating: "0123456789abcdef", count: count)
      try await pane.line("run django__django-11000 --through workspace")
      try await pane.paste("note \(text)\n", isBracketed: isBracketed)
      // The line's own prompt has long scrolled away.
      try await pane.wait("the end of the line, and a prompt") { $0.hasSuffix("cdef\nramp>") }
      try await pane.line("save long.ramp")
      #expect(try pane.home.read("long.ramp").contains(text))
    }
  }
}
