import Content
import Testing

@testable import Edits

/// What a reply makes of files: their texts afterwards, or the reason code in brackets.
private func made(_ reply: String, _ format: EditFormat, _ files: [String: String]) -> [String: String] {
  let bytes = files.mapValues { Array($0.utf8) }
  do {
    let edits = try EditReader.edits(
      in: reply, format: format, files: ReplyFiles(isFile: { bytes[$0] != nil }, bytes: { bytes[$0] }))
    let application = try EditApplier.apply(
      edits, isTestFile: { _ in false }, paths: files.keys.sorted(), read: { bytes[$0] })
    var after = files
    for change in application.changes { after[change.path] = change.after.map { String(decoding: $0, as: UTF8.self) } }
    return after
  } catch { return ["": (error as? EditError)?.code ?? "\(error)"] }
}

/// The reason code of a reply that is not applied; "applied" for one that is.
private func code(_ reply: String, _ format: EditFormat, _ files: [String: String]) -> String {
  made(reply, format, files)[""] ?? "applied"
}

@Suite struct `a line that stands for code` {
  private let file = """
    import os


    def f(x):
        return x + 1


    def g(x):
        return x * 2


    def h(x):
        return x - 3

    """

  private func whole(_ mark: String) -> String {
    "pkg/m.py\n```python\nimport os\n\n\ndef f(x):\n    return x + 2\n\n\n\(mark)\n```\n"
  }

  @Test(arguments: [
    "...", "…", "# ...", "# (same as before)", "# existing code here", "# etc.",
    "    # keep the other functions as they are",
    "# << remaining code >>", "# ... rest of the file ...", "# rest of the code remains the same", "# unchanged",
    "# other functions stay as they are", "# --- snip ---", "# (omitted for brevity)", "# as before",
    "# [existing code]",
    "# and so on", "# g and h as in the original", "# no changes below this line", "# code continues here",
    "# The remaining methods are left untouched", "[... rest of file ...]", "pass  # remaining functions", "[...]",
    "# ditto", "# previous code", "# your other functions go here", "# TODO: keep g and h",
  ])
  func `ends no file`(mark: String) {
    #expect(code(whole(mark), .whole, ["pkg/m.py": file]) == "ellipsis")
  }

