import Content
import Testing

@testable import Edits

private func read(_ reply: String) throws -> [Edit] { try EditReader.edits(in: reply, format: .function) }

private let file = """
  import os


  @cached
  def total(prices):
      return 0


  class Cart:
      def total(self):
          # The sum.
          return 1

      @property
      def size(self):
          return 2

      @size.setter
      def size(self, value):
          pass


  """

@Suite struct `a reply with whole definitions` {
  @Test(arguments: [
    "m.py\n```python\ndef total(prices):\n    return 5\n```\n",
    "So:\n\nFILE: m.py\nFUNCTION: total\n\n```\ndef total(prices):\n    return 5\n```\nDone.\n",
    "```python\n# m.py\ndef total(prices):\n    return 5\n```\n",
    "### `m.py`\nFunction: `total(prices)`\n```py\n    def total(prices):\n        return 5\n```\n",
    "m.py\r\n```python\r\ndef total(prices):\r\n    return 5\r\n```\r\n",
    "m.py\n```python\n 5 | def total(prices):\n 6 |     return 5\n```\n",
  ])
  func `gives path, name and definition`(reply: String) throws {
    let edits = try read(reply)
    #expect(edits.map(\.path) == ["m.py"])
    #expect(edits.map(\.change) == [.function(name: "total", definition: "def total(prices):\n    return 5\n")])
  }

  @Test func `replaces the definition of that name, and keeps its decorators and its depth`() throws {
    let function = Edit(
      path: "m.py", change: .function(name: "total", definition: "def total(prices):\n    return sum(prices)\n"))
    let text = try text([function])
    #expect(text == file.replacing("    return 0", with: "    return sum(prices)"))
    let method = Edit(
      path: "m.py", change: .function(name: "Cart.total", definition: "def total(self):\n    return 7\n"))
    #expect(try self.text([method]) == file.replacing("        # The sum.\n        return 1", with: "        return 7"))
    let inner = try read("m.py\nFUNCTION: Cart.total\n```\nclass Cart:\n    def total(self):\n        return 7\n```\n")
    #expect(try self.text(inner) == self.text([method]))
  }

  private func text(_ edits: [Edit]) throws -> String {
    let application = try apply(edits, to: ["m.py": file])
    #expect(application.edits.allSatisfy { $0.step == .function })
    return String(decoding: application.changes[0].after ?? [], as: UTF8.self)
  }

  @Test func `tells definitions of one name apart by their decorators, or not at all`() throws {
    let setter = "@size.setter\ndef size(self, value):\n    self.x = value\n"
    let edit = Edit(path: "m.py", change: .function(name: "Cart.size", definition: setter))
    #expect(try text([edit]) == file.replacing("        pass", with: "        self.x = value"))
    let plain = Edit(path: "m.py", change: .function(name: "Cart.size", definition: "def size(self):\n    return 3\n"))
    #expect(throws: EditError.ambiguous(path: "m.py", edit: 1, lines: [15, 19])) { try text([plain]) }
  }

  @Test func `names the nearest where there is none, and refuses what it cannot read`() throws {
    let edit = Edit(path: "m.py", change: .function(name: "totl", definition: "def totl():\n    pass\n"))
    #expect(throws: EditError.noDefinition(path: "m.py", edit: 1, name: "totl", nearest: ["total"])) {
      try text([edit])
    }
    #expect(throws: EditError.unreadable(line: 2, reason: .noDefinition)) { try read("m.py\n```python\nx = 1\n```\n") }
    #expect(throws: EditError.unreadable(line: 1, reason: .noPath)) {
      try read("```python\ndef f():\n    pass\n```\n")
    }
    #expect(throws: EditError.cutOff(line: 2)) { try read("m.py\n```python\ndef f():\n") }
    // Where it ends to be Python, a definition ends on the line of its head.
    #expect(
      try read("m.py\n```\nx = 1\n\n\ndef f $\n```\n").map(\.change) == [.function(name: "f", definition: "def f $\n")])
  }
}

