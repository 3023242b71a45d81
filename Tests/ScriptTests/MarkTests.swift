import Testing

@testable import Script

private func line(_ text: String, _ parameters: [String: String] = [:]) throws -> Line {
  let commands = try LineParser.commands(text)
  return try #require(commands.first).line(parameters: parameters)
}

@Suite struct `the end of a line` {
  @Test func `gives the output to a shell command, which only the shell reads`() throws {
    let piped = try line("show prompt --raw | grep \"it's; $HOME\" | wc -l")
    #expect(piped.words.map(\.text) == ["show", "prompt", "--raw"])
    #expect(piped.output == .pipe("grep \"it's; $HOME\" | wc -l"))
    #expect(piped.source == "show prompt --raw | grep \"it's; $HOME\" | wc -l")
  }

  @Test func `names a file, which may hold a parameter`() throws {
    #expect(try line("show patch > 'my fix.patch'").output == .file("my fix.patch"))
    #expect(try line("show patch >$name", ["name": "a b"]).output == .file("a b"))
    #expect(try line("show patch").output == .shown)
  }

  @Test func `leaves the other commands of its line alone, a file's end is a semicolon`() throws {
    let commands = try LineParser.commands("show patch > a; show reply > b; show | cat; quit")
    let outputs = try commands.map { try $0.line().output }
    #expect(outputs == [.file("a"), .file("b"), .pipe("cat; quit")])
  }

  @Test func `is no mark inside a word or quotes`() throws {
    #expect(try line("expect prompt contains '|'").words.last?.text == "|")
    #expect(try line("note a>b a|b \\| \\> \">\"").words.map(\.text) == ["note", "a>b", "a|b", "|", ">", ">"])
  }

  @Test(arguments: [
    ("| wc", 1, "|"), ("show |", 6, "|"), ("show > a | wc", 10, "|"), ("> a", 1, ">"), ("show >", 6, ">"),
    ("show > a > b", 10, ">"), ("show > | wc", 8, "|"),
  ])
  func `has something on both sides`(text: String, column: Int, mark: String) {
    #expect(throws: ScriptError.strayMark(line: 1, column: column, mark: mark)) { try line(text) }
  }

  @Test func `takes one file`() {
    #expect(throws: ScriptError.severalCommands(line: 1, column: 10)) { try line("show > a b") }
  }
}

@Suite struct `a line for the shell` {
  @Test func `is what stands behind the mark, whatever it means elsewhere`() throws {
    for text in ["! grep \"it's\" x; echo $HOME | wc # no", "!  grep \"it's\" x; echo $HOME | wc # no"] {
      let shell = try line(text)
      #expect(shell.words.map(\.text) == ["!", "grep \"it's\" x; echo $HOME | wc # no"])
      #expect(shell.output == .shown)
    }
  }

  @Test func `ends with its line`() throws {
    let commands = try LineParser.commands("! true\nrun a; ! echo b; c\nquit")
    let words = try commands.map { try $0.line().words.map(\.text) }
    #expect(words == [["!", "true"], ["run", "a"], ["!", "echo b; c"], ["quit"]])
    #expect(commands.map(\.number) == [1, 2, 2, 3])
  }

  @Test func `is not meant by a word that is quoted`() throws {
    #expect(LineParser.quoted("!x") == "'!x'")
    #expect(try line("'!x' y").words.map(\.text) == ["!x", "y"])
    #expect(try line("note !x").words.map(\.text) == ["note", "!x"])
  }
}
