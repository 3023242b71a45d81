import Foundation

/// One run of a phase, as far as gates look at it.
package struct PhaseLook: Hashable, Codable, Sendable {
  package let phase: Phase
  /// ISO 8601, so that the order of texts is that of times.
  package let timestamp: String
  package let verified: Int
  package let total: Int
  /// Instances that environment or model errors kept from being judged.
  package let unsound: Int

  package init(phase: Phase, timestamp: String, verified: Int, total: Int, unsound: Int = 0) {
    self.phase = phase
    self.timestamp = timestamp
    self.verified = verified
    self.total = total
    self.unsound = unsound
  }

  package var decision: PlanDecision { PlanDecision(phase, verified: verified, total: total) }
}

/// The gate of a phase: what the plan says of its last run, and beside it what can be concluded.
package struct Gate: Hashable, Codable, Sendable {
  package let look: PhaseLook
  package let decision: PlanDecision
  package let evidence: Evidence
  /// True where it opens only on PROMOTE.
  package let isStrict: Bool

  /// The gate behind the last of `looks`, which are of one phase in the order in which they were taken; nil for none.
  package init?(_ looks: [PhaseLook], isStrict: Bool = false) {
    guard let last = looks.last else { return nil }
    look = last
    decision = last.decision
    evidence = Evidence(
      last.phase, verified: last.verified, total: last.total, unsound: last.unsound, look: looks.count)
    self.isStrict = isStrict
  }

  /// True where the next phase may begin.
  package var isOpen: Bool { decision.isOpen && (!isStrict || evidence.word == .promote) }

  /// Why it is shut, in words; nil where it is open.
  package var reason: String? {
    if isOpen { return nil }
    let got = "\(look.verified) of \(look.total)"
    if !decision.isOpen {
      let needed = (look.phase.fewest * look.total + look.phase.size - 1) / look.phase.size
      return "phase \(look.phase.rawValue) came to \(got), and its gate asks for \(needed)"
    }
    return "phase \(look.phase.rawValue) came to \(got), which the plan lets through and which proves nothing: "
      + "\(evidence.word.rawValue)"
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
  /// Why this phase may not begin, by all runs of the campaign so far; nil where it may.
  package func refusal(_ looks: [PhaseLook]) -> PhaseRefusal? {
    guard let previous else { return nil }
    let before = looks.filter { $0.phase == previous }.sorted { $0.timestamp < $1.timestamp }
    guard let gate = Gate(before) else { return .notRun(previous, before: self) }
    if let reason = gate.reason { return .shut(previous, before: self, reason: reason) }
    guard self == .medium else { return nil }
    // The plan: a stop in phase 2 sends back to phase 1 before phase 3.
    let stops = before.filter { $0.decision.word == .stop }
    guard let stop = stops.last else { return nil }
    let again = looks.filter { $0.phase == .micro && $0.timestamp > stop.timestamp }.max { $0.timestamp < $1.timestamp }
    return again?.decision.isOpen == true ? nil : .mustPassAgain(before: self)
  }
}
