import Attempts
import Campaigns
import Foundation
import Terminal

/// What a phase came to, with its gate.
struct PhaseOutput: Output {
  let results: PhaseResults
  /// The last run of the phase before.
  let previous: PhaseResults?
  /// The run of the same phase before this one.
  let before: PhaseResults?
  let paths: [String]

  var summary: String {
    "\(results.verified) of \(results.total), gate \(Gate(results)?.isOpen == true ? "open" : "shut")"
  }

  func text(_ look: Look) -> String {
    let name = results.label.name
    var text = look.style.apply(.heading, results.label.title) + "\n"
    text += results.sentences.map { "  \($0)\n" }.joined()
    text += "  \(Untrusted.cleanLine(results.config.model ?? "no model"))"
    if let attempts = results.averageAttempts { text += ", \(PhaseOutput.short(attempts)) attempts on average" }
    text += ", \(Amount.milliseconds(Int(results.averageTime * 1000))) each\n"
    if !results.errorCounts.isEmpty {
      text += "  failures: \(results.errorCounts.map { "\($0.label) \($0.count)" }.joined(separator: ", "))\n"
    }
    if let before {
      text +=
        "  before the change: \(before.verified) of \(before.total); `compare \(name).\(before.look) \(name)` "
        + "says whether it helped\n"
    } else if let previous {
      let change = PhaseSummary.points(from: previous.successRate, to: results.successRate)
      text += "  \(change) against \(previous.label.title), whose rows are others\n"
    }
    if let gate = Gate(results) { text += GateOutput(gate: gate).text(look) }
    text += "  written: \(paths.map(Untrusted.cleanLine).joined(separator: ", "))\n"
    return text
  }

  /// Two decimals.
  static func short(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  func json() throws -> [String] {
    [PhaseSummary(results, previous: previous).line] + (try GateOutput.lines(Gate(results)))
  }
}

/// A gate: what the plan says, and what can be concluded.
struct GateOutput: Output {
  let gate: Gate

  var summary: String { "\(gate.decision.word.rawValue), \(gate.isOpen ? "open" : "shut")" }

  func text(_ look: Look) -> String {
    let (decision, evidence) = (gate.decision, gate.evidence)
    let word = gate.isOpen ? "open" : "shut"
    var text = "  plan     \(decision.word.rawValue), the gate is "
    text += look.style.apply(Meaning(verdict: gate.isOpen ? "resolved" : "unresolved"), word)
    if !decision.advice.isEmpty { text += ": \(decision.advice.joined(separator: "; "))" }
    text += "\n  truth    \(evidence.word.rawValue)"
    let share = Int((evidence.share * 100).rounded())
    switch evidence.word {
    case .promote:
      text += ": so many come up with chance \(GateOutput.chance(evidence.chanceAbove)) where the rate is \(share) %"
    case .hold:
      text += ": so few come up with chance \(GateOutput.chance(evidence.chanceBelow)) where the rate is \(share) %"
    case .cannotDecide:
      text +=
        ": a rate of \(share) % gives so many or more with chance \(GateOutput.chance(evidence.chanceAbove)), "
        + "so few or fewer with \(GateOutput.chance(evidence.chanceBelow))"
    }
    text += "\n           look \(evidence.look) may err with \(GateOutput.chance(evidence.alpha))"
    let higher = min(0.99, evidence.share + 0.2)
    text +=
      "; at a true rate of \(Int((higher * 100).rounded())) % it would promote \(Int((evidence.power(at: higher) * 100).rounded())) times in 100"
    if !gate.results.unjudged.isEmpty { text += "; \(Amount.of(gate.results.unjudged.count, "instance")) could tip it" }
    return text + "\n"
  }

  /// Three digits, or how little it is.
  static func chance(_ value: Double) -> String {
    if value < 0.0005 { return "below 0.0005" }
    let thousandths = Int((value * 1000).rounded())
    return "\(thousandths / 1000)." + String("\(1000 + thousandths % 1000)".dropFirst())
  }

  static func lines(_ gate: Gate?) throws -> [String] {
    struct Line: Encodable {
      let gate: Int
      let decision, evidence: String
      let open, strict: Bool
      let verified, total, unsound, look: Int
      let advice: [String]
      let chanceAbove, chanceBelow, alpha: Double
    }
    guard let gate else { return [] }
    return [
      try JSONLine.of(
        Line(
          gate: gate.phase.rawValue, decision: gate.decision.word.rawValue, evidence: gate.evidence.word.rawValue,
          open: gate.isOpen, strict: gate.isStrict, verified: gate.results.verified, total: gate.results.total,
          unsound: gate.results.unsound.count, look: gate.evidence.look, advice: gate.decision.advice,
          chanceAbove: gate.evidence.chanceAbove, chanceBelow: gate.evidence.chanceBelow, alpha: gate.evidence.alpha))
    ]
  }

  func json() throws -> [String] { try GateOutput.lines(gate) }
}
