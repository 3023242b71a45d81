import Attempts

extension Gate {
  /// What the gate says, in sentences: the plan's word, what can be concluded, and of the last phase the aim reached.
  package var sentences: [String] {
    var lines = [plan]
    if let truth { lines.append(truth) }
    if let aim = Aim.sentence(of: results) { lines.append(aim) }
    return lines
  }

  /// `CONTINUE: 1 of 5 resolved, at least 1 needed; the gate is open`.
  private var plan: String {
    let needed = (phase.fewest * results.total + phase.size - 1) / phase.size
    let advice = decision.advice.isEmpty ? "" : ". Next: \(decision.advice.joined(separator: "; "))"
    return "\(decision.word.rawValue): \(results.verified) of \(results.total) resolved, at least \(needed) needed; "
      + "the gate is \(isOpen ? "open" : "shut")\(advice)"
  }

  /// What can be concluded about the model's true rate.
  private var truth: String? {
    let got = "\(results.verified) of \(results.total)"
    guard let evidence else { return "no model was asked (\(results.notOfModel ?? "")): this proves nothing about one" }
    let share = "\(Int((evidence.share * 100).rounded())) %"
    let interval = results.interval
    let range = "\(Int((interval.low * 100).rounded())) to \(Int((interval.high * 100).rounded())) %"
    var text =
      switch evidence.word {
      case .promote: "PROMOTE: a model that resolves fewer than \(share) of such rows would hardly reach \(got)"
      case .hold: "HOLD: a model that resolves \(share) of such rows would hardly stay at \(got)"
      case .cannotDecide:
        "CANNOT DECIDE: \(got) does not tell whether the true rate is \(share) or more (95 % interval \(range))"
      }
    if !results.unjudged.isEmpty {
      let count = results.unjudged.count
      text +=
        "; \(count) instance\(count == 1 ? "" : "s") could not be judged and count\(count == 1 ? "s" : "") as open"
    }
    if evidence.look > 1 {
      text += "; this is run \(evidence.look) of the phase, and each further run has to show more"
    }
    return text
  }

  /// The statistics of the sentences, for those who ask for them.
  package var details: [String] {
    guard let evidence else { return [] }
    let share = "\(Int((evidence.share * 100).rounded())) %"
    let higher = min(0.99, evidence.share + 0.2)
    return [
      "exact binomial test against a rate of \(share): P(\(evidence.verified) or more of \(evidence.total)) = "
        + "\(Wording.chance(evidence.chanceAbove)), P(\(evidence.verified) or fewer) = "
        + Wording.chance(evidence.chanceBelow),
      "look \(evidence.look) may err with \(Wording.chance(evidence.alpha)) (5 % for all looks at all phases together)",
      "at a true rate of \(Int((higher * 100).rounded())) % this look would promote "
        + "\(Int((evidence.power(at: higher) * 100).rounded())) times in 100",
    ]
  }
}

extension Aim {
  /// Which of the plan's aims a run of all 300 reaches, and why no higher one; nil for other phases and when no model
  /// was asked.
  package static func sentence(of results: PhaseResults) -> String? {
    guard results.phase == .full, results.total >= Phase.full.size, results.notOfModel == nil else { return nil }
    let fallback = results.verifiedByFallback
    let own = results.verified - fallback
    let aim = reached(verified: results.verified, total: results.total, byFallback: fallback)
    let counted =
      fallback == 0
      ? "\(results.verified) of \(results.total)"
      : "\(own) of \(results.total) by the first model itself, \(fallback) more by the one that `escalate` names"
    guard let aim else {
      return "aim: none reached with \(counted); acceptable needs \(acceptable.fewest)"
        + (fallback == 0 ? "" : ", and a fallback's rows do not count (stretch lets it have 1 %)")
    }
    let higher = allCases.last { $0.fewest > aim.fewest }
    return "aim: \(aim.rawValue) reached with \(counted)"
      + (higher.map { "; \($0.rawValue) needs \($0.fewest)" } ?? "")
  }
}
