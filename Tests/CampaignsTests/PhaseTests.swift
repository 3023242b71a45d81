import Testing

@testable import Campaigns

@Suite struct `a phase of the plan` {
  @Test(
    arguments: [
      (.micro, 0, 5, .stop, false), (.micro, 1, 5, .goOn, true), (.micro, 2, 5, .goOn, true),
      (.micro, 3, 5, .good, true),
      (.micro, 5, 5, .good, true), (.small, 2, 10, .stop, false), (.small, 3, 10, .goOn, true),
      (.small, 5, 10, .goOn, true), (.small, 6, 10, .great, true), (.medium, 14, 30, .stop, false),
      (.medium, 15, 30, .good, true), (.large, 59, 100, .stop, false), (.large, 60, 100, .good, true),
      (.large, 80, 100, .good, true), (.large, 81, 100, .excellent, true), (.full, 269, 300, .stop, false),
      (.full, 270, 300, .good, true), (.small, 0, 0, .stop, false),
    ] as [(Phase, Int, Int, PlanDecision.Word, Bool)])
  func `is decided as the plan says`(phase: Phase, verified: Int, total: Int, word: PlanDecision.Word, isOpen: Bool) {
    let decision = PlanDecision(phase, verified: verified, total: total)
    #expect(decision.word == word)
    #expect(decision.isOpen == isOpen)
    #expect(decision.word == .stop ? !decision.isOpen || phase == .micro : decision.isOpen)
  }

  @Test func `has a name, a number, a size and a place`() {
    #expect(Phase.allCases.map(\.size) == [5, 10, 30, 100, 300])
    #expect(Phase("3") == .medium && Phase("medium") == .medium && Phase("6") == nil && Phase("") == nil)
    #expect(Phase.micro.previous == nil && Phase.full.next == nil && Phase.small.next == .medium)
    #expect(Phase.allCases.allSatisfy { phase in (phase.band?.lowerBound ?? 1) == phase.fewest })
    #expect(Phase.allCases.map(\.minutes).reduce(0, +) == 405)
  }

  @Test(
    arguments: [
      (300, 0, .hard), (300, 3, .stretch), (299, 0, .stretch), (285, 3, .stretch), (285, 4, .good), (284, 0, .good),
      (270, 0, .good), (272, 3, .acceptable), (240, 0, .acceptable), (239, 0, nil),
    ] as [(Int, Int, Aim?)])
  func `ends at an aim, the small model's own work counted`(verified: Int, byFallback: Int, aim: Aim?) {
    #expect(Aim.reached(verified: verified, total: 300, byFallback: byFallback) == aim)
    #expect(Aim.reached(verified: verified, total: 299, byFallback: byFallback) == nil)
  }
}