  @Test func `is text where the file has it`() {
    let stubs = "def f() -> int: ...\n\nclass P:\n    ...\nX = 1\n"
    let reply = "a.py\n```python\ndef f() -> int: ...\n\nclass P:\n    ...\nX = 2\n```\n"
    #expect(made(reply, .whole, ["a.py": stubs]) == ["a.py": stubs.replacing("X = 1", with: "X = 2")])
    let marked = "# ... existing code ...\nx = 1\n"
    #expect(
      made("a.py\n```\n# ... existing code ...\nx = 2\n```\n", .whole, ["a.py": marked])
        == ["a.py": "# ... existing code ...\nx = 2\n"])
  }

  @Test func `is the body of a definition that is new`() {
    let reply = "a.py\n<<<<<<< SEARCH\nx = 1\n=======\nclass Missing(Exception):\n    ...\n\n\nx = 1\n>>>>>>> REPLACE\n"
    #expect(code(reply, .search, ["a.py": "x = 1\n"]) == "applied")
    let overload = """
      a.py
      <<<<<<< SEARCH
      def f(x):
      =======
      @overload
      def f(x: int) -> int:
          ...


      def f(x):
      >>>>>>> REPLACE
      """
    // A signature that is already there with a body is no new definition.
    #expect(code(overload, .search, ["a.py": "def f(x):\n    return x\n"]) == "ellipsis")
    #expect(
      code(overload.replacing("def f(x: int)", with: "def k(x: int)"), .search, ["a.py": "def f(x):\n    return x\n"])
        == "applied")
  }

  @Test(arguments: ["...", "# ...", "# existing code", "# etc.", "# rest of the body", "# same as before"])
  func `is refused in every format`(mark: String) {
    let file = "def f():\n    a = 1\n    b = 2\n    c = 3\n    return a\n"
    let new = "def f():\n    a = 2\n    \(mark)\n    return a\n"
    let replies: [(EditFormat, String)] = [
      (.whole, "a.py\n```python\n\(new)```\n"),
      (.search, "a.py\n<<<<<<< SEARCH\n\(file)=======\n\(new)>>>>>>> REPLACE\n"),
      (.function, "a.py\nFUNCTION: f\n```python\n\(new)```\n"),
      (.lines, "FILE: a.py\nLINES: 1-5\nREASONING: x\n\n\(new)"),
    ]
    for (format, reply) in replies { #expect(code(reply, format, ["a.py": file]) == "ellipsis", "\(format)") }
  }

  @Test(arguments: [
    "# the other way round", "# Existing users keep it", "# Use the previous value of x",
    "# same sign as the original value",
    "# other than zero", "# handle the remaining digits", "# no change in sign", "# keep it positive",
    "# code points only",
  ])
  func `is a comment like any other where nothing is gone`(comment: String) {
    let file = "def f(x):\n    return x + 1\n"
    let reply = "a.py\n<<<<<<< SEARCH\n    return x + 1\n=======\n    \(comment)\n    return x + 2\n>>>>>>> REPLACE\n"
    #expect(made(reply, .search, ["a.py": file]) == ["a.py": "def f(x):\n    \(comment)\n    return x + 2\n"])
  }

  @Test func `is any comment in the place of definitions that a whole file drops`() {
    #expect(code(whole("# g and h: see above"), .whole, ["pkg/m.py": file]) == "ellipsis")
    let replaced = "pkg/m.py\n```python\nimport os\n\n\ndef f(x):\n    return x + 2\n```\n"
    #expect(code(replaced, .whole, ["pkg/m.py": file]) == "applied")
  }

  @Test func `that a reply drops is named`() {
    let change = { (after: String) in
      FileChange(path: "m.py", before: Array(self.file.utf8), after: Array(after.utf8))
    }
    #expect(Dropped.names([change("def f(x):\n    return 1\n")]) == ["g", "h"])
    #expect(Dropped.names([change(file)]) == [])
    let moved = FileChange(path: "n.py", before: nil, after: Array("def g(x):\n    return 1\n".utf8))
    #expect(Dropped.names([change("def f(x):\n    return 1\n"), moved]) == ["h"])
    let old = Array("class A:\n    def f(self):\n        pass\n    def g(self):\n        pass\n".utf8)
    #expect(
      Dropped.names([
        FileChange(path: "m.py", before: old, after: Array("class A:\n    def f(self):\n        pass\n".utf8))
      ])
        == ["A.g"])
    #expect(Dropped.names([FileChange(path: "m.py", before: old, after: nil)]) == ["A"])
  }
}

@Suite struct `a fence within a file` {
  private let readme = "# Title\n\nUse it:\n\n```\nls\n```\n\nEnd.\n\nLicence: MIT\n"

  @Test(arguments: ["markdown", "md", "", "text"])
  func `does not end it`(info: String) {
    let new = readme.replacing("ls\n", with: "ls -l\n")
    #expect(made("README.md\n```\(info)\n\(new)```\n", .whole, ["README.md": readme]) == ["README.md": new])
  }

  @Test func `does not end it before another file`() {
    let files = ["docs/usage.txt": "Title\n\n```\nls\n```\nEnd.\n", "b.py": "x=1\n"]
    let reply = "docs/usage.txt\n```\nTitle\n\n```\nls -l\n```\nEnd.\n```\n\nb.py\n```python\nx = 2\n```\n"
    #expect(
      made(reply, .whole, files) == ["docs/usage.txt": "Title\n\n```\nls -l\n```\nEnd.\n", "b.py": "x = 2\n"])
  }

  @Test func `does not end Python within a docstring`() {
    let file = "\"\"\"Do.\n\n```\nf()\n```\n\"\"\"\nX = 1\n\ndef f():\n    return X\n"
    let new = file.replacing("X = 1", with: "X = 2")
    #expect(made("a.py\n```python\n\(new)```\n", .whole, ["a.py": file]) == ["a.py": new])
    let function = "def f():\n    '''Do.\n\n  ```\n  f()\n  ```\n    '''\n    return 1\n"
    let changed = function.replacing("return 1", with: "return 2")
    #expect(made("a.py\nFUNCTION: f\n```python\n\(changed)```\n", .function, ["a.py": function]) == ["a.py": changed])
  }

  @Test func `belongs to an example after the file where the file has none`() {
    let reply = "a.py\n```python\nx = 2\n```\n\nRun it:\n\n```\npython a.py\n```\n"
    #expect(made(reply, .whole, ["a.py": "x = 1\n"]) == ["a.py": "x = 2\n"])
    let text = "n.txt\n```\nb\n```\n\nRun it:\n\n```\npython a.py\n```\n"
    #expect(made(text, .whole, ["n.txt": "a\n"]) == ["n.txt": "b\n"])
  }

  @Test func `that names a language pairs with the next that does not`() {
    let file = "# T\n\n```python\nx\n```\n\nmore\n"
    let new = file.replacing("more", with: "less")
    #expect(made("m.md\n```md\n\(new)```\n", .whole, ["m.md": file]) == ["m.md": new])
    #expect(made("m.md\n```md\n\(new)```\n\nRun:\n```sh\nls\n```\n", .whole, ["m.md": file]) == ["m.md": new])
  }

  @Test func `of a new text file is not guessed at`() {
    #expect(code("n.md\n```\nT\n```\nls\n```\nEnd\n```\n", .whole, [:]) == "ambiguous")
  }
}

