import Content
import Testing

@testable import Edits

/// The text of m.py after one SEARCH/REPLACE edit, and how it matched.
private func apply(_ search: String, _ replacement: String, to file: String) throws -> (String, AppliedEdit) {
  let edit = Edit(path: "m.py", change: .replace(search: search, replacement: replacement))
  let application = try apply([edit], to: ["m.py": file])
  return (String(decoding: application.changes[0].after ?? [], as: UTF8.self), application.edits[0])
}

/// The reason code of an edit that does not apply.
private func code(_ search: String, _ replacement: String, to file: String) -> String {
  do {
    return "\(try apply(search, replacement, to: file).1.step)"
  } catch { return (error as? EditError)?.code ?? "\(error)" }
}

@Suite struct `indentation that differs` {
  @Test func `is doubled, halved or tabs by one rule`() throws {
    let file = "class A:\n    def f(self):\n        if x:\n            y = 1\n"
    let doubled = "        def f(self):\n                if x:\n"
    let (text, edit) = try apply(doubled, doubled + "                        z = 1\n", to: file)
    #expect(text == "class A:\n    def f(self):\n        if x:\n            z = 1\n            y = 1\n")
    #expect(edit.step == .indentation)
    let tabs = "\tdef f(self):\n\t\tif x:\n\t\t\ty = 1\n"
    #expect(
      try apply(tabs, "\tdef f(self):\n\t\tif x:\n\t\t\ty = 1\n\t\treturn y\n", to: file).0
        == file + "        return y\n")
  }

  @Test func `is gone from the first line alone`() throws {
    let file = "def f():\n    if x:\n        y = 1\n    return y\n"
    let (text, edit) = try apply("if x:\n        y = 1\n", "if z:\n        y = 2\n", to: file)
    #expect(text == "def f():\n    if z:\n        y = 2\n    return y\n")
    #expect(edit.step == .indentation)
  }

  @Test func `is gone from all lines, and told by the lines that they take the place of`() throws {
    let file = "def f():\n    if x:\n        y = 1\n    return y\n"
    #expect(
      try apply("if x:\ny = 1\nreturn y\n", "if x:\ny = 2\nreturn y\n", to: file).0
        == "def f():\n    if x:\n        y = 2\n    return y\n")
    #expect(code("if x:\ny = 1\nreturn y\n", "if x:\ny = 2\nz = 3\nreturn y\n", to: file) == "whitespace_only")
  }

  @Test func `within lines is no place, and is told`() throws {
    let error = #expect(throws: EditError.self) { try apply("x=1\n", "x = 2\n", to: "a\nx = 1\n") }
    #expect(error?.code == "whitespace_only")
    #expect(error?.corrections == [Correction(line: 1, written: "x=1", actual: "x = 1")])
    #expect(error?.feedback.contains("Line 1 of SEARCH is `x=1`, and the file has `x = 1`.") == true)
  }
}

@Suite struct `blank lines that differ` {
  @Test func `are the file's between lines that stay`() throws {
    let (text, edit) = try apply("a\nb\nc\n", "a\nb\nC\n", to: "x\na\n\nb\n\n\nc\ny\n")
    #expect(text == "x\na\n\nb\n\n\nC\ny\n", "\(text)")
    #expect(edit == AppliedEdit(path: "m.py", firstLine: 2, step: .blankLines))
    #expect(try apply("a\n\n\nb\n", "a\n\n\nB\n", to: "a\nb\n").0 == "a\nB\n")
  }

  @Test func `do not choose between two places`() {
    #expect(code("a\nb\n", "c\n", to: "a\n\nb\na\n\n\nb\n") == "ambiguous")
  }
}

@Suite struct `lines that stand for others` {
  private let file = "def f():\n    a = 1\n    b = 2\n    c = 3\n    return a\n\ndef g():\n    pass\n"

