import Content
import Testing

@testable import Edits

/// What a reply makes of files: their texts afterwards with the steps under "", or the reason code in brackets.
private func made(
  _ reply: String, _ format: EditFormat, _ files: [String: String], shown: [String: [ClosedRange<Int>]] = [:]
) -> [String: String] {
  let bytes = files.mapValues { Array($0.utf8) }
  do {
    let edits = try EditReader.edits(
      in: reply, format: format, files: ReplyFiles(isFile: { bytes[$0] != nil }, bytes: { bytes[$0] }))
    let application = try EditApplier.apply(
      edits, isTestFile: TestFile.isTest, paths: files.keys.sorted(), others: bytes, shown: shown, read: { bytes[$0] })
    var after = files
    for change in application.changes { after[change.path] = change.after.map { String(decoding: $0, as: UTF8.self) } }
    after[""] = application.edits.map(\.step.rawValue).joined(separator: ", ")
    return after
  } catch { return ["": "(\((error as? EditError)?.code ?? "\(error)"))"] }
}

private func block(_ search: String, _ replacement: String) -> String {
  "<<<<<<< SEARCH\n\(search)=======\n\(replacement)>>>>>>> REPLACE\n"
}

@Suite struct `a path in a sentence` {
  private let files = ["src/lib/schemas.py": "a = 1\nb = 2\n", "src/lib/other.py": "c = 1\n"]

  @Test(arguments: [
    "Updated `src/lib/schemas.py`\n", "Here is the updated src/lib/schemas.py:\n", "**src/lib/schemas.py** (updated)\n",
    "src/lib/schemas.py (modified)\n", "**Updated: src/lib/schemas.py**\n", "Updated `src/lib/schemas.py`\n\n",
    "In `src/lib/schemas.py`:\n", "Changes to src/lib/schemas.py:\n", "### Fix in `src/lib/schemas.py`\n",
    "1. Change `src/lib/schemas.py` as follows:\n", "The full new content of \"src/lib/schemas.py\" is:\n",
    "File `src/lib/schemas.py` after the change.\n", "> src/lib/schemas.py — updated:\n",
  ])
  func `is the file's`(heading: String) {
    let whole = heading + "```python\na = 1\nb = 3\n```\n"
    #expect(made(whole, .whole, files)["src/lib/schemas.py"] == "a = 1\nb = 3\n")
    let search = heading + "```python\n" + block("b = 2\n", "b = 3\n") + "```\n"
    #expect(made(search, .search, files)["src/lib/schemas.py"] == "a = 1\nb = 3\n")
    let diff = heading + "```diff\n@@ -2 +2 @@\n-b = 2\n+b = 3\n```\n"
    #expect(made(diff, .diff, files)["src/lib/schemas.py"] == "a = 1\nb = 3\n")
  }

  @Test(arguments: [
    "The current `src/lib/schemas.py` is:\n```python\nb = 2\n```\n",
    "Run `src/lib/schemas.py` to see it:\n```\nError\n```\n",
    "The bug is in `src/lib/schemas.py`:\n```python\nb = 2\n```\n",
    "It came from `src/lib/other.py`:\n```sh\nls\n```\n",
    "Compare `src/lib/schemas.py` and `src/lib/other.py`:\n```python\nx\n```\n",
  ])
  func `above an example is no file`(example: String) {
    #expect(made(example, .whole, files)[""] == "(no_edit)")
    let reply = example + "\nsrc/lib/schemas.py\n```python\na = 1\nb = 3\n```\n"
    #expect(made(reply, .whole, files)["src/lib/schemas.py"] == "a = 1\nb = 3\n")
  }

  @Test func `that calls the file new goes before one that does not`() {
    let reply =
      "In `src/lib/schemas.py`:\n```python\nb = 2\n```\nUpdated `src/lib/schemas.py`:\n```python\na = 1\nb = 3\n```\n"
    #expect(made(reply, .whole, files)["src/lib/schemas.py"] == "a = 1\nb = 3\n")
  }
}

@Suite struct `a path that is spelled in another way` {
  private let files = ["pkg/item (1).py": "v = 1\n", "pkg/m.py": "v = 1\nw = 1\n", "README": "v = 1\n"]

