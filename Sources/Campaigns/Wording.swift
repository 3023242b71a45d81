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
    var lines: [String]
    if let reason = results.notOfModel {
      lines = ["\(results.verified) of \(results.total) resolved (\(reason): no rate of a model)"]
    } else {
      lines = [
        "success_rate \(results.verified) of \(results.total): \(Wording.percent(results.successRate)) "
          + Wording.interval(results.interval)
      ]
      lines += models
    }
    if !results.unsound.isEmpty {
      let (unsound, sound) = (results.unsound, results.total - results.unsound.count)
      let ids = unsound.prefix(5).map { SafeText.line($0.instanceID) }.joined(separator: ", ")
      let rate = results.soundRate.map { ": \(Wording.percent($0)) \(Wording.interval(results.soundInterval))" }
      lines.append(
        (results.notOfModel == nil ? "sound_rate " : "") + "\(results.verified) of \(sound)"
          + (results.notOfModel == nil ? rate ?? ": -" : "")
          + ", without \(unsound.count) whose environment broke: \(ids)" + (unsound.count > 5 ? ", ..." : ""))
    }
    let assisted = results.results.count(where: \.assisted)
    if results.isForeign {
      lines.append("assisted by hidden tests: unknown, another program wrote these results")
    } else if assisted > 0 {
      let solved = results.results.count { $0.assisted && $0.verified }
      lines.append(
        "assisted by hidden tests: \(solved) of \(assisted); clean: \(results.verified - solved) of "
          + "\(results.total - assisted)")
    }
    return lines
  }

  /// Whose success it is, a line a rate: nothing when one model alone was asked.
  private var models: [String] {
    guard results.models.count > 1 else { return [] }
    return results.rates.filter { $0.name == .success }.map { rate in
      let share = rate.total == 0 ? "-" : Wording.percent(Double(rate.resolved) / Double(rate.total))
      return "\(rate.model)\(rate.escalated ? " (escalate)" : " alone"): \(rate.resolved) of \(rate.total) asked: "
        + "\(share) \(Wording.interval(rate.interval)), within \(rate.attempts) "
        + "attempt\(rate.attempts == 1 ? "" : "s") of its own, \(Rate.word(assisted: rate.assisted))"
    }
  }

  /// The plan's word, and what can be concluded.
  var gate: String? {
    guard let decision = results.decision else { return nil }
    let evidence = results.evidence.map { "\($0.word.rawValue)\($0.look > 1 ? " at look \($0.look)" : "")" }
    return "gate \(decision.isOpen ? "open" : "shut"): \(decision.word.rawValue); evidence: "
      + (evidence ?? "none, no model was asked") + (results.forced ? ", after a gate that was shut (forced)" : "")
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

  /// A chance: three digits, or how little it is.
  static func chance(_ value: Double) -> String { value < 0.0005 ? "below 0.0005" : thousandths(value) }

  /// Three digits behind the point: a p-value.
  static func thousandths(_ number: Double) -> String {
    let thousandths = Int((number * 1000).rounded())
    let rest = "\(thousandths % 1000)"
    return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }
}
