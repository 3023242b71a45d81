import Content
import Context
import Edits
import Foundation
import Prompts
import Testing

@testable import Attempts

/// Files as edits are tried on them, by path.
private struct Texts: EditTree {
  let files: [String: String]

  func paths() async throws -> [String] { files.keys.sorted() }

  func links() async throws -> [String] { [] }

  func read(_ paths: [String]) async throws -> [String: [UInt8]] {
    Dictionary(uniqueKeysWithValues: paths.compactMap { path in files[path].map { (path, bytes($0)) } })
  }
}

/// `reply` read on `files`.
private func read(
  _ reply: String, _ format: EditFormat, _ files: [String: String], issue: String = "", shown: [Span] = [],
  _ set: (inout EditOptions) -> Void = { _ in }
) async throws -> ReplyReading {
  var setup = ReplyReading.Setup(format: format, isTest: TestFile.isTest)
  set(&setup.options)
  setup.issue = issue
  setup.shown = shown
  return try await ReplyReading(reply, setup, on: Texts(files: files))
}

/// The text of a file after a reading.
private func after(_ reading: ReplyReading, _ path: String) -> String? {
  reading.application?.changes.first { $0.path == path }?.after.map { String(decoding: $0, as: UTF8.self) }
}

private func block(_ search: String, _ replacement: String, in path: String = "m.py") -> String {
  "\(path)\n<<<<<<< SEARCH\n\(search)=======\n\(replacement)>>>>>>> REPLACE\n"
}

private let lines = "FILE: m.py\nLINES: 1\nREASONING: r\n\nx = 2\n"
private let files = ["m.py": "x = 1\ny = 1\n", "tests/test_m.py": "a = 1\n"]

@Suite struct `a reply in another format than the one asked for` {
  @Test(arguments: [EditFormat.whole, .lines, .function])
  func `is read where it is the only one, and recorded`(asked: EditFormat) async throws {
    let reading = try await read(block("x = 1\n", "x = 2\n"), asked, files)
    #expect(after(reading, "m.py") == "x = 2\ny = 1\n")
    #expect(reading.format == .search && reading.asked == asked)
    #expect(reading.notes.map(\.message) == ["search, asked for \(asked)"])
  }

  @Test func `is refused by a setting`() async throws {
    let reading = try await read(block("x = 1\n", "x = 2\n"), .lines, files) { $0.strict = .on }
    #expect(reading.application == nil && reading.error?.code == "no_edit")
    let diff = "--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n"
    #expect(try await read("So:\n\(diff)", .search, files) { $0.strict = .on }.error?.code == "no_edit")
    #expect(after(try await read("So:\n\(diff)", .search, files), "m.py") == "x = 2\ny = 1\n")
    #expect(after(try await read(lines, .lines, files) { $0.strict = .on }, "m.py") == "x = 2\ny = 1\n")
  }

  @Test func `is not read where two others are there`() async throws {
    let reading = try await read(block("x = 1\n", "x = 2\n") + lines, .whole, files)
    #expect(reading.application == nil && reading.error?.code == "no_edit")
  }

  @Test func `tells its own fault`() async throws {
    let reading = try await read(block("z = 1\n", "z = 2\n"), .lines, files)
    #expect(reading.error?.code == "stale_anchor" && reading.asked == .lines)
  }

  @Test func `as a whole file must keep what is there`() async throws {
    let file = "import os\n\n\ndef f():\n    return os.sep\n\n\ndef g():\n    return 2\n"
    let whole = "m.py\n```python\n\(file.replacing("return 2", with: "return 3"))```\n"
    #expect(
      after(try await read(whole, .search, ["m.py": file]), "m.py") == file.replacing("return 2", with: "return 3"))
    let part = "m.py\n```python\nimport os\n\n\ndef f():\n    return 1\n```\n"
    #expect(try await read(part, .search, ["m.py": file]).error?.code == "no_edit")
    let new = "example.py\n```python\nprint(1)\n```\n"
    #expect(try await read(new, .search, ["m.py": file]).error?.code == "no_edit")
  }

  @Test func `as definitions must be of those that the file has`() async throws {
    let file = "import os\n\n\ndef f():\n    return os.sep\n\n\ndef g():\n    return 2\n"
    let reply = "m.py\n```python\ndef g():\n    return 3\n```\n"
    let reading = try await read(reply, .search, ["m.py": file])
    #expect(after(reading, "m.py") == file.replacing("return 2", with: "return 3"))
    #expect(reading.format == .function)
    let other = "m.py\n```python\ndef h():\n    return 3\n```\n"
    #expect(try await read(other, .search, ["m.py": file]).error?.code == "no_edit")
  }
}

@Suite struct `a reply of which a part holds` {
  private let reply = block("x = 1\n", "x = 2\n") + "\n" + block("quite other\n", "y = 2\n")

  @Test func `is not applied, and the reason names what holds`() async throws {
    let reading = try await read(reply, .search, files)
    #expect(reading.application == nil && reading.error?.code == "stale_anchor")
    #expect(reading.message?.contains("edit 1 (exact, m.py:1) would apply") == true)
    #expect(reading.message?.contains("edits.partial on") == true)
    #expect(reading.feedback?.contains("Send all edits again.") == true)
    #expect(EditProblem(reading)?.message == reading.message)
  }

