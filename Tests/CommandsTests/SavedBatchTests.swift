import Attempts
import Foundation
import Journal
import Sessions
import Synchronization
import TestWorld
import Testing
import Workspaces

@testable import Commands

/// A host that no model answers in; what runs tests is counted.
private func headless(_ runs: @escaping @Sendable () -> Void = {}) throws -> SessionHost {
  var host = try testHost()
  host.practiceReplies = { _ in [] }
  let workspace = host.workspace
  host.workspace = { instance, settings in
    CountedWorkspace(base: try await workspace(instance, settings), runs: runs)
  }
  return host
}

/// A workspace that says when tests are run in it.
private struct CountedWorkspace: Workspace {
  let base: any Workspace
  let runs: @Sendable () -> Void

  var commit: String { base.commit }
  func paths() async throws -> [String] { try await base.paths() }
  func read(_ paths: [String]) async throws -> [String: [UInt8]] { try await base.read(paths) }
  func links() async throws -> [String] { try await base.links() }
  func runTests(_ run: TestRun) async throws -> TestLog {
    runs()
    return try await base.runTests(run)
  }
}

/// Replays a session of `sitting` in another folder where no model answers. Gives what it says.
private func replayed(
  _ sitting: Sitting, _ name: String = "saved", options: String = "", runs: @escaping @Sendable () -> Void = {},
  change: (String) -> String = { $0 }
) async throws -> String {
  let other = try await Sitting(host: try headless(runs))
  try other.write(change(try sitting.read("\(name).ramp")), to: "elsewhere.ramp")
  if let recording = try? sitting.read("\(name).recording.jsonl") {
    try other.write(recording, to: "\(name).recording.jsonl")
  }
  do { return try await other.type("replay elsewhere.ramp \(options)") } catch { return Explained.text(error) }
}

@Suite struct `a batch in a saved session` {
  @Test func `replays beside a run, without a model, in another folder`() async throws {
    let sitting = try await Sitting()
    try await sitting.type(
      """
      run \(flask)
      batch \(django) \(flask) --model practice --attempts 2
      open \(django)
      context add \(secondPlace)
      rerun 1.1
      """)
    let said = try await sitting.type("save saved.ramp")
    #expect(said.contains("saved.recording.jsonl"))
    let text = try sitting.read("saved.ramp").split(separator: "-- row/").first.map(String.init) ?? ""
    let lines = text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("expect patch") }
    let expected: [String] = [
      "# ramp session 1", "run \(flask)", "expect verdict unresolved", "expect failure logic_error",
      "batch \(django) \(flask) --model practice --attempts 2", "expect resolved 1 of 2", "expect batch 1",
      "open \(django)", "context add \(secondPlace)", "rerun 1.1", "expect verdict resolved",
    ]
    #expect(lines == expected)
    let runs = Mutex(0)
    #expect(try await replayed(sitting) { runs.withLock { $0 += 1 } }.hasSuffix("expectations hold\n"))
    #expect(runs.withLock { $0 } > 0)
    runs.withLock { $0 = 0 }
    let recorded = try await replayed(sitting, options: "--outcomes recorded") { runs.withLock { $0 += 1 } }
    #expect(recorded.hasSuffix("expectations hold; tests not run: outcomes as recorded\n"))
    #expect(runs.withLock { $0 } == 0)
  }

  @Test func `says which take came to something else, and why a prompt differs`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("batch \(django) --model practice --attempts 1; save saved.ramp")
    let other = try await replayed(
      sitting,
      change: {
        $0.replacing(/sha256=[0-9a-f]+ --\n(django__\S+ 1.1) unresolved/) { "--\n\($0.1) resolved" }
      })
    #expect(other.contains("elsewhere.ramp:4: expected \(django) 1.1 resolved"))
    let prompt = try await replayed(
      sitting,
      change: {
        $0.replacing("# ramp session 1\n", with: "# ramp session 1\nset context.budget 3000\n")
      })
    #expect(prompt.contains("the prompt of 1.1 differs from the recorded one"))
    #expect(prompt.contains("setting context.budget (recorded 9000, now 3000)"))
  }

  @Test func `keeps the phase that it was`() async throws {
    let sitting = try await Sitting()
    try await sitting.type("batch \(django) --model practice --attempts 1 --phase 1")
    #expect(try await sitting.type("open \(django) --phase 1").contains("of phase 1, unresolved"))
    try await sitting.type("rerun; save saved.ramp")
    #expect(try await replayed(sitting).hasSuffix("expectations hold\n"))
    #expect(try sitting.read("saved.ramp").contains("--attempts 1 --phase 1"))
    #expect(FileManager.default.fileExists(atPath: "\(sitting.folder)/phase_1_results.json") == false)
  }

  @Test func `of an earlier sitting is carried in the file`() async throws {
    let path = try Scratch.newFolder() + "/journal.sqlite"
    var host = try testHost()
    host.journal = try Journal(at: path, migrations: SessionTables.migrations)
    try await Sitting(host: host).type("batch \(django) \(flask) --model practice --attempts 2")
    let sitting = try await Sitting(host: host)
    try await sitting.type("open \(django); context add \(secondPlace); rerun 1.1; save saved.ramp")
    #expect(try sitting.read("saved.ramp").contains("-- opened/\(django) "))
    #expect(try await replayed(sitting).hasSuffix("expectations hold\n"))
    #expect(
      try await replayed(sitting, options: "--outcomes recorded")
        .hasSuffix("expectations hold; tests not run: outcomes as recorded\n"))
  }

  @Test func `leaves out what says nothing about the model, and is not written without anything`() async throws {
    let planted = Planted(2) { _ in 1 }
    let isBroken = Mutex(true)
    let sitting = try await Sitting(
      host: try Planted.host { run in
        if !run.changes.isEmpty, isBroken.withLock({ $0 }) { throw WorkspaceError.noPython(name: "3") }
      })
    try sitting.write(try planted.rows(), to: "rows.jsonl")
    try sitting.write("# replies\n\(planted.replies)", to: "replies.ramp")
    try await sitting.type("load rows.jsonl; model use scripted:replies.ramp")
    _ = await sitting.fault(of: "batch --all --attempts 1")
    #expect(await sitting.fault(of: "save saved.ramp").hasPrefix("nothing has been run in this sitting"))
    #expect(FileManager.default.fileExists(atPath: "\(sitting.folder)/saved.ramp") == false)
  }
}