@Suite struct `a replacement that stands where the file does` {
  private let file = """
    class A:
        def g(self):
            return 2

        def f(self):
            x = 1
            return x

        def h(self):
            return 4

    """

  @Test(arguments: [0, 2, 8, 12])
  func `is taken as it is, though SEARCH is indented otherwise`(columns: Int) {
    let blanks = String(repeating: " ", count: columns)
    let old = ["def f(self):", "    x = 1", "    return x"].map { "\(blanks)\($0)\n" }.joined()
    let new = "    def f(self):\n        x = 3\n        return x\n"
    let reply = "g.py\n<<<<<<< SEARCH\n\(old)=======\n\(new)>>>>>>> REPLACE\n"
    #expect(made(reply, .search, ["g.py": file]) == ["g.py": file.replacing("x = 1", with: "x = 3")])
  }

  @Test func `may begin with a new line, or hold the old lines deeper`() {
    let reply = """
      g.py
      <<<<<<< SEARCH
              def f(self):
                  x = 1
                  return x
      =======
          @property
          def f(self):
              if self:
                  return x
              x = 1
              return x
      >>>>>>> REPLACE
      """
    let wanted = file.replacing(
      "    def f(self):\n        x = 1\n",
      with: "    @property\n    def f(self):\n        if self:\n            return x\n        x = 1\n")
    #expect(made(reply, .search, ["g.py": file]) == ["g.py": wanted])
  }

  @Test func `follows the file where it is indented like SEARCH`() {
    let reply = """
      g.py
      <<<<<<< SEARCH
              def f(self):
                  x = 1
      =======
              def f(self):
                  x = 3
      >>>>>>> REPLACE
      """
    #expect(made(reply, .search, ["g.py": file]) == ["g.py": file.replacing("x = 1", with: "x = 3")])
  }

  @Test func `is the first method too`() {
    let first = "class A:\n    def f(self):\n        x = 1\n        return x\n\n    def h(self):\n        return 4\n"
    let reply = """
      g.py
      <<<<<<< SEARCH
      \tdef f(self):
      \t\tx = 1
      =======
          def f(self):
              x = 3
      >>>>>>> REPLACE
      """
    #expect(made(reply, .search, ["g.py": first]) == ["g.py": first.replacing("x = 1", with: "x = 3")])
  }

  @Test func `is the added lines of a hunk`() {
    let reply = """
      --- a/g.py
      +++ b/g.py
      @@ -5,3 +5,3 @@
               def f(self):
      -            x = 1
      +        x = 3
                   return x
      """
    // The first line of the new side stands as SEARCH does, and the added one does not: two readings.
    #expect(made(reply, .diff, ["g.py": file])["g.py"] != file.replacing("    def f", with: "def f"))
  }
}

@Suite struct `context beside added lines` {
  private let file = "def join(value, esc):\n    value = prepare(value)\n    text = build(value)\n    return text\n"

  @Test func `must stay in the file`() {
    let reply = """
      --- a/m.py
      +++ b/m.py
      @@ -1,4 +1,6 @@
       def join(value, esc):
           value = prepared(value)
      -    return text
      +    if not esc:
      +        return esc(text)
           return text
      """
    #expect(code(reply, .diff, ["m.py": file]) == "stale_anchor")
  }

  @Test(arguments: [
    "     value = prepare(value)\n+    # now the text\n     made = up(value)\n     text = build(value)\n",
    "     made = up(value)\n+    value = value or 1\n     text = build(value)\n     nothing = like(this)\n",
    "     value = prepare(value)\n+    check = 1\n \n     made = up(value)\n     return text\n",
    "-    value = prepare(value)\n+    value = prepared(value)\n     made = up(value)\n",
    "     other = made(up)\n-    text = build(value)\n+    text = rebuilt(value)\n     return text\n",
  ])
  func `must be in the file`(body: String) {
    #expect(code("--- a/m.py\n+++ b/m.py\n@@ -1,4 +1,4 @@\n\(body)", .diff, ["m.py": file]) == "stale_anchor")
  }