  @Test func `is applied in part by a setting`() async throws {
    let reading = try await read(reply, .search, files) { $0.partial = .on }
    #expect(after(reading, "m.py") == "x = 2\ny = 1\n")
    #expect(reading.notes.map(\.kind) == [.partial])
    #expect(reading.notes[0].feedback?.contains("quite other") == false)
    let malformed = block("x = 1\n", "x = 2\n") + "\nm.py\ny = 1\n=======\ny = 2\n>>>>>>> REPLACE\n"
    #expect(try await read(malformed, .search, files).error?.code == "no_edit")
    let part = try await read(malformed, .search, files) { $0.partial = .on }
    #expect(after(part, "m.py") == "x = 2\ny = 1\n")
    let broken = block("x = 1\n", "x = (\n") + block("other\n", "z\n")
    #expect(try await read(broken, .search, files) { $0.partial = .on }.error?.code == "syntax_error")
  }
}

@Suite struct `edits of tests in a reply` {
  private let test = block("a = 1\n", "a = 2\n", in: "tests/test_m.py")

  @Test func `are left out, told, and the rest is applied`() async throws {
    let reading = try await read(test + block("x = 1\n", "x = 2\n"), .search, files)
    #expect(reading.application?.changes.map(\.path) == ["m.py"])
    #expect(reading.notes.map(\.message) == ["left out: edits of tests (tests/test_m.py)"])
    #expect(reading.notes[0].feedback?.contains("tests/test_m.py") == true)
  }

  @Test func `refuse the reply by a setting`() async throws {
    let reading = try await read(test + block("x = 1\n", "x = 2\n"), .search, files) { $0.tests = .refuse }
    #expect(reading.application == nil && reading.error?.code == "test_file")
  }

  @Test func `alone are no edit`() async throws {
    let reading = try await read(test, .search, files)
    #expect(reading.application == nil && reading.error?.code == "no_edit")
    let new = "tests/test_new.py\n```python\nx = 1\n```\n"
    #expect(try await read(new, .whole, files).error?.code == "no_edit")
  }
}

@Suite struct `a reading` {
  @Test func `names the definitions that are gone, but for those of the issue`() async throws {
    let file = "def f():\n    return 1\n\n\ndef g():\n    return 2\n\n\ndef h():\n    return 3\n"
    let reply = "m.py\n```python\ndef f():\n    return 4\n```\n"
    let reading = try await read(reply, .whole, ["m.py": file])
    #expect(reading.notes.map(\.message) == ["drops: g, h"])
    #expect(try await read(reply, .whole, ["m.py": file], issue: "Remove `g`.").notes.map(\.message) == ["drops: h"])
    #expect(try await read(reply, .whole, ["m.py": file], issue: "g and h go").notes.isEmpty)
  }

  @Test func `takes the place that was shown`() async throws {
    let file = "def f():\n    return 1\n\n\ndef g():\n    return 1\n"
    let reply = block("    return 1\n", "    return 2\n")
    #expect(try await read(reply, .search, ["m.py": file]).error?.code == "ambiguous")
    let reading = try await read(reply, .search, ["m.py": file], shown: [Span(path: "m.py", first: 4, last: 6)])
    #expect(after(reading, "m.py") == "def f():\n    return 1\n\n\ndef g():\n    return 2\n")
    #expect(reading.application?.edits.map(\.step) == [.shown])
  }

  @Test func `adds a missing import, tells it, or lets it be`() async throws {
    let files = [
      "m.py": "from django.db import router\n\n\ndef f():\n    return router\n",
      "django/db/a.py": "from django.db import connections, transaction\n",
      "b.py": "from django.db import transaction\n",
      "tests/test_b.py": "from elsewhere import transaction\n",
    ]
    let reply = block("    return router\n", "    with transaction.atomic():\n        return router\n")
    let added = try await read(reply, .search, files)
    #expect(
      after(added, "m.py")?.hasPrefix("from django.db import router\nfrom django.db import transaction\n") == true)
    #expect(added.application?.edits.map(\.step) == [.exact, .missingImport])
    let told = try await read(reply, .search, files) { $0.imports = .tell }
    #expect(after(told, "m.py")?.contains("import transaction") == false)
    #expect(told.notes.first?.feedback?.contains("from django.db import transaction") == true)
    #expect(try await read(reply, .search, files) { $0.imports = .off }.notes.isEmpty)
    let whole = "m.py\n```python\nfrom django.db import router\n\n\ndef f():\n    return transaction\n```\n"
    #expect(try await read(whole, .whole, files).application?.edits.map(\.step) == [.wholeFile])
    #expect(try await read(whole, .whole, files).notes.map(\.kind) == [.imports])
    #expect(
      try await read(whole, .whole, files) { $0.imports = .add }.application?.edits.map(\.step)
        == [.wholeFile, .missingImport])
  }

  @Test func `keeps thoughts apart`() async throws {
    let reply = "<think>\n\(block("x = 1\n", "x = 7\n"))</think>\n" + block("x = 1\n", "x = 2\n")
    #expect(after(try await read(reply, .search, files), "m.py") == "x = 2\ny = 1\n")
    let artifact = ReplyArtifact(text: reply, model: "m", end: .stop, promptTokens: nil, replyTokens: nil)
    #expect(artifact.allThoughts?.contains("x = 7") == true)
    var apart = artifact
    apart.thoughts = "First of all.\n"
    #expect(apart.allThoughts?.hasPrefix("First of all.") == true)
  }

  @Test func `of what an older version kept opens`() throws {
    let reply = #"{"end":"stop","model":"m","text":"t"}"#
    #expect(try Canonical.value(ReplyArtifact.self, from: bytes(reply)).thoughts == nil)
    let edits = #"{"edits":[],"format":"search"}"#
    let artifact = try Canonical.value(EditsArtifact.self, from: bytes(edits))
    #expect(artifact.notes == nil && artifact.asked == nil)
    #expect(Settings.kept("{}")?.editing == EditOptions())
  }
}
