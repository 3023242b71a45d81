import Foundation
import TestPrograms
import TestWorld
import Testing

@Suite struct `the program` {
  @Test(
    arguments: [
      (["--version"], 0), (["-V"], 0), (["--help"], 0), (["help"], 0), (["instances"], 0), (["-c", ""], 0),
      (["settings", "--json"], 0), (["run", "--help"], 0), (["--loud"], 64), (["-p", "x"], 64), (["-p"], 64),
      (["--record", "sometimes", "x.ramp"], 64), (["--color", "red"], 64), (["x.ramp", "y.ramp"], 64),
      (["x.ramp", "-c", "help"], 64), (["-c", "help", "-c", "help"], 64), (["--continue", "x.ramp"], 64), (["rum"], 1),
      (["show", "prompt"], 1), (["gone.ramp"], 1), (["run", "nobody__nothing-1"], 1), (["-c", "help; rum"], 1),
    ] as [([String], Int32)])
  func `ends with the status that its usage says`(arguments: [String], status: Int32) async throws {
    let ended = try await Program().run(arguments)
    #expect(ended.status == status)
    #expect(ended.err.isEmpty == (status == 0))
    if status == 0 { return }
    // What is wrong, then what to type next.
    let lines = ended.err.split(separator: "\n")
    #expect(lines.count >= 2 && lines[1].hasPrefix("  "))
    if arguments[0] != "-c" { #expect(ended.out.isEmpty) }
  }

  @Test func `says its version and its usage`() async throws {
    let program = try Program()
    #expect(try await program("--version").out.wholeMatch(of: /ramp [0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
    let usage = try await program("--help").out
    for option in [
      "-c ", "-p ", "--record ", "--live", "--journal ", "--json", "--color ", "--allow-write", "--allow-no-sandbox",
      "--version",
    ] { #expect(usage.contains("  \(option)") || usage.contains(", \(option)")) }
    for status in ["0 done", "1 a line failed", "64 wrong arguments", "69 something needed", "130 interrupted"] {
      #expect(usage.contains(status))
    }
    #expect(usage.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }

  @Test func `looks without touching the home, and keeps a journal where it makes takes`() async throws {
    let program = try Program()
    let home = program.environment["HOME"] ?? ""
    try await program("instances")
    try await program("check", "gone.ramp")
    #expect(try FileManager.default.contentsOfDirectory(atPath: home).isEmpty)
    try await program("run", django, "--through", "workspace")
    #expect(FileManager.default.fileExists(atPath: home + "/.local/state/ramp/journal.sqlite"))
  }

  @Test func `keeps its journal in a folder .ramp of one's own, where there is one`() async throws {
    let program = try Program()
    try FileManager.default.createDirectory(atPath: "\(program.folder)/.ramp", withIntermediateDirectories: false)
    try await program("run", django, "--through", "workspace")
    #expect(FileManager.default.fileExists(atPath: "\(program.folder)/.ramp/journal.sqlite"))
  }

  @Test func `reads the lines that come through a pipe`() async throws {
    let ended = try await Program()(input: "run \(django) --through prompt\nshow prompt\n")
    #expect(ended.status == 0)
    #expect(ended.err.isEmpty)
    #expect(ended.out.contains("\nattempt 1, "))
    #expect(ended.out.contains("You repair one bug in a Python project."))
    #expect(ended.out.contains("No CSS class to tell non_form_errors()"))
  }

  @Test func `prints nothing but JSON objects on standard output with --json`() async throws {
    let program = try Program()
    let lines = "note hello\nrun \(django) --through patch\nshow prompt\nset feedback none\nattempts\n"
    let ended = try await program("--json", input: lines)
    #expect(ended.status == 0)
    #expect(ended.err.isEmpty)
    #expect(ended.out.split(separator: "\n").count == 5)
    #expect(ended.objects.count == 5)
    try program.write(lines, to: "s.ramp")
    let script = try await program("--json", "s.ramp")
    #expect(script.objects.last?["script"] as? String == "s.ramp")
    #expect(script.objects.last?["expectations"] as? Int == 0)
    #expect(script.objects.count == script.out.split(separator: "\n").count)
  }

  @Test func `gives a script's parameters other values`() async throws {
    let program = try Program()
    try program.write("param model practice\nparam n 3\nmodel use $model\nset context.files $n\n", to: "s.ramp")
    #expect(try await program("s.ramp", "--json").out.contains("\"model\":\"practice\""))
    let ended = try await program("-p", "model=gold", "-p", "n=4", "--json", "s.ramp")
    #expect(ended.out.contains("\"model\":\"gold\""))
    #expect(ended.out.contains("\"value\":\"4\""))
    #expect(ended.err.isEmpty)
    // Somebody mistyped a name.
    let typo = try await program("-p", "modle=gold", "s.ramp")
    #expect(typo.status == 64)
    #expect(typo.out.isEmpty)
    #expect(
      typo.err == "s.ramp: no line asks for the parameter `modle`; nearest: model\n  it takes model, n\n")
    #expect(
      try await program("-p", "m=5", "-c", "help").err
        == "-c: no line asks for the parameter `m`\n  leave out `-p m=...`\n")
    #expect(try await program("-p", "m=5", input: "help\n").status == 64)
    // What a script sources counts as its own.
    try program.write("source s.ramp\n", to: "outer.ramp")
    #expect(try await program("-p", "model=gold", "outer.ramp").status == 0)
    #expect(try await program("-p", "modle=gold", "outer.ramp").status == 64)
    #expect(try await program("-p", "n=5", "-c", "set context.files $n").out == "context.files is 5\n")
    #expect(try await program("-c", "set context.files $x").err.hasPrefix("-c:1: no parameter `x` (column 19)\n"))
  }

  @Test func `goes on with the last sitting, which only looking does not end`() async throws {
    let program = try Program()
    try await program("-c", "run \(django) --through prompt; set feedback none")
    try await program("-c", "instances; help")
    let ended = try await program("--continue", "-c", "rerun --through edits; attempts; save x.ramp")
    #expect(ended.status == 0)
    #expect(ended.out.contains("take 1.2, "))
    let saved = try program.read("x.ramp")
    #expect(
      saved.hasPrefix("# ramp session 1\nrun \(django) --through prompt\nset feedback none\nrerun --through edits\n"))
    #expect(try await program("x.ramp").status == 0)
  }

