import Terminal
import Testing

@Suite struct `text from outside` {
  @Test func `keeps newlines, tabs and every harmless character`() {
    let text = "def f():\n\treturn 'Größe 漢字 🙂'\n"
    #expect(Untrusted.clean(text) == text)
  }

  @Test(arguments: [
    ("\u{1B}[31mred\u{1B}[0m", "␛[31mred␛[0m"),
    ("\u{1B}]0;title\u{7}", "␛]0;title␇"),
    ("\u{9B}2J", "<U+009B>2J"),
    ("50 %\r100 %\r\n", "50 %␍100 %\n"),
    ("a\u{0}b\u{8}\u{7F}", "a␀b␈␡"),
    ("if x\u{202E} # \u{2066}y", "if x<U+202E> # <U+2066>y"),
    ("one\u{2028}two", "one<U+2028>two"),
  ]) func `shows what a terminal would obey`(_ text: String, _ shown: String) {
    #expect(Untrusted.clean(text) == shown)
  }

  @Test func `is one line where a line is wanted`() {
    #expect(Untrusted.cleanLine("a\tb\r\nc") == "a␉b␍␊c")
  }

  @Test func `is repaired where its bytes are not UTF-8`() {
    #expect(Untrusted.clean(bytes: [0x61, 0x9B, 0x62, 0xC2, 0x9B, 0xE2, 0x82]) == "a\u{FFFD}b<U+009B>\u{FFFD}")
  }

  @Test func `never keeps a control, and cleaning twice changes nothing, for any bytes`() {
    var generator = Generator(seed: 1)
    let risky: [[UInt8]] = [[0x1B], [0x9B], [0xC2, 0x9B], [0x0D, 0x0A], [0xE2, 0x80, 0xAE], [0x7F], [0xC2, 0x85]]
    for _ in 0..<2_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0..<24, using: &generator) {
        bytes +=
          Bool.random(using: &generator)
          ? [UInt8.random(in: 0...255, using: &generator)] : risky.randomElement(using: &generator) ?? []
      }
      let text = Untrusted.clean(bytes: bytes)
      let line = Untrusted.cleanLine(String(decoding: bytes, as: UTF8.self))
      #expect(!text.unicodeScalars.contains { isControl($0) && $0 != "\n" && $0 != "\t" }, "\(bytes)")
      #expect(!line.unicodeScalars.contains { isControl($0) }, "\(bytes)")
      #expect(Untrusted.clean(text) == text)
      #expect(Untrusted.cleanLine(line) == line)
    }
  }

  private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
