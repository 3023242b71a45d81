import Testing

@testable import Edits

/// The edits of a reply that gives whole files.
private func read(_ reply: String) throws -> [Edit] { try EditReader.edits(in: reply, format: .whole) }

@Suite struct `a reply with whole files` {
  @Test(arguments: [
    "m.py\n```python\nx = 1\n```\n", "`m.py`:\n\n```\nx = 1\n```", "```python\n# path: m.py\nx = 1\n```",
    "```python\nm.py\nx = 1\n```", "```m.py\nx = 1\n```", "m.py\n```python\n# path: m.py\nx = 1\n```",
    "Here it is.\r\n\r\n### m.py\r\n~~~\r\nx = 1\r\n~~~\r\nDone.\r\n", "- m.py\n  ```python\n  x = 1\n  ```\n",
  ])
  func `gives path and content`(reply: String) throws {
    let edits = try read(reply)
    #expect(edits.map(\.path) == ["m.py"])
    #expect(edits.map(\.change) == [.whole(content: "x = 1\n")])
  }

  @Test func `may hold several files and examples without a path`() throws {
    let edits = try read(
      "Run it:\n```sh\n./m.py\n```\nm.py\n```\na\n```\nIt was:\n```\nold\n```\n\ndocs/n.md\n````md\n```\nb\n```\n````\n"
    )
    #expect(edits.map(\.path) == ["m.py", "docs/n.md"])
    #expect(edits.map(\.change) == [.whole(content: "a\n"), .whole(content: "```\nb\n```\n")])
  }

  @Test func `keeps a fence that is indented in the code`() throws {
    let edits = try read("m.py\n```python\ndef f():\n    ```\n    x\n    ```\n```\n")
    #expect(edits.map(\.change) == [.whole(content: "def f():\n    ```\n    x\n    ```\n")])
  }

  @Test func `is refused where a block is open at the end, or holds a fence like its own`() {
    #expect(throws: EditError.cutOff(line: 2)) { try read("m.py\n```python\nx = 1\n") }
    #expect(throws: EditError.unreadable(line: 2, reason: .nestedFence)) {
      try read("m.md\n```md\nText\n```\nx\n```\nmore\n```\n")
    }
  }

  @Test func `holds no edit where no block has a path`() {
    #expect(throws: EditError.noEdit(format: .whole, found: nil)) { try read("Change it:\n```\nx\n```\n") }
    #expect(throws: EditError.noEdit(format: .whole, found: .search)) {
      try read("m.py\n```\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```\n")
    }
  }
}