  @Test(arguments: [
    "pkg\\m.py", "/testbed/pkg/m.py", "./pkg\\m.py", "C:\\work\\repo\\pkg\\m.py", "/home/me/repo/pkg/m.py",
    "pkg/m.py:12",
    "a/pkg/m.py", "repo/pkg/m.py", "/usr/lib/python3.9/site-packages/pkg/m.py", "lib/python3.6/site-packages/pkg/m.py",
    "file:///testbed/pkg/m.py", "m.py", "testbed/pkg/m.py", "/workspace/repo/pkg/m.py", "pkg/m.py#L1",
  ])
  func `is the file that is there`(path: String) {
    #expect(made("\(path)\n" + block("w = 1\n", "w = 2\n"), .search, files)["pkg/m.py"] == "v = 1\nw = 2\n")
    #expect(made("\(path)\n```\nv = 1\nw = 2\n```\n", .whole, files)["pkg/m.py"] == "v = 1\nw = 2\n")
    #expect(made("FILE: \(path)\nLINES: 2\nREASONING: r\n\nw = 2\n", .lines, files)["pkg/m.py"] == "v = 1\nw = 2\n")
  }

  @Test(arguments: [
    "pkg/item (1).py", "`pkg/item (1).py`", "### pkg/item (1).py", "File: pkg/item (1).py", "**pkg/item (1).py**:",
  ])
  func `may hold blanks`(path: String) {
    #expect(made("\(path)\n" + block("v = 1\n", "v = 2\n"), .search, files)["pkg/item (1).py"] == "v = 2\n")
    #expect(made("\(path)\n```\nv = 2\n```\n", .whole, files)["pkg/item (1).py"] == "v = 2\n")
  }

  @Test(arguments: [
    "../pkg/m.py", "/etc/m.py", "pkg/../../m.py", "/etc/passwd", "..\\pkg\\m.py", "/root/.ssh/config", ".git/config",
  ])
  func `never leads out`(path: String) {
    #expect(made("\(path)\n" + block("w = 1\n", "w = 2\n"), .search, files)[""] == "(outside_repository)")
  }
}

@Suite struct `a whole file under a short or wrong path` {
  @Test func `is the only file that ends so, and never one at the top`() {
    let files = ["docs/security.md": "# Security\n\nSend mail.\n", "a.py": "x = 1\n"]
    let reply = "security.md\n```markdown\n# Security\n\nSend letters.\n```\n"
    #expect(made(reply, .whole, files)["docs/security.md"] == "# Security\n\nSend letters.\n")
    let deep = ["django/contrib/auth/tokens.py": "import x\na = 1\nb = 2\nc = 3\n"]
    let wrong = "django/core/auth/tokens.py\n```python\nimport x\na = 1\nb = 2\nc = 4\n```\n"
    #expect(made(wrong, .whole, deep)["django/contrib/auth/tokens.py"] == "import x\na = 1\nb = 2\nc = 4\n")
  }

  @Test func `is refused where several end so`() {
    let files = ["a/x.py": "v = 1\n", "b/x.py": "v = 1\n"]
    #expect(made("x.py\n```python\nv = 2\n```\n", .whole, files)[""] == "(path_not_found)")
  }

  @Test func `is a new file where none does, or another package has one called so`() {
    let files = ["pkg/utils/__init__.py": "x = 1\ny = 2\nz = 3\n"]
    #expect(made("app/utils/__init__.py\n```python\nq = 2\n```\n", .whole, files)["app/utils/__init__.py"] == "q = 2\n")
    #expect(made("new.py\n```python\nq = 2\n```\n", .whole, files)["new.py"] == "q = 2\n")
    #expect(made("/testbed/new.py\n```python\nq = 2\n```\n", .whole, files)["new.py"] == "q = 2\n")
  }
}

@Suite struct `a diff with half a head` {
  private let text = "import os\n\n\ndef f(x):\n    return x + 1\n"
  private var changed: String { text.replacing("x + 1", with: "x + 2") }
  private let hunk = "@@ -5 +5 @@\n-    return x + 1\n+    return x + 2\n"

