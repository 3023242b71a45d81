import Attempts
import Grading
import Testing

@testable import Campaigns

/// A run of a phase with so many resolved of so many.
private func run(
  _ which: Phase, _ verified: Int, of total: Int, at time: String = "2026-02-15T10:00:00Z", look: Int = 1,
  unsound: Int = 0
) -> PhaseResults {
  var results = phase(
    which,
    (0..<total).map { index in
      record(
        "o__r-\(index)",
        index < verified ? nil : index < verified + unsound ? .environmentError : .testFailure)
    })
  results.timestamp = time
  results.look = look
  return results
}

@Suite struct `a gate` {
  @Test(arguments: [
    (Phase.micro, 0, 5, "STOP", false), (.micro, 1, 5, "CONTINUE", true), (.micro, 2, 5, "CONTINUE", true),
    (.micro, 3, 5, "GOOD", true), (.small, 2, 10, "STOP", false), (.small, 3, 10, "CONTINUE", true),
    (.small, 5, 10, "CONTINUE", true), (.small, 6, 10, "GREAT", true), (.medium, 14, 30, "STOP", false),
    (.medium, 15, 30, "GOOD", true), (.large, 59, 100, "STOP", false), (.large, 60, 100, "GOOD", true),
    (.large, 80, 100, "GOOD", true), (.large, 81, 100, "EXCELLENT", true), (.full, 269, 300, "STOP", false),
    (.full, 270, 300, "GOOD", true),
  ]) func `opens as the plan says`(phase: Phase, verified: Int, total: Int, word: String, isOpen: Bool) throws {
    let gate = try #require(Gate(run(phase, verified, of: total)))
    #expect(gate.decision.word.rawValue == word)
    #expect(gate.isOpen == isOpen)
    #expect((gate.reason == nil) == isOpen)
  }

  @Test func `that is strict opens on evidence alone, and not where errors could tip it`() throws {
    // One of five proves nothing about a rate of 20 %.
    #expect(try #require(Gate(run(.micro, 1, of: 5), isStrict: true)).isOpen == false)
    #expect(try #require(Gate(run(.micro, 5, of: 5), isStrict: true)).isOpen)
    let few = try #require(Gate(run(.large, 40, of: 100), isStrict: true))
    #expect(few.evidence?.word == .hold)
    let tipped = try #require(Gate(run(.large, 40, of: 100, unsound: 30), isStrict: true))
    #expect(tipped.evidence?.word == .cannotDecide)
  }

  @Test func `says in sentences what it says, and the statistics apart`() throws {
    let gate = try #require(Gate(run(.micro, 1, of: 5)))
    #expect(
      gate.sentences == [
        "CONTINUE: 1 of 5 resolved, at least 1 needed; the gate is open. Next: list the patterns of the failures",
        "CANNOT DECIDE: 1 of 5 does not tell whether the true rate is 20 % or more (95 % interval 4 to 62 %)",
      ])
    #expect(gate.details.count == 3 && gate.details[0].contains("P(1 or more of 5) = 0.672"))
    #expect(try #require(Gate(run(.large, 90, of: 100))).sentences[1].hasPrefix("PROMOTE: a model that resolves fewer"))
    #expect(try #require(Gate(run(.large, 30, of: 100))).sentences[1].hasPrefix("HOLD: a model that resolves 60 %"))
  }

  @Test(arguments: ["gold", "scripted:a.ramp"]) func `proves nothing without a model`(model: String) throws {
    var results = run(.micro, 5, of: 5)
    results.config.settings["model"] = model
    let gate = try #require(Gate(results))
    #expect(gate.isOpen && gate.evidence == nil && results.rates.isEmpty)
    #expect(gate.sentences[1].hasPrefix("no model was asked"))
    #expect(results.sentences[0].hasSuffix(": no rate of a model)"))
    #expect(Gate(results, isStrict: true)?.isOpen == false)
    #expect(try Comparison(results, results).answer == .notOfModel)
  }

  @Test(arguments: [
    (300, 0, "aim: hard reached with 300 of 300"), (285, 0, "aim: stretch reached with 285 of 300; hard needs 300"),
    (240, 0, "aim: acceptable reached with 240 of 300; good needs 270"),
    (239, 0, "aim: none reached with 239 of 300; acceptable needs 240"),
    (
      240, 90,
      "aim: none reached with 150 of 300 by the first model itself, 90 more by the one that `escalate` names; "
        + "acceptable needs 240, and a fallback's rows do not count (stretch lets it have 1 %)"
    ),
  ]) func `of the last phase names the aim`(verified: Int, fallback: Int, told: String) throws {
    var results = run(.full, verified, of: 300)
    for index in 0..<fallback { results.results[index].escalated = true }
    #expect(try #require(Gate(results)).sentences.last == told)
  }

  @Test func `is of a phase alone`() {
    var batch = run(.micro, 1, of: 5)
    batch.label = .batch("mine")
    #expect(Gate(batch) == nil)
  }

  @Test func `keeps the next phase shut until it opens`() {
    #expect(Phase.micro.refusal([]) == nil)
    #expect(Phase.small.refusal([]) == .notRun(.micro, before: .small))
    guard case .shut(.micro, before: .small, _)? = Phase.small.refusal([run(.micro, 0, of: 5)]) else {
      Issue.record("phase 2 begins behind 0 of 5")
      return
    }
    // The last run counts.
    #expect(Phase.small.refusal([run(.micro, 0, of: 5), run(.micro, 1, of: 5, look: 2)]) == nil)
  }

  @Test func `sends back to phase 1 before phase 3 where phase 2 said STOP`() {
    let first = run(.micro, 2, of: 5, at: "2026-02-15T10:00:00Z")
    let stop = run(.small, 1, of: 10, at: "2026-02-15T11:00:00Z")
    let better = run(.small, 4, of: 10, at: "2026-02-15T13:00:00Z", look: 2)
    #expect(Phase.medium.refusal([first, stop, better]) == .mustPassAgain(before: .medium))
    let failed = run(.micro, 0, of: 5, at: "2026-02-15T12:00:00Z", look: 2)
    #expect(Phase.medium.refusal([first, failed, stop, better]) == .mustPassAgain(before: .medium))
    let again = run(.micro, 1, of: 5, at: "2026-02-15T12:00:00Z", look: 2)
    #expect(Phase.medium.refusal([first, again, stop, better]) == nil)
    #expect(Phase.medium.refusal([first, better]) == nil)
  }

  @Test(arguments: [
    PhaseRefusal.notRun(.micro, before: .small), .shut(.small, before: .medium, reason: "x"),
    .mustPassAgain(before: .medium),
  ]) func `that refuses says what to type`(refusal: PhaseRefusal) {
    #expect(refusal.errorDescription?.contains("phase") == true)
    #expect(refusal.recoverySuggestion?.contains("`") == true)
  }
}

