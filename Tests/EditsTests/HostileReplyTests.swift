import Content
import Testing

@testable import Edits

/// The reason code of a reply in a repository that holds m.py.
private func code(_ reply: String, _ format: EditFormat = .search, file: [UInt8] = Array("a\n".utf8)) -> String {
  do {
    let edits = try EditReader.edits(in: reply, format: format)
    _ = try EditApplier.apply(
      edits, isTestFile: TestFile.isTest, folders: ["pkg"], links: ["link.py", "linked"], paths: ["m.py"],
      read: { $0 == "m.py" ? file : nil })
    return "applies"
  } catch { return (error as? EditError)?.code ?? "\(error)" }
}

private func block(_ path: String, _ search: String = "a\n", _ replacement: String = "b\n") -> String {
  "\(path)\n<<<<<<< SEARCH\n\(search)=======\n\(replacement)>>>>>>> REPLACE\n"
}

@Suite(.timeLimit(.minutes(3))) struct `a reply from a stranger` {
  @Test(arguments: EditFormat.allCases)
  func `may hold any bytes`(format: EditFormat) {
    for text in ["\0", "\u{1B}[2J\u{1B}]0;x\u{7}", "\u{202E}m.py", String(repeating: "\u{FFFD}", count: 100), "\r\r\r"]
    {
      let found = code(text, format)
      #expect(found != "applies", "\(format)")
      let inside = code(block("m.py", "a\n", "x = '\(text)'\n"), format)
      #expect(
        ["applies", "not_text", "no_edit", "wrong_language", "syntax_error", "prose_only"].contains(inside), "\(inside)"
      )
    }
    #expect(code(block("m.py", "a\n", "b\0\n")) == "not_text")
  }

  @Test(arguments: [
    "../m.py", "/etc/passwd", "pkg/../../m.py", ".git/config", "pkg/.git/hooks/post-checkout", ".gitmodules",
    "..\\m.py", "C:\\m.py", "~/m.py\u{0}x.py",
  ])
  func `reaches no path outside`(path: String) {
    for format in [EditFormat.search, .whole, .lines, .function] {
      let reply =
        switch format {
        case .search: block(path)
        case .whole: "\(path)\n```\nx\n```\n"
        case .lines: "FILE: \(path)\nLINES: 1\nREASONING: x\n\nx\n"
        default: "FILE: \(path)\n```\ndef f():\n    pass\n```\n"
        }
      let found = code(reply, format)
      #expect(["outside_repository", "path_not_found", "no_edit", "prose_only"].contains(found), "\(format): \(found)")
    }
    #expect(["outside_repository", "no_edit"].contains(code("--- \(path)\n+++ \(path)\n@@ -1 +1 @@\n-a\n+b\n", .diff)))
  }

  @Test func `follows no link, and takes no folder for a file`() {
    #expect(code(block("link.py", "", "x\n")) == "path_taken")
    #expect(code(block("linked/x.py", "", "x\n")) == "path_taken")
    #expect(code(block("pkg", "", "x\n")) != "applies")
    #expect(code("FILE: \"m\n.py\"\nLINES: 1\n\nx\n", .lines) != "applies")
    #expect(code(block("\"m.py\"")) == "applies")
  }

  @Test func `of 100 MB or with 100,000 blocks is read in one pass`() {
    let many = "m.py\n" + String(repeating: "<<<<<<< SEARCH\nz\n=======\nb\n>>>>>>> REPLACE\n", count: 100_000)
    #expect((try? EditReader.edits(in: many, format: .search))?.count == 100_000)
    #expect(
      code("m.py\n" + String(repeating: "<<<<<<< SEARCH\nz\n=======\nb\n>>>>>>> REPLACE\n", count: 2_000))
        == "stale_anchor")
    let long = String(repeating: String(repeating: "word ", count: 20_000) + "\n", count: 1_010)
    #expect(long.utf8.count > 100_000_000)
    for format in EditFormat.allCases { #expect(["prose_only", "no_edit"].contains(code(long, format)), "\(format)") }
    // One edit that is as long: the format's own way is gone through to its end.
    let read = { (reply: String, format: EditFormat) in try? EditReader.edits(in: reply, format: format) }
    #expect(read("m.py\n```\n\(long)```\n", .whole)?.map(\.change) == [.whole(content: long)])
    #expect(read("FILE: m.py\nLINES: 1\nREASONING: x\n\n\(long)", .lines)?.count == 1)
    let comment = String(repeating: "    #" + String(repeating: " word", count: 20_000) + "\n", count: 1_010)
    let function = read("m.py\nFUNCTION: f\n```python\ndef f():\n\(comment)    return 1\n```\n", .function)
    #expect(function?.map(\.change) == [.function(name: "f", definition: "def f():\n\(comment)    return 1\n")])
    #expect(code(String(repeating: "FILE: m.py\nLINES: 1\n", count: 2_000), .lines) != "applies")
    #expect(code(String(repeating: "m.py\n```\nx\n", count: 2_000), .function) != "applies")
    #expect(code("--- m.py\n+++ m.py\n" + String(repeating: "@@ -1 +1 @@\n-z\n+b\n", count: 200), .diff) != "applies")
  }
}

@Suite struct `a target that is no plain text` {
  @Test func `is binary, and stays as it is`() {
    #expect(code(block("m.py"), file: [0x89, 0x50, 0, 1]) == "not_text")
    #expect(code("m.py\n```\nx\n```\n", .whole, file: [0]) == "not_text")
  }

  @Test func `is in Latin-1 or without a last line end, and keeps both`() throws {
    let latin: [UInt8] = [0x23, 0xE9, 10, 0x61, 10, 0xE8]
    let edits = try EditReader.edits(in: block("m.txt"), format: .search)
    let after = try EditApplier.apply(edits, isTestFile: { _ in false }, read: { _ in latin }).changes[0].after
    #expect(after == [0x23, 0xE9, 10, 0x62, 10, 0xE8])
  }
}
