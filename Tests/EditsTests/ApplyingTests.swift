import Content
import Testing

@testable import Edits

/// Applies `edits` to `files`, which are all there is.
func apply(_ edits: [Edit], to files: [String: String]) throws -> Application {
  try EditApplier.apply(edits, isTestFile: TestFile.isTest) { files[$0].map { Array($0.utf8) } }
}

/// The text of m.py after one SEARCH/REPLACE edit, and how it matched.
private func apply(_ search: String, _ replacement: String, to file: String) throws -> (String, AppliedEdit) {
  let edit = Edit(path: "m.py", change: .replace(search: search, replacement: replacement))
  let application = try apply([edit], to: ["m.py": file])
  return (String(decoding: application.changes[0].after ?? [], as: UTF8.self), application.edits[0])
}

@Suite struct `a SEARCH/REPLACE edit` {
  @Test func `takes the exact lines first`() throws {
    let (text, edit) = try apply("  x\n", "  y\n", to: "x\n  x\nx  \n")
    #expect(text == "x\n  y\nx  \n")
    #expect(edit == AppliedEdit(path: "m.py", firstLine: 2, step: .exact))
  }

  @Test func `overlooks blanks at line ends, and keeps those of lines that stay`() throws {
    let (text, edit) = try apply("a\nb\nc\n", "a\nB\nc\n", to: "a  \nb\nc\t\nd \n")
    #expect(text == "a  \nB\nc\t\nd \n")
    #expect(edit.step == .trailingBlanks)
  }

  @Test func `shifts its replacement as its SEARCH text was shifted`() throws {
    let (deeper, edit) = try apply("if x:\n    a\n", "if y:\n    a\n\n    b\n", to: "def f():\n    if x:\n        a\n")
    #expect(deeper == "def f():\n    if y:\n        a\n\n        b\n")
    #expect(edit == AppliedEdit(path: "m.py", firstLine: 2, step: .indentation))
    let (shallower, _) = try apply("    a\n      b\n", "    c\n      b\n", to: "a\n  b\n")
    #expect(shallower == "c\n  b\n")
    let (tabs, _) = try apply("a\n", "b\n", to: "\ta\n")
    #expect(tabs == "\tb\n")
  }

  @Test func `does not shift where lines are indented differently, or the replacement lacks the blanks`() throws {
    #expect(throws: EditError.self) { try apply("if x:\n  a\n", "    b\n", to: "  if x:\n\ta\n") }
    #expect(throws: EditError.self) { try apply("    a\n", "  b\n", to: "a\n") }
    #expect(try apply("    a\n", "b\n", to: "a\n").0 == "b\n")
  }

