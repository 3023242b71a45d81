import Testing

@testable import Context

@Suite struct `first-5kb` {
  /// Lines of 100 bytes with their ends.
  private func lines(_ count: Int) -> String {
    (1...count).map { "# " + String($0).padded(to: 97) + "\n" }.joined()
  }

  @Test func `takes the first Python files in path order, whatever the issue says`() async throws {
    let tree = MemoryTree([
      "z.py": "z = 1\n", "README.md": "text\n", "b/c.py": "c = 1\n", "b/a.py": "a = 1\n", "Z.py": "y = 1\n",
      "setup.py": "x = 1\n", "docs/conf.py": "w = 1\n",
    ])
    let issue = "z.py is wrong: `z` in z.py:1 should be 2"
    let selection = try await select(issue, tree, .first5KB, files: 4)
    #expect(selection.paths == ["Z.py", "b/a.py", "b/c.py", "docs/conf.py"])
    #expect(selection.parts.map(\.reason) == Array(repeating: .first5KB, count: 4))
    #expect(selection.parts.map(\.rank) == [1, 2, 3, 4])
    #expect(selection.leftOut.map(\.span.description) == ["setup.py:1", "z.py:1"])
    #expect(selection.leftOut.map(\.rank) == [5, 6])
    #expect(try await select("anything else", tree, .first5KB, files: 4) == selection)
  }

  @Test(arguments: [
    (49, 49), (50, 50), (51, 50), (400, 50),
  ])
  func `shows 5,000 bytes of each, down to the last whole line`(count: Int, shown: Int) async throws {
    let tree = MemoryTree(["m.py": lines(count)])
    let selection = try await select("", tree, .first5KB)
    #expect(selection.spans == ["m.py:1-\(shown)"])
    #expect(selection.parts.first?.text == lines(shown))
  }

  @Test func `counts a last line without its end`() async throws {
    let tree = MemoryTree(["m.py": lines(49) + String(repeating: "x", count: 100), "n.py": lines(49) + "é = 1"])
    let selection = try await select("", tree, .first5KB)
    #expect(selection.spans == ["m.py:1-50", "n.py:1-50"])
  }

  @Test func `passes over files with nothing to show`() async throws {
    let tree = MemoryTree([
      "a.py": "", "b.py": String(repeating: "x", count: 5001), "c.py": "x\0y\n", "d.py": "d\n", "e.py": "e\n",
    ])
    #expect(try await select("", tree, .first5KB, files: 1).spans == ["d.py:1"])
  }

  @Test func `does not look at the budget`() async throws {
    let tree = MemoryTree(["a.py": lines(50), "b.py": lines(50)])
    let selection = try await select("", tree, .first5KB, budget: 10)
    #expect(selection.spans == ["a.py:1-50", "b.py:1-50"])
    #expect(selection.tokens > selection.budget)
  }

  @Test func `goes on to the next file where one was dropped or added`() async throws {
    let tree = MemoryTree(["a.py": "a\n", "b.py": "b\n", "c.py": "c\nd\n", "d.py": "d\n", "e.py": "e\n"])
    let selection = try await select(
      "", tree, .first5KB, files: 2, added: [Span(path: "b.py")],
      dropped: [Span(path: "a.py"), Span(path: "c.py", first: 1, last: 2)])
    #expect(selection.spans == ["b.py:1", "d.py:1", "e.py:1"])
    #expect(selection.parts.map(\.reason) == [.pinned, .first5KB, .first5KB])
    #expect(selection.leftOut.isEmpty)
  }
}

extension String {
  /// The string with blanks behind it, `count` bytes long.
  func padded(to count: Int) -> String { self + String(repeating: " ", count: max(0, count - utf8.count)) }
}
