import Content
import Foundation
import Grading
import Instances
import Models
import Prompts
import Repositories
import Testing
import Workspaces

@testable import Attempts

/// Attempts on the shop, made as a session makes them, until there is a reason to stop.
private func solve(
  _ replies: [String], attempts: Int = 6, ladder: String? = nil, feedback: FeedbackMode = .hidden
) async throws -> (takes: [Take], stop: StopReason?, tests: Int) {
  try await TemporaryFolder.use { folder async throws in
    var settings = defaults
    settings.feedback = feedback
    settings.ladder = ladder
    let model = ScriptedModel(
      name: "told",
      replies: replies.enumerated().map {
        ScriptedReply(instanceID: nil, text: $1, repeats: $0 == replies.count - 1)
      })
    let calls = Counter()
    let bench = try Bench(model, in: folder) { _, settings in
      ToldWorkspace(files: Shop.files, options: settings.workspace, calls: calls)
    }
    let row = try await Shop.row(in: folder, passToPass: ["test_empty (tests.test_cart.Cart)"])
    var takes: [Take] = []
    while StopReason.after(takes, attempts: attempts, settings) == nil {
      let number = takes.count + 1
      let memory = Memory(takes, before: number)
      let directive = try Directive(
        attempt: number, instanceID: row.id, settings: settings, memory: memory, shown: takes.last?.chain
      ) { name, _, _ in throw Missing(name: name) }
      var next = plan(
        row, TakeID(attempt: number, take: 1), settings: directive.settings, base: takes.last,
        earlier: directive.tells ? takes.last?.chain.feedback : nil)
      next.memory = memory
      next.strategy = directive.words
      takes.append(try await bench.make(next))
    }
    // The baseline's run is no attempt's.
    let tests = bench.world.effects.counts.tests - 1
    return (takes, StopReason.after(takes, attempts: attempts, settings), tests)
  }
}

private func change(_ old: String, _ new: String) -> String {
  block("shop/cart.py", "    \(old)\n", "    \(new)\n")
}

private let same = change("result = 0", "result = 0 + 0")
private let other = change("result = 0", "result = 0 * 1")

extension Take {
  fileprivate var prompt: String { chain.prompt?.prompt.messages.map(\.text).joined(separator: "\n") ?? "" }
}

@Suite struct `the attempts of one instance` {
  /// What the model answers in turn, and what the attempt comes to and the next is told of it.
  private static let turns: [(reply: String, code: FailureCode, kind: FeedbackKind, told: String)] = [
    ("I cannot say.\n", .noEditsGenerated, .noEdits, "It held no edit that changes anything."),
    (change("result = 7", "result = 8"), .applyFailed, .notApplied, "Your SEARCH text is not in shop/cart.py"),
    (change("result = 0", "result = (0"), .syntaxError, .syntaxError, "result = (0\n  |              ^"),
    (same, .logicError, .sameFailure, "fail exactly as they did before"),
    (change("result = 0", "return None"), .regression, .regression, "test_empty"),
    (change("result = 0", "while prices: pass"), .timeout, .timeout, "do not come to an end"),
  ]

  @Test func `are told what was wrong with each, and end with the one that is right`() async throws {
    let rungs = Array(repeating: "feedback", count: 7).joined(separator: ",")
    let (takes, stop, tests) = try await solve(
      Self.turns.map(\.reply) + [Shop.mend], attempts: 10, ladder: rungs)
    #expect(stop == .resolved && takes.count == 7)
    for (number, turn) in Self.turns.enumerated() where number + 1 < takes.count {
      #expect(takes[number].verdict?.failure == turn.code, "attempt \(number + 1)")
      #expect(takes[number].chain.feedback?.kind == turn.kind, "attempt \(number + 1)")
      #expect(takes[number + 1].prompt.contains(turn.told), "\(takes[number].chain.feedback?.text ?? "")")
    }
    // No test is paid for where nothing was changed, or what is no Python.
    #expect(tests == 4)
    let record = InstanceRecord(try await row(), dataset: "shop", takes: takes, stop: .resolved)
    #expect(record.attemptsNeeded == 7 && record.best == 7 && record.finalError == nil && record.assisted)
    #expect(record.each.map(\.errorType) == [.syntax, .syntax, .syntax, .logic, .testFailure, .testFailure, nil])
    let failed = InstanceRecord(try await row(), dataset: "shop", takes: takes.dropLast(), stop: .attemptsExhausted)
    #expect(failed.attemptsNeeded == nil && failed.best == 4 && failed.finalError?.hasPrefix("timeout") == true)
  }

