import Terminal
import Testing

@Suite struct `a style` {
  @Test func `colours each line by itself`() {
    #expect(Style(color: true).apply(.bad, "a\n\nb") == "\u{1B}[31ma\u{1B}[0m\n\n\u{1B}[31mb\u{1B}[0m")
  }

  @Test func `leaves text alone without colour or meaning`() {
    #expect(Style(color: false).apply(.bad, "a") == "a")
    #expect(Style(color: true).apply(.plain, "a") == "a")
  }

  @Test(arguments: [
    (ColorOption.auto, ["TERM": "xterm"], true, true),
    (.auto, ["TERM": "xterm"], false, false),
    (.auto, ["TERM": "dumb"], true, false),
    (.auto, [:], true, false),
    (.auto, ["TERM": "xterm", "NO_COLOR": "1"], true, false),
    (.auto, ["TERM": "xterm", "NO_COLOR": ""], true, true),
    (.auto, ["TERM": "xterm", "CLICOLOR": "0"], true, false),
    (.auto, ["CLICOLOR_FORCE": "1"], false, true),
    (.auto, ["CLICOLOR_FORCE": "0"], false, false),
    (.auto, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false, false),
    (.always, ["NO_COLOR": "1"], false, true),
    (.never, ["CLICOLOR_FORCE": "1"], true, false),
  ]) func `is decided by option, environment and terminal`(
    option: ColorOption, environment: [String: String], isTerminal: Bool, color: Bool
  ) {
    #expect(Style.decide(option: option, environment: environment, isTerminal: isTerminal).color == color)
  }
}

@Suite struct `the width of text` {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("Größe", 5), ("漢字", 4), ("한글", 4), ("🙂", 2), ("e\u{301}", 1), ("\u{200D}", 0), ("…", 1),
    ("ｆｕｌｌ", 8), ("␛", 1),
  ]) func `is counted in columns`(_ text: String, _ columns: Int) {
    #expect(Width.of(text) == columns)
  }

  @Test func `is padded on the side that its alignment leaves free`() {
    #expect(Width.padded("漢", to: 4) == "漢  ")
    #expect(Width.padded("7", to: 3, alignment: .trailing) == "  7")
    #expect(Width.padded("long", to: 3) == "long")
  }

  @Test func `is cut with an ellipsis, never through a wide character`() {
    #expect(Width.truncated("django__django", to: 7) == "django…")
    #expect(Width.truncated("漢字漢字", to: 6) == "漢字…")
    #expect(Width.truncated("abc", to: 3) == "abc")
    #expect(Width.truncated("abc", to: 0) == "")
  }

  @Test func `is wrapped between words, of which none is lost or cut`() {
    #expect(Width.wrapped("one two  three", to: 8) == ["one two", "three"])
    #expect(Width.wrapped("a considerable b", to: 5) == ["a", "considerable", "b"])
    #expect(Width.wrapped("漢字 漢字", to: 8) == ["漢字", "漢字"])
    #expect(Width.wrapped("", to: 8) == [""])
    var generator = Generator(seed: 7)
    for _ in 0..<500 {
      let words = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
        String(repeating: "x", count: Int.random(in: 1...12, using: &generator))
      }
      let width = Int.random(in: 1...30, using: &generator)
      let lines = Width.wrapped(words.joined(separator: " "), to: width)
      #expect(lines.joined(separator: " ") == words.joined(separator: " "))
      #expect(lines.allSatisfy { $0.count <= width || !$0.contains(" ") })
    }
  }
}
