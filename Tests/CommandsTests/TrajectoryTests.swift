import Foundation
import Testing

@testable import Commands

private func sitting(_ planted: Planted) async throws -> Sitting {
  let sitting = try await Sitting(host: try Planted.host())
  try sitting.write(try planted.rows(), to: "rows.jsonl")
  for name in ["replies.ramp", "again.ramp"] { try sitting.write("# replies\n\(planted.replies)", to: name) }
  try await sitting.type("load rows.jsonl; set ladder \"as_is, feedback\"; model use scripted:replies.ramp")
  return sitting
}

/// What one file says: the end, the messages' roles, the last message and the attempts that they belong to.
private struct Trajectory: Equatable {
  let end: String
  let roles: [String]
  let last: String
  let attempts: [Int]

  init(_ sitting: Sitting, _ name: String) throws {
    let value = try JSONSerialization.jsonObject(with: Data(try sitting.read(name).utf8))
    let file = try #require(value as? [String: Any])
    let messages = try #require(file["messages"] as? [[String: Any]])
    end = try #require((file["info"] as? [String: Any])?["exit_status"] as? String)
    roles = messages.compactMap { $0["role"] as? String }
    last = try #require(messages.last?["content"] as? String)
    attempts = messages.compactMap { ($0["extra"] as? [String: Any])?["attempt"] as? Int }
  }
}

@Suite struct `export trajectories` {
  private let planted = Planted(6) { $0.hasSuffix("0") ? 2 : nil }
  private let first = "o__r0-1000"
  private let second = "o__r1-1001"

  @Test func `writes a file for each instance of the sitting, with every prompt and reply of its attempts`()
    async throws
  {
    let sitting = try await sitting(planted)
    try await sitting.type("run \(first) --attempts 3; run \(second)")
    let said = try await sitting.type("export trajectories \(sitting.folder)/t")
    #expect(said == "\(sitting.folder)/t   2 trajectories\n")
    let one = try Trajectory(sitting, "t/\(first).traj.json")
    #expect(one.end == "Submitted")
    #expect(one.roles.filter { $0 == "assistant" }.count == 2 && one.roles.last == "assistant")
    #expect(one.attempts == one.attempts.sorted() && Set(one.attempts) == [1, 2])
    #expect(one.last.contains("+    return 2") || one.last.contains("    return 2\n>>>>>>> REPLACE"))
    #expect(try Trajectory(sitting, "t/\(second).traj.json").end == "cancelled")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(sitting.folder)/t").count == 2)
    // What a person steers is no attempt of the model's.
    try await sitting.type("rerun reply")
    #expect(try await sitting.type("export trajectories \(sitting.folder)/t").contains("2 trajectories"))
  }

  @Test func `writes those of the last batch and of a phase`() async throws {
    let sitting = try await sitting(planted)
    let to = "export trajectories \(sitting.folder)"
    #expect(await sitting.fault(of: "\(to)/b --batch").contains("no batch and no phase"))
    try await sitting.type("batch \(first) \(second) --attempts 2 --model scripted:replies.ramp")
    #expect(try await sitting.type("\(to)/b --batch").contains("2 trajectories"))
    #expect(try Trajectory(sitting, "b/\(first).traj.json").attempts.last == 2)
    #expect(try Trajectory(sitting, "b/\(second).traj.json").end == "attempts_exhausted")
    #expect(await sitting.fault(of: "\(to)/p 1").contains("phase 1 of this campaign has not been run"))
    let fault = await sitting.fault(of: "phase 1 --attempts 1 --model scripted:again.ramp --out \(sitting.folder)/run")
    #expect(fault.contains("its gate asks for"), "\(fault)")
    let said = try await sitting.type("\(to)/p 1")
    #expect(said.contains("5 trajectories"), "\(said)")
    #expect(await sitting.fault(of: "\(to)/p 1 --batch").contains("name a phase, or say --batch"))
  }

  @Test func `takes the place of trajectories, and of nothing else`() async throws {
    let sitting = try await sitting(planted)
    let to = "export trajectories \(sitting.folder)/t"
    #expect(await sitting.fault(of: to) == "no attempt of this sitting has a reply\n`run ID` first")
    try await sitting.type("run \(first); run \(second)")
    try FileManager.default.createDirectory(atPath: "\(sitting.folder)/t", withIntermediateDirectories: true)
    try sitting.write("my notes\n", to: "t/\(second).traj.json")
    let fault = await sitting.fault(of: to)
    #expect(fault.hasSuffix("is there already\n`export trajectories --force \(sitting.folder)/t` takes its place"))
    // Nothing of it was written.
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(sitting.folder)/t").count == 1)
    try await sitting.type("\(to) --force; \(to)")
    #expect(try Trajectory(sitting, "t/\(second).traj.json").roles.last == "assistant")
  }
}
