import Testing

@testable import Terminal

@Suite struct `a pasted block` {
  private func paste(_ text: String, size: Int = .max) -> Paste {
    var paste = Paste()
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      paste.take(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    return paste
  }

  @Test func `is lines, whatever ends them, and the last is not ended`() {
    #expect(paste("a\nb\r\nc\rd\n\ne\u{1B}[201~").lines == ["a", "b", "c", "d", "", "e"])
    #expect(paste("a\n\u{1B}[201~").lines == ["a", ""])
    #expect(paste("\u{1B}[201~").lines == [""])
  }

  @Test func `ends at its mark, in however many pieces it comes, and what follows is not lost`() {
    let text = "run größe\u{1B}[A\u{1B}\u{1B}[20x\n漢"
    for size in 1...12 {
      let paste = paste(text + "\u{1B}[201~\u{1B}[Ay\n", size: size)
      #expect(paste.isWhole)
      #expect(paste.lines == ["run größe[A[20x", "漢"])
    }
    #expect(paste(text + "\u{1B}[201~\u{1B}[Ay\n").rest == Array("\u{1B}[Ay\n".utf8))
    #expect(!paste(text + "\u{1B}[201").isWhole)
  }

  @Test func `holds no keys: tabs are blanks, other controls are gone`() {
    #expect(paste("a\tb\u{3}c\u{8}\u{7F}\u{9B}2Jd\u{1B}[201~").lines == ["a bc2Jd"])
  }
}