  @Test func `goes on in another folder with the rows, the sample and the model's file`() async throws {
    var program = try Program()
    let row = try String(contentsOfFile: project.path + "/sessions/quickstart.ramp", encoding: .utf8)
      .split(separator: "\n").first { $0.hasPrefix("{") }
    try program.write(String(try #require(row)).replacing(django, with: "o__n-1") + "\n", to: "rows.jsonl")
    try program.write("One.\n", to: "reply.md")
    try await program("-c", "load rows.jsonl; model use scripted:reply.md; load practice; sample 2 --seed 3")
    let drawn = try await program("--continue", "-c", "instances --set sample").out
    #expect(drawn.split(separator: "\n").count == 3)
    program.folder = try Scratch.newFolder()
    let ended = try await program(
      "--continue", "-c", "instances --set sample; run \(flask) --through reply; show reply")
    #expect(ended.err.isEmpty)
    #expect(ended.out.hasPrefix(drawn))
    #expect(ended.out.hasSuffix("One.\n"))
    #expect(try await program("--continue", "-c", "info o__n-1").status == 0)
  }

  @Test func `says how a line of the shell goes on with the last sitting`() async throws {
    let ended = try await Program()("show", "prompt")
    #expect(ended.err.hasSuffix("\n  `ramp --continue show prompt` goes on with the last one\n"))
  }

  @Test func `ends with an object that says what went wrong with --json`() async throws {
    let program = try Program()
    try program.write("note a\nrum\n", to: "s.ramp")
    let ended = try await program("--json", "s.ramp")
    #expect(ended.status == 1)
    #expect(ended.objects.count == 2)
    #expect(ended.objects.last?["ok"] as? Bool == false)
    #expect(ended.objects.last?["line"] as? Int == 2)
    #expect(ended.objects.last?["next"] as? String == "`help` lists the words")
    try program.write("note a\n", to: "s.ramp")
    #expect(try await program("--json", "s.ramp").objects.last?["ok"] as? Bool == true)
  }

  @Test func `ends quietly where nobody reads what it says`() async throws {
    let program = try Program()
    for arguments in [["help"], ["-c", "run \(django) --through prompt; show prompt"]] {
      let child = try Child(
        Program.path, arguments, environment: program.environment, readsOutput: false, readsErrors: true)
      child.closeInput()
      #expect(await child.errors().isEmpty)
      #expect(await child.ended() == 0)
    }
  }
}

@Suite struct `a wrong line in the middle` {
  private let lines = "set feedback none\nset format x\nset feedback visible\n"
  private let error =
    ":2: `format` cannot be `x`: it is one of search, whole, lines, function\n  `settings format` shows what it is now\n"

  @Test func `of a file stops it, with file and line`() async throws {
    let program = try Program()
    try program.write(lines, to: "s.ramp")
    let ended = try await program("s.ramp")
    #expect(ended.status == 1)
    #expect(ended.err == "s.ramp\(error)")
    #expect(ended.out == "  1  set feedback none                             feedback hidden -> none\n")
    #expect(try await program("\(program.folder)/s.ramp").err.hasPrefix("\(program.folder)/s.ramp:2: "))
    #expect(
      try await program("-c", "source s.ramp").err
        == "-c:1: \(program.folder)/s.ramp\(error)".replacing("\(program.folder)/", with: ""))
    #expect(try await program("-c", "note a; replay s.ramp").err == "-c:1: s.ramp\(error)")
  }

  @Test func `of -c and of standard input stops them`() async throws {
    let program = try Program()
    for (name, ended) in [("-c", try await program("-c", lines)), ("stdin", try await program(input: lines))] {
      #expect(ended.status == 1)
      #expect(ended.err == name + error)
      #expect(ended.out == "feedback hidden -> none\n")
    }
  }

  @Test func `that cannot even be read lets none be carried out`() async throws {
    let program = try Program()
    let text = "set feedback none\nnote 'open\n"
    try program.write(text, to: "s.ramp")
    let runs = [
      ("s.ramp", try await program("s.ramp")), ("-c", try await program("-c", text)),
      ("stdin", try await program(input: text)), ("s.ramp", try await program("check", "s.ramp")),
    ]
    for (name, ended) in runs {
      #expect(ended.status == 1)
      #expect(
        ended.err == """
          \(name):2: the ' in column 6 is not closed on its line
            close it, or write \\' for the character itself

          """)
      #expect(ended.out.isEmpty)
    }
  }

