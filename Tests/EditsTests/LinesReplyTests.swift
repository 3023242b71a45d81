import Testing

@testable import Edits

/// The edits of a reply in the direct form.
private func read(_ reply: String) throws -> [Edit] { try EditReader.edits(in: reply, format: .lines) }

/// Lines 40 to 52 of m.py.
private func edit(_ replacement: String, reasoning: String? = "why", line: Int = 1) -> Edit {
  Edit(
    path: "m.py", change: .lines(first: 40, last: 52, replacement: replacement), reasoning: reasoning, line: line)
}

@Suite struct `a direct edit` {
  @Test func `gives path, lines, reasoning and the new lines`() throws {
    #expect(
      try read("FILE: m.py\nLINES: 40-52\nREASONING: why\n\n    x = 1\n\n    y\n") == [edit("    x = 1\n\n    y\n")])
  }

  @Test(arguments: [
    "FILE: m.py\nLINES: 40-52\nREASONING: why\n\n```python\nx\n```\n",
    "FILE: m.py\nLINES: 40-52\nREASONING: why\n```python\nx\n```\nThis is all.\n",
    "FILE: `m.py`\nLINES: 40 - 52\nREASONING: why\n\nx\n\n\n",
    "**FILE:** m.py\n**LINES:** 40–52\n**REASONING:** why\n\nx",
    "FILE: m.py\r\nLINES: [40-52]\r\nREASONING: why\r\n\r\nx\r\n",
    "File: m.py\n\nLines: 40 to 52\n\nReasoning: why\n\nx",
  ])
  func `may be decorated`(reply: String) throws {
    #expect(try read(reply) == [edit("x\n")])
  }

  @Test func `may stand in a fence as a whole, alone or with others`() throws {
    let one = "FILE: m.py\nLINES: 40-52\nREASONING: why\n\nx\n"
    #expect(try read("So:\n```\n\(one)```\nDone.\n") == [edit("x\n", line: 3)])
    #expect(try read("```\n\(one)\n\(one)```\n") == [edit("x\n", line: 2), edit("x\n", line: 8)])
    #expect(
      try read("```\nFILE: m.py\nLINES: 40-52\nREASONING: why\n\n```python\nx\n```\n```\n") == [edit("x\n", line: 2)])
  }

  @Test func `may have several lines of reasoning`() throws {
    let reply = "FILE: m.py\nLINES: 40-52\nREASONING: one\ntwo\n\nthree\n\n```\nx\n```\n"
    #expect(try read(reply) == [edit("x\n", reasoning: "one\ntwo\n\nthree")])
    #expect(try read("FILE: m.py\nLINES: 40-52\n\nx\n") == [edit("x\n", reasoning: nil)])
  }

  @Test func `may give a single line number`() throws {
    let edits = try read("FILE: m.py\nLINES: 40\nREASONING: why\n\nx\n")
    #expect(edits.map(\.change) == [.lines(first: 40, last: 40, replacement: "x\n")])
  }

  @Test func `removes lines where its fence is empty`() throws {
    #expect(try read("FILE: m.py\nLINES: 40-52\nREASONING: why\n\n```\n```\n") == [edit("")])
  }

  @Test func `is refused where it ends too early`() {
    #expect(throws: EditError.cutOff(line: 1)) { try read("FILE: m.py\nLINES: 40-52\nREASONING: why\n") }
    #expect(throws: EditError.cutOff(line: 1)) { try read("FILE: m.py\nLINES: 40-52\n\n```\nx\n") }
    #expect(throws: EditError.cutOff(line: 2)) { try read("```\nFILE: m.py\nLINES: 40-52\n\nx\n") }
    #expect(throws: EditError.cutOff(line: 1)) { try read("FILE: m.py\n") }
  }

  @Test(arguments: ["40-", "forty", "40-50, 60", "", "40 50", "99999999999999999999"])
  func `is refused where LINES is no number or range`(value: String) {
    #expect(throws: EditError.unreadable(line: 1, reason: .lineNumbers)) {
      try read("FILE: m.py\nLINES: \(value)\nREASONING: why\n\nx\n")
    }
  }

  @Test func `is refused where two bodies could be meant`() {
    #expect(throws: EditError.unreadable(line: 1, reason: .nestedFence)) {
      try read("FILE: m.py\nLINES: 4\nREASONING: why\n\n```python\nx\n```\nor\n```python\ny\n```\n")
    }
    #expect(throws: EditError.unreadable(line: 1, reason: .nestedFence)) {
      try read("FILE: m.md\nLINES: 4\nREASONING: why\n\nText\n```python\nx\n```\n")
    }
  }
}