  @Test func `keep what they stand for, on both sides alike`() throws {
    let (text, edit) = try apply(
      "def f():\n    ...\n    return a\n", "def f(x):\n    ...\n    return x\n", to: file)
    #expect(
      text == "def f(x):\n    a = 1\n    b = 2\n    c = 3\n    return x\n\ndef g():\n    pass\n")
    #expect(edit.step == .ellipsis)
    #expect(
      try apply(
        "def f():\n    # ... existing code ...\n    return a\n",
        "def f(x):\n    # ... existing code ...\n    return a\n", to: file
      ).1.step
        == .ellipsis)
  }

  @Test func `are refused where they leave out what is not told`() {
    #expect(code("def f():\n    ...\n    return a\n", "def f():\n    return 1\n", to: file) == "ellipsis")
    #expect(code("def f():\n    ...\n    return z\n", "def f():\n    ...\n    return 1\n", to: file) == "ellipsis")
    #expect(code("    a = 1\n", "    a = 2\n    # ... rest of the function\n", to: file) == "ellipsis")
    #expect(code("    a = 1\n    b = 2\n", "    # rest unchanged\n", to: file) == "ellipsis")
  }

  @Test func `are text where the file has them`() throws {
    #expect(try apply("x: ...\n...\n", "x: int\n...\n", to: "x: ...\n...\n").1.step == .exact)
    #expect(code("    pass\n", "    ...\n", to: file) == "ellipsis")
    #expect(code("# ... a\n", "# ... b\n", to: "# ... a\n") == "exact")
    for comment in ["# the other way round", "# Existing users keep it", "# rest", "# ...and so on"] {
      #expect(!Ellipsis.isMark(ArraySlice(Array(comment.utf8))), "\(comment)")
    }
  }
}

@Suite struct `the nearest place` {
  private let file = (1...20).map { "value_\($0) = compute(\($0), mode='strict')\n" }.joined()

  @Test func `is taken where it is the only one that is alike`() throws {
    let search =
      "value_4 = compute(4, mode='strict')\nvalue_5 = compute(5, mode=\"strict\")\nvalue_6 = compute(6, mode='strict')\n"
    let (text, edit) = try apply(search, search + "new = 1\n", to: file)
    #expect(edit == AppliedEdit(path: "m.py", firstLine: 4, step: .nearest))
    #expect(text == file.replacing("value_7 ", with: "new = 1\nvalue_7 "))
  }

  @Test func `is not taken where a line is quite another, or two places are alike`() {
    #expect(
      code(
        "value_4 = compute(4, mode='strict')\nsomething else\nvalue_6 = compute(6, mode='strict')\n", "x\n", to: file)
        == "stale_anchor")
    #expect(code("value_4 = compute(4)\n", "x\n", to: file) == "stale_anchor")
    let twice = "alpha = 1\nbeta_ = 2\ngamma = 3\n\nalpha = 1\nbeta_ = 2\ngamma = 3\n"
    #expect(code("alpha = 1\nbeta_ = 9\ngamma = 3\n", "x\n", to: twice) == "stale_anchor")
  }

  @Test func `is never among lines that the same reply wrote, nor are they shown as the nearest`() {
    let written = "alpha_one = 1\nbeta_two = 2\ngamma_three = 3\n"
    let near = "alpha_one = 1\nbeta_two = 9\ngamma_three = 3\n"
    let first = Edit(path: "m.py", change: .replace(search: "value_2 = 2\n", replacement: written))
    let second = Edit(path: "m.py", change: .replace(search: near, replacement: near + "delta = 4\n"))
    let old = "value_1 = 1\nvalue_2 = 2\nvalue_3 = 3\n"
    let error = #expect(throws: EditError.self) { try apply([first, second], to: ["m.py": old]) }
    #expect(error?.code == "stale_anchor" && error?.edit == 2)
    #expect(error?.feedback.contains("beta_two = 2") == false)
    // Without the first edit the same lines, if they are the file's, are taken.
    #expect(code(near, near + "delta = 4\n", to: written) == "nearest")
  }

  @Test func `that is shown is one of the file as it is, with its numbers`() {
    let first = Edit(path: "m.py", change: .replace(search: "value_1 = compute(1, mode='strict')\n", replacement: ""))
    let second = Edit(path: "m.py", change: .replace(search: "value_9 = compute(9)\n", replacement: "x\n"))
    let error = #expect(throws: EditError.self) { try apply([first, second], to: ["m.py": file]) }
    let nearest = error?.nearest
    #expect(nearest?.lines.contains("value_9 = compute(9, mode='strict')") == true)
    #expect(nearest?.numbered.contains(" 9 | value_9 = compute(9, mode='strict')") == true)
  }
}

