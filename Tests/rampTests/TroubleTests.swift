import Content
import Foundation
import Processes
import TestPrograms
import TestWorld
import Testing

@Suite struct `a journal that cannot be used` {
  /// One error of two lines, status 1, and the file as it was.
  private func refuse(_ program: Program, _ path: String, _ error: String) async throws {
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let ended = try await program("--journal", path, "-c", "note a")
    #expect(ended.status == 1)
    #expect(ended.err.hasPrefix(error))
    #expect(ended.err.split(separator: "\n").count == 2)
    #expect(ended.out.isEmpty)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  private func python(_ script: String, _ program: Program) async throws {
    let done = try await Launcher.run(
      Command("python3", ["-c", script], environment: program.environment, directory: program.folder))
    try #require(done.succeeded, "\(String(decoding: done.errorOutput, as: UTF8.self))")
  }

  @Test func `because it is none is left as it is`() async throws {
    let program = try Program()
    try program.write(String(repeating: "these are my notes\n", count: 100), to: "notes")
    try await refuse(program, "\(program.folder)/notes", "\(program.folder)/notes is not a journal, or a damaged one\n")
  }

  @Test func `because a newer ramp wrote it is left as it is`() async throws {
    let program = try Program()
    try await program("--journal", "j", "-c", "note a")
    try await python(
      "import sqlite3; c = sqlite3.connect('j'); c.execute(\"INSERT INTO grdb_migrations VALUES ('of the future')\"); c.execute('PRAGMA user_version = 7'); c.commit(); c.close()",
      program)
    try await refuse(program, "\(program.folder)/j", "the journal \(program.folder)/j was written by a newer ramp\n")
  }

  @Test func `because another process holds it is left as it is`() async throws {
    let program = try Program()
    try await program("--journal", "j", "-c", "note a")
    let holder = try Child(
      "python3",
      [
        "-c",
        "import sqlite3, sys; c = sqlite3.connect('\(program.folder)/j', isolation_level=None); c.execute('PRAGMA locking_mode=EXCLUSIVE'); c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()",
      ], environment: program.environment)
    #expect(await holder.line() == "held")
    try await refuse(program, "\(program.folder)/j", "the journal \(program.folder)/j is locked by another process\n")
    holder.closeInput()
    #expect(await holder.ended() == 0)
    #expect(try await program("--journal", "j", "-c", "note a").status == 0)
  }

  @Test(.enabled(if: TestWorld.hasSandbox, "bubblewrap makes the folder read-only, and cannot here"))
  func `because it is read-only is left as it is`() async throws {
    let program = try Program()
    try await program("--journal", "j", "-c", "note a")
    let path = "\(program.folder)/j"
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let bind = "bwrap --dev-bind / / --ro-bind '\(program.folder)' '\(program.folder)'"
    for name in ["j", "new"] {
      let ended = try await program.shell(
        "\(bind) $RAMP --journal '\(program.folder)/\(name)' -c 'run \(flask) --through workspace'")
      #expect(ended.status == 1)
      #expect(ended.err.contains("the journal \(program.folder)/\(name) cannot be written\n"))
      #expect(ended.err.hasSuffix("make it writable, or use another journal: ramp --journal FILE\n"))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test func `is not needed where nothing is kept`() async throws {
    let program = try Program()
    let state = (program.environment["HOME"] ?? "") + "/.local/state/ramp"
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    try "these are my notes\n".write(toFile: state + "/journal.sqlite", atomically: true, encoding: .utf8)
    try program.write("run \(flask) --through workspace\n", to: "s.ramp")
    #expect(try await program("help", "run").status == 0)
    #expect(try await program("s.ramp").status == 0)
    #expect(try await program("run", flask).status == 1)
  }
}

@Suite struct `something needed that is not there` {
  private let all = ["git", "python3", "bwrap", "prlimit"]

  @Test(
    arguments: [
      ("git", "git is not there\n  `apt install git`\n"),
      ("python3", "there is no Python called python3\n  `apt install python3`, or `set python PATH`\n"),
    ])
  func `is named, with what to type, and ends with 69`(name: String, error: String) async throws {
    var program = try await Program().with(only: all.filter { $0 != name })
    program.environment["XDG_CACHE_HOME"] = nil
    try program.write("run \(flask)\nset feedback none\n", to: "s.ramp")
    let runs = [
      ("", try await program("run", flask)), ("s.ramp:1: ", try await program("s.ramp")),
      ("-c:1: ", try await program("-c", "run \(flask); set feedback none")),
    ]
    for (place, ended) in runs {
      #expect(ended.status == 69)
      #expect(ended.err == place + error)
      #expect(!ended.out.contains("feedback hidden"))
    }
  }

  @Test func `is bubblewrap where nothing else was allowed, and ends with 69`() async throws {
    let program = try await Program().with(only: all.filter { $0 != "bwrap" })
    let ended = try await program("-c", "set sandbox bwrap; run \(flask)")
    #expect(ended.status == 69)
    #expect(
      ended.err == "-c:1: bubblewrap (bwrap), which keeps tests away from your files, is not there\n"
        + "  `apt install bubblewrap`, or `set sandbox off` to run tests with all your rights\n")
  }

