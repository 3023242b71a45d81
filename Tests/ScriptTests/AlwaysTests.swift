import Testing

@testable import Script

@Suite struct `a line that follows always` {
  @Test(
    arguments: [
      ("always report --html r.html", ["report", "--html", "r.html"]), ("  always\treport # x", ["report"]),
      ("always \\\nreport", ["report"]), ("'always' report", ["report"]),
      ("always ! ls | wc; ls", ["!", "ls | wc; ls"]), ("always note \"a;b\"", ["note", "a;b"]),
    ]) func `is a command of its own`(text: String, words: [String]) throws
  {
    let commands = try LineParser.commands("note x\n" + text + "\nnote y\n")
    #expect(commands.count == 3)
    let command = commands[1]
    #expect(command.firstWord == "always")
    let inner = try #require(command.withoutFirstWord)
    #expect(try inner.line().words.map(\.text) == words)
    #expect(inner.number == (text.contains("\\\n") ? 3 : 2))
  }

  @Test func `keeps its output, its parameters and its columns`() throws {
    let command = try #require(try LineParser.commands("always show prompt > $name.txt").first?.withoutFirstWord)
    #expect(try command.line(parameters: ["name": "p"]).output == .file("p.txt"))
    #expect(throws: ScriptError.unknownParameter(line: 1, column: 22, name: "name", nearest: [])) {
      try command.line()
    }
    let piped = try #require(try LineParser.commands("always show | head -3").first?.withoutFirstWord)
    #expect(try piped.line().output == .pipe("head -3"))
  }

  @Test(arguments: ["always", "always # nothing", "always; note x", "always > f"])
  func `may be missing`(text: String) throws {
    let command = try #require(try LineParser.commands(text).first)
    #expect(command.firstWord == "always" && command.withoutFirstWord == nil)
  }

  @Test func `begins the shell's part behind no other word`() throws {
    #expect(try LineParser.commands("note ! a; b").count == 2)
    #expect(try LineParser.commands("! a; b").first?.firstWord == nil)
  }
}
