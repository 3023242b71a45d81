import Attempts

extension PhaseResults {
  /// The rates with their intervals, clean and assisted, in sentences.
  package var sentences: [String] { Wording(self).rates }
}

/// How a phase is told in sentences, the same in every report.
struct Wording {
  let results: PhaseResults

  init(_ results: PhaseResults) { self.results = results }

  /// The rate of all with its interval, and the sound one where they differ.
  var rates: [String] {
    let about = results.isPractice ? " (practice rows: no rate of a model)" : ""
    var lines = [
      "success_rate \(results.verified) of \(results.total): \(Wording.percent(results.successRate)) "
        + Wording.interval(results.interval) + about
    ]
    if !results.unsound.isEmpty {
      let (unsound, sound) = (results.unsound, results.total - results.unsound.count)
      let ids = unsound.prefix(5).map { SafeText.line($0.instanceID) }.joined(separator: ", ")
      lines.append(
        "sound_rate \(results.verified) of \(sound): "
          + (results.soundRate.map { "\(Wording.percent($0)) \(Wording.interval(results.soundInterval))" } ?? "-")
          + ", without \(unsound.count) whose environment broke: \(ids)" + (unsound.count > 5 ? ", ..." : ""))
    }
    let assisted = results.results.count(where: \.assisted)
    if assisted > 0 {
      let solved = results.results.count { $0.assisted && $0.verified }
      lines.append(
        "assisted by hidden tests: \(solved) of \(assisted); clean: \(results.verified - solved) of "
          + "\(results.total - assisted)")
    }
    if results.verifiedByFallback > 0 {
      lines.append("\(results.verifiedByFallback) by the model that `escalate` names")
    }
    return lines
  }

  /// The plan's word, and what can be concluded.
  var gate: String? {
    guard let decision = results.decision, let evidence = results.evidence else { return nil }
    let forced = results.forced ? ", behind a gate that was shut (forced)" : ""
    return "gate \(decision.isOpen ? "open" : "shut"): \(decision.word.rawValue); evidence: \(evidence.word.rawValue)"
      + (evidence.look > 1 ? " at look \(evidence.look)" : "") + forced
  }

  /// `20.0 %`.
  static func percent(_ share: Double) -> String { "\(tenths(share * 100)) %" }

  /// `[3.6, 62.4]`, in per cent.
  static func interval(_ interval: Interval) -> String {
    "[\(tenths(interval.low * 100)), \(tenths(interval.high * 100))]"
  }

  /// One decimal.
  static func tenths(_ number: Double) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return "-" }
    let tenths = Int((abs(number) * 10).rounded())
    return "\(number < 0 && tenths > 0 ? "-" : "")\(tenths / 10).\(tenths % 10)"
  }

  /// Three digits behind the point: a p-value.
  static func thousandths(_ number: Double) -> String {
    let thousandths = Int((number * 1000).rounded())
    let rest = "\(thousandths % 1000)"
    return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }
}
