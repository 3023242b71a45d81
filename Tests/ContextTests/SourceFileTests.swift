import Content
import Testing

@testable import Context

@Suite struct `a source file` {
  @Test(arguments: [
    ("", []), ("\n", ["\n"]), ("a", ["a"]), ("a\n", ["a\n"]), ("a\nb", ["a\n", "b"]),
    ("a\r\nb\r\n", ["a\r\n", "b\r\n"]),
    ("a\r\n\r\nb", ["a\r\n", "\r\n", "b"]), ("a\rb\u{2028}c\u{0c}d\n", ["a\rb\u{2028}c\u{0c}d\n"]),
    ("\u{feff}a\n", ["\u{feff}a\n"]),
  ])
  func `has a line for each line feed, and one for what stands behind the last`(text: String, lines: [String]) throws {
    let file = try source(text)
    #expect(file.lineCount == lines.count)
    for number in 1..<lines.count + 1 {
      #expect(file.text(number...number).utf8.elementsEqual(lines[number - 1].utf8))
    }
    guard !lines.isEmpty else { return }
    #expect(file.text(1...lines.count).utf8.elementsEqual(text.utf8))
  }

  @Test func `is none where it holds NUL`() {
    #expect(SourceFile(path: "m.py", bytes: Array("a\n\0".utf8)) == nil)
    #expect(SourceFile(path: "m.py", bytes: Array("a\n\\0".utf8)) != nil)
  }

  @Test func `shows a replacement character for bytes that are no UTF-8`() throws {
    let file = try #require(SourceFile(path: "m.py", bytes: [0x61, 0xff, 0x0a, 0xe6, 0x97, 0x0a, 0xc3, 0xa9]))
    #expect(file.lineCount == 3)
    #expect(file.text(1...3) == "a\u{fffd}\n\u{fffd}\né")
    #expect(file.text(2...2) == "\u{fffd}\n")
  }

  @Test func `costs its header line and its numbered lines`() throws {
    let file = try source("a = 1\nb = 2\nc = 3\n", path: "pkg/m.py")
    #expect(file.tokens(2...3, ratio: 1) == Tokens.estimate("pkg/m.py:2-3\n   2 | b = 2\n   3 | c = 3\n"))
    #expect(file.tokens(2...2, ratio: 2) == Tokens.estimate("pkg/m.py:2\n   2 | b = 2\n", ratio: 2))
  }

  @Test func `never costs less than its least`() throws {
    for text in [
      "a", "\r\n\r\n\r\n", String(repeating: "é", count: 5000), "    x = 1\r\n" + String(repeating: "-", count: 70),
    ] {
      let file = try source(text)
      for ratio in [0.1, 1, 3.7] as [TokenRatio] {
        #expect(file.leastTokens(1...file.lineCount, ratio: ratio) <= file.tokens(1...file.lineCount, ratio: ratio))
      }
    }
  }
}

@Suite struct `numbered lines` {
  private func part(_ text: String, _ first: Int, _ last: Int) -> ContextPart {
    ContextPart(
      span: Span(path: "m.py", first: first, last: last), text: text, tokens: 0, reason: .bm25, rank: 1, origin: .issue)
  }

  @Test(arguments: [
    ("a\nb\n", 9, 10, "   9 | a\n  10 | b\n"),
    ("a\r\n\r\nb", 1, 3, "   1 | a\n   2 | \n   3 | b\n"),
    ("\n\n", 9999, 10_000, " 9999 | \n10000 | \n"),
    ("  x\ty\r\r\n", 7, 7, "   7 |   x\ty\r\n"),
    ("a\rb\u{2028}c\n", 3, 3, "   3 | a\rb\u{2028}c\n"),
    ("naïve 日本\n", 3, 3, "   3 | naïve 日本\n"),
  ])
  func `have their number right-aligned, and end with one line feed`(
    text: String, first: Int, last: Int, shown: String
  ) {
    #expect(numbered(part(text, first, last)).utf8.elementsEqual(shown.utf8))
  }
}