@Suite struct `the rows of a phase` {
  private let rows = (0..<320).map { index in
    PhaseSample.Row(
      id: "o__r\(index % 7)-\(index)", repository: "o/r\(index % 7)", difficulty: index % 3 == 0 ? "easy" : nil)
  }

  @Test(arguments: [UInt64(1), 2, 77]) func `are as many as it has, each phase contained in the next`(seed: UInt64) {
    let phases = Phase.allCases.map { PhaseSample($0, of: rows, seed: seed).ids }
    #expect(phases.map(\.count) == [5, 10, 30, 100, 300])
    for (smaller, larger) in zip(phases, phases.dropFirst()) { #expect(Set(smaller).isSubset(of: larger)) }
    #expect(PhaseSample(.medium, of: rows, seed: seed).ids == phases[2])
    #expect(PhaseSample(.medium, of: rows.reversed(), seed: seed).ids.sorted() == phases[2].sorted())
    #expect(PhaseSample(.medium, of: rows, seed: seed &+ 1).ids != phases[2])
  }

  /// Twelve repositories of 25 rows, as a set may have them.
  @Test(arguments: [UInt64(1), 2, 3, 77]) func `come in turns from repositories of one size`(seed: UInt64) {
    let equal = (0..<300).map { index in
      PhaseSample.Row(id: "o__p\(index % 12)-\(index)", repository: "o/p\(index % 12)")
    }
    func counts(_ phase: Phase) -> [Int] {
      let ids = PhaseSample(phase, of: equal, seed: seed).ids
      return Dictionary(grouping: ids) { $0.prefix { $0 != "-" } }.values.map(\.count).sorted()
    }
    #expect(counts(.micro) == [1, 1, 1, 1, 1])
    #expect(counts(.small) == Array(repeating: 1, count: 10))
    #expect(counts(.medium) == Array(repeating: 2, count: 6) + Array(repeating: 3, count: 6))
    #expect(counts(.large).allSatisfy { (8...9).contains($0) } && counts(.full) == Array(repeating: 25, count: 12))
  }

  @Test func `of a campaign that has begun are drawn as they were`() {
    let old = PhaseSample(.micro, of: rows, seed: 1, draw: .byShare)
    #expect(old.ids == ["o__r1-169", "o__r0-210", "o__r0-217", "o__r2-226", "o__r1-288"])
    #expect(Set(old.ids).isSubset(of: PhaseSample(.small, of: rows, seed: 1, draw: .byShare).ids))
    #expect(PhaseSample(.micro, of: rows, seed: 1).missing == Phase.named)
  }

  @Test func `keep the shares of repositories`() {
    let large = PhaseSample(.large, of: rows, seed: 1).ids
    for (_, ids) in Dictionary(grouping: large, by: { $0.prefix(5) }) { #expect((12...17).contains(ids.count)) }
  }

  @Test func `begin with those that the plan names, by other owners' names too`() {
    let named = [
      PhaseSample.Row(id: "pallets__flask-5063", repository: "pallets/flask"),
      .init(id: "django__django-11000", repository: "django/django"),
    ]
    let sample = PhaseSample(.micro, of: rows + named, seed: 1)
    #expect(sample.ids.count == 5)
    #expect(Set(named.map(\.id)).isSubset(of: sample.ids))
    #expect(
      sample.named == ["flask__flask-5063": "pallets__flask-5063", "django__django-11000": "django__django-11000"])
    #expect(Set(named.map(\.id)).isSubset(of: PhaseSample(.large, of: rows + named, seed: 9).ids))
  }

  @Test func `drawn apart are of that phase alone`() {
    let apart = PhaseSample(.micro, of: rows, seed: 1, isNested: false).ids
    #expect(apart.count == 5)
    #expect(!Set(apart).isSubset(of: PhaseSample(.small, of: rows, seed: 1).ids))
  }
}