  @Test(arguments: [
    "```diff\n+++ b/pkg/m.py\n%```\n", "pkg/m.py\n```diff\n%```\n", "--- a/pkg/m.py\n%",
    "In `pkg/m.py`:\n\n```diff\n%```\n",
    "--- a/pkg/m.py\t2024-01-01\n+++ b/pkg/m.py\t2024-01-02\n%",
    "--- pkg/m.py 2024-01-01 10:00:00\n+++ pkg/m.py 2024-01-01\n%",
    "diff --git a/pkg/m.py b/pkg/m.py\nindex 1..2 100644\n--- a/pkg/m.py\n+++ b/pkg/m.py\n%", "pkg/m.py\n%",
    "--- a/pkg/m.py.orig\n+++ b/pkg/m.py\n%", "--- a/pkg/m.py\n+++ b/pkg/n.py\n%", "```diff pkg/m.py\n%```\n",
  ])
  func `is read`(frame: String) {
    #expect(made(frame.replacing("%", with: hunk), .diff, ["pkg/m.py": text])["pkg/m.py"] == changed)
  }

  @Test func `without any head is found by its text`() {
    let long = "def resolve(self, names, allow_joins=True):\n    return self.setup(names, allow_joins)\n"
    let diff =
      "```diff\n@@ -1,2 +1,2 @@\n def resolve(self, names, allow_joins=True):\n"
      + "-    return self.setup(names, allow_joins)\n+    return self.setup(names)\n```\n"
    let wanted = long.replacing("setup(names, allow_joins)", with: "setup(names)")
    #expect(made(diff, .diff, ["a.py": text, "b.py": long])["b.py"] == wanted)
    #expect(made(diff, .diff, ["a.py": long, "b.py": long])[""] == "(path_not_found)")
    #expect(made("```diff\n\(hunk)```\n", .diff, ["pkg/m.py": text])[""] == "(path_not_found)")
    let bare = "a.py\n```diff\n-    return x + 1\n+    return x + 2\n```\n"
    #expect(made(bare, .diff, ["a.py": text])["a.py"] == changed)
  }

  @Test func `goes to the only other file that has its text`() {
    let long =
      "class F:\n    def go(self):\n        password = self.fields.get(\"password\")\n        if password:\n"
      + "            password.help_text = password.help_text.format(\"../password/\")\n"
    let diff =
      "--- a/admin.py\n+++ b/admin.py\n@@ -123,4 +123,4 @@\n         password = self.fields.get(\"password\")\n"
      + "-        if password:\n-            password.help_text = password.help_text.format(\"../password/\")\n"
      + "+        if password:\n+            password.help_text = password.help_text.format(\"../../password/\")\n"
    let found = made(diff, .diff, ["admin.py": text, "forms.py": long])
    #expect(found["forms.py"] == long.replacing("\"../password/\"", with: "\"../../password/\""))
    #expect(found[""] == "other file")
  }

  @Test func `deletes a file that is as it says`() {
    let removed = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { "-\($0)\n" }.joined()
    let diff = "```diff\n--- a/pkg/m.py\n+++ /dev/null\n@@ -1,5 +0,0 @@\n\(removed)```\n"
    let after = made(diff, .diff, ["pkg/m.py": text, "a.py": "x = 1\n"])
    #expect(after == ["a.py": "x = 1\n", "": "deleted"])
    let marked =
      "diff --git a/pkg/m.py b/pkg/m.py\ndeleted file mode 100644\nindex 1..0\n" + diff.dropFirst(8).dropLast(4)
    #expect(made(marked, .diff, ["pkg/m.py": text])["pkg/m.py"] == nil)
    #expect(made(diff, .diff, ["pkg/m.py": text + "y = 1\n"])[""] == "(stale_anchor)")
  }