  @Test func `is not bubblewrap where the kernel can hold the tests`() async throws {
    let program = try await Program().with(only: all.filter { $0 != "bwrap" })
    let ended = try await program("-c", "model use gold; run \(flask); set sandbox landlock; rerun baseline")
    // Where the kernel has no Landlock, what is missing is named.
    #expect(ended.status == 0 || (ended.status == 69 && ended.err.contains("bubblewrap")))
    #expect(ended.status != 0 || ended.out.contains("resolved"))
  }

  @Test func `is not needed as far as the patch`() async throws {
    let program = try await Program().with(only: ["git"])
    let ended = try await program("-c", "run \(flask) --through patch; attempts")
    #expect(ended.status == 0)
    #expect(ended.err.isEmpty)
  }

  @Test func `is a repository, which is named`() async throws {
    let program = try Program()
    let text = try String(contentsOfFile: project.path + "/sessions/feedback.ramp", encoding: .utf8)
    let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("{\"FAIL_TO_PASS\"") })
    try program.write(
      String(row).replacing(flask, with: "o__n-1").replacing("\"repo\":\"pallets/flask\"", with: "\"repo\":\"o/n\""),
      to: "rows.jsonl")
    let ended = try await program("-c", "load rows.jsonl; set repositories /no/such/folder; run o__n-1")
    #expect(ended.status == 69)
    #expect(ended.err.hasPrefix("-c:1: there is no repository of o/n: looked for /no/such/folder"))
  }
}

@Suite(.enabled(if: TestWorld.hasSandbox, "bubblewrap cannot make a sandbox here")) struct `an interrupt` {
  /// Processes whose command line holds `word`.
  private func living(_ word: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
      guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
        return false
      }
      return line.range(of: Data(word.utf8)) != nil
    }
  }

  @Test(arguments: [([SIGINT], 130), ([SIGINT, SIGINT], 130), ([SIGTERM], 75)] as [([Int32], Int32)])
  func `during a long test run leaves no process and no file`(signals: [Int32], status: Int32) async throws {
    var program = try Program()
    let temporary = try Scratch.newFolder()
    program.environment["TMPDIR"] = temporary
    try program.write(
      """
      django/forms/formsets.py
      ```python
      <<<<<<< SEARCH
              self._non_form_errors = self.error_class()
      =======
              import time; time.sleep(100)
      >>>>>>> REPLACE
      ```
      """, to: "reply.md")
    let child = try Child(
      Program.path, ["-c", "model use scripted:reply.md; run \(django); set feedback none"],
      environment: program.environment, folder: program.folder, readsErrors: true)
    _ = await child.output(until: "\n  patch ")
    // The tests' own sandbox, in a folder below the temporary one.
    for _ in 0..<500 where try living(temporary).isEmpty { try await Task.sleep(for: .milliseconds(20)) }
    #expect(try !living(temporary).isEmpty)
    for signal in signals {
      child.send(signal)
      try await Task.sleep(for: .milliseconds(2))
    }
    #expect(await child.ended() == status)
    #expect(try living(temporary).isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    #expect(!String(decoding: await child.output(), as: UTF8.self).contains("feedback"))
    #expect(await child.errors().isEmpty)
    // What was made before is in the journal, which another process can read.
    #expect(try await program("--continue", "-c", "model list").out.contains("scripted"))
  }

  @Test func `that asks ramp to end ends the program in front of it too`() async throws {
    let program = try Program()
    let seconds = "1\(getpid())"
    let child = try Child(
      Program.path, ["-c", "! echo begun; sleep \(seconds); true"], environment: program.environment,
      folder: program.folder)
    #expect(await child.line() == "begun")
    #expect(try !living(seconds).isEmpty)
    child.send(SIGTERM)
    for _ in 0..<500 where try !living(seconds).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    let left = try living(seconds)
    for process in left { kill(pid_t(process) ?? 0, SIGKILL) }
    #expect(left.isEmpty)
    #expect(await child.ended() == 75)
  }
}

@Suite struct `a folder that others write to` {
  @Test func `gives Python nothing to import`() async throws {
    let program = try Program()
    for name in ["json", "os", "sys", "site", "sitecustomize"] {
      try program.write("open('imported', 'w').write('x')\n", to: "\(name).py")
    }
    let ended = try await program("-c", "run \(django) --through baseline")
    #expect(ended.status == 0, "\(ended.err)")
    #expect(!FileManager.default.fileExists(atPath: program.folder + "/imported"))
  }

  @Test func `may hold a pipe that nobody writes to`() async throws {
    let program = try Program()
    mkfifo(program.folder + "/ff", 0o600)
    // Nothing is in it, and nothing is waited for: it would not come.
    let ended = try await program("grade", "--repo", "a/b", "--log", "ff")
    #expect(ended.status == 1)
  }
}
