import Content
import Foundation
import Testing

@testable import Instances

private func read(_ text: String) throws(DatasetError) -> Dataset {
  try DatasetReader.read(bytes: Array(text.utf8), name: "t", source: "t.jsonl")
}

@Suite struct `a file of rows` {
  @Test(arguments: [
    RowText.row(id: "a") + "\n" + RowText.row(id: "b") + "\n",
    RowText.row(id: "a") + "\r\n\r\n  \n" + RowText.row(id: "b"),
    "\u{FEFF}" + RowText.row(id: "a") + "\n" + RowText.row(id: "b"),
    "[" + RowText.row(id: "a") + ",\n" + RowText.row(id: "b") + "]",
    #" {"features": [1, null], "rows": [{"row_idx": 0, "row": "# + RowText.row(id: "a") + #"}, {"row": "#
      + RowText.row(id: "b") + "}]}",
  ])
  func `is JSONL, a list, or what the datasets server answers`(text: String) throws {
    let dataset = try read(text)
    #expect(dataset.rows.map(\.id) == ["a", "b"])
    #expect(try dataset.rows[1].instance().problemStatement == "It \"fails\"\r\nhere")
  }

  @Test func `may be one row on several lines`() throws {
    let text = RowText.row().replacing(", ", with: ",\n  ")
    #expect(try read(text).rows.map(\.id) == ["django__django-1"])
  }

  @Test func `has test lists as lists or as strings, with one hash`() throws {
    let lists = [#"["x (a.B)", "caf\u00e9 \ud83d\ude00"]"#, #""[\"x (a.B)\", \"café \\ud83d\\ude00\"]""#]
    let rows = try lists.map { try read(RowText.row(["FAIL_TO_PASS": $0])).rows[0].instance() }
    #expect(rows[0].failToPass == ["x (a.B)", "café 😀"])
    #expect(rows[0] == rows[1])
    #expect(rows[0].hash == rows[1].hash)
  }

  @Test func `may lack or leave null what is not required`() throws {
    let row = try read(RowText.row(["version": "null", "other": "[{}]"])).rows[0]
    #expect(row.version.isEmpty)
    #expect(try row.instance().testCommand == nil)
  }

  @Test func `comes back from its canonical bytes`() throws {
    let instance = try read(RowText.row(["test_command": #""unittest""#])).rows[0].instance()
    #expect(instance.runner == .unittest)
    let again = try Dataset.Row(instance)
    #expect(try again.instance() == instance)
    #expect(try read(String(decoding: try again.bytes(), as: UTF8.self)).rows[0].instance().hash == instance.hash)
  }

  @Test func `is read as Foundation reads it, escapes, columns of no use and nulls too`() throws {
    let row = RowText.row([
      "hints_text": #""caf\u00e9 \ud83d\ude00 \/ \b\f\t \"""#, "version": "null",
      "unknown": #"{"a": [1, {"patch": "x"}]}"#,
      "difficulty": #""15 min""#, "PASS_TO_PASS": #""[\"caf\\u00e9\", \"b \\\"c\\\"\"]""#,
    ])
    let read = try #require(try DatasetReader.read(bytes: Array(row.utf8), name: "a", source: "a").rows.first)
    let decoded = try JSONDecoder().decode(Instance.self, from: Data(row.utf8))
    #expect(try read.instance() == decoded)
    #expect(decoded.passToPass == ["café", #"b "c""#] && decoded.hintsText.hasPrefix("café 😀 / "))
  }

  @Test func `is refused whole for one wrong row`() {
    #expect(throws: DatasetError.missingField(source: "t.jsonl", place: .line(3), field: "patch")) {
      try read(RowText.row(id: "a") + "\n\n" + RowText.row(["patch": nil]))
    }
  }

  @Test(arguments: ["", " \n\r\n", "[]", "\u{FEFF}"]) func `without rows is refused`(text: String) {
    #expect(throws: DatasetError.empty(source: "t.jsonl")) { try read(text) }
  }

  @Test func `cut in two is told from one that is wrong`() {
    let row = RowText.row()
    #expect(throws: DatasetError.cut(source: "t.jsonl", place: .line(2))) {
      try read(RowText.row(id: "a") + "\n" + row.dropLast(30))
    }
    #expect(throws: DatasetError.cut(source: "t.jsonl", place: .line(1))) { try read(String(row.dropLast(1))) }
    #expect(throws: DatasetError.cut(source: "t.jsonl", place: .line(1))) {
      try read(row.dropLast(5) + "\n" + RowText.row(id: "a"))
    }
    #expect(
      throws: DatasetError.notJSON(
        source: "t.jsonl", place: .line(2), column: 2, reason: "a key in double quotes should stand here")
    ) { try read(row + "\n{'a': 1}\n") }
  }

