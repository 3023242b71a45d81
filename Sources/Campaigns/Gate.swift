import Foundation

/// The gate of a phase: what the plan says of its last run, and beside it what can be concluded.
package struct Gate: Hashable, Sendable {
  package let results: PhaseResults
  package let phase: Phase
  package let decision: PlanDecision
  /// Nil when no model was asked: gold, scripted or practice replies prove nothing.
  package let evidence: Evidence?
  /// True where it opens only on PROMOTE.
  package let isStrict: Bool

  /// The gate behind a run; nil behind a batch.
  package init?(_ results: PhaseResults, isStrict: Bool = false) {
    guard let phase = results.phase, let decision = results.decision else { return nil }
    self.results = results
    self.phase = phase
    self.decision = decision
    evidence = results.evidence
    self.isStrict = isStrict
  }

  /// True where the next phase may begin.
  package var isOpen: Bool { decision.isOpen && (!isStrict || evidence?.word == .promote) }

  /// Why it is shut, in words; nil where it is open.
  package var reason: String? {
    if isOpen { return nil }
    let got = "\(results.verified) of \(results.total)"
    if !decision.isOpen {
      let needed = (phase.fewest * results.total + phase.size - 1) / phase.size
      return "phase \(phase.rawValue) came to \(got), and its gate asks for \(needed)"
    }
    return "phase \(phase.rawValue) resolved \(got), which opens the plan's gate and does not prove the rate: "
      + (evidence?.word.rawValue ?? "no model was asked")
  }
}

/// Why a phase may not begin.
package enum PhaseRefusal: Error, Hashable, Sendable {
  /// The phase before has not been run.
  case notRun(Phase, before: Phase)
  /// The gate of the phase before is shut.
  case shut(Phase, before: Phase, reason: String)
  /// Phase 2 said STOP, and phase 1 has not passed since.
  case mustPassAgain(before: Phase)
}

extension PhaseRefusal: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .notRun(let phase, let next):
      "phase \(next.rawValue) comes behind phase \(phase.rawValue), which has not been run"
    case .shut(_, let next, let reason): "phase \(next.rawValue) may not begin: \(reason)"
    case .mustPassAgain(let next):
      "phase \(next.rawValue) may not begin: phase 2 said STOP, and phase 1 has not passed again since"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .notRun(let phase, let next):
      "`phase \(phase.rawValue)` runs it; `phase \(next.rawValue) --force` begins all the same, and the results say so"
    case .shut(let phase, let next, _):
      "`why`, a change, then `retry \(phase.rawValue) --because TEXT` runs the same rows again; "
        + "`phase \(next.rawValue) --force` begins all the same, and the results say so"
    case .mustPassAgain: "`retry 1 --because TEXT`, then `retry 2 --because TEXT`"
    }
  }
}

extension Phase {
  /// Why this phase may not begin, by all runs of the campaign so far, those of one phase in their order; nil where it
  /// may.
  package func refusal(_ runs: [PhaseResults]) -> PhaseRefusal? {
    guard let previous else { return nil }
    let before = runs.filter { $0.phase == previous }
    guard let gate = before.last.flatMap({ Gate($0) }) else { return .notRun(previous, before: self) }
    if let reason = gate.reason { return .shut(previous, before: self, reason: reason) }
    guard self == .medium else { return nil }
    // The plan: a stop in phase 2 sends back to phase 1 before phase 3.
    guard let stop = before.last(where: { $0.decision?.word == .stop }) else { return nil }
    // Times of ISO 8601 in one zone are in the order of their texts.
    let again = runs.last { $0.phase == .micro && $0.timestamp >= stop.timestamp }
    return again?.decision?.isOpen == true ? nil : .mustPassAgain(before: self)
  }
}
