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
      + InstanceList(
        records: results.results, option: "--phase \(name)", retry: "retry \(name) --because \"...\""
      ).text(look)
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
  /// True when the statistics are asked for.
  var showsDetails = false

  var summary: String { "\(gate.decision.word.rawValue), \(gate.isOpen ? "open" : "shut")" }

  func text(_ look: Look) -> String {
    let meaning = Meaning(verdict: gate.isOpen ? "resolved" : "unresolved")
    var text = ""
    for (index, sentence) in gate.sentences.enumerated() {
      let name = index == 0 ? "gate" : index == 1 ? "truth" : ""
      let line = Width.wrapped("  \(Width.padded(name, to: 9))\(sentence)", to: look.width, indent: 11) + "\n"
      text +=
        index == 0
        ? line.replacing(
          gate.decision.word.rawValue, with: look.style.apply(meaning, gate.decision.word.rawValue), maxReplacements: 1)
        : line
    }
    if showsDetails {
      text += gate.details.map { Width.wrapped("           \($0)", to: look.width, indent: 11) + "\n" }.joined()
    }
    return text
  }

  static func lines(_ gate: Gate?) throws -> [String] {
    struct Line: Encodable {
      let gate: Int
      let decision: String
      let evidence: String?
      let open, strict: Bool
      let verified, total, unsound, look: Int
      let advice: [String]
      let chanceAbove, chanceBelow, alpha: Double?
      let aim: String?
    }
    guard let gate else { return [] }
    return [
      try JSONLine.of(
        Line(
          gate: gate.phase.rawValue, decision: gate.decision.word.rawValue, evidence: gate.evidence?.word.rawValue,
          open: gate.isOpen, strict: gate.isStrict, verified: gate.results.verified, total: gate.results.total,
          unsound: gate.results.unsound.count, look: gate.results.look, advice: gate.decision.advice,
          chanceAbove: gate.evidence?.chanceAbove, chanceBelow: gate.evidence?.chanceBelow,
          alpha: gate.evidence?.alpha,
          aim: gate.phase == .full && gate.results.notOfModel == nil
            ? Aim.reached(
              verified: gate.results.verified, total: gate.results.total, byFallback: gate.results.verifiedByFallback
            )?.rawValue : nil))
    ]
  }

  func json() throws -> [String] { try GateOutput.lines(gate) }
}
