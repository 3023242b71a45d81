import Attempts
import Grading
import Instances
import Testing

@testable import Campaigns

private func texts(_ takes: [Take]) -> [String] { Rate.rates(of: takes).map(\.description) }

@Suite struct `a rate` {
  @Test func `counts the resolved, with its interval, its model and whether it is clean`() throws {
    let takes = try [
      take("a", .resolved), take("b", .unresolved), take("c", .unresolved), take("d", .suspect), take("e", .unresolved),
    ]
    #expect(
      texts(takes) == [
        "success_rate 1 of 5: 20.0 % [3.6, 62.4], llama3.1:8b, clean",
        "sound_rate 1 of 5: 20.0 % [3.6, 62.4], llama3.1:8b, clean",
      ])
  }

  @Test func `never mixes models, or assisted and clean`() throws {
    let takes = try [
      take("a", .resolved), take("b", .unresolved, feedback: .hidden), take("c", .resolved, feedback: .hidden),
      take("d", .unresolved, model: "other", asked: "ollama:other", feedback: .none),
    ]
    #expect(
      Rate.rates(of: takes).filter { $0.name == .success }.map {
        "\($0.model) \($0.assisted == true) \($0.resolved) \($0.total)"
      }
        == ["llama3.1:8b false 1 1", "llama3.1:8b true 1 2", "other false 0 1"])
  }

  @Test func `leaves out environment errors where it is sound, and there alone`() throws {
    // Where the baseline is not red no model is asked; the instance is its model's all the same.
    let takes = try [take("a", .resolved), take("b", .environmentError, model: nil), take("c", .environmentError)]
    #expect(
      texts(takes) == [
        "success_rate 1 of 3: 33.3 % [6.1, 79.2], llama3.1:8b, clean",
        "sound_rate 1 of 1: 100.0 % [20.7, 100.0], llama3.1:8b, clean",
      ])
    #expect(
      try texts([take("b", .environmentError, model: nil)]) == [
        "success_rate 0 of 1: 0.0 % [0.0, 79.3], ollama:llama3.1:8b, clean",
        "sound_rate 0 of 0: - [0.0, 100.0], ollama:llama3.1:8b, clean",
      ])
  }

  /// Ends of attempts, whether it counts in `sound_rate`, and whether it is resolved.
  @Test(
    arguments: [
      ([.resolved], true, true), ([.unresolved], true, false), ([.suspect], true, false),
      ([.environmentError], false, false), ([.environmentError, .environmentError], false, false),
      // Its last word counts; what was resolved before is resolved.
      ([.unresolved, .environmentError], false, false), ([.environmentError, .unresolved], true, false),
      ([.resolved, .environmentError], true, true),
    ] as [([VerdictWord], Bool, Bool)])
  func `and a phase agree on what is sound`(ends: [VerdictWord], isSound: Bool, isResolved: Bool) throws {
    let takes = try ends.enumerated().map { try take("a__b-1", $0.element, number: "\($0.offset + 1).1") }
    let stop = StopReason.after(takes, attempts: ends.count, takes[0].settings) ?? .attemptsExhausted
    let record = InstanceRecord(
      Instance(
        id: "a__b-1", repo: "a/b", baseCommit: "", problemStatement: "", patch: "", testPatch: "", failToPass: [],
        passToPass: []), dataset: "lite", takes: takes, stop: stop)
    let counts = Rate.rates(of: takes).map { [$0.resolved, $0.total] }
    #expect(counts == [[isResolved ? 1 : 0, 1], [isResolved ? 1 : 0, isSound ? 1 : 0]])
    let results = phase([record])
    #expect(results.rates.map { [$0.resolved, $0.total] } == counts)
    #expect(results.unsound.isEmpty == isSound)
    #expect((results.soundRate != nil) == isSound)
  }

  @Test func `counts a server that failed as the model's trouble, and says so in no sound rate`() {
    let results = phase(.small, [record("a__b-1"), record("a__b-2", .modelError), record("a__b-3", .environmentError)])
    #expect(results.soundRate == 0.5)
    #expect(results.unsound.map(\.instanceID) == ["a__b-3"])
    #expect(results.sentences.contains { $0.hasSuffix(", without 1 whose environment broke: a__b-3") })
  }

  @Test func `has none of hand-written and gold replies, of tweaked takes, or of takes without a verdict`() throws {
    let takes = try [
      take("a", .resolved, model: "practice (hand-written)", asked: nil),
      take("b", .environmentError, model: nil, asked: nil), take("c", .environmentError, model: nil, asked: "practice"),
      take("d", .resolved, model: "gold", asked: "gold"), take("e", .environmentError, model: nil, asked: "gold"),
      take("f", .resolved, tweaked: true), take("g", nil),
      take("h", .resolved, model: "scripted:reply.md", asked: "scripted:reply.md"),
    ]
    #expect(texts(takes) == [])
  }

  @Test func `counts an instance as resolved where one of its attempts is, and no rerun`() throws {
    let takes = try [
      take("a", .unresolved, number: "1.1"), take("a", .resolved, number: "1.2"),
      take("b", .unresolved, number: "1.1"), take("b", .resolved, number: "2.1"),
      take("c", .resolved, number: "1.1"), take("c", .unresolved, number: "2.1"),
    ]
    #expect(texts(takes).first == "success_rate 2 of 3 within 2 attempts: 66.7 % [20.8, 93.9], llama3.1:8b, clean")
    #expect(Rate.rates(of: takes).map(\.total) == [3, 3])
  }

  @Test(
    arguments: [
      // Attempts by themselves.
      ([("1.1", nil, false), ("2.1", nil, false)], 1),
      // A change before anything was seen is the set-up; behind a verdict it steers.
      ([("1.1", "format lines", false), ("2.1", nil, false)], 1),
      ([("1.1", nil, false), ("2.1", "context + a.py:1-9", false)], 0),
      // What comes behind a rerun or a tweak has learnt from it.
      ([("1.1", nil, false), ("1.2", nil, false), ("2.1", nil, false)], 0),
      ([("1.1", nil, false), ("1.2", "feedback tweaked", true), ("2.1", nil, false), ("3.1", nil, false)], 0),
    ] as [([(String, String?, Bool)], Int)])
  func `counts nothing that a person steered`(made: [(String, String?, Bool)], resolved: Int) throws {
    let takes = try made.map { number, change, isTweaked in
      try take(
        "a", number == made.last?.0 ? .resolved : .unresolved, number: number, tweaked: isTweaked,
        changes: change.map { [$0] } ?? [])
    }
    #expect(Rate.rates(of: takes).first?.resolved == resolved)
    #expect(Rate.rates(of: takes).first?.total == 1)
  }
}