  @Test func `refuses two places, and names their lines`() {
    #expect(throws: EditError.ambiguous(path: "m.py", edit: 1, lines: [1, 3], within: [.startOfFile, .below("a")])) {
      try apply("x\n", "y\n", to: "x\na\nx\n")
    }
    #expect(throws: EditError.ambiguous(path: "m.py", edit: 1, lines: [1, 2], within: [.startOfFile, .below("x")])) {
      try apply("x\n", "y\n", to: "  x\n    x\n")
    }
  }

  @Test func `takes two places where the reply repeats it once for each`() throws {
    let edit = Edit(path: "m.py", change: .replace(search: "x\n", replacement: "y\n"))
    let application = try apply([edit, edit], to: ["m.py": "x\na\nx\n"])
    #expect(application.changes[0].after == Array("y\na\ny\n".utf8))
    #expect(application.edits.map(\.firstLine) == [1, 3])
    #expect(
      throws: EditError.ambiguous(
        path: "m.py", edit: 1, lines: [1, 2, 3], within: [.startOfFile, .below("x"), .below("x")])
    ) {
      try apply([edit, edit], to: ["m.py": "x\nx\nx\n"])
    }
    let more = Edit(path: "m.py", change: .replace(search: "x\n", replacement: "x\ny\n"))
    #expect(throws: EditError.ambiguous(path: "m.py", edit: 2, lines: [1, 4], within: [.startOfFile, .below("a")])) {
      try apply([more, more], to: ["m.py": "x\na\nx\n"])
    }
  }

  @Test func `names the nearest lines where its text is nowhere`() throws {
    let file = (1...40).map { "line_\($0) = \($0)\n" }.joined()
    let error = #expect(throws: EditError.self) {
      try apply("line_20 = 20\nsomething else\nline_22 = 22\n", "x\n", to: file)
    }
    let region = try #require(error?.nearest)
    #expect(error?.code == "stale_anchor" && error?.edit == 1)
    #expect(region.firstLine == 20)
    #expect(region.lines.count == 12)
    #expect(error?.feedback.contains("\n21 | line_21 = 21\n") == true)
  }

  @Test func `names lines that share words where no line is equal, and none where nothing is alike`() {
    let error = #expect(throws: EditError.self) {
      try apply("c = beta(1)\n", "x\n", to: "a = alpha()\nb = beta()\n")
    }
    #expect(error?.nearest == Region(firstLine: 1, lines: ["a = alpha()", "b = beta()"]))
    #expect(throws: EditError.staleAnchor(path: "m.py", edit: 1, nearest: nil)) { try apply("ccc\n", "x\n", to: "a\n") }
    #expect(throws: EditError.staleAnchor(path: "m.py", edit: 1, nearest: nil)) { try apply("ccc\n", "x\n", to: "") }
  }

  @Test(arguments: ["    pass\n", "    return None\n", "    )\n", "    else:\n"])
  func `is not there already because a line that every file has is`(line: String) {
    let error = #expect(throws: EditError.self) { try apply("    nowhere(7)\n", line, to: "def f():\n\(line)") }
    #expect(error?.code == "stale_anchor")
  }

  @Test func `says where its replacement is there already`() {
    #expect(throws: EditError.alreadyApplied(path: "m.py", edit: 1, line: 2)) { try apply("a\n", "b\n", to: "x\nb\n") }
  }

  @Test func `keeps line ends, also mixed ones, and a missing last one`() throws {
    #expect(try apply("b\n", "B\nC\n", to: "a\r\nb\r\nc\r\n").0 == "a\r\nB\r\nC\r\nc\r\n")
    #expect(try apply("b\n", "b\nc\n", to: "a\nb").0 == "a\nb\nc")
    #expect(try apply("a\nb\n", "a\n", to: "a\r\nb").0 == "a")
    #expect(try apply("b\nc\n", "b\nx\nc\n", to: "a\nb\r\nc\nd\r\n").0 == "a\nb\r\nx\r\nc\nd\r\n")
    #expect(try apply("a\n", "", to: "a\n").0 == "")
  }

  @Test func `makes a new file from an empty SEARCH text, and never overwrites one`() throws {
    let edit = Edit(path: "n.py", change: .replace(search: "", replacement: "x\n"))
    let made = try apply([edit], to: [:])
    #expect(made.changes == [FileChange(path: "n.py", before: nil, after: Array("x\n".utf8))])
    #expect(made.edits == [AppliedEdit(path: "n.py", firstLine: 1, step: .newFile)])
    #expect(throws: EditError.emptySearch(path: "n.py", edit: 1)) { try apply([edit], to: ["n.py": "y\nx\n"]) }
    let added = try apply([edit], to: ["n.py": "y\n"])
    #expect(added.changes[0].after == Array("y\nx\n".utf8) && added.edits.map(\.step) == [.append])
    #expect(throws: EditError.alreadyApplied(path: "n.py", edit: 1, line: 1)) { try apply([edit], to: ["n.py": "x\n"]) }
    #expect(try apply([edit], to: ["n.py": ""]).changes[0].after == Array("x\n".utf8))
  }

  @Test func `applies to the result of the one before`() throws {
    let edits = [
      Edit(path: "m.py", change: .replace(search: "a\n", replacement: "x\ny\n")),
      Edit(path: "m.py", change: .replace(search: "y\nb\n", replacement: "z\n")),
      Edit(path: "m.py", change: .replace(search: "c\n", replacement: "d\n")),
    ]
    let application = try apply(edits, to: ["m.py": "a\nb\nc\n"])
    #expect(application.changes[0].after == Array("x\nz\nd\n".utf8))
    #expect(application.edits.map(\.firstLine) == [1, 1, 3])
  }

  @Test func `keeps bytes that are not UTF-8, and refuses a file with NUL`() throws {
    let edit = Edit(path: "m.py", change: .replace(search: "é\n", replacement: "è\n"))
    let bytes: [UInt8] = [0xEF, 0xBB, 0xBF, 0xE9, 10] + Array("é\n".utf8) + [0xFF]
    let application = try EditApplier.apply([edit], isTestFile: { _ in false }) { _ in bytes }
    #expect(application.changes[0].after == [0xEF, 0xBB, 0xBF, 0xE9, 10] + Array("è\n".utf8) + [0xFF])
    #expect(throws: EditError.notText(path: "m.py", edit: 1)) {
      try EditApplier.apply([edit], isTestFile: { _ in false }) { _ in [0] + bytes }
    }
  }
}