@Suite struct `a unified diff` {
  private let text = "import os\n\n\ndef f(a):\n    x = 1\n    return x\n\n\ndef g(a):\n    x = 1\n    return a\n"

  private func apply(_ diff: String) throws -> (text: String, steps: [MatchingStep]) {
    let application = try EditsTests.apply(
      try EditReader.edits(in: diff, format: .diff), to: ["m.py": text])
    return (String(decoding: application.changes[0].after ?? [], as: UTF8.self), application.edits.map(\.step))
  }

  @Test(arguments: [
    "diff --git a/m.py b/m.py\n--- a/m.py\n+++ b/m.py\n@@ -4,3 +4,3 @@\n def f(a):\n-    x = 1\n+    x = 2\n     return x\n",
    "--- m.py\n+++ m.py\n@@ -123,7 +123,8 @@\n def f(a):\n-    x = 1\n+    x = 2\n     return x",
    "Here:\n```diff\n--- a/m.py\n+++ b/m.py\n@@ @@\ndef f(a):\n-    x = 1\n+    x = 2\n    return x\n```\n",
    "--- a/m.py\n+++ b/m.py\n def f(a):\n-    x = 1\n+    x = 2\n     return x\n",
    "--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n def f(a):\n -    x = 1\n +    x = 2\n      return x\n",
  ])
  func `is placed by its lines, not by its numbers`(diff: String) throws {
    #expect(try apply(diff).text == text.replacing("def f(a):\n    x = 1", with: "def f(a):\n    x = 2"))
  }

  @Test func `is placed by the lines that change where its context is made up`() throws {
    let diff = "--- a/m.py\n+++ b/m.py\n@@ -40,4 +40,4 @@\n def made_up(a):\n-    return x\n+    return x + 1\n more\n"
    #expect(throws: EditError.self) { try apply(diff) }
    let longer = diff.replacing("return x", with: "return a").replacing("made_up(a)", with: "made_up")
    #expect(throws: EditError.self) { try apply(longer) }
    let telling = "--- a/m.py\n+++ b/m.py\n@@ -40,4 +40,4 @@\n made_up\n def g(a):\n+    check(a)\n     more\n"
    #expect(throws: EditError.self) { try apply(telling) }
    let long = "def compute_everything(a):\n    return compute(a, 1)\n"
    let edits = try EditReader.edits(
      in: "--- a/m.py\n+++ b/m.py\n@@ -9 +9 @@\n made_up\n def compute_everything(a):\n-    return compute(a, 1)\n"
        + "+    return compute(a, 2)\n \n def x():\n",
      format: .diff)
    let found = try EditsTests.apply(edits, to: ["m.py": long])
    #expect(found.edits.map(\.step) == [.anchor])
    #expect(found.changes[0].after == Array("def compute_everything(a):\n    return compute(a, 2)\n".utf8))
  }

  @Test func `chooses between two places only by the right number`() throws {
    let diff = { (line: Int) in "--- a/m.py\n+++ b/m.py\n@@ -\(line),1 +\(line),1 @@\n-    x = 1\n+    x = 2\n" }
    #expect(try apply(diff(10)).text == text.replacing("g(a):\n    x = 1", with: "g(a):\n    x = 2"))
    #expect(
      throws: EditError.ambiguous(path: "m.py", edit: 1, lines: [5, 10], within: [.definition("f"), .definition("g")])
    ) {
      try apply(diff(7))
    }
  }

  @Test func `is found in a reply that was asked for in another format`() {
    let diff = "--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n-a\n+b\n"
    #expect(EditReader.isDiff(diff, insteadOf: .search))
    #expect(EditReader.isDiff("So:\n```diff\n\(diff)```\n", insteadOf: .lines))
    #expect(
      !EditReader.isDiff("m.py\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\nlike\n\(diff)", insteadOf: .search))
    #expect(!EditReader.isDiff("@@ -1 +1 @@\n", insteadOf: .search))
  }
}