  @Test func `renames a file, with an edit of it`() {
    let diff = "diff --git a/pkg/m.py b/pkg/n.py\nsimilarity index 90%\nrename from pkg/m.py\nrename to pkg/n.py\n"
    let edit = "--- a/pkg/m.py\n+++ b/pkg/n.py\n\(hunk)"
    #expect(made(diff + edit, .diff, ["pkg/m.py": text]) == ["pkg/n.py": changed, "": "renamed, exact"])
    #expect(made(diff + "@@ -0,0 +0,0 @@\n", .diff, ["pkg/m.py": text]) == ["pkg/n.py": text, "": "renamed"])
    #expect(made(diff + edit, .diff, ["pkg/m.py": text, "pkg/n.py": "x\n"])[""] == "(path_taken)")
    #expect(
      made(diff.replacing("pkg/n.py", with: "../n.py") + edit, .diff, ["pkg/m.py": text])[""] == "(outside_repository)")
  }

  @Test func `without a mark changes nothing`() {
    let diff = "--- a/m.py\n+++ b/m.py\n@@ -4,2 +4,2 @@\n def f(x):\n     return x + 1\n"
    #expect(made(diff, .diff, ["m.py": text])[""] == "(no_change)")
    let error = #expect(throws: EditError.self) { try EditReader.edits(in: diff, format: .diff) }
    #expect(error?.errorDescription?.contains("changes nothing") == true)
  }

  @Test func `takes no removed line for a head`() {
    let sql = "x = 1\n-- note\n@@ mark\n"
    let diff = "--- a/q.sql\n+++ b/q.sql\n@@ -1,3 +1,2 @@\n x = 1\n--- note\n @@ mark\n"
    #expect(made(diff, .diff, ["q.sql": sql])["q.sql"] == "x = 1\n@@ mark\n")
  }
}

@Suite struct `a text that stands in several places` {
  private let file = """
    import os


    class A:
        def go(self):
            value = os.getcwd()
            return value

        def stay(self):
            return 1


    class B:
        def go(self):
            value = os.getcwd()
            return value

        def stay(self):
            return 2


    def go():
        value = os.getcwd()
        return value

    """
  private let twice = "        value = os.getcwd()\n        return value\n"
  private let other = "        value = 1\n        return value\n"

  @Test func `is taken where the model was shown one of them`() {
    let reply = "m.py\n" + block(twice, other)
    let after = made(reply, .search, ["m.py": file], shown: ["m.py": [12...19]])
    #expect(after[""] == "shown lines")
    let wanted = file.split(separator: "class B", maxSplits: 1)
    #expect(after["m.py"] == wanted[0] + "class B" + wanted[1].replacing("os.getcwd()", with: "1", maxReplacements: 1))
    for shown in [[1...30], [1...3], [4...7, 13...16], [5...6]] {
      #expect(made(reply, .search, ["m.py": file], shown: ["m.py": shown])[""] == "(ambiguous)", "\(shown)")
    }
  }

  @Test func `is taken in the class of the reply's other edits`() {
    let certain = block("            return 2\n".replacing("            ", with: "        "), "        return 3\n")
    for reply in ["m.py\n\(block(twice, other))m.py\n\(certain)", "m.py\n\(certain)m.py\n\(block(twice, other))"] {
      let after = made(reply, .search, ["m.py": file])
      #expect(after["m.py"]?.contains("class B:\n    def go(self):\n        value = 1\n") == true, "\(after)")
      #expect(after["m.py"]?.contains("class A:\n    def go(self):\n        value = os.getcwd()\n") == true)
      #expect(after[""]?.contains("same class") == true)
    }
    let both = block("        return 1\n", "        return 7\n")
    #expect(
      made("m.py\n\(block(twice, other))m.py\n\(certain)m.py\n\(both)", .search, ["m.py": file])[""] == "(ambiguous)")
  }

  @Test func `is told with the definition of each place`() {
    let bytes = Array(file.utf8)
    let edit = Edit(path: "m.py", change: .replace(search: twice, replacement: other))
    let error = #expect(throws: EditError.self) {
      try EditApplier.apply([edit], isTestFile: { _ in false }, read: { $0 == "m.py" ? bytes : nil })
    }
    #expect(error?.feedback.contains("Line 6 is in `A.go`.") == true)
    #expect(error?.feedback.contains("Line 15 is in `B.go`.") == true)
    let text = Edit(path: "m.txt", change: .replace(search: "x\n", replacement: "y\n"))
    let lines = Array("x\n\nabout this\n\nx\n".utf8)
    let other = #expect(throws: EditError.self) {
      try EditApplier.apply([text], isTestFile: { _ in false }, read: { $0 == "m.txt" ? lines : nil })
    }
    #expect(other?.feedback.contains("Line 1 is at the start of the file.") == true)
    #expect(other?.feedback.contains("Line 5 is below `about this`.") == true)
  }
}

