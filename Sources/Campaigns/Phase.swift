/// The plan's phases: ever more instances, each behind the gate of the one before.
package enum Phase: Int, CaseIterable, Codable, Hashable, Sendable {
  case micro = 1
  case small, medium, large, full

  /// The phase that a person names: `1` to `5`, or its word.
  package init?(_ text: String) {
    guard let phase = Phase.allCases.first(where: { "\($0.rawValue)" == text || $0.name == text }) else { return nil }
    self = phase
  }

  /// `micro`.
  package var name: String {
    switch self {
    case .micro: "micro"
    case .small: "small"
    case .medium: "medium"
    case .large: "large"
    case .full: "full"
    }
  }

  /// How many instances it has.
  package var size: Int {
    switch self {
    case .micro: 5
    case .small: 10
    case .medium: 30
    case .large: 100
    case .full: 300
    }
  }

  /// The fewest resolved instances with which the plan opens the next phase.
  package var fewest: Int {
    switch self {
    case .micro: 1
    case .small: 3
    case .medium: 15
    case .large: 60
    case .full: 270
    }
  }

  /// What the plan calls success: so many to so many resolved. Of the first phase it names no band.
  package var band: ClosedRange<Int>? {
    switch self {
    case .micro: nil
    case .small: 3...5
    case .medium: 15...20
    case .large: 60...80
    case .full: 270...300
    }
  }

  /// How long the plan gives it, in minutes.
  package var minutes: Int {
    switch self {
    case .micro: 5
    case .small: 10
    case .medium: 30
    case .large: 90
    case .full: 270
    }
  }

  package var next: Phase? { Phase(rawValue: rawValue + 1) }
  package var previous: Phase? { Phase(rawValue: rawValue - 1) }

  /// The instances that the plan names for the first phase.
  package static let named = [
    "django__django-11000", "requests__requests-5600", "sympy__sympy-14308", "matplotlib__matplotlib-24265",
    "flask__flask-5063",
  ]
}

/// What the plan says at the end of a phase.
package struct PlanDecision: Hashable, Codable, Sendable {
  package enum Word: String, Codable, Sendable {
    case stop = "STOP"
    case goOn = "CONTINUE"
    case good = "GOOD"
    case great = "GREAT"
    case excellent = "EXCELLENT"
  }

  package let word: Word
  /// What it tells a person to do.
  package let advice: [String]
  /// True where the next phase may begin.
  package let isOpen: Bool

  /// The decision on `verified` of `total` instances. Shares are compared without rounding: exactly 30 % and 50 % of the
  /// second phase are CONTINUE, exactly 60 % and 80 % of the fourth GOOD.
  package init(_ phase: Phase, verified: Int, total: Int) {
    /// True where the share is at least so many per cent.
    func reaches(_ percent: Int) -> Bool { total > 0 && verified * 100 >= percent * total }
    func passes(_ percent: Int) -> Bool { verified * 100 > percent * total }
    // Of another number of instances the same share opens.
    isOpen = total > 0 && verified * phase.size >= phase.fewest * total
    switch phase {
    case .micro:
      if verified == 0 {
        (word, advice) = (.stop, ["debug each failure", "test again before you go on"])
      } else if total > 0, verified * 5 >= 3 * total {
        (word, advice) = (.good, ["write down what works", "plan what to improve"])
      } else {
        (word, advice) = (.goOn, ["list the patterns of the failures"])
      }
    case .small:
      if !reaches(30) {
        (word, advice) = (
          .stop, ["revise the edit format", "add examples to the prompt", "phase 1 must pass again before phase 3"]
        )
      } else if passes(50) {
        (word, advice) = (.great, ["go on to phase 3"])
      } else {
        (word, advice) = (.goOn, ["apply the improvements that were found"])
      }
    case .medium:
      (word, advice) =
        isOpen ? (.good, ["go on to phase 4"]) : (.stop, ["look at the rows that flipped, and at what changed"])
    case .large:
      if !reaches(60) {
        (word, advice) = (
          .stop, ["look at the rows that the model cannot solve", "`set escalate` asks a bigger model for them"]
        )
      } else if passes(80) {
        (word, advice) = (.excellent, ["phase 5 should reach 90 %"])
      } else {
        (word, advice) = (.good, ["expect the same rate in phase 5"])
      }
    case .full:
      (word, advice) = isOpen ? (.good, []) : (.stop, ["go on improving, and measure again"])
    }
  }
}

/// The plan's aims for all 300 instances.
package enum Aim: String, CaseIterable, Codable, Sendable {
  case hard, stretch, good, acceptable

  /// The fewest resolved of 300.
  package var fewest: Int {
    switch self {
    case .hard: 300
    case .stretch: 285
    case .good: 270
    case .acceptable: 240
    }
  }

  /// The highest aim that `verified` of `total` reach, where `byFallback` of them came from a bigger model; nil for
  /// none, and for fewer than 300 instances. The aims but the second are the small model's alone, and the second leaves
  /// a bigger one 1 % of all.
  package static func reached(verified: Int, total: Int, byFallback: Int) -> Aim? {
    guard total >= Phase.full.size else { return nil }
    let own = verified - byFallback
    return allCases.first { aim in
      let counted = aim == .stretch && byFallback * 100 <= total ? verified : own
      return counted * Phase.full.size >= aim.fewest * total
    }
  }
}

/// The plan's three forecasts: how many are resolved in each phase.
package enum Progression: String, CaseIterable, Codable, Sendable {
  case optimistic, realistic, conservative

  /// By phase, of 5, 10, 30, 100 and 300 instances.
  package var resolved: [Int] {
    switch self {
    case .optimistic: [1, 5, 20, 85, 270]
    case .realistic: [1, 4, 15, 70, 240]
    case .conservative: [0, 2, 10, 50, 180]
    }
  }
}