  @Test func `of a model that goes round in circles pay for no test twice`() async throws {
    let (takes, stop, tests) = try await solve(
      [same, other, same, other, same, other, same], attempts: 10, feedback: .visible)
    #expect(stop == .stuck)
    #expect(tests == 2)
    // The fifth is asked for another format, and answers in the old one.
    #expect(takes.map { $0.verdict?.repeats } == [nil, nil, 1, 2, nil])
    #expect(takes.last?.verdict?.failure == .noEditsGenerated)
  }

  @Test(arguments: [same, ""]) func `differ although the answer is always the same, and end as stuck`(
    reply: String
  ) async throws {
    let (takes, stop, tests) = try await solve([reply], attempts: 10)
    #expect(stop == .stuck && takes.count == 4)
    #expect(tests == (reply.isEmpty ? 0 : 1))
    for (before, after) in zip(takes, takes.dropFirst()) {
      #expect(before.prompt != after.prompt)
      #expect(
        before.settings.sampling(attempt: before.id.attempt) != after.settings.sampling(attempt: after.id.attempt))
    }
  }

  @Test func `that are as they are or fresh are told nothing`() async throws {
    let (takes, _, _) = try await solve(
      [same, other, change("result = 0", "result = -0")], attempts: 3, ladder: "as_is, fresh, as_is")
    #expect(Set(takes.map(\.prompt)).count == 1)
  }

  /// What the model answers in turn, and what the instance's record says of all of it.
  @Test(
    arguments: [
      // The tests were reached once: what came after that is not the failure.
      ([same, "I cannot say.\n", "No idea.\n"], .outcomes, .logicError, .logic, .logic, 1, "no_edits_generated"),
      // All of them ended at the edits: the most frequent failure.
      (
        [change("result = 7", "result = 8"), "I cannot say.\n", "No idea.\n"], .edits, .noEditsGenerated, .syntax,
        .noEdits, 2, "no_edits_generated"
      ),
      // Equally frequent: the first.
      (
        [change("result = 7", "result = 8"), "I cannot say.\n"], .edits, .applyFailed, .syntax, .notApplied, 1,
        "no_edits_generated"
      ),
      (
        [change("result = 0", "result = (0"), same, change("result = 0", "return None")], .outcomes, .logicError,
        .logic,
        .logic, 2, "regression"
      ),
    ] as [([String], Stage, FailureCode, PlanErrorType, Cause.Kind, Int, String)])
  func `fail as those did that came furthest`(
    replies: [String], reached: Stage, failure: FailureCode, type: PlanErrorType, cause: Cause.Kind, attempt: Int,
    final: String
  ) async throws {
    let rungs = Array(repeating: "feedback", count: 3).joined(separator: ",")
    let (takes, _, _) = try await solve(replies, attempts: replies.count, ladder: rungs)
    #expect(takes.count == replies.count)
    let record = InstanceRecord(try await row(), dataset: "shop", takes: takes, stop: .attemptsExhausted)
    #expect(record.reached == reached && record.failure == failure && record.errorType == type)
    #expect(record.cause?.kind == cause && record.cause?.attempt == attempt)
    #expect(record.finalError?.hasPrefix(final) == true)
    #expect(record.models == [ModelShare(model: "told", attempts: replies.count, resolved: false, assisted: true)])
    // It is the same after it was kept, and one of an older ramp opens too.
    let bytes = try JSONEncoder().encode(record)
    #expect(try JSONDecoder().decode(InstanceRecord.self, from: bytes) == record)
    var old = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    for key in ["practice", "reached", "cause", "models", "gold_shown"] { old[key] = nil }
    let opened = try JSONDecoder().decode(InstanceRecord.self, from: JSONSerialization.data(withJSONObject: old))
    #expect(opened.failure == failure && opened.cause == nil && opened.models == record.models)
  }

  private func row() async throws -> Instance {
    try await TemporaryFolder.use { folder async throws in try await Shop.row(in: folder) }
  }
}
