import Testing

@testable import Terminal

@Suite struct `a press of Tab` {
  private func press(_ line: String, _ candidates: [String], cursor: Int? = nil) -> Completion {
    Completion(line: line, cursor: cursor ?? line.utf8.count, candidates: candidates)
  }

  @Test func `puts in the only candidate and a space`() {
    #expect(press("run dj", ["django__django-11000"]) == .replacement(removing: 2, text: "django__django-11000 "))
    #expect(press("sh", ["show"]) == .replacement(removing: 2, text: "show "))
  }

  @Test func `puts no space behind a folder or a name that wants a value`() {
    #expect(press("load da", ["data/"]) == .replacement(removing: 2, text: "data/"))
    #expect(press("set lim", ["limit="]) == .replacement(removing: 3, text: "limit="))
  }

  @Test func `goes as far as all candidates agree, then lists them`() {
    let ids = ["django__django-11000", "django__django-11001"]
    #expect(press("run d", ids) == .replacement(removing: 1, text: "django__django-1100"))
    #expect(press("run django__django-1100", ids) == .list(ids))
  }

  @Test func `looks at the word before the cursor alone, counted in scalars`() {
    #expect(press("run grö xyz", ["größe"], cursor: 8) == .replacement(removing: 3, text: "größe "))
  }

  @Test func `does nothing without candidates, or with one that would smuggle in controls`() {
    #expect(press("run x", []) == .none)
    #expect(press("run x", ["x\u{1B}[2J"]) == .none)
  }

  @Test func `replaces the word where the only candidate is spelt otherwise`() {
    #expect(press("RU", ["run"]) == .replacement(removing: 2, text: "run "))
    #expect(press("x", ["ax", "bx"]) == .list(["ax", "bx"]))
  }

  @Test func `lists in columns, down then across`() {
    #expect(Completion.listing(["a", "bb", "c", "d", "e"], width: 10) == "a   d\nbb  e\nc\n")
    #expect(Completion.listing(["a", "b", "c"], width: 80, most: 2) == "a  b\nand 1 more\n")
  }
}

@Suite struct `keys as bytes` {
  private func scalars(_ bytes: [UInt8]) -> String {
    var decoder = KeyDecoder()
    var result = String.UnicodeScalarView()
    for byte in bytes { result.append(contentsOf: decoder.take(byte)) }
    return String(result)
  }

  @Test func `are scalars again`() {
    #expect(scalars(Array("añ漢🙂\u{1B}[A".utf8)) == "añ漢🙂\u{1B}[A")
  }

  @Test func `lose no key after a broken sequence`() {
    #expect(scalars([0xE9, 0x61]) == "\u{FFFD}a")
    #expect(scalars([0xF0, 0x9F, 0xC3, 0xA9]) == "\u{FFFD}é")
    #expect(scalars([0x80, 0xFF, 0x62]) == "\u{FFFD}\u{FFFD}b")
    #expect(scalars([0xED, 0xA0, 0x80, 0x62]) == "\u{FFFD}b")
  }
}

@Suite struct `a prompt` {
  @Test func `has its colours marked as taking no room`() {
    let marked = PromptMarks.marked("\u{1B}[1mramp\u{1B}[0m 漢> ")
    #expect(marked.text == "\u{1}\u{1B}[1m\u{1}ramp\u{1}\u{1B}[0m\u{1} 漢> ")
    #expect(marked.width == 9)
  }

  @Test(arguments: [("", 6, 0), ("abc", 6, 0), ("abcd", 6, 1), ("abc漢", 6, 1), ("a\nb", 0, 1), ("0123456789", 10, 2)])
  func `is followed by text that wraps`(_ text: String, from start: Int, rows: Int) {
    #expect(ScreenRows.rows(of: text, from: start, columns: 10) == rows)
  }

  @Test(arguments: [("run", false), ("run \\", true), ("run \\\\", false), ("\\\\\\", true), ("", false)])
  func `goes on after a backslash that is not escaped`(_ line: String, isOpen: Bool) {
    #expect(Continuation.isOpen(line) == isOpen)
  }
}
