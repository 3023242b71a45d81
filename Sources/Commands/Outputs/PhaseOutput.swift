import Attempts
import Campaigns
import Foundation
import Terminal

/// What a phase came to, with its gate.
struct PhaseOutput: Output {
  let file: RunFile
  /// The last run of the phase before.
  let previous: RunFile?
  /// The run of the same phase before this one.
  let before: RunFile?
  let gate: Gate?
  let paths: [String]
  /// The last run of each phase, this one among them.
  let others: [RunFile]

  var summary: String { "\(file.verified) of \(file.total), gate \(gate?.isOpen == true ? "open" : "shut")" }

  func text(_ look: Look) -> String {
    var text = look.style.apply(.heading, "phase \(file.phase)") + "  \(file.rates)\n"
    text += "  \(Untrusted.cleanLine(file.config.model)), \(file.isAssisted ? "assisted" : "clean")"
    if file.results.contains(where: \.escalated) { text += ", \(file.results.count { $0.escalated }) escalated" }
    text += ", \(PhaseOutput.short(file.averageAttempts)) attempts on average, "
    text += "\(Amount.milliseconds(Int(file.averageTime * 1000))) each\n"
    if file.unsound > 0 {
      text += "  \(Amount.of(file.unsound, "instance")) could not be judged: `\(RunFile.name(file.phase))` says why\n"
    }
    let failures = file.failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if !failures.isEmpty {
      text += "  failures: \(failures.map { "\($0.key) \($0.value)" }.joined(separator: ", "))\n"
    }
    if let before {
      text +=
        "  before the change: \(before.verified) of \(before.total); `compare \(file.phase).\(before.look) "
        + "\(file.phase)` says whether it helped\n"
    } else if let change = improvement(from: previous, to: file) {
      text += "  \(change) against phase \(previous?.phase ?? 0), whose rows are others\n"
    }
    if let gate { text += GateOutput(gate: gate).text(look) }
    text += "  written: \(paths.map(Untrusted.cleanLine).joined(separator: ", "))\n"
    return text
  }

  static func short(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  func json() throws -> [String] { [file.summaryLine(previous: previous).line] + (try GateOutput.lines(gate)) }
}

extension RunFile {
  /// The plan's rate and ours, each with its interval.
  var rates: String {
    let model = config.model
    let success = Rate(.success, model: model, assisted: isAssisted, resolved: verified, total: total)
    let sound = Rate(.sound, model: model, assisted: isAssisted, resolved: verified, total: total - unsound)
    func plain(_ rate: Rate) -> String { rate.description.split(separator: ", \(model)").first.map(String.init) ?? "" }
    return unsound == 0 ? plain(success) : "\(plain(success)); \(plain(sound))"
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
    if gate.look.unsound > 0 { text += "; \(Amount.of(gate.look.unsound, "instance")) could tip it" }
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
          gate: gate.look.phase.rawValue, decision: gate.decision.word.rawValue, evidence: gate.evidence.word.rawValue,
          open: gate.isOpen, strict: gate.isStrict, verified: gate.look.verified, total: gate.look.total,
          unsound: gate.look.unsound, look: gate.evidence.look, advice: gate.decision.advice,
          chanceAbove: gate.evidence.chanceAbove, chanceBelow: gate.evidence.chanceBelow, alpha: gate.evidence.alpha))
    ]
  }

  func json() throws -> [String] { try GateOutput.lines(gate) }
}
