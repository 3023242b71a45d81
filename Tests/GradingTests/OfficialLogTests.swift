import Foundation
import Grading
import Instances
import Testing

/// The folder of real material beside the project, which a clone does not have.
private let logs: String? = {
  let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  let named = ProcessInfo.processInfo.environment["RAMP_SHARED"]
  let shared = named ?? tests.deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared").path
  let path = shared + "/swebench/logs"
  return FileManager.default.fileExists(atPath: path + "/index.jsonl") ? path : nil
}()

private struct Entry: Decodable {
  var instance_id: String
  var repo: String
  var dir: String
  var parsed: [String: Int]
  var resolved: Bool
}

private struct Report: Decodable {
  struct Names: Decodable {
    var success: [String]
    var failure: [String]
  }
  var resolved: Bool
  var tests_status: [String: Names]
}

@Suite(.enabled(if: logs != nil, "../shared is absent"))
struct `the official logs` {
  @Test func `give the official statuses and verdicts`() throws {
    let folder = try #require(logs)
    let index = try String(contentsOfFile: folder + "/index.jsonl", encoding: .utf8)
    let entries = try index.split(separator: "\n").map {
      try JSONDecoder().decode(Entry.self, from: Data($0.utf8))
    }
    #expect(entries.count == 74)
    for entry in entries {
      let path = "\(folder)/\(entry.dir)/"
      let log = [UInt8](try Data(contentsOf: URL(filePath: path + "test_output.txt")))
      let report = try JSONDecoder().decode(
        [String: Report].self, from: Data(contentsOf: URL(filePath: path + "report.json")))
      let official = try #require(report[entry.instance_id])
      let names = try #require(official.tests_status["FAIL_TO_PASS"])
      let kept = try #require(official.tests_status["PASS_TO_PASS"])
      let instance = Instance(
        id: entry.instance_id, repo: entry.repo, baseCommit: "", problemStatement: "", patch: "", testPatch: "",
        failToPass: names.success + names.failure, passToPass: kept.success + kept.failure)
      let outcomes = LogParser.outcomes(inOfficial: log, runner: instance.runner, repo: entry.repo)
      let counts = Dictionary(grouping: outcomes.values, by: \.rawValue).mapValues(\.count)
      // The harness keeps `ERROR:` as if it were a status, and loses the last test of each file of SymPy's.
      let parsed = entry.parsed.filter { TestStatus(rawValue: $0.key) != nil }
      if entry.repo == "sympy/sympy" {
        #expect(parsed.allSatisfy { counts[$0.key, default: 0] >= $0.value }, "\(entry.dir)")
      } else {
        #expect(counts == parsed, "\(entry.dir)")
      }
      let tally = Tally(instance, outcomes: outcomes)
      #expect(tally.failToPass.success == names.success, "\(entry.dir)")
      #expect(tally.failToPass.failure == names.failure, "\(entry.dir)")
      #expect(tally.passToPass.success == kept.success, "\(entry.dir)")
      #expect(tally.passToPass.failure == kept.failure, "\(entry.dir)")
      #expect((tally.resolution == .full) == entry.resolved, "\(entry.dir)")
    }
  }
}