  @Test func `is an expectation that does not hold`() async throws {
    let program = try Program()
    let ended = try await program(input: "run \(django) --through patch\nexpect patch none\nset feedback none\n")
    #expect(ended.status == 1)
    #expect(ended.err.hasPrefix("stdin:2: expected patch none, found 62c789e5aff9\n"))
    #expect(!ended.out.contains("feedback"))
  }

  @Test(
    arguments: [
      ("-- row/x --\n-- row/x --\n", ":2: section row/x stands here and on line 1"),
      ("# ramp session 2\n", ":1: this is a session of version 2, and this ramp reads versions up to 1"),
      ("note a\n-- odd\n", ":2: a section header begins with `-- ` and ends with ` --`"),
      ("-- row/x sha256=\(String(repeating: "0", count: 64)) --\n{}\n", ":1: section row/x has sha256 "),
    ])
  func `may be a section's`(text: String, error: String) async throws {
    let program = try Program()
    try program.write(text, to: "s.ramp")
    for ended in [try await program("s.ramp"), try await program("check", "s.ramp")] {
      #expect(ended.status == 1)
      #expect(ended.err.hasPrefix("s.ramp" + error))
      #expect(ended.err.split(separator: "\n").count == 2)
      #expect(ended.out.isEmpty)
    }
  }
}
