import Testing

@testable import Script

private func texts(_ line: String, _ parameters: [String: String] = [:]) throws -> [String] {
  try LineParser.words(line, parameters: parameters).map(\.text)
}

@Suite struct `a line` {
  static let splits: [(String, [String])] = [
    ("run  django__django-11000\t--attempts 6", ["run", "django__django-11000", "--attempts", "6"]),
    (#"note 'one $two "three" \n'"#, ["note", #"one $two "three" \n"#]),
    (#"note "a \"b\" \\ \$c\td\ne""#, ["note", "a \"b\" \\ $c\td\ne"]),
    (##"note a\ b \; \# \' \" \\"##, ["note", "a b", ";", "#", "'", "\"", "\\"]),
    ("set a'b c'\"d e\"f", ["set", "ab cd ef"]),
    ("set a '' \"\"", ["set", "a", "", ""]),
    ("show prompt # what was sent", ["show", "prompt"]),
    ("show a#b '#c'", ["show", "a#b", "#c"]),
    ("context add \\\n  a.py:1-2", ["context", "add", "a.py:1-2"]),
    ("se\\\nt a", ["set", "a"]),
    ("note é 日本 e\u{301} 👩‍👩‍👧", ["note", "é", "日本", "e\u{301}", "👩‍👩‍👧"]),
    ("quit;", ["quit"]),
    ("quit\r", ["quit"]),
    ("", []),
    ("  # nothing", []),
  ]

  @Test(arguments: splits)
  func `is split at blanks outside quotes`(line: String, words: [String]) throws {
    #expect(try texts(line) == words)
  }

  @Test func `says where each word begins, in characters`() throws {
    let words = try LineParser.words("nöte 'ä b' \\\n  c")
    #expect(words == [Word(text: "nöte", column: 1), Word(text: "ä b", column: 6), Word(text: "c", column: 3)])
  }

  @Test func `puts parameters into arguments, one word each`() throws {
    let parameters = ["model": "llama3.1:8b", "text": "two words; # 'x' $model"]
    #expect(try texts("model use ollama:$model", parameters) == ["model", "use", "ollama:llama3.1:8b"])
    #expect(
      try texts("note $text ${model}s \"$model\" '$model'", parameters) == [
        "note", "two words; # 'x' $model", "llama3.1:8bs", "llama3.1:8b", "$model",
      ])
    #expect(try texts(#"note \$model "\$model" $ $5 a$"#, parameters) == ["note", "$model", "$model", "$", "$5", "a$"])
    #expect(try texts("$model use", parameters) == ["$model", "use"])
  }

  static let faults: [(String, ScriptError)] = [
    ("note 'open", ScriptError.unclosedQuote(line: 1, column: 6, quote: "'")),
    ("note \"open\\\"", .unclosedQuote(line: 1, column: 6, quote: "\"")),
    ("note \"open\\", .unclosedQuote(line: 1, column: 6, quote: "\"")),
    ("note \\\n é 'open\n'", .unclosedQuote(line: 2, column: 4, quote: "'")),
    (#"note "a\d""#, .badEscape(line: 1, column: 8, character: "d")),
    (#"note "\é""#, .badEscape(line: 1, column: 7, character: "é")),
    ("run \\", .nothingContinues(line: 1, column: 5)),
    ("run \\\n", .nothingContinues(line: 1, column: 5)),
    ("run a\\", .nothingContinues(line: 1, column: 6)),
    ("run ${model", .unclosedParameter(line: 1, column: 5)),
    ("run ${}", .unclosedParameter(line: 1, column: 5)),
    ("run ${5}", .unclosedParameter(line: 1, column: 5)),
    ("run x$modle", .unknownParameter(line: 1, column: 6, name: "modle", nearest: ["model"])),
    ("run a; quit", .severalCommands(line: 1, column: 8)),
    ("run a\nquit", .severalCommands(line: 2, column: 1)),
  ]

  @Test(arguments: faults)
  func `that cannot be read says where and why`(line: String, error: ScriptError) {
    #expect(throws: error) { try texts(line, ["model": "m", "seed": "1"]) }
    #expect(error.line != nil && error.column != nil)
    #expect(error.errorDescription?.isEmpty == false && error.recoverySuggestion?.isEmpty == false)
  }

  @Test func `is asked to go on by an unquoted backslash only`() {
    #expect(LineParser.isContinued("context add \\"))
    #expect(LineParser.isContinued("a; context add\\"))
    #expect(!LineParser.isContinued("context add \\\\"))
    #expect(!LineParser.isContinued("# context add \\"))
    #expect(!LineParser.isContinued("note 'x\\"))
    #expect(!LineParser.isContinued("context add"))
  }
}

@Suite struct `commands` {
  @Test func `end at a line end or a semicolon, and comments are none`() throws {
    let commands = try LineParser.commands("# one\n\nload practice; run a # two; three\n  note \\\n 'x;y'\n;;\nquit")
    #expect(commands.map(\.number) == [3, 3, 4, 7])
    #expect(commands.map(\.column) == [1, 16, 3, 1])
    #expect(commands.map(\.text) == ["load practice", "run a", "note  'x;y'", "quit"])
  }

  @Test func `keep their place when their words are read`() throws {
    let command = try #require(try LineParser.commands("a\n  note \\\n $x").last)
    #expect(throws: ScriptError.unknownParameter(line: 3, column: 2, name: "x", nearest: [])) {
      try command.line()
    }
    #expect(try command.line(parameters: ["x": "1"]).words.map(\.text) == ["note", "1"])
  }
}

@Suite struct `a quoted word` {
  @Test func `is read back as it was`() throws {
    var random = Seeded(1)
    let pool: [Character] = [
      "a", " ", "\t", "\n", "\r", "'", "\"", "\\", "$", "{", "}", ";", "#", "é", "-", "\u{0}", "x",
    ]
    for _ in 0..<2_000 {
      let word = String(
        (0..<Int.random(in: 0...8, using: &random)).map { _ in pool.randomElement(using: &random) ?? "b" })
      let line = "set \(LineParser.quoted(word)) end"
      #expect(try Array(texts(line, ["a": "A", "x": "X"])[1].utf8) == Array(word.utf8), "\(line.debugDescription)")
    }
  }

  @Test(arguments: [
    ("forms/formsets.py:40-80", "forms/formsets.py:40-80"), ("", "''"), ("two words", "'two words'"),
    ("don't", #""don't""#), ("$x's", #""\$x's""#),
  ]) func `is quoted only where it needs to be`(word: String, written: String) {
    #expect(LineParser.quoted(word) == written)
  }
}