@Suite struct `a text that is in another file` {
  @Test func `and short is told with its place`() {
    let files = ["a.py": "x = 1\n", "b.py": "y = 1\nreturn compute_the_thing(a, b)\n"]
    let bytes = files.mapValues { Array($0.utf8) }
    let edit = Edit(path: "a.py", change: .replace(search: "return compute_the_thing(a, b)\n", replacement: "z\n"))
    let error = #expect(throws: EditError.self) {
      try EditApplier.apply(
        [edit], isTestFile: { _ in false }, paths: files.keys.sorted(), others: bytes, read: { bytes[$0] })
    }
    #expect(error?.code == "stale_anchor")
    #expect(error?.errorDescription?.contains("line 2 of b.py") == true)
    #expect(error?.feedback.contains("b.py") == true)
  }

  @Test func `is looked for where the path does not exist`() {
    let files = ["pkg/long.py": "def go(first, second):\n    return first + second\n", "pkg/b.py": "x = 1\n"]
    let search = "def go(first, second):\n    return first + second\n"
    let reply = "other/place/long.py\n" + block(search, search.replacing("+", with: "-"))
    #expect(made(reply, .search, files)["pkg/long.py"] == search.replacing("+", with: "-"))
    let renamed = "other/place/gone.py\n" + block(search, search.replacing("+", with: "-"))
    #expect(made(renamed, .search, files)["pkg/long.py"] == search.replacing("+", with: "-"))
    #expect(made("other/gone.py\n" + block("x = 1\n", "x = 2\n"), .search, files)[""] == "(path_not_found)")
  }
}

@Suite struct `a reply of which some edits cannot be read` {
  private let good = "m.py\n" + block("x = 1\n", "x = 2\n")

  @Test(arguments: [
    "m.py\ny = 1\n=======\ny = 2\n>>>>>>> REPLACE\n", "m.py\n<<<<<<< SEARCH\ny = 1\n>>>>>>> REPLACE\n",
    "m.py\n<<<<<<< SEARCH\ny = 1\n=======\ny = 2\n",
  ])
  func `gives those that can be`(bad: String) {
    for reply in [good + "\n" + bad, bad + "\n" + good] {
      let read = EditReader.read(reply, as: .search)
      #expect(read.edits.map(\.change) == [.replace(search: "x = 1\n", replacement: "x = 2\n")], "\(reply)")
      #expect(read.faults.count == 1)
      #expect(throws: EditError.self) { try EditReader.edits(in: reply, format: .search) }
    }
  }

  @Test func `gives them in the other formats too`() {
    let lines = EditReader.read("FILE: m.py\nLINES: x\n\ny\n\nFILE: m.py\nLINES: 1\nREASONING: r\n\nz\n", as: .lines)
    #expect(lines.edits.count == 1 && lines.faults.count == 1)
    let whole = EditReader.read("a.py\n```\nx\n```\nb.py\n```python\ny\n", as: .whole)
    #expect(whole.edits.map(\.path) == ["a.py"] && whole.faults == [.cutOff(line: 6)])
  }
}

@Suite struct `edits that are taken in part` {
  private func examined(_ edits: [Edit], _ files: [String: String]) throws -> Examination {
    let bytes = files.mapValues { Array($0.utf8) }
    return try EditApplier.examine(edits, isTestFile: TestFile.isTest, read: { bytes[$0] })
  }

  private let good = Edit(path: "m.py", change: .replace(search: "x = 1\n", replacement: "x = 2\n"))
  private let stale = Edit(path: "m.py", change: .replace(search: "quite other\n", replacement: "y\n"))
  private let test = Edit(path: "tests/test_m.py", change: .replace(search: "a\n", replacement: "b\n"))
  private let files = ["m.py": "x = 1\n", "tests/test_m.py": "a\n"]

