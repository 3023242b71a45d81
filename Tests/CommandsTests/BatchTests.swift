import Attempts
import Foundation
import Grading
import Models
import Sessions
import Synchronization
import Testing
import Workspaces

@testable import Commands

/// The stages that were made.
private final class Seen: Interceptor {
  let stages = Mutex<[Stage]>([])

  func willMake(_ stage: Stage, of plan: Plan) async throws { stages.withLock { $0.append(stage) } }
}

private func batchSitting(
  _ planted: Planted, tests: @escaping @Sendable (TestRun) async throws -> Void = { _ in }
) async throws -> Sitting {
  let sitting = try await Sitting(host: try Planted.host(tests))
  try sitting.write(try planted.rows(), to: "rows.jsonl")
  try sitting.write("# replies\n\(planted.replies)", to: "replies.ramp")
  try await sitting.type("load rows.jsonl; set ladder \"as_is, feedback\"; model use scripted:replies.ramp")
  return sitting
}

extension Session {
  fileprivate func request(_ ids: [String], attempts: Int = 3) -> BatchRequest {
    BatchRequest(name: "tests", ids: ids, settings: settings, attempts: attempts, jobs: 2, models: 1)
  }
}

@Suite struct `a batch` {
  @Test func `begins no new instance once it is stopped, and keeps what came to its end`() async throws {
    let planted = Planted(12) { _ in 1 }
    let sitting = try await batchSitting(planted) { _ in try await Task.sleep(for: .milliseconds(30)) }
    let stop = BatchStop()
    let request = await sitting.session.request(planted.ids)
    let first = try await sitting.session.run(request, stop: stop) { event in
      if case .finished = event { stop.stop() }
    }
    #expect(first.isStopped)
    // One ended, and at most as many as were under way beside it.
    #expect((1...4).contains(first.records.count))
    #expect(first.records.allSatisfy { $0.verified })
    let second = try await sitting.session.run(request) { _ in }
    #expect(second.kept == first.records.count)
    #expect(second.records.count == 12)
    #expect(second.records.map(\.instanceID) == planted.ids)
    #expect(second.records.allSatisfy { $0.attempts == 1 && $0.verified })
  }

  @Test func `that is stopped twice ends at once, and goes on behind the last finished stage`() async throws {
    let planted = Planted(1) { _ in 1 }
    let stop = BatchStop()
    let isFirst = Mutex(true)
    // The tests of the patch run when it is stopped, and would not end by themselves: what is before them is finished.
    let sitting = try await batchSitting(planted) { run in
      guard !run.changes.isEmpty, isFirst.withLock({ $0 }) else { return }
      isFirst.withLock { $0 = false }
      stop.stop()
      stop.stop()
      try await Task.sleep(for: .seconds(3600))
    }
    let request = await sitting.session.request(planted.ids)
    let first = try await sitting.session.run(request, stop: stop) { _ in }
    #expect(first.records.isEmpty && first.isStopped)
    let seen = Seen()
    let second = try await sitting.session.run(request, watching: { _ in [seen] }) { _ in }
    #expect(second.records.map(\.verified) == [true])
    // The scripted model has one reply only, and it was not asked again.
    #expect(seen.stages.withLock { $0 } == [.outcomes, .verdict, .feedback])
  }

  @Test func `answers the first stop at once, and tells nothing of what the second one cancels`() async throws {
    let planted = Planted(4) { _ in 1 }
    let stop = BatchStop()
    let isBegun = Mutex(false)
    let told = Mutex<[String]>([])
    // The tests of the first patch would not end by themselves: what is told comes while they run.
    let sitting = try await batchSitting(planted) { run in
      guard !run.changes.isEmpty else { return }
      let isFirst = isBegun.withLock { begun in
        defer { begun = true }
        return !begun
      }
      if isFirst { stop.stop() }
      try await Task.sleep(for: .seconds(3600))
    }
    let request = await sitting.session.request(planted.ids)
    let result = try await sitting.session.run(request, stop: stop) { event in
      switch event {
      case .stopping(let ids):
        told.withLock { $0.append(BatchReporter.stopping(for: ids)) }
        #expect(ids.contains { planted.ids.contains($0) })
        stop.stop()
      case .finished(let record): told.withLock { $0.append("finished \(record.instanceID)") }
      default: break
      }
    }
    #expect(result.isStopped && result.records.isEmpty)
    let lines = told.withLock { $0 }
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix("no new instance is begun; waiting for the end of ") == true)
    #expect(lines.first?.contains("Ctrl-C again stops at once") == true)
  }

  @Test func `takes no infrastructure failure for a result`() async throws {
    let planted = Planted(2) { _ in 1 }
    let sitting = try await batchSitting(planted)
    try await sitting.type("model use openai:x --url http://127.0.0.1:9; set model.retries 0")
    let request = await sitting.session.request(planted.ids)
    let first = try await sitting.session.run(request) { _ in }
    #expect(first.records.map(\.stop) == [.modelError, .modelError])
    #expect(first.records.allSatisfy { !$0.verified && $0.failure == .modelError && $0.finalError != nil })
    let second = try await sitting.session.run(request) { _ in }
    #expect(second.kept == 0)
  }

  @Test func `whose model is not there gives up before it has gone through all rows`() async throws {
    let planted = Planted(40) { _ in 1 }
    let sitting = try await batchSitting(planted)
    try await sitting.type("model use openai:x --url http://127.0.0.1:9; set model.retries 0")
    let result = try await sitting.session.run(await sitting.session.request(planted.ids)) { _ in }
    #expect(result.failure is ServerError)
    #expect(result.records.count < 10)
  }
}

@Suite struct `a condition of rows` {
  private let row = RowCondition.Subject(
    id: "a__b-1", repository: "a/b", set: "lite", difficulty: nil, verdict: "unresolved", failure: "apply_failed")

  @Test(arguments: [
    ("repo = a/b", true), ("repo != a/b", false), ("id ~ b-1", true), ("id !~ b-1", false),
    ("repo = a/b and last = apply_failed", true), ("repo = a/b and last = timeout", false), ("set = lite", true),
    ("difficulty = none", true), ("verdict = unresolved", true), ("last = unresolved", true),
  ]) func `holds or does not`(text: String, holds: Bool) throws {
    #expect(try RowCondition(text).holds(row) == holds)
  }

  @Test(arguments: ["", "repo", "repo =", "repo > a", "size = 3", "last = nonsense", "repo = a/b and"])
  func `that says nothing is refused`(text: String) {
    #expect(throws: BatchError.self) { _ = try RowCondition(text) }
  }
}