  @Test func `is refused at every place it can be cut`() {
    let bytes = Array(("[" + RowText.row(["version": "1.5e3"]) + "]").utf8)
    for count in 0..<bytes.count {
      #expect(throws: DatasetError.self) {
        try DatasetReader.read(bytes: Array(bytes[..<count]), name: "t", source: "t")
      }
    }
  }

  @Test func `with two rows of one id is refused`() {
    let error = DatasetError.repeatedID(source: "t.jsonl", id: "a", first: .element(1), second: .element(3))
    #expect(throws: error) {
      try read("[\(RowText.row(id: "a")), \(RowText.row(id: "b")), \(RowText.row(id: "a"))]")
    }
    #expect(error.errorDescription == "t.jsonl: a stands at element 1 and again at element 3")
  }

  @Test func `that is not there, or a folder, says so`() {
    #expect(throws: DatasetError.noSuchFile(path: "/nowhere/x.json")) {
      try DatasetReader.read(path: "/nowhere/x.json")
    }
    #expect(throws: DatasetError.unreadable(path: "/", reason: "it is a folder")) { try DatasetReader.read(path: "/") }
  }
}

@Suite struct `a row` {
  @Test(arguments: [
    "../x", ".x", "-x", "a/b", "a..b", "", "a b", "é", "a\\u0000", String(repeating: "a", count: 201),
  ])
  func `is refused for an id that is no file name`(id: String) {
    #expect { try read(RowText.row(["instance_id": "\"\(id)\""])) } throws: { error in
      guard case DatasetError.unsafeID(_, .line(1), _) = error else { return false }
      return true
    }
  }

  @Test(arguments: ["main", "D16BFE05A744909DE4B27F5875FE0D4ED41CE607", "d16bfe0", "-" + RowText.commit.dropLast()])
  func `is refused for a commit that is no hash`(commit: String) {
    let error = DatasetError.badCommit(
      source: "t.jsonl", place: .line(1), id: "django__django-1", commit: commit)
    #expect(throws: error) { try read(RowText.row(["base_commit": "\"\(commit)\""])) }
  }

  @Test(arguments: ["django", "a/b/c", "../b", "a/..", "/b", "a/", "a/-b", "a b/c", "https://x/y"])
  func `is refused for a repository that is not owner and name`(repo: String) {
    let error = DatasetError.badRepository(source: "t.jsonl", place: .line(1), id: "django__django-1", repo: repo)
    #expect(throws: error) { try read(RowText.row(["repo": "\"\(repo)\""])) }
  }

  @Test(arguments: [
    ("null", "it is null"), ("3", "it is a number"), ("{}", "it is an object"), ("[1]", "a list with a number in it"),
    (#"[["a"]]"#, "a list with a list in it"), (#""test_a""#, "a string that holds no list"),
    (#""[1]""#, "a string that holds a list with a number in it"), (#""""#, "a string that holds no list"),
    (#""[\"a\""# + #"""#, "a string that holds a list that is not JSON: it ends in the middle of a value"),
  ])
  func `is refused for test names that are no list`(value: String, found: String) {
    let error = DatasetError.badTestList(source: "t.jsonl", place: .line(1), field: "FAIL_TO_PASS", found: found)
    #expect(throws: error) { try read(RowText.row(["FAIL_TO_PASS": value])) }
  }

  @Test func `is refused for a column of another kind, or one that stands twice`() {
    #expect(
      throws: DatasetError.wrongType(
        source: "t.jsonl", place: .line(1), field: "patch", expected: "a string", found: "null")
    ) { try read(RowText.row(["patch": "null"])) }
    #expect(
      throws: DatasetError.wrongType(
        source: "t.jsonl", place: .element(1), field: "row", expected: "an object", found: "a number")
    ) { try read("[3]") }
    #expect(throws: DatasetError.repeatedField(source: "t.jsonl", place: .line(1), field: "repo")) {
      try read(RowText.row().dropLast() + #", "repo": "a/b"}"#)
    }
  }

  @Test func `is refused for bytes that are not UTF-8`() {
    let bytes = Array(RowText.row().utf8).map { $0 == UInt8(ascii: "I") ? 0xFF : $0 }
    #expect {
      try DatasetReader.read(bytes: bytes, name: "t", source: "t")
    } throws: { error in
      guard case DatasetError.notJSON(_, .line(1), _, "a string is not UTF-8") = error else { return false }
      return true
    }
  }

  @Test func `nested too deep is refused`() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: DatasetError.self) { try read(RowText.row(["x": deep])) }
  }

  @Test func `tells its error without the control characters of the file`() throws {
    let error = #expect(throws: DatasetError.self) { try read(RowText.row(["repo": #""\u001b[31m""#])) }
    #expect(error?.errorDescription == #"t.jsonl, line 1: the repo of django__django-1 is not owner/name: "?[31m""#)
    #expect(error?.recoverySuggestion == "write it as in django/django")
  }
}