  @Test func `are those that hold`() throws {
    let examination = try examined([stale, good], files)
    #expect(throws: EditError.self) { try examination.application() }
    #expect(try examination.application(isPartial: true).edits.map(\.step) == [.exact])
    let none = try examined([stale], files)
    #expect(throws: EditError.self) { try none.application(isPartial: true) }
  }

  @Test func `are those of no test`() throws {
    let examination = try examined([test, good], files)
    #expect(throws: EditError.testFile(path: "tests/test_m.py", edit: 1)) { try examination.application() }
    #expect(try examination.application(dropsTests: true).changes.map(\.path) == ["m.py"])
    let only = try examined([test], files)
    let error = #expect(throws: EditError.self) { try only.application(dropsTests: true) }
    #expect(error?.code == "no_edit")
  }
}

@Suite struct `another format than the one asked for` {
  @Test func `is found where it is the only one`() {
    let search = "m.py\n" + block("x = 1\n", "x = 2\n")
    let lines = "FILE: m.py\nLINES: 1\nREASONING: r\n\nx = 2\n"
    let diff = "--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n"
    let function = "m.py\nFUNCTION: f\n```python\ndef f():\n    pass\n```\n"
    let whole = "m.py\n```python\nx = 2\n```\n"
    for asked in [EditFormat.whole, .lines, .function] {
      #expect(EditReader.others(than: asked, in: search).map(\.format) == [.search])
    }
    #expect(EditReader.others(than: .search, in: lines).map(\.format) == [.lines])
    #expect(EditReader.others(than: .search, in: function).map(\.format) == [.function])
    #expect(EditReader.others(than: .search, in: whole).map(\.format) == [.whole])
    #expect(EditReader.others(than: .lines, in: diff).map(\.format) == [.diff])
    #expect(EditReader.others(than: .whole, in: search + lines).isEmpty)
    #expect(EditReader.others(than: .search, in: "Nothing to do.\n").isEmpty)
    let damaged = "m.txt\n```\nx = 1\n=======\nx = 2\n>>>>>>> REPLACE\n```\n"
    #expect(EditReader.others(than: .search, in: damaged).isEmpty)
    #expect(EditReader.others(than: .search, in: "m.txt\n```\n<<<<<<< SEARCH\nx = 1\n=======\nx = 2\n```\n").isEmpty)
  }
}

@Suite struct `a missing import` {
  private func mended(_ before: String, _ after: String, _ repository: [String: String]) -> String {
    let change = FileChange(path: "pkg/m.py", before: Array(before.utf8), after: Array(after.utf8))
    let search = ImportSearch([change])
    let files = repository.mapValues { Array($0.utf8) }
    let paths = Set(repository.keys).union(["pkg/m.py", "pkg/__init__.py"])
    let missing = search.removed + search.found(in: files, paths: paths)
    let made = ImportSearch.adding(missing, to: [change])
    return String(decoding: made[0].after ?? [], as: UTF8.self)
  }

  private let before = "from django.db import router\nimport os\n\n\ndef f(x):\n    return os.path.join(x)\n"

  @Test func `is the one that the repository has`() {
    let after = before.replacing("    return", with: "    with transaction.atomic():\n        pass\n    return")
    let files = [
      "a.py": "from django.db import models, transaction\n",
      "b.py": "def g():\n    from django.db import transaction\n",
    ]
    let wanted = after.replacing("import router\n", with: "import router\nfrom django.db import transaction\n")
    #expect(mended(before, after, files) == wanted)
    let several = files.merging(["c.py": "from other import transaction\n"]) { $1 }
    #expect(mended(before, after, several) == after)
    #expect(mended(before, after, [:]) == after)
  }