  @Test func `further away may be made up`() {
    let reply = """
      --- a/m.py
      +++ b/m.py
      @@ -1,4 +1,5 @@
       def join(value, other, made_up):
           value = prepare(value)
      +    value = value or 1
           text = build(value)
       class Another:
      """
    #expect(
      made(reply, .diff, ["m.py": file])
        == ["m.py": file.replacing("    text =", with: "    value = value or 1\n    text =")])
  }

  @Test func `that a new head takes into its block is moved`() {
    let reply = """
      --- a/m.py
      +++ b/m.py
      @@ -2,3 +2,4 @@
           value = prepare(value)
      +    if value:
               text = build(value)
           return text
      """
    #expect(
      made(reply, .diff, ["m.py": file])
        == ["m.py": file.replacing("    text =", with: "    if value:\n        text =")])
  }
}

@Suite struct `thoughts` {
  private let files = ["m.py": "x = 1\ny = 2\n"]
  private func block(_ value: Int) -> String {
    "m.py\n```python\n<<<<<<< SEARCH\nx = 1\n=======\nx = \(value)\n>>>>>>> REPLACE\n```\n"
  }

  @Test(arguments: [
    "<think>\n%</think>\n", "<thinking>\n%\n</thinking>\n\n", "<think>%</think>", "<Think>\n%</THINK>\n",
    "%</think>\n\n",
    "First:\n%\n</think>\n", "<thought>\n%</thought>\n", "[THINK]%[/THINK]\n",
    "<reasoning effort=\"high\">\n%</reasoning>\n",
    "◁think▷%◁/think▷", "<|begin_of_thought|>\n%<|end_of_thought|>\n<|begin_of_solution|>\n",
    "<|channel|>analysis<|message|>%<|end|><|start|>assistant<|channel|>final<|message|>",
    "<seed:think>%</seed:think>\n",
    "<|im_start|>assistant\n<think>\n%\n</think>\n", "<scratchpad>\n%</scratchpad>\n", "Well. <think>\n%</think>\n",
    "<think>\na <think> in it:\n%</think>\n", "<|channel>thought\n%<channel|>", "analysisHm.\n%assistantfinal",
  ])
  func `hold no edits`(frame: String) {
    let parts = frame.split(separator: "%", omittingEmptySubsequences: false).map(String.init)
    let reply = parts[0] + "\n" + block(5) + "\nNo, two.\n" + parts[1] + block(3)
    #expect(made(reply, .search, files) == ["m.py": "x = 3\ny = 2\n"])
    #expect(ReplyText(reply).thoughts?.contains("No, two.") == true)
    #expect(!ReplyText(reply).answer.contains("No, two."))
  }

  @Test func `alone, or never closed, are no answer`() {
    for reply in [
      "<think>\n\(block(5))\n</think>\n\nNothing to do.\n", "<think>\n\(block(5))", "<thinking>\n\(block(5))\nHm",
    ] {
      #expect(["no_edit", "prose_only"].contains(code(reply, .search, files)), "\(reply)")
    }
  }

  @Test func `are found in every format`() {
    let lines = "FILE: m.py\nLINES: 1\nREASONING: r\n\nx = 5\n"
    #expect(
      made("<think>\n\(lines)</think>\n\(lines.replacing("5", with: "3"))", .lines, files) == ["m.py": "x = 3\ny = 2\n"]
    )
    let whole = "m.py\n```python\nx = 5\ny = 2\n```\n"
    #expect(
      made("<think>\n\(whole)</think>\n\(whole.replacing("5", with: "3"))", .whole, files) == ["m.py": "x = 3\ny = 2\n"]
    )
    let diff = "--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n-x = 1\n+x = 5\n"
    #expect(
      made("<think>\n\(diff)</think>\n\(diff.replacing("5", with: "3"))", .diff, files) == ["m.py": "x = 3\ny = 2\n"])
  }

  @Test func `are not what code says`() {
    let file = "TAG = '<think>'\nEND = '</think>'\n<x>\n"
    let reply = "t.txt\n<<<<<<< SEARCH\nTAG = '<think>'\n=======\n<think>\nTAG = 2\n</think>\n>>>>>>> REPLACE\n"
    #expect(made(reply, .search, ["t.txt": file]) == ["t.txt": "<think>\nTAG = 2\n</think>\nEND = '</think>'\n<x>\n"])
    let prose = "The `<think>` tag and a <think> in a sentence:\n\n" + block(3)
    #expect(made(prose, .search, files) == ["m.py": "x = 3\ny = 2\n"])
    let whole = "t.txt\n```\n<think>\nhm\n</think>\n```\n"
    #expect(made(whole, .whole, ["t.txt": file]) == ["t.txt": "<think>\nhm\n</think>\n"])
  }

  @Test func `leave every line its number`() throws {
    let reply = "<think>\na\nb\n</think>\nm.py\n<<<<<<< SEARCH\nx = 1\n=======\nx = 3\n>>>>>>> REPLACE\n"
    #expect(try EditReader.edits(in: reply, format: .search).map(\.line) == [6])
    #expect(ReplyText(reply).thoughts == "a\nb\n")
  }
}