@Suite struct `a large file of rows` {
  private func written(_ text: String) throws -> String {
    let path = NSTemporaryDirectory() + "ramp-rows-\(UUID().uuidString).jsonl"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  @Test(arguments: [("", "\n", "\n"), ("\u{FEFF}", "\r\n", ""), ("[", ",\n", "]\n")])
  func `is read as a small one, without being kept`(open: String, between: String, close: String) throws {
    let rows = (0..<50).map { RowText.row(["instance_id": "\"a__b-\($0)\"", "patch": "\"\($0)\""]) }
    let path = try written(open + rows.joined(separator: between) + close)
    defer { unlink(path) }
    let large = try DatasetReader.read(path: path, threshold: 100)
    let small = try DatasetReader.read(path: path)
    #expect(large.rows.map(\.id) == small.rows.map(\.id))
    #expect(try large.rows.map { try $0.instance() } == small.rows.map { try $0.instance() })
    #expect(large.name == small.name)
  }

  @Test func `that has changed since is not read`() throws {
    let path = try written(RowText.row(id: "a") + "\n" + RowText.row(id: "b"))
    defer { unlink(path) }
    let set = try DatasetReader.read(path: path, threshold: 100)
    // Another file in its place changes nothing: the rows are those of the one that was checked.
    try RowText.row(id: "c").write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try set.rows[1].instance().id == "b")
    let other = try DatasetReader.read(path: path, threshold: 100)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 10)
    try handle.close()
    #expect(throws: DatasetError.changed(path: path)) { try other.rows[0].instance() }
  }

  @Test func `is refused as a small one, with the place`() throws {
    let path = try written(RowText.row(id: "a") + "\n" + RowText.row(id: "b").dropLast())
    defer { unlink(path) }
    #expect(throws: DatasetError.cut(source: path, place: .line(2))) {
      try DatasetReader.read(path: path, threshold: 100)
    }
    let none = try written("\n\n" + String(repeating: " ", count: 200))
    defer { unlink(none) }
    #expect(throws: DatasetError.empty(source: none)) { try DatasetReader.read(path: none, threshold: 100) }
  }
}
