import Attempts
import Campaigns
import Foundation
import Sessions
import TestPrograms
import Testing

@testable import Commands

/// The outcomes of 300 rows, planted so that the plan's gates open behind phases 1, 2 and 3 and shut behind 4.
private let planted: Planted = {
  let all = Planted(300) { _ in nil }
  let rows = all.ids.map { PhaseSample.Row(id: $0, repository: InstanceRecord.repository(of: $0)) }
  var resolved: [String: Int] = [:]
  var seen: Set<String> = []
  for (phase, count) in zip(Phase.allCases, [2, 2, 12, 34, 150]) {
    let new = PhaseSample(phase, of: rows, seed: 1).ids.filter { seen.insert($0).inserted }
    for (index, id) in new.prefix(count).enumerated() { resolved[id] = index % 6 + 1 }
  }
  return Planted(300) { [resolved] in resolved[$0] }
}()

private func sitting(_ planted: Planted) async throws -> Sitting {
  let sitting = try await Sitting(host: try Planted.host())
  try sitting.write(try planted.rows(), to: "rows.jsonl")
  for name in ["replies.ramp", "again.ramp"] { try sitting.write("# replies\n\(planted.replies)", to: name) }
  try await sitting.type("load rows.jsonl; set ladder \"as_is, feedback\"")
  return sitting
}

@Suite struct `a campaign` {
  @Test func `of 300 rows opens and shuts its gates as the rates are, and every number of every file is right`()
    async throws
  {
    let sitting = try await sitting(planted)
    let out = "\(sitting.folder)/run"
    let model = "--model scripted:replies.ramp --out \(out) -j 4"
    #expect(await sitting.fault(of: "phase 2 \(model)").contains("phase 2 comes behind phase 1"))
    for phase in 1...3 {
      let text = try await sitting.type("phase \(phase) \(model)")
      #expect(text.contains("the gate is open"))
    }
    let fault = await sitting.fault(of: "phase 4 \(model)")
    #expect(fault.contains("phase 4 came to 50 of 100, and its gate asks for 60"))
    let refusal = await sitting.fault(of: "phase 5 \(model)")
    #expect(refusal.contains("phase 5 may not begin"))
    _ = await sitting.fault(of: "phase 5 \(model) --force")
    let last = try PhaseFile.read(Array(try Data(contentsOf: URL(fileURLWithPath: "\(out)/phase_5_results.json"))))
      .results
    #expect(last.forced)
    #expect(last.verified == 200)

    let rows = planted.ids.map { PhaseSample.Row(id: $0, repository: InstanceRecord.repository(of: $0)) }
    let phases = Dictionary(
      uniqueKeysWithValues: Phase.allCases.map { ("\($0.rawValue)", PhaseSample($0, of: rows, seed: 1).ids) })
    let truth: [String: Any] = [
      "attempts_max": 6, "phases": phases, "outcomes": planted.outcomes.mapValues { $0.map { $0 as Any } ?? NSNull() },
    ]
    try JSONSerialization.data(withJSONObject: truth).write(to: URL(fileURLWithPath: "\(sitting.folder)/planted.json"))
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../scripts/check-campaign"
    ).standardizedFileURL.path
    let child = try Child("/usr/bin/env", ["python3", script, out, "\(sitting.folder)/planted.json"])
    child.closeInput()
    let said = String(decoding: await child.output(), as: UTF8.self)
    #expect(await child.ended() == 0, "\(said.prefix(2000))")
  }

  @Test func `keeps what came to an end, and runs what has changed`() async throws {
    let some = Planted(6) { $0.hasSuffix("0") || $0.hasSuffix("3") ? 2 : nil }
    let sitting = try await sitting(some)
    let line = "batch --all --model scripted:replies.ramp --attempts 3"
    let first = try await sitting.type(line)
    #expect(first.contains("2 of 6 resolved"))
    #expect(try await sitting.type(line).contains("6 kept from before"))
    // Another setting is another run, and the former one is kept all the same.
    try await sitting.type("set context.budget 8000")
    let changed = try await sitting.type("batch --where \"id ~ 1003\" --model scripted:again.ramp --attempts 1")
    #expect(!changed.contains("kept"))
    try await sitting.type("set context.budget default")
    #expect(try await sitting.type(line).contains("6 kept from before"))
  }

  @Test(arguments: [
    ("batch --all", "hand-written, and no model's"), ("batch --where \"size = 3\" --model gold", "no field `size`"),
    ("batch --where \"repo = nobody/none\" --model gold", "no row is like that"),
    ("phase 6", "no phase `6`"), ("phase 3 --model gold", "30 rows are wanted, and 6 are there"),
    ("gate --out nowhere", "no phase has been run"), ("results 2 --out nowhere", "phase 2 has not been run"),
    ("retry 1 --because x --out nowhere", "phase 1 has not been run"),
    ("compare 1 2 --out nowhere", "there is no run `1`"), ("resume", "no batch and no phase has been run"),
  ]) func `refuses what makes no sense, and says what to type`(line: String, reason: String) async throws {
    let sitting = try await sitting(Planted(6) { _ in nil })
    let fault = await sitting.fault(of: line)
    #expect(fault.contains(reason), "\(fault)")
    #expect(fault.contains("\n") || line == "phase 6", "\(fault)")
  }
}