  @Test(arguments: [
    ("import re\n", "re.match('a', x)", "import re"),
    ("import numpy as np\n", "np.array(x)", "import numpy as np"),
    ("from functools import (\n    partial,  # and\n    wraps,\n)\n", "wraps(x)", "from functools import wraps"),
    ("from a import thing as other\n", "other(x)", "from a import thing as other"),
    ("from a import b, \\\n    c\n", "c(x)", "from a import c"),
  ])
  func `may be written in any way`(statement: String, use: String, wanted: String) {
    let after = before.replacing("os.path.join(x)", with: "os.path.join(\(use))")
    #expect(
      mended(before, after, ["a.py": statement]) == after.replacing("import os\n", with: "import os\n\(wanted)\n"))
  }

  @Test func `from a relative module is called from the top`() {
    let after = before.replacing("os.path.join(x)", with: "helper(os, x)")
    let files = ["pkg/sub/__init__.py": "", "pkg/sub/n.py": "from ..tools import helper\n"]
    #expect(mended(before, after, files).contains("from pkg.tools import helper\n"))
    // A module that imports this one cannot be imported by it.
    #expect(
      mended(before, after, files.merging(["pkg/tools.py": "from pkg import m\n\n\ndef helper():\n    pass\n"]) { $1 })
        == after)
    // The module that defines it needs no import of itself.
    #expect(mended(before, after, ["pkg/n.py": "from .m import helper\n"]) == after)
  }

  @Test func `that was there comes back`() {
    let after = before.replacing("import os\n", with: "")
    #expect(mended(before, after, [:]).contains("import os\n"))
    let aliased = "from os import path as p\n\n\ndef f():\n    return p.sep\n"
    #expect(
      mended(aliased, aliased.replacing("from os import path as p\n", with: "x = 1\n"), [:]).contains(
        "from os import path as p\n"))
    let gone = "import os\n\n\ndef f():\n    return 1\n"
    #expect(mended(before, gone.replacing("import os\n", with: ""), [:]) == gone.replacing("import os\n", with: ""))
  }

  @Test(arguments: [
    "transaction = 1\n    return transaction", "for transaction in x:\n        print(transaction)",
    "return [transaction for transaction in x]", "with x as transaction:\n        transaction()",
    "try:\n        pass\n    except E as transaction:\n        print(transaction)",
    "return (transaction := 1) + transaction",
    "def transaction():\n        pass\n    return transaction()", "return lambda transaction: transaction",
    "global transaction\n    return transaction", "return f(transaction=1)", "return x.transaction",
    "a, (transaction, b) = x\n    return transaction", "import transaction\n    return transaction",
    "return 'transaction'", "for a, (b, transaction) in x:\n        transaction()", "del transaction",
    "class transaction:\n        pass\n    return transaction", "with x as (transaction, y):\n        transaction()",
    "transaction: int = 1\n    return transaction", "return {transaction: 1 for transaction in x}",
    "match x:\n        case [transaction, *rest]:\n            return transaction", "pass  # transaction",
    "from q import (a,\n        transaction)\n    return transaction", "x.a = transaction = 1\n    return transaction",
    "return f\"{transaction}\"", "if x: import transaction; transaction()",
    "E = 1\n    async def g(*, transaction): return transaction",
  ])
  func `is none where the name is bound or not used`(body: String) {
    let after = before.replacing("return os.path.join(x)", with: body)
    let files = ["a.py": "from django.db import transaction\nfrom e import E\n"]
    #expect(!mended(before, after, files).contains("from django.db import transaction"))
  }

  @Test func `is none where names may come from anywhere, or was missing before`() {
    let star = "from a import *\n" + before
    let files = ["a.py": "from django.db import transaction\n"]
    let use = "    transaction.atomic()\n    return"
    #expect(mended(star, star.replacing("    return", with: use), files) == star.replacing("    return", with: use))
    let broken = before + "\n\ndef g():\n    return transaction\n"
    let after = broken.replacing("    return os", with: "    transaction()\n    return os")
    #expect(mended(broken, after, files) == after)
  }

  @Test func `stands after a docstring and the future`() {
    let file = "\"\"\"What it is.\"\"\"\nfrom __future__ import annotations\n\nX = 1\n"
    let after = file.replacing("X = 1", with: "X = re.compile('a')")
    #expect(
      mended(file, after, ["a.py": "import re\n"])
        == after.replacing("annotations\n", with: "annotations\nimport re\n"))
    let bare = "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nX = 1\n"
    #expect(
      mended(bare, bare.replacing("1", with: "re"), ["a.py": "import re\n"])
        == "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nimport re\nX = re\n")
  }
}