@Suite struct `an edit by line numbers` {
  private func edit(_ first: Int, _ last: Int, _ replacement: String) -> Edit {
    Edit(path: "m.py", change: .lines(first: first, last: last, replacement: replacement))
  }

  @Test func `counts in the old file, whatever the order`() throws {
    let edits = [edit(4, 4, "D\n"), edit(1, 2, "A\nB\nC\n"), edit(3, 3, "")]
    let application = try apply(edits, to: ["m.py": "a\nb\nc\nd\n"])
    #expect(application.changes[0].after == Array("A\nB\nC\nD\n".utf8))
    #expect(application.edits.map(\.firstLine) == [4, 1, 3])
    #expect(application.edits.map(\.step) == [.lines, .lines, .lines])
  }

  @Test func `must not overlap another`() {
    #expect(throws: EditError.overlap(path: "m.py", edit: 2, other: 1)) {
      try apply([edit(1, 2, "x\n"), edit(2, 3, "y\n")], to: ["m.py": "a\nb\nc\n"])
    }
  }

  @Test(arguments: [(0, 1), (2, 1), (3, 5), (5, 5)])
  func `must be in the file`(first: Int, last: Int) {
    let error = #expect(throws: EditError.self) { try apply([edit(first, last, "x\n")], to: ["m.py": "a\nb\nc\nd\n"]) }
    #expect(error?.code == "lines_out_of_range")
    #expect(error?.feedback.contains("4 | d") == true)
  }

  @Test func `needs a file`() {
    #expect(throws: EditError.pathNotFound(path: "m.py", edit: 1)) { try apply([edit(1, 1, "x\n")], to: [:]) }
  }
}

@Suite struct `edits together` {
  @Test func `are all applied or none, sorted by path`() throws {
    let files = ["a.py": "a\n", "b.py": "b\n"]
    let good = Edit(path: "b.py", change: .whole(content: "B\n"))
    let other = Edit(path: "a.py", change: .replace(search: "a\n", replacement: "A\n"))
    #expect(try apply([good, other], to: files).changes.map(\.path) == ["a.py", "b.py"])
    let bad = Edit(path: "c.py", change: .replace(search: "a\n", replacement: "A\n"))
    #expect(throws: EditError.pathNotFound(path: "c.py", edit: 2)) { try apply([good, bad], to: files) }
  }

