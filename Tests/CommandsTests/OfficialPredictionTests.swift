import Attempts
import Campaigns
import Foundation
import Grading
import Journal
import Sessions
import TestPrograms
import Testing

@testable import Commands

/// The releases of SWE-bench's harness that `scripts/grading/setup` has installed.
private let releases: [String] = {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../.build/swebench")
    .standardizedFileURL.path
  return ["4.1.0", "5.0.2"].map { "\(root)/\($0)/bin/python" }.filter(FileManager.default.isExecutableFile)
}()

/// Has the harness read predictions, and grade each by the log beside it. Prints what it finds for each instance.
private let grader = """
  import json, os, sys
  from importlib.metadata import version
  from types import SimpleNamespace
  from swebench.harness import grading, utils
  rows = {row["instance_id"]: row for row in map(json.loads, open("rows.jsonl"))}
  row_version = "1"
  if version("swebench").startswith("4."):
      from swebench.harness.constants import MAP_REPO_VERSION_TO_SPECS
      row_version = next(iter(MAP_REPO_VERSION_TO_SPECS["django/django"]))
  shapes = [utils.get_predictions_from_file(name, "", "test") for name in sys.argv[1:]]
  assert all(shape == shapes[0] for shape in shapes), shapes
  for prediction in shapes[0]:
      name = prediction["instance_id"]
      row, log = rows[name], f"logs/{name}.txt"
      # The rows' logs are unittest's, as Django's are.
      spec = SimpleNamespace(
          instance_id=name, repo="django/django", version=row_version, log_parser="parse_log_django",
          eval_type="pass_and_fail", FAIL_TO_PASS=row["FAIL_TO_PASS"], PASS_TO_PASS=row["PASS_TO_PASS"])
      report = grading.get_eval_report(spec, prediction, log, True)[name]
      tests = report["tests_status"]
      print(json.dumps({
          "id": name, "model": prediction["model_name_or_path"], "patch": prediction["model_patch"],
          "resolved": report["resolved"], "passed": [tests[kind]["success"] for kind in ("FAIL_TO_PASS", "PASS_TO_PASS")]}))
  """

/// What the harness, or ramp, makes of one prediction.
private struct Judged: Hashable, Decodable {
  let id: String
  let model: String
  let patch: String
  let resolved: Bool
  /// Of FAIL_TO_PASS and of PASS_TO_PASS.
  let passed: [[String]]
}

@Suite(.enabled(if: !releases.isEmpty, "swebench is not installed: scripts/grading/setup"))
struct `predictions that the official harness grades` {
  private let planted = Planted(6) { $0.hasSuffix("0") ? 2 : $0.hasSuffix("3") ? 1 : nil }

  private func sitting() async throws -> Sitting {
    let sitting = try await Sitting(host: try Planted.host())
    try sitting.write(try planted.rows(), to: "rows.jsonl")
    try sitting.write("# replies\n\(planted.replies)", to: "replies.ramp")
    try await sitting.type("load rows.jsonl; set ladder \"as_is, feedback\"; model use scripted:replies.ramp")
    return sitting
  }

  /// Writes the log of a take's tests as the harness writes one, and gives ramp's own judgement.
  private func judged(_ take: Take, model: String, in sitting: Sitting) throws -> Judged {
    let outcomes = try #require(take.chain[.outcomes])
    let hash = try #require(outcomes.attachments["log"])
    let log = String(decoding: try #require(try sitting.session.host.journal.bytes(of: hash)), as: UTF8.self)
    try FileManager.default.createDirectory(atPath: "\(sitting.folder)/logs", withIntermediateDirectories: true)
    try sitting.write(
      ">>>>> Applied Patch\n>>>>> Start Test Output\n\(log)\n>>>>> End Test Output\n", to: "logs/\(take.instanceID).txt"
    )
    let verdict = try #require(take.verdict)
    let tally = try #require(verdict.tally)
    return Judged(
      id: take.instanceID, model: model, patch: take.chain.patch?.diff ?? "", resolved: verdict.word == .resolved,
      passed: [tally.failToPass.success, tally.passToPass.success])
  }

  /// What each release makes of the files, all of which say the same.
  private func official(_ files: [String], in sitting: Sitting) async throws -> [[Judged]] {
    var found: [[Judged]] = []
    for python in releases {
      let child = try Child(python, ["-c", grader] + files, folder: sitting.folder)
      child.closeInput()
      let lines = await child.output().split(separator: 0x0A)
      #expect(await child.ended() == 0, "\(python)")
      found.append(try lines.map { try JSONDecoder().decode(Judged.self, from: Data($0)) })
    }
    return found
  }

  @Test func `from a phase come to the verdicts of the phase`() async throws {
    let sitting = try await sitting()
    let out = "\(sitting.folder)/run"
    _ = await sitting.fault(of: "phase 1 --attempts 3 --model scripted:replies.ramp --out \(out)")
    try await sitting.type("export results predictions \(sitting.folder)/p.jsonl 1 --out \(out)")
    let results = try PhaseFile.read(Array(Data(contentsOf: URL(fileURLWithPath: "\(out)/phase_1_results.json"))))
      .results
    let journal = sitting.session.host.journal
    let batch = try #require(try journal.lastBatch())
    let ours = try results.results.map { record in
      let takes = try journal.batchTakes(try #require(batch.keys[record.instanceID]), of: record.instanceID)
      let best = try #require(takes.first { $0.id.attempt == record.best })
      let one = try judged(best, model: "scripted:replies.ramp", in: sitting)
      #expect(one.resolved == record.verified && one.patch == record.patch)
      return one
    }
    #expect(Set(ours.map(\.resolved)).count == 2)
    for theirs in try await official(["p.jsonl"], in: sitting) {
      #expect(theirs.map(\.id) == ours.map(\.id))
      for (one, other) in zip(theirs, ours) {
        #expect(one.patch == other.patch && one.resolved == other.resolved && one.passed == other.passed)
      }
    }
  }

  @Test func `from a sitting are read the same in each shape, and come to its verdicts`() async throws {
    let sitting = try await sitting()
    let ids = Array(planted.ids.prefix(4))
    var ours: [Judged] = []
    for id in ids {
      try await sitting.type("run \(id) --attempts 2")
      let takes = await sitting.session.takes[id] ?? []
      let best = try #require(Take.best(of: takes))
      ours.append(try judged(best, model: "", in: sitting))
    }
    let shapes = [("lines", "p.jsonl"), ("list", "list.json"), ("by_id", "by_id.json")]
    for (shape, file) in shapes { try await sitting.type("export predictions \(file) --shape \(shape)") }
    for theirs in try await official(shapes.map { $0.1 }, in: sitting) {
      #expect(theirs.map(\.id) == ours.map(\.id))
      for (one, other) in zip(theirs, ours) {
        #expect(one.patch == other.patch && one.resolved == other.resolved && one.passed == other.passed)
      }
      #expect(theirs.allSatisfy { $0.model.hasPrefix("scripted") })
    }
  }
}
