import Foundation
import Instances

/// The folder of real logs beside the project, which a clone does not have.
enum Official {
  static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The path of the logs; nil where they are absent.
  static let logs: String? = {
    let named = ProcessInfo.processInfo.environment["RAMP_SHARED"]
    let path = (named ?? project.deletingLastPathComponent().appending(path: "shared").path) + "/swebench/logs"
    return FileManager.default.fileExists(atPath: path + "/index.jsonl") ? path : nil
  }()

  /// One log with what the harness made of it.
  struct Entry {
    let dir: String
    let instance: Instance
    let log: [UInt8]
    /// How many tests have each status.
    let parsed: [String: Int]
    let resolved: Bool
    let report: [String: Names]

    struct Names: Decodable {
      var success: [String]
      var failure: [String]
    }
  }

  private struct Line: Decodable {
    var instance_id: String
    var repo: String
    var dir: String
    var parsed: [String: Int]
    var resolved: Bool
  }

  private struct Report: Decodable {
    var tests_status: [String: Entry.Names]
  }

  static func entries() throws -> [Entry] {
    guard let logs else { return [] }
    return try String(contentsOfFile: logs + "/index.jsonl", encoding: .utf8).split(separator: "\n").map {
      let line = try JSONDecoder().decode(Line.self, from: Data($0.utf8))
      let path = "\(logs)/\(line.dir)/"
      let reports = try JSONDecoder().decode(
        [String: Report].self, from: Data(contentsOf: URL(filePath: path + "report.json")))
      let report = reports[line.instance_id]?.tests_status ?? [:]
      func names(_ key: String) -> [String] { report[key].map { $0.success + $0.failure } ?? [] }
      let instance = Instance(
        id: line.instance_id, repo: line.repo, baseCommit: "", problemStatement: "", patch: "", testPatch: "",
        failToPass: names("FAIL_TO_PASS"), passToPass: names("PASS_TO_PASS"))
      return Entry(
        dir: line.dir, instance: instance, log: [UInt8](try Data(contentsOf: URL(filePath: path + "test_output.txt"))),
        parsed: line.parsed, resolved: line.resolved, report: report)
    }
  }
}
