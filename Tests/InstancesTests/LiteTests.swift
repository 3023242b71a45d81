import Content
import Foundation
import Testing

@testable import Instances

/// The folder of real material beside the project, which a clone does not have.
enum Shared {
  static let folder: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["RAMP_SHARED"]
    let path = named ?? root.deletingLastPathComponent().appending(path: "shared").path
    return FileManager.default.fileExists(atPath: path + "/swebench/lite.jsonl") ? path : nil
  }()
}

@Suite(.enabled(if: Shared.folder != nil, "../shared is absent"))
struct `the 300 rows of SWE-bench Lite` {
  @Test func `load, decode and keep their hash through both forms of the test lists`() throws {
    let folder = try #require(Shared.folder)
    let dataset = try DatasetReader.read(path: folder + "/swebench/lite.jsonl")
    #expect(dataset.name == "lite")
    #expect(dataset.rows.count == 300)
    let instances = try dataset.rows.map { try $0.instance() }
    for (row, instance) in zip(dataset.rows, instances) {
      let decoded = try JSONDecoder().decode(Instance.self, from: Data(try row.bytes()))
      let isEqual = decoded == instance
      #expect(isEqual, "\(row.id)")
    }
    #expect(instances.count { $0.problemStatement.utf8.contains(0x0D) } == 165)
    #expect(instances.count { $0.passToPass.isEmpty } == 6)
    #expect(instances.allSatisfy { !$0.failToPass.isEmpty && !$0.testFiles.isEmpty })
    #expect(instances.count { $0.runner == .django } == instances.count { $0.repo == "django/django" })
    for instance in instances {
      let again = try Canonical.value(Instance.self, from: try Canonical.bytes(instance))
      #expect(again.hash == instance.hash)
    }
  }
}
