import Attempts
import Foundation
import Models
import Prompts
import Sessions
import Synchronization
import Testing
import Workspaces

@testable import Commands

/// A sitting with planted rows; `tests` is waited for in each run of tests.
private func sitting(
  _ planted: Planted, _ lines: String = "", tests: @escaping @Sendable (TestRun) async throws -> Void = { _ in }
) async throws -> Sitting {
  let sitting = try await Sitting(host: try Planted.host(tests))
  try sitting.write(try planted.rows(), to: "rows.jsonl")
  try sitting.write("# replies\n\(planted.replies)", to: "replies.ramp")
  try await sitting.type("load rows.jsonl; set ladder \"as_is, feedback\"; model use scripted:replies.ramp; \(lines)")
  return sitting
}

private struct Record: Decodable {
  let instance_id: String
  let verified, assisted: Bool
  let attempts: Int
  let attempts_needed: Int?
  let error_type, final_error, stop_reason, model: String?
}

extension Sitting {
  fileprivate func record(_ line: String) async throws -> Record {
    let said = try await type(line, json: true)
    let last = try #require(said.split(separator: "\n").last)
    return try JSONDecoder().decode(Record.self, from: Data(last.utf8))
  }
}

@Suite struct `a line that makes several attempts` {
  @Test func `ends with the record of an instance that failed twice and then was right`() async throws {
    let planted = Planted(1) { _ in 3 }
    let sitting = try await sitting(planted)
    let record = try await sitting.record("run \(planted.ids[0]) --attempts 6")
    #expect(record.verified && record.attempts == 3 && record.attempts_needed == 3)
    #expect(
      record.stop_reason == "resolved" && record.final_error == nil && record.error_type == nil && record.assisted)
    let again = try await sitting.type("run \(planted.ids[0]) --attempts 6")
    #expect(again.contains("has had 3 attempts, resolved"))
  }

  @Test func `tells nothing any more that a stricter mode does not tell`() async throws {
    let planted = Planted(1) { _ in nil }
    let sitting = try await sitting(planted, "set feedback hidden; set stack on; set reproduce on")
    for mode in ["hidden", "hidden", "visible", "none", "hidden"] {
      try await sitting.type("set feedback \(mode); run \(planted.ids[0])")
    }
    let prompts = (await sitting.session.takes[planted.ids[0]] ?? []).map { take in
      (take.chain.prompt?.prompt.messages.map(\.text).joined() ?? "", take.chain.prompt?.prompt.isTainted ?? false)
    }
    #expect(prompts.map { $0.0.contains("AssertionError") } == [false, true, false, false, false])
    #expect(prompts.map(\.1) == [false, true, false, false, true])
  }

  @Test func `ends where no attempts are left, and says the best patch`() async throws {
    let planted = Planted(1) { _ in nil }
    let sitting = try await sitting(planted)
    let said = try await sitting.type("run \(planted.ids[0]) --attempts 2")
    #expect(said.contains("unresolved after 2 attempts: no attempts are left"))
    #expect(said.contains("best patch: attempt 1"))
  }

  @Test func `ends an attempt that is still going on when its seconds are over`() async throws {
    let planted = Planted(1) { _ in nil }
    let sitting = try await sitting(planted, "set limit.seconds 2") { run in
      if !run.changes.isEmpty { try await Task.sleep(for: .seconds(3600)) }
    }
    let record = try await sitting.record("run \(planted.ids[0]) --attempts 6")
    #expect(record.stop_reason == "budget" && !record.verified)
    #expect(record.final_error?.contains("limit.seconds") == true)
  }

  @Test func `ends when its tokens are spent`() async throws {
    let planted = Planted(1) { _ in nil }
    let sitting = try await sitting(planted, "set limit.tokens 1")
    // Not even the prompt of the first attempt fits.
    #expect(await sitting.fault(of: "run \(planted.ids[0]) --attempts 6").contains("left of limit.tokens"))
    #expect(sitting.session.host.effects.counts.model == 0)
    try await sitting.type("set limit.tokens 2000")
    let record = try await sitting.record("run \(planted.ids[0]) --attempts 6")
    #expect(record.stop_reason == "budget" && record.attempts == 1)
    #expect(try await sitting.type("run \(planted.ids[0]) --attempts 6").contains("its budget is spent"))
  }

  @Test func `keeps the attempts before a model that is not there, and says so`() async throws {
    let planted = Planted(1) { _ in nil }
    let sitting = try await sitting(
      planted, "set escalate \"after 1: openai:gone at http://127.0.0.1:9\"; set model.retries 0")
    let fault = await sitting.fault(of: "run \(planted.ids[0]) --attempts 3")
    #expect(fault.contains("127.0.0.1:9") && fault.contains("nothing listens there"))
    let takes = await sitting.session.takes[planted.ids[0]] ?? []
    #expect(takes.map(\.id.attempt) == [1])
    try await sitting.type("set escalate off")
    #expect(try await sitting.record("run \(planted.ids[0]) --attempts 2").attempts == 2)
  }

  @Test func `asks the other model where it is told to, and says which model it was`() async throws {
    let planted = Planted(1) { _ in 2 }
    let sitting = try await sitting(planted)
    try sitting.write("# replies\n\(Planted(1) { _ in 1 }.replies)", to: "bigger.ramp")
    try await sitting.type("set escalate \"after 1: scripted:bigger.ramp\"")
    let said = try await sitting.type("run \(planted.ids[0]) --attempts 3")
    #expect(
      said.contains("resolved in attempt 2") && said.contains("scripted:bigger.ramp") && said.contains("escalated"))
  }

  @Test(arguments: [
    ("set escalate \"after 1: scripted:replies.ramp\"", "is the model in use"),
    ("set escalate \"after 1\"", "does not say when which model is asked"),
    ("set escalate \"after 1 sorrow: ollama:m\"", "no failure code `sorrow`"),
    ("set escalate \"after 1: gold\"", "are no model's"),
    ("set ladder \"as_is, wilder\"", "has no word `wilder`"), ("set ladder \"as_is,,\"", "is empty"),
    ("set ladder \"ladder=as_is\"", "cannot change `ladder`"), ("set ladder \"as_is+warmer\"", "stands alone"),
    ("set ladder \"escalate=off\"", "cannot change `escalate`"),
    ("set ladder \"model.temperature=hot\"", "`model.temperature`"), ("set stack maybe", "on, off"),
    ("run o__r0-1000 --attempts 0", "from 1 to 100"), ("run nowhere --attempts 2", "nowhere"),
  ]) func `is refused where it makes no sense`(line: String, why: String) async throws {
    let sitting = try await sitting(Planted(1) { _ in 1 })
    let fault = await sitting.fault(of: line)
    #expect(fault.contains(why), "\(fault)")
    #expect(await sitting.session.takes.isEmpty)
  }
}
