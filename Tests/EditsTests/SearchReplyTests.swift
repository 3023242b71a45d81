import Testing

@testable import Edits

/// The edits of a SEARCH/REPLACE reply.
private func read(_ reply: String) throws -> [Edit] { try EditReader.edits(in: reply, format: .search) }

@Suite(.timeLimit(.minutes(1))) struct `a hostile reply` {
  @Test func `is read in one pass, however many blocks end unlike they begin`() throws {
    let block = "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>>> REPLACE\n"
    let edits = try read("`a.py`\n" + String(repeating: block, count: 20_000))
    #expect(edits.count == 20_000 && edits.allSatisfy { $0.path == "a.py" })
  }

  @Test func `is refused at once where it names many paths`() {
    let names = (0..<100_000).map { "in `a\($0).py` or so" }.joined(separator: "\n")
    #expect(throws: EditError.unreadable(line: 100_002, reason: .severalPaths)) {
      try read("\(names)\nso:\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n")
    }
  }
}

/// A block that turns `a` into `b`.
private let block = "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n"

@Suite struct `a SEARCH/REPLACE reply` {
  @Test func `gives path, texts and the line where the block begins`() throws {
    let reply = "I would do this:\n\nsrc/m.py\n```python\n\(block)```\nThat is all.\n"
    #expect(
      try read(reply) == [Edit(path: "src/m.py", change: .replace(search: "a\n", replacement: "b\n"), line: 5)])
  }

  @Test(arguments: [
    "m.py\n", "m.py:\n", "`m.py`\n", "**m.py**\n", "**`m.py`**:\n", "### m.py\n", "#### `m.py`\n\n", "# path: m.py\n",
    "# m.py\n", "// m.py\n", "<!-- m.py -->\n", "/* m.py */\n", "File: m.py\n", "**File:** `m.py`\n", "- m.py\n",
    "1. `m.py`\n", "m.py\n```python\n", "m.py\n\n```\n", "```python\nm.py\n", "```python m.py\n", "```python:m.py\n",
    "```m.py\n", "```python title=\"m.py\"\n", "```python\n# path: m.py\n", "m.py\n<source>python\n", "m.py\n~~~~\n",
    "\"m.py\"\n", "In `m.py` the sign is wrong:\n\n```python\n", "filename: m.py\r\n```python\r\n",
    "In **m.py**, as I said,\nthe sign is wrong.\n",
  ])
  func `finds its path`(above: String) throws {
    let edits = try read(above + block)
    #expect(edits.map(\.path) == ["m.py"])
  }

  @Test func `gives the path of the block before to a block without one`() throws {
    let reply = "a/x.py\n```\n\(block)\nNow its other half:\n\(block)```\nb/y.py\n\(block)"
    #expect(try read(reply).map(\.path) == ["a/x.py", "a/x.py", "b/y.py"])
  }

  @Test func `takes the path right above before others named further up`() throws {
    #expect(try read("Like `x.py` and `y.py`:\n- x.py\n\nz.py\n\(block)").map(\.path) == ["z.py"])
  }

  @Test func `does not choose between two paths`() {
    #expect(throws: EditError.unreadable(line: 2, reason: .severalPaths)) {
      try read("Move it from `x.py` to `y.py`:\n\(block)")
    }
    #expect(throws: EditError.unreadable(line: 1, reason: .noPath)) { try read(block) }
  }

  @Test func `does not take a module or an address for a path`() {
    #expect(throws: EditError.unreadable(line: 3, reason: .noPath)) {
      try read("See `django.db.models` and https://example.org/x.py\n\n\(block)")
    }
  }

  @Test func `may have CRLF line ends`() throws {
    let edits = try read("m.py\r\n<<<<<<< SEARCH\r\na\r\n\r\n=======\r\nb\r\n>>>>>>> REPLACE\r\n")
    #expect(edits.map(\.change) == [.replace(search: "a\n\n", replacement: "b\n")])
  }

  @Test(arguments: [5, 6, 7, 8, 9])
  func `may have five to nine characters in each marker`(count: Int) throws {
    let mark = { (character: Character) in String(repeating: character, count: count) }
    let edits = try read("m.py\n\(mark("<")) SEARCH\na\n\(mark("="))\nb\n\(mark(">")) REPLACE")
    #expect(edits.map(\.change) == [.replace(search: "a\n", replacement: "b\n")])
  }

  @Test func `may have markers of different lengths`() throws {
    let edits = try read("m.py\n<<<<<<< SEARCH\na\n========\nb\n>>>>>> REPLACE\n\(block)")
    #expect(edits.count == 2)
  }

  @Test func `keeps marker lines of other lengths as text`() throws {
    let edits = try read("m.rst\n<<<<<<<<< SEARCH\nTitle\n=======\n=========\nName\n=======\n>>>>>>>>> REPLACE\n")
    #expect(edits.map(\.change) == [.replace(search: "Title\n=======\n", replacement: "Name\n=======\n")])
  }

  @Test func `does not choose between two dividers`() {
    #expect(throws: EditError.unreadable(line: 2, reason: .severalDividers)) {
      try read("m.rst\n<<<<<<< SEARCH\nTitle\n=======\n=======\nName\n=======\n>>>>>>> REPLACE\n")
    }
    #expect(throws: EditError.unreadable(line: 2, reason: .noDivider)) {
      try read("m.rst\n<<<<<<< SEARCH\nTitle\n>>>>>>> REPLACE\n")
    }
  }

  @Test func `is refused whole where its last block has no end`() {
    #expect(throws: EditError.cutOff(line: 9)) {
      try read("m.py\n\(block)\nm.py\n<<<<<<< SEARCH\nc\n=======\nd\n")
    }
    #expect(throws: EditError.cutOff(line: 2)) { try read("m.py\n<<<<<<< SEARCH\nc\n\(block)") }
    #expect(throws: EditError.unreadable(line: 3, reason: .noHead)) { try read("m.py\na\n>>>>>>> REPLACE\n") }
  }

  @Test func `is prose, or empty, or in another format where it holds no block`() {
    #expect(throws: EditError.proseOnly(format: .search)) { try read("Add a check for nil.\n") }
    #expect(throws: EditError.noEdit(format: .search, found: nil)) { try read("") }
    #expect(throws: EditError.noEdit(format: .search, found: nil)) { try read("```python\nx = 1\n```\n") }
    #expect(throws: EditError.noEdit(format: .search, found: .whole)) { try read("m.py\n```python\nx = 1\n```\n") }
    #expect(throws: EditError.noEdit(format: .search, found: .lines)) { try read("FILE: m.py\nLINES: 1\n\nx\n") }
  }
}
