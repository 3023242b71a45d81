import Content
import Grading
import Models
import Testing

@testable import Attempts

@Suite struct `the ladder` {
  @Test(arguments: [
    ("as_is", "as_is"), ("as_is,feedback", "as_is, feedback"), (" as_is , warmer+wider ", "as_is, warmer+wider"),
    ("feedback + context.budget=9000, fresh", "feedback+context.budget=9000, fresh"),
    ("default", "as_is, feedback, warmer, wider, format, fresh"),
  ]) func `reads back what it writes`(text: String, written: String) throws {
    let ladder = try AttemptLadder(parsing: text)
    #expect(ladder.description == written)
    #expect(try AttemptLadder(parsing: ladder.description) == ladder)
  }

  @Test(arguments: [
    ("as_is, wamer", LadderError.unknownWord("wamer")), ("", .unknownWord("")), ("as_is,,fresh", .unknownWord("")),
    ("feedback+", .unknownWord("")), ("as_is+warmer", .standsAlone("as_is")),
    ("feedback+tests.timeout=1", .notChangeable("tests.timeout")), ("feedback=hidden", .notChangeable("feedback")),
    ("model=gold", .notChangeable("model")), ("model.seed=4", .notChangeable("model.seed")),
    (Array(repeating: "fresh", count: 101).joined(separator: ","), .tooLong(101)),
  ]) func `refuses what is none, and says what to type`(text: String, error: LadderError) {
    #expect(throws: error) { try AttemptLadder(parsing: text) }
    #expect(error.errorDescription?.first?.isLowercase == true || error.errorDescription?.first == "`")
    #expect(error.recoverySuggestion?.contains("`set ladder") == true)
  }

  @Test func `goes on with its second rung behind its last`() throws {
    let ladder = try AttemptLadder(parsing: "as_is, warmer, fresh")
    #expect(
      (1...6).map { ladder.moves(attempt: $0) } == [[.asIs], [.warmer], [.fresh], [.warmer], [.fresh], [.warmer]])
    #expect(try AttemptLadder(parsing: "fresh").moves(attempt: 9) == [.fresh])
  }
}

@Suite struct `escalation` {
  @Test(arguments: [
    ("after 3: anthropic:m", "after 3: anthropic:m"), ("after 3: anthropic m", "after 3: anthropic:m"),
    ("after 2 apply_failed syntax_error: ollama:b", "after 2 apply_failed syntax_error: ollama:b"),
    (
      "share 50: openai:m at http://127.0.0.1:8080 price 1 5 ; after 1: ollama:x",
      "share 50: openai:m at http://127.0.0.1:8080 price 1.0 5.0 | after 1: ollama:x"
    ),
  ]) func `reads back what it writes`(text: String, written: String) throws {
    let escalation = try Escalation(parsing: text)
    #expect(escalation.description == written)
    #expect(try Escalation(parsing: escalation.description) == escalation)
  }

  @Test(arguments: [
    ("", EscalationError.noRule("")), ("after 3", .noRule("after 3")),
    ("after 0: ollama:x", .noRule("after 0: ollama:x")),
    ("share 101: ollama:x", .noRule("share 101: ollama:x")), ("when 3: ollama:x", .noRule("when 3: ollama:x")),
    ("after 3:", .noRule("after 3:")), ("after 3: ollama:x price 1", .noRule("after 3: ollama:x price 1")),
    ("after 3: ollama:x price -1 2", .noRule("after 3: ollama:x price -1 2")),
    ("after 3 aply_failed: ollama:x", .noCode("aply_failed")), ("after 3: gold", .noModel("gold")),
  ]) func `refuses what is no rule`(text: String, error: EscalationError) {
    #expect(throws: error) { try Escalation(parsing: text) }
    #expect(error.errorDescription?.isEmpty == false && error.recoverySuggestion?.isEmpty == false)
  }

  @Test func `counts failures, those of a code alone where it is named, and never the environment's`() throws {
    func memory(_ codes: FailureCode...) -> Memory {
      Memory(codes.enumerated().map { told($0 + 1, failing: $1) }, before: 100)
    }
    let any = try Escalation(parsing: "after 2: ollama:big")
    #expect(any.rule(for: "a", behind: memory(.logicError)) == nil)
    #expect(any.rule(for: "a", behind: memory(.logicError, .applyFailed))?.model.description == "ollama:big")
    #expect(any.rule(for: "a", behind: memory(.logicError, .environmentError)) == nil)
    let some = try Escalation(parsing: "after 1 apply_failed: ollama:big")
    #expect(some.rule(for: "a", behind: memory(.logicError, .logicError)) == nil)
    #expect(some.rule(for: "a", behind: memory(.logicError, .applyFailed)) != nil)
  }

  @Test func `takes its share of the instances, the same ones everywhere`() throws {
    let rule = try Escalation(parsing: "share 50: ollama:big")
    let ids = (1...1000).map { "owner__name-\($0)" }
    let chosen = ids.filter { rule.rule(for: $0, behind: Memory()) != nil }
    #expect((450...550).contains(chosen.count))
    #expect(try ids.allSatisfy { try Escalation(parsing: "share 0: ollama:b").rule(for: $0, behind: Memory()) == nil })
    #expect(
      try ids.allSatisfy { try Escalation(parsing: "share 100: ollama:b").rule(for: $0, behind: Memory()) != nil })
    // Written down once, so that another machine or version that chooses otherwise is seen.
    #expect(["django__django-11000", "flask__flask-5063"].map(Escalation.place) == [85, 25])
  }
}

@Suite struct `the record of an attempt` {
  @Test func `has the plan's kinds of errors`() {
    let table: [FailureCode: PlanErrorType] = [
      .syntaxError: .syntax, .noEditsGenerated: .syntax, .applyFailed: .syntax, .logicError: .logic,
      .testFailure: .testFailure, .regression: .testFailure, .timeout: .testFailure,
    ]
    for code in FailureCode.allCases { #expect(PlanErrorType(code) == table[code] ?? .other) }
    #expect(PlanErrorType.allCases.map(\.rawValue) == ["syntax", "logic", "test_failure", "other"])
  }

  @Test func `spells its fields as the plan does`() throws {
    let text = String(decoding: try Canonical.bytes(AttemptRecord(told(2, failing: .regression))), as: UTF8.self)
    for field in [
      #""instance_id":"o__shop-1""#, #""attempt":2"#, #""verified":false"#, #""error_type":"test_failure""#,
    ] {
      #expect(text.contains(field), "\(field): \(text)")
    }
  }
}
