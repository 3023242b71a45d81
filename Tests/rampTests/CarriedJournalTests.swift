import Foundation
import TestWorld
import Testing

/// What a script or a run in CI leaves in its journal, looked into afterwards and elsewhere.
@Suite(.enabled(if: TestWorld.hasSandbox, "bubblewrap cannot make a sandbox here"))
struct `a journal that a failing script left` {
  private static let script = """
    load practice
    set context.budget 8000
    batch \(django) \(flask) --model practice --attempts 1
    expect resolved 2 of 2
    """

  /// A program in another home and folder that has the journal and nothing else.
  private func elsewhere() async throws -> Program {
    let first = try Program()
    try first.write(Self.script, to: "ci.ramp")
    let failed = try await first("--journal", "ci.sqlite", "ci.ramp")
    #expect(failed.status == 1)
    #expect(failed.err.contains("ci.ramp:4: expected 2 of 2 resolved, found "))
    #expect(failed.err.contains("`ramp --journal ci.sqlite --continue` goes on from here"))
    let second = try Program()
    let journal = try FileManager.default.contentsOfDirectory(atPath: first.folder).filter {
      $0.hasPrefix("ci.sqlite") && !$0.hasSuffix("-batches")
    }
    for name in journal {
      try FileManager.default.copyItem(atPath: "\(first.folder)/\(name)", toPath: "\(second.folder)/\(name)")
    }
    return second
  }

  @Test func `is a sitting that goes on on another machine`() async throws {
    let program = try await elsewhere()
    func ramp(_ lines: String) async throws -> Program.Ended {
      try await program("--journal", "ci.sqlite", "--continue", "-c", lines)
    }
    let attempts = try await program("--journal", "ci.sqlite", "--continue", "attempts", django)
    #expect(attempts.status == 0)
    #expect(attempts.out.hasSuffix("  of batch 1\n"))
    let prompt = try await ramp("open next; show prompt --raw")
    #expect(prompt.out.contains("django/forms/formsets.py, lines"))
    #expect(try await ramp("why").out.hasPrefix("1.1  "))
    let rerun = try await ramp("context add \(secondPlace); rerun; attempts")
    #expect(rerun.status == 0)
    #expect(rerun.out.contains("take 1.2, assisted") || rerun.out.contains("take 1.2, steered"))
    #expect(try await ramp("settings context.budget").out.contains("8000"))
  }

  @Test func `is read without going on as well, and what was opened is saved so that it replays`() async throws {
    let program = try await elsewhere()
    let opened = try await program(
      "--journal", "ci.sqlite", "-c",
      "open \(django); context add \(secondPlace); rerun; save found.ramp; sittings")
    #expect(opened.status == 0)
    #expect(opened.out.contains("settings of the batch that differ:") && opened.out.contains("context.budget 8000"))
    var third = try Program()
    third.environment["TZ"] = "Asia/Kathmandu"
    for name in ["found.ramp", "found.recording.jsonl"] {
      try? third.write(try program.read(name), to: name)
    }
    let replay = try await third("found.ramp")
    #expect((replay.status, replay.err) == (0, ""))
    let recorded = try await third("--outcomes", "recorded", "found.ramp")
    #expect(recorded.status == 0)
    #expect(recorded.out.hasSuffix("expectations hold; tests not run: outcomes as recorded\n"))
  }

  @Test func `is kept of lines of standard input too`() async throws {
    let program = try Program()
    let first = try await program(input: "run \(flask) --through prompt\n")
    #expect(first.status == 0)
    let then = try await program("--continue", "continue")
    #expect(then.status == 0)
    #expect(then.out.contains("attempt 1, assisted"))
    #expect(try await program("--continue", "attempts").out.contains("\n  1.1 "))
  }

  @Test func `is not missed by a line that looks back at nothing`() async throws {
    let program = try Program()
    let run = try await program("--continue", "run", flask, "--through", "patch")
    #expect((run.status, run.err) == (0, ""))
    let other = try Program()
    let attempts = try await other("--continue", "attempts")
    #expect(attempts.status == 1)
    #expect(attempts.err == "there is no earlier sitting to go on with\n  start without `--continue`\n")
  }
}