@Suite struct `tokens of a chat template` {
  private let files = ["m.py": "x = 1\ny = 2\n"]

  @Test(arguments: [
    "<|eot_id|>", "</s>", "<|im_end|>", "<|endoftext|>", "<end_of_turn>", "<|end|>", "<｜end▁of▁sentence｜>", "<|EOT|>",
    "<|eom_id|>\n", "<|im_end|>\n<|im_start|>assistant", "</s></s>", " <|end_of_text|>\n\n", "[/INST]", "<eos>",
    "<|return|>",
    "<turn|>", "<|eot_id|><|start_header_id|>assistant<|end_header_id|>",
  ])
  func `are not text at the end of a reply`(token: String) {
    let search = "m.py\n<<<<<<< SEARCH\nx = 1\n=======\nx = 3\n>>>>>>> REPLACE"
    #expect(made(search + token, .search, files) == ["m.py": "x = 3\ny = 2\n"])
    #expect(made("m.py\n```\nx = 3\ny = 2\n```\(token)", .whole, files) == ["m.py": "x = 3\ny = 2\n"])
    #expect(made("m.py\n```\nx = 3\ny = 2\n```\n\(token)", .whole, files) == ["m.py": "x = 3\ny = 2\n"])
    #expect(made("FILE: m.py\nLINES: 1\nREASONING: r\n\nx = 3\(token)", .lines, files) == ["m.py": "x = 3\ny = 2\n"])
    #expect(
      made("--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n-x = 1\n+x = 3\(token)", .diff, files) == ["m.py": "x = 3\ny = 2\n"])
    let function = ["f.py": "def f():\n    return 1\n"]
    #expect(
      made("f.py\nFUNCTION: f\n```\ndef f():\n    return 2\n```\(token)", .function, function)
        == ["f.py": "def f():\n    return 2\n"])
  }

  @Test(arguments: [
    "<s>", "<|im_start|>assistant\n", "<|start_header_id|>assistant<|end_header_id|>\n\n", "<start_of_turn>model\n",
    "<bos>",
    "<|assistant|>\n", "<｜Assistant｜>", "[/INST] ", "<answer>\n",
  ])
  func `are not text at its start`(token: String) {
    let search = "m.py\n<<<<<<< SEARCH\nx = 1\n=======\nx = 3\n>>>>>>> REPLACE\n"
    #expect(made(token + search, .search, files) == ["m.py": "x = 3\ny = 2\n"])
    #expect(made(token + "m.py\n```\nx = 3\ny = 2\n```\n", .whole, files) == ["m.py": "x = 3\ny = 2\n"])
    #expect(made(token + "FILE: m.py\nLINES: 1\nREASONING: r\n\nx = 3\n", .lines, files) == ["m.py": "x = 3\ny = 2\n"])
  }

  @Test func `are text in the middle, and markup is`() {
    let reply = "FILE: m.html\nLINES: 1\nREASONING: r\n\n<p><s>old</s>\n"
    #expect(made(reply, .lines, ["m.html": "a\n"]) == ["m.html": "<p><s>old</s>\n"])
    let token = "m.py\n<<<<<<< SEARCH\nx = 1\n=======\nx = '<|eot_id|>'\n>>>>>>> REPLACE\n"
    #expect(made(token, .search, files) == ["m.py": "x = '<|eot_id|>'\ny = 2\n"])
    let between = "m.py\n<<<<<<< SEARCH\nx = 1\n=======\nx = 3\n>>>>>>> REPLACE</s>\n\nThat is all.\n"
    #expect(made(between, .search, files) == ["m.py": "x = 3\ny = 2\n"])
  }
}
