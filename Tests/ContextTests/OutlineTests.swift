import Testing

@testable import Context

private func blocks(_ text: String) throws -> [String] {
  Outline(try source(text)).blocks.map { "\($0.first)-\($0.last)\($0.name.map { " " + $0 } ?? "")" }
}

@Suite struct `an outline` {
  @Test func `has each function with its decorators and comments, each class down to its first function`() throws {
    let text = """
      import os
      X = 1

      # About a.
      # More.
      @decorated(
        1)
      def a(x):
          def inner():
              pass
          return inner

      class B(Base):
          '''Doc.'''
          y = 2

          async def c(self):
              pass

          @property
          def d(self): return 1

          z = 3
      if X:
          pass
      """
    #expect(
      try blocks(text) == [
        "1-3", "4-12 a", "13-16 B", "17-19 c", "20-22 d", "23-23", "24-25",
      ])
  }

  @Test(arguments: [
    ("def a():\n    '''\ndef no():\n'''\ndef b(): pass\n", ["1-4 a", "5-5 b"]),
    ("x = (\ndef_ = 1\n)\ndef b(): pass\n", ["1-3", "4-4 b"]),
    ("x = 'a\ndef b(): pass\n", ["1-1", "2-2 b"]),
    ("x = 'it\\\ndef no(): pass'\ndef b(): pass\n", ["1-2", "3-3 b"]),
    ("x = 1 + \\\n  2\ndef b(): pass\n", ["1-2", "3-3 b"]),
    ("x = [1,  # (\n  2]\ndef b(): pass\n", ["1-2", "3-3 b"]),
    ("x = (1\ndef b(): pass\nclass C: pass\n", ["1-1", "2-2 b", "3-3 C"]),
    ("x = \"\"\"no end\ndef b(): pass\n", ["1-2"]),
    ("x = ''\ndef b(): pass\n", ["1-1", "2-2 b"]),
    ("x = '\\''\ndef b(): pass\n", ["1-1", "2-2 b"]),
    ("define = 1\nclassy = 2\ndef\nclass\n", ["1-4"]),
  ])
  func `passes over strings, brackets and continued lines`(text: String, found: [String]) throws {
    #expect(try blocks(text) == found)
    #expect(try blocks(text.replacing("\n", with: "\r\n")) == found)
  }

  @Test(arguments: [
    ("", []), ("\n\n", ["1-2"]), ("x", ["1-1"]), ("# only\n", ["1-1"]), ("def a(): pass", ["1-1 a"]),
    ("\u{feff}def a(): pass\n", ["1-1 a"]),
    ("\u{0c}\ndef a():\n\tpass\n\ndef b():\n        pass\n", ["1-1", "2-4 a", "5-6 b"]),
    ("class A:\n\tdef b(self):\n\t\tpass\n        def c(self):\n            pass\n", ["1-1 A", "2-3 b", "4-5 c"]),
  ])
  func `is made of any file`(text: String, found: [String]) throws {
    #expect(try blocks(text) == found)
  }

  @Test func `has every line of a file in one block, in order`() throws {
    var random = Seeded(state: 5)
    let pieces = [
      "def a(x):", "class B:", "@d", "async def c():", "x = (", ")", "'''", "\"", "\\", "# note", "", "é", "\u{0c}",
      "\t",
      "    def e(self): pass", "        return 1", "\u{feff}", "if x:", "'", "\\\r",
    ]
    for _ in 0..<2000 {
      let text = (0..<Int.random(in: 0...14, using: &random)).map { _ in
        (pieces.randomElement(using: &random) ?? "") + (["\n", "\n", "\r\n", " "].randomElement(using: &random) ?? "")
      }.joined()
      let file = try source(text)
      let blocks = Outline(file).blocks
      #expect(
        blocks.flatMap { Array($0.first...max($0.first, $0.last)) } == Array(1..<file.lineCount + 1),
        "\(text.debugDescription)")
    }
  }
}

@Suite struct `logical lines` {
  private func lines(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    var reader = LogicalLines(bytes)
    var lines: [String] = []
    while let line = reader.next() {
      let text = String(decoding: bytes[line.start..<line.end], as: UTF8.self)
      lines.append("\(line.firstWithComments) \(line.indent) \(text.debugDescription)")
    }
    return lines
  }

  @Test func `are statements, with the indentation and the comments above them`() {
    #expect(
      lines("a = 1\n\n  # one\n# two\n  b(\n 2)\n# apart\n\n\tc\n  \td\n#end") == [
        #"1 0 "a = 1\n""#, #"3 2 "b(\n 2)\n""#, #"9 8 "c\n""#, #"10 8 "d\n""#,
      ])
  }

  @Test func `end with the file, whatever is still open`() {
    #expect(lines("x = [") == [#"1 0 "x = [""#])
    #expect(lines("x = '''a\nb") == [#"1 0 "x = \'\'\'a\nb""#])
    #expect(lines("x = 'a\\") == [#"1 0 "x = \'a\\""#])
    #expect(lines("x\\\r") == [#"1 0 "x\\\r""#])
    #expect(lines("   ") == [])
    #expect(lines("\r\n\r\nx\r\n") == [#"3 0 "x\r\n""#])
  }
}