@Suite struct `a text that is elsewhere` {
  private func apply(_ edit: Edit, _ files: [String: String], paths: Bool = true) throws -> Application {
    let bytes = files.mapValues { Array($0.utf8) }
    return try EditApplier.apply(
      [edit], isTestFile: TestFile.isTest, paths: files.keys.sorted(), others: bytes, read: { bytes[$0] })
  }

  private let body = "def resolve(self, names, allow_joins=True):\n    return self.setup(names, allow_joins)\n"

  @Test func `is taken in the only other file that has it, where it is long enough`() throws {
    let edit = Edit(path: "a.py", change: .replace(search: body, replacement: body + "\n"))
    let found = try apply(edit, ["a.py": "x = 1\n", "b.py": "y = 1\n\(body)"])
    #expect(found.edits == [AppliedEdit(path: "b.py", firstLine: 2, step: .otherFile)])
    #expect(found.changes.map(\.path) == ["b.py"])
  }

  @Test func `is not taken where two files have it, or a test, or it is short`() {
    let edit = Edit(path: "a.py", change: .replace(search: body, replacement: body + "\n"))
    for files in [["b.py": body, "c.py": body], ["b.py": body + body], ["tests/b.py": body]] {
      let error = #expect(throws: EditError.self) { try apply(edit, files.merging(["a.py": "x = 1\n"]) { $1 }) }
      #expect(error?.code == "stale_anchor")
    }
    let short = Edit(path: "a.py", change: .replace(search: "x = 1\n", replacement: "x = 2\n"))
    #expect(throws: EditError.self) { try apply(short, ["a.py": "y = 1\n", "b.py": "x = 1\n"]) }
  }

  @Test func `is named by the end of a path`() throws {
    let edit = Edit(path: "forms/sets.py", change: .replace(search: "x = 1\n", replacement: "x = 2\n"))
    #expect(try apply(edit, ["django/forms/sets.py": "x = 1\n"]).changes.map(\.path) == ["django/forms/sets.py"])
    #expect(
      throws: EditError.pathNotFound(
        path: "forms/sets.py", edit: 1, nearest: ["a/forms/sets.py", "b/forms/sets.py"])
    ) {
      try apply(edit, ["a/forms/sets.py": "x = 1\n", "b/forms/sets.py": "x = 1\n"])
    }
    let new = Edit(path: "sets.py", change: .whole(content: "x = 3\n"))
    #expect(try apply(new, ["a/sets.py": "x = 1\n"]).changes.map(\.path) == ["a/sets.py"])
    #expect(throws: EditError.pathNotFound(path: "sets.py", edit: 1, nearest: ["a/sets.py", "b/sets.py"])) {
      try apply(new, ["a/sets.py": "x = 1\n", "b/sets.py": "x = 1\n"])
    }
    #expect(try apply(new, ["a/other.py": "x = 1\n"]).edits.map(\.step) == [.newFile])
  }
}

@Suite struct `an edit that is there already` {
  private let there = Edit(path: "m.py", change: .replace(search: "a\n", replacement: "b = 1\nc = 2\n"))
  private let other = Edit(path: "m.py", change: .replace(search: "x = 1\n", replacement: "x = 2\n"))

  @Test func `is passed over where others change something`() throws {
    let application = try apply([there, other], to: ["m.py": "b = 1\nc = 2\nx = 1\n"])
    #expect(application.edits.map(\.step) == [.alreadyThere, .exact])
    #expect(try apply([other, other], to: ["m.py": "x = 1\n"]).edits.map(\.step) == [.exact, .alreadyThere])
  }

  @Test func `is an error where nothing else changes, or one line alone shows it`() {
    #expect(throws: EditError.alreadyApplied(path: "m.py", edit: 1, line: 1)) {
      try apply([there], to: ["m.py": "b = 1\nc = 2\n"])
    }
    let line = Edit(path: "m.py", change: .replace(search: "a\n", replacement: "b = 1\n"))
    #expect(throws: EditError.alreadyApplied(path: "m.py", edit: 1, line: 1)) {
      try apply([line, other], to: ["m.py": "b = 1\nx = 1\n"])
    }
  }
}