  @Test func `leave out files that stay as they are, and are refused where all do`() throws {
    let same = Edit(path: "a.py", change: .whole(content: "a\n"))
    let other = Edit(path: "b.py", change: .whole(content: "b\n"))
    #expect(try apply([same, other], to: ["a.py": "a", "b.py": ""]).changes.map(\.path) == ["b.py"])
    #expect(throws: EditError.noChange(paths: ["a.py"])) { try apply([same], to: ["a.py": "a\n"]) }
  }

  @Test func `bring no NUL into a file`() {
    #expect(throws: EditError.notText(path: "a.py", edit: 1)) {
      try apply([Edit(path: "a.py", change: .whole(content: "x\0\n"))], to: ["a.py": "a\n"])
    }
  }

  @Test(arguments: [
    // The first edit is found byte for byte, or by a looser step; the second names lines that it took.
    ("c = 3\n", "b = 2\nc = 3\nd = 4\n"), ("c = 3  \nd = 4\n", "c = 3\nd = 4\n"), ("a = 1\n\nb = 2\n", "b = 2\n"),
    ("c = 3\n", "  c = 3\n"), ("c = 3\n", "a = 1\n...\nc = 3\n"),
  ])
  func `overlap where one names lines that another before it took`(first: String, second: String) {
    let texts = [("f = 6\n", "g = 7\n"), (first, "x = 9\n"), (second, second.replacing("3", with: "4"))]
    let edits = texts.map { Edit(path: "m.py", change: .replace(search: $0.0, replacement: $0.1)) }
    #expect(throws: EditError.overlap(path: "m.py", edit: 3, other: 2)) {
      try apply(edits, to: ["m.py": "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\n"])
    }
  }

  @Test func `overlap where a definition or a hunk names what another before it took`() {
    let file = ["m.py": "def f():\n    return 1\n\n\ndef g():\n    return 2\n"]
    let renamed = Edit(path: "m.py", change: .replace(search: "def f():\n", replacement: "def h():\n"))
    let definition = Edit(path: "m.py", change: .function(name: "f", definition: "def f():\n    return 3\n"))
    let hunk = Edit(path: "m.py", change: .hunk(lines: " def f():\n-    return 1\n+    return 3\n", firstLine: 1))
    for edit in [definition, hunk] {
      #expect(throws: EditError.overlap(path: "m.py", edit: 2, other: 1)) { try apply([renamed, edit], to: file) }
    }
    let other = Edit(path: "m.py", change: .function(name: "e", definition: "def e():\n    return 3\n"))
    #expect(throws: EditError.noDefinition(path: "m.py", edit: 2, name: "e", nearest: ["h", "g"])) {
      try apply([renamed, other], to: file)
    }
  }

  @Test func `do not overlap where the file never had the lines of one`() {
    let edits = [("c = 3\n", "x = 9\n"), ("c = 4\n", "c = 5\n")].map {
      Edit(path: "m.py", change: .replace(search: $0.0, replacement: $0.1))
    }
    let error = #expect(throws: EditError.self) { try apply(edits, to: ["m.py": "b = 2\nc = 3\n"]) }
    #expect(error?.code == "stale_anchor")
  }

  @Test func `are not taken to another file for an overlap`() {
    let body = "total_of_all = compute(1)\nb = 2\n"
    let texts = [("m.py", "total_of_all = compute(1)\n"), ("n.py", "other = 1\n"), ("m.py", body)]
    let edits = texts.enumerated().map { index, text in
      Edit(path: text.0, change: .replace(search: text.1, replacement: "x = \(index)\n"))
    }
    #expect(throws: EditError.overlap(path: "m.py", edit: 3, other: 1)) {
      try apply(edits, to: ["m.py": body, "n.py": "other = 1\n\(body)"])
    }
  }

  @Test func `must not give one file twice`() {
    let edits = ["x\n", "y\n"].map { Edit(path: "a.py", change: .whole(content: $0)) }
    #expect(throws: EditError.overlap(path: "a.py", edit: 2, other: 1)) { try apply(edits, to: ["a.py": "a\n"]) }
  }

  @Test(arguments: [
    "/etc/passwd", "../x.py", "a/../../x.py", "a//b.py", "a/", "", ".", "./", "a/./b.py", "a\\b.py", "a\nb.py",
    "a\0.py",
    ".git/config", "sub/.git/hooks/x", ".GIT/config", ".gitattributes", "sub/.gitmodules", ".Gitignore",
  ])
  func `stay inside the repository`(path: String) {
    #expect(throws: EditError.outsideRepository(path: path, edit: 1)) {
      try EditApplier.apply([Edit(path: path, change: .whole(content: "x\n"))], isTestFile: { _ in false }) { path in
        Issue.record("read \(path)")
        return nil
      }
    }
  }

  @Test func `have their paths cleaned where only the cleaned one exists`() throws {
    let edit = { Edit(path: $0, change: .replace(search: "x\n", replacement: "y\n")) }
    #expect(try apply([edit("./m.py")], to: ["m.py": "x\n"]).changes[0].path == "m.py")
    #expect(try apply([edit("a/m.py")], to: ["m.py": "x\n"]).changes[0].path == "m.py")
    #expect(try apply([edit("b/m.py")], to: ["m.py": "x\n", "b/m.py": "x\n"]).changes[0].path == "b/m.py")
    #expect(throws: EditError.pathNotFound(path: "a/n.py", edit: 1)) {
      try apply([edit("a/n.py")], to: ["m.py": "x\n"])
    }
  }

  @Test func `leave the tests alone`() {
    #expect(throws: EditError.testFile(path: "tests/m.py", edit: 1)) {
      try apply([Edit(path: "./tests/m.py", change: .whole(content: ""))], to: ["tests/m.py": "x\n"])
    }
    #expect(throws: EditError.testFile(path: "tests/m.py", edit: 1)) {
      try apply([Edit(path: "a/tests/m.py", change: .whole(content: ""))], to: ["tests/m.py": "x\n"])
    }
  }
}

