import Content
import Testing

@testable import Edits

/// One error of every case.
private let errors: [EditError] = [
  .noEdit(format: .search, found: nil), .noEdit(format: .search, found: .whole), .proseOnly(format: .lines),
  .cutOff(line: 3), .unreadable(line: 3, reason: .noPath), .pathNotFound(path: "m.py", edit: 1),
  .outsideRepository(path: "../m.py", edit: 1), .testFile(path: "tests/m.py", edit: 1),
  .notAFile(path: "pkg", edit: 1), .belowFile(path: "m.py/n.py", edit: 1, file: "m.py"),
  .notText(path: "m.png", edit: 1), .ambiguous(path: "m.py", edit: 1, lines: [1, 5, 9]),
  .emptySearch(path: "m.py", edit: 1),
  .staleAnchor(path: "m.py", edit: 2, nearest: Region(firstLine: 9, lines: ["a", "", "c"])),
  .alreadyApplied(path: "m.py", edit: 1, line: 7), .overlap(path: "m.py", edit: 2, other: 1),
  .whitespaceOnly(
    path: "m.py", edit: 1, nearest: Region(firstLine: 2, lines: ["a"]),
    corrections: [Correction(line: 1, written: " a", actual: "a")]),
  .ellipsis(path: "m.py", edit: 1, text: "# ..."), .noDefinition(path: "m.py", edit: 1, name: "f", nearest: ["g"]),
  .syntaxError(path: "m.py", line: 2, column: 5, reason: "`:` is missing", shown: nil),
  .wrongLanguage(path: "m.py", edit: 1, language: "Java"), .wrongLanguage(path: nil, edit: nil, language: "Java"),
  .pathNotFound(path: "m.py", edit: 1, nearest: ["n.py"]),
  .linesOutOfRange(path: "m.py", edit: 1, first: 3, last: 4, count: 2, nearest: nil), .noChange(paths: ["m.py"]),
]

@Suite struct `the reason why edits were not applied` {
  @Test func `has a code for tables`() {
    #expect(
      Set(errors.map(\.code)) == [
        "no_edit", "prose_only", "cut_off", "path_not_found", "outside_repository", "path_taken", "test_file",
        "not_text",
        "ambiguous",
        "stale_anchor", "already_applied", "overlap", "lines_out_of_range", "no_change", "whitespace_only", "ellipsis",
        "syntax_error", "wrong_language",
      ])
  }

  @Test(arguments: errors)
  func `says what is wrong, what to type next, and what the model should do`(error: EditError) throws {
    let description = try #require(error.errorDescription)
    #expect(description.first?.isLowercase == true && !description.hasSuffix("."))
    #expect(error.recoverySuggestion?.contains("`") == true || error.code == "cut_off")
    #expect(error.feedback.count > 20)
    #expect(try Canonical.value(EditError.self, from: try Canonical.bytes(error)) == error)
  }

  @Test func `shows the real lines with their numbers`() {
    #expect(
      EditError.staleAnchor(path: "m.py", edit: 2, nearest: Region(firstLine: 9, lines: ["a", "", "  c"])).feedback
        == """
        Your SEARCH text is not in m.py. Copy the lines exactly as they are in the file. The nearest lines are:
         9 | a
        10 |
        11 |   c
        """)
    #expect(
      EditError.ambiguous(path: "m.py", edit: 1, lines: [14, 90]).errorDescription
        == "edit 1: its SEARCH text is in m.py 2 times, at lines 14 and 90")
  }
}

@Suite struct `a change of a file` {
  @Test(arguments: [
    FileChange(path: "m.py", before: Array("é\r\n\u{feff}".utf8), after: Array("x".utf8)),
    FileChange(path: "m.py", before: nil, after: []), FileChange(path: "m.py", before: [0xFF, 10], after: nil),
  ])
  func `is the same after writing and reading`(change: FileChange) throws {
    #expect(try Canonical.value(FileChange.self, from: try Canonical.bytes(change)) == change)
  }

  @Test func `is written as text where it is text`() throws {
    let change = FileChange(path: "m.py", before: [0xFF], after: Array("é\n".utf8))
    #expect(
      String(decoding: try Canonical.bytes(change), as: UTF8.self)
        == #"{"after":"é\n","before_base64":"/w==","path":"m.py"}"#)
  }
}