@Suite struct `line numbers that were copied` {
  @Test func `are taken off`() throws {
    let file = "a = 1\nb = 2\n"
    #expect(try apply("  1 | a = 1\n  2 | b = 2\n", "  1 | a = 1\n  2 | b = 3\n", to: file).0 == "a = 1\nb = 3\n")
    let lines = Edit(path: "m.py", change: .lines(first: 2, last: 2, replacement: "   2 | b = 3\n   3 |\n"))
    #expect(try apply([lines], to: ["m.py": file]).changes[0].after == Array("a = 1\nb = 3\n".utf8 + [10]))
    let whole = Edit(path: "m.py", change: .whole(content: "1 | a = 1\n2 | b = 3\n"))
    #expect(try apply([whole], to: ["m.py": file]).changes[0].after == Array("a = 1\nb = 3\n".utf8))
  }

  @Test func `are code where they do not ascend`() {
    #expect(LineNumbers.stripped(LineSplit.lines(of: "2 | a\n1 | b\n")) == nil)
    #expect(LineNumbers.stripped(LineSplit.lines(of: "1 | a\nb\n")) == nil)
    #expect(LineNumbers.stripped(LineSplit.lines(of: "\n")) == nil)
  }
}

@Suite struct `a file that is no Python after its edits` {
  @Test(arguments: [
    ("x = (1\n", 2, "`(` is never closed"), ("if x\n    y\n", 2, "`:` is missing"), ("  x = 1\n", 2, "indented deeper"),
    ("return 1\n", 2, "stands in no function"), ("x = 'a\n", 2, "a string is not closed"),
  ])
  func `is told with the line, before any test`(text: String, line: Int, reason: String) throws {
    let edit = Edit(path: "m.py", change: .replace(search: "b = 2\n", replacement: text))
    let error = #expect(throws: EditError.self) { try apply([edit], to: ["m.py": "a = 1\nb = 2\n"]) }
    #expect(error?.code == "syntax_error")
    guard case .syntaxError("m.py", let found, _, let why, _)? = error else { return }
    #expect(found == line && why.contains(reason), "\(found): \(why)")
  }

  @Test(arguments: [
    ("x = (1\n", "2 | x = (1\n  |     ^"), ("if x\n    y\n", "2 | if x\n  |     ^"),
    ("if x:\n\ty = 'a\n", "3 | \ty = 'a\n  | \t    ^"), ("é = 1)\n", "2 | é = 1)\n  |      ^"),
    ("return 1\n", "2 | return 1\n  | ^"), ("x = 1 2\n", "2 | x = 1 2\n  |       ^"),
  ])
  func `is shown with a caret below the place`(text: String, shown: String) throws {
    let edit = Edit(path: "m.py", change: .replace(search: "b = 2\n", replacement: text))
    let error = #expect(throws: EditError.self) { try apply([edit], to: ["m.py": "a = 1\nb = 2\n"]) }
    #expect(error?.feedback.contains(shown) == true, "\(error?.feedback ?? "")")
  }

  @Test func `is taken where it was none before, or is no file of Python`() throws {
    let edit = { Edit(path: $0, change: .replace(search: "b = 2\n", replacement: "b = (\n")) }
    #expect(try apply([edit("m.py")], to: ["m.py": "print 'a'\nb = 2\n"]).changes.count == 1)
    #expect(try apply([edit("m.txt")], to: ["m.txt": "b = 2\n"]).changes.count == 1)
  }

  @Test func `is another language where it looks like one`() {
    let code = "function add(a, b) {\n  const c = a + b;\n  return c;\n}\n"
    let edit = Edit(path: "m.py", change: .replace(search: "b = 2\n", replacement: code))
    #expect(throws: EditError.wrongLanguage(path: "m.py", edit: 1, language: "JavaScript")) {
      try apply([edit], to: ["m.py": "b = 2\n"])
    }
    #expect(throws: EditError.wrongLanguage(path: nil, edit: nil, language: "a shell script")) {
      try EditReader.edits(in: "Run:\n```bash\nsed -i s/a/b/ m.py\n```\n", format: .search)
    }
  }
}