@Suite struct `a new file` {
  private func make(_ paths: [String], folders: Set<String> = [], links: Set<String> = []) throws -> Application {
    let edits = paths.map { Edit(path: $0, change: .whole(content: "x\n")) }
    return try EditApplier.apply(
      edits, isTestFile: { _ in false }, folders: folders, links: links,
      read: { $0 == "m.py" ? Array("m\n".utf8) : nil })
  }

  @Test func `is refused where a folder or a link stands`() {
    #expect(throws: EditError.notAFile(path: "pkg", edit: 1)) { try make(["pkg"], folders: ["pkg"]) }
    #expect(throws: EditError.notAFile(path: "l", edit: 1)) { try make(["l"], links: ["l"]) }
    #expect(throws: EditError.notAFile(path: "d", edit: 2)) { try make(["d/e/x.py", "d"]) }
  }

  @Test func `is refused below a file or a link`() {
    #expect(throws: EditError.belowFile(path: "m.py/a/b.py", edit: 1, file: "m.py")) { try make(["m.py/a/b.py"]) }
    #expect(throws: EditError.belowFile(path: "n/b.py", edit: 2, file: "n")) { try make(["n", "n/b.py"]) }
    #expect(throws: EditError.belowFile(path: "l/b.py", edit: 1, file: "l")) { try make(["l/b.py"], links: ["l"]) }
  }

  @Test func `is refused where its path is longer than a file system takes`() throws {
    let part = String(repeating: "a", count: 255)
    #expect(try make(["\(part)/\(part)"]).changes.count == 1)
    for path in ["\(part)a", "a/\(part)a.py", String(repeating: "a/", count: 2100) + "b"] {
      #expect(throws: EditError.outsideRepository(path: path, edit: 1)) { try make([path]) }
    }
  }

  @Test func `stands beside a file whose name begins like it`() throws {
    #expect(try make(["m.pyx", "d/a.py", "d/b.py", "da"], folders: ["dab"]).changes.count == 4)
  }
}
