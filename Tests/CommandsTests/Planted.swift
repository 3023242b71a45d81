import Attempts
import Campaigns
import Content
import Foundation
import Instances
import Models
import Sessions
import Workspaces

@testable import Commands

/// Rows whose outcomes are known beforehand: a file of rows, a file of scripted replies, and a workspace in which a
/// change passes or fails by what it says.
struct Planted {
  static let code = "def value():\n    return 1\n"

  /// By which attempt each instance is resolved; nil where none resolves it.
  let outcomes: [String: Int?]
  let ids: [String]

  /// `count` rows of six repositories; `outcome` gives by which attempt the row at a place is resolved.
  init(_ count: Int, outcome: (String) -> Int?) {
    ids = (0..<count).map { "o__r\($0 % 6)-\(1000 + $0)" }
    outcomes = Dictionary(uniqueKeysWithValues: ids.map { ($0, outcome($0)) })
  }

  static func row(_ id: String) -> Instance {
    Instance(
      id: id, repo: InstanceRecord.repository(of: id), baseCommit: String(repeating: "a", count: 40),
      problemStatement: "value in m.py is wrong.\n", patch: "",
      testPatch: "--- a/tests/test_m.py\n+++ b/tests/test_m.py\n@@ -1 +1 @@\n-a\n+b\n",
      failToPass: ["test_value (tests.test_m.M)"], passToPass: ["test_other (tests.test_m.M)"], testCommand: "unittest")
  }

  /// JSON lines of the rows.
  func rows() throws -> String {
    try ids.map { String(decoding: try Canonical.bytes(Planted.row($0)), as: UTF8.self) + "\n" }.joined()
  }

  /// Replies that resolve each row when they should: before that each is wrong in another way.
  var replies: String {
    ids.map { id in
      let needed = outcomes[id] ?? nil
      let wrong = (1..<(needed ?? 7)).map { number -> String in
        let text = number % 3 == 0 ? "I cannot say, \(number).\n" : Planted.edit("    return \(100 + number)")
        return "-- scripted/\(id)/\(number) --\n\(text)"
      }
      return wrong.joined() + (needed.map { "-- scripted/\(id)/\($0) --\n\(Planted.edit("    return 2"))" } ?? "")
    }.joined()
  }

  private static func edit(_ line: String) -> String {
    "m.py\n```python\n<<<<<<< SEARCH\n    return 1\n=======\n\(line)\n>>>>>>> REPLACE\n```\n"
  }

  /// A host whose workspaces are these; `tests` is waited for in each run of tests.
  static func host(_ tests: @escaping @Sendable (TestRun) async throws -> Void = { _ in }) throws -> SessionHost {
    var host = try testHost()
    host.workspace = { _, _ in PlantedWorkspace(tests: tests) }
    host.makePatch = { changes in
      Array(
        changes.map { change in
          let after = String(decoding: change.after ?? [], as: UTF8.self).split(separator: "\n").last ?? ""
          return "diff --git a/\(change.path) b/\(change.path)\n--- a/\(change.path)\n+++ b/\(change.path)\n"
            + "@@ -1,2 +1,2 @@\n def value():\n-    return 1\n+\(after)\n"
        }.joined().utf8)
    }
    return host
  }
}

/// Tests whose outcome is what the changed file says.
private struct PlantedWorkspace: Workspace {
  let commit = String(repeating: "a", count: 40)
  let tests: @Sendable (TestRun) async throws -> Void

  func paths() async throws -> [String] { ["m.py", "tests/test_m.py"] }

  func read(_ paths: [String]) async throws -> [String: [UInt8]] {
    let files = ["m.py": Planted.code, "tests/test_m.py": "import m\n"]
    return files.filter { paths.contains($0.key) }.mapValues { Array($0.utf8) }
  }

  func runTests(_ run: TestRun) async throws -> TestLog {
    try await tests(run)
    let after = run.changes.first?.after.map { String(decoding: $0, as: UTF8.self) } ?? Planted.code
    let isRight = after.contains("return 2")
    let value = after.split(separator: " ").last.map { $0.filter { $0 != "\n" } } ?? ""
    var log = "test_value (tests.test_m.M) ... \(isRight ? "ok" : "FAIL")\ntest_other (tests.test_m.M) ... ok\n\n"
    if !isRight {
      log += String(repeating: "=", count: 70) + "\nFAIL: test_value (tests.test_m.M)\n"
      log += String(repeating: "-", count: 70) + "\nAssertionError: \(value) != 2\n\n"
    }
    log += String(repeating: "-", count: 70) + "\nRan 2 tests in 0.001s\n\n\(isRight ? "OK" : "FAILED (failures=1)")\n"
    return TestLog(
      log: Array(log.utf8), exit: isRight ? 0 : 1, timedOut: false, outputCut: false, sandbox: "told", python: "3",
      started: true, ended: true)
  }
}
