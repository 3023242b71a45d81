import Attempts

extension Analysis {
  /// One heading with its lines.
  package struct Section: Hashable, Sendable {
    package let title: String
    package let lines: [String]
  }

  /// The analysis as a person reads it: what each phase of the plan asks for, in its order. Text from outside is cleaned.
  package var sections: [Section] {
    var sections = [Section(title: "result", lines: resultLines)]
    if !failures.isEmpty {
      sections.append(
        Section(
          title: "errors",
          lines: failures.map { group in
            "\(group.ids.count) \(group.label): \(Analysis.few(group.ids))"
              + (group.example.isEmpty || group.example == group.label ? "" : " - \(group.example)")
          }))
      sections.append(Section(title: "why", lines: causeLines))
    }
    if previous != nil { sections.append(Section(title: "against the phase before", lines: changeLines)) }
    if results.phase == .medium || results.phase == .large, earlier.count > 1 {
      sections.append(Section(title: "scaling", lines: scalingLines))
    }
    if results.phase == .large || results.phase == .medium, let extrapolation {
      sections.append(Section(title: "extrapolation", lines: [extrapolation.sentence] + aimsWithin(extrapolation)))
    }
    if results.phase == .full { sections.append(Section(title: "aims", lines: aimLines)) }
    sections.append(Section(title: "time", lines: forecast.sentences))
    if let advice = results.decision?.advice, !advice.isEmpty { sections.append(Section(title: "next", lines: advice)) }
    return sections.map { Section(title: $0.title, lines: $0.lines.map(SafeText.line)) }
  }

  /// The table of `why --phase N`, then the plan's roots.
  private var causeLines: [String] {
    causes.rows.flatMap { row in
      [
        "\(row.ids.count) \(row.stage.map { $0 == .outcomes ? "tests" : $0.rawValue } ?? "-"), \(row.title): "
          + Analysis.few(row.ids)
      ] + (row.change.map { ["  try: \($0)"] } ?? [])
    } + [
      "roots: "
        + causes.roots.map { "\($0.root.rawValue) \($0.ids.count)" }.joined(separator: ", ")
    ] + causes.roots.map { "  \($0.root.rawValue): \($0.root.next)" }
  }

  private static func few(_ ids: [String]) -> String {
    ids.prefix(5).joined(separator: ", ") + (ids.count > 5 ? " and \(ids.count - 5) more" : "")
  }

  private var resultLines: [String] {
    let words = Wording(results)
    var lines = words.rates
    if let gate = words.gate { lines.append(gate) }
    let attempts = results.averageAttempts.map { "\(Wording.tenths($0)) attempts" } ?? "attempts not told"
    lines.append("on average \(attempts), \(Wording.tenths(results.averageTime)) s an instance")
    if results.curve.resolved.count > 1 {
      lines.append(
        "resolved by attempt: "
          + results.curve.resolved.enumerated().map { "\($0 + 1): \($1)" }.joined(separator: ", ")
          + " (attempts that saw feedback are no samples: this is no pass@k)")
    }
    let solved = results.results.filter(\.verified)
    if !solved.isEmpty { lines.append("what works: \(Analysis.few(solved.map(\.instanceID)))") }
    if let warning { lines.append(warning) }
    return lines
  }

  private var changeLines: [String] {
    guard let previous else { return [] }
    let changes = previous.config.differences(to: results.config)
    let flips = flips
    var lines = [
      "\(previous.label.title): \(Wording.percent(previous.successRate)); now \(Wording.percent(results.successRate)): "
        + PhaseSummary.points(from: previous.successRate, to: results.successRate)
    ]
    if !flips.gained.isEmpty { lines.append("resolved now, and not before: \(Analysis.few(flips.gained))") }
    if !flips.lost.isEmpty { lines.append("resolved before, and not now: \(Analysis.few(flips.lost))") }
    lines += changes.map { "changed: \($0.factor.rawValue), \($0.first) to \($0.second)" }
    if changes.isEmpty { lines.append("no setting was changed, so a flip is chance") }
    let old = Set(previous.errorCounts.map(\.label))
    let new = failures.map(\.label).filter { !old.contains($0) }
    if !new.isEmpty { lines.append("errors not seen before: \(new.joined(separator: ", "))") }
    return lines
  }

  private var scalingLines: [String] {
    let phases = earlier.filter { $0.phase != nil } + [results]
    let lines = phases.map { phase in
      "\(phase.label.title): \(Wording.percent(phase.successRate)) \(Wording.interval(phase.interval)), "
        + "\(Wording.tenths(phase.averageTime)) s an instance"
    }
    guard let previous else { return lines }
    let (old, new) = (previous.interval, results.interval)
    let verdict =
      new.low > old.high
      ? "the rate rose beyond what chance explains"
      : new.high < old.low
        ? "the rate fell beyond what chance explains: look at what changed"
        : "the intervals overlap: no change of the rate can be told"
    return lines + [verdict]
  }

  private func aimsWithin(_ extrapolation: Extrapolation) -> [String] {
    Aim.allCases.map { aim in
      let word =
        extrapolation.low >= aim.fewest ? "within reach" : extrapolation.high < aim.fewest ? "out of reach" : "open"
      return "\(aim.rawValue) (\(aim.fewest)): \(word)"
    }
  }

  private var aimLines: [String] {
    let assisted = results.results.count { $0.verified && $0.assisted }
    var lines = [Aim.sentence(of: results)].compactMap(\.self)
    lines += results.models.map { tally in
      "\(tally.resolved) of \(tally.asked) by \(tally.model)" + (tally.escalated ? " (fallback)" : "")
    }
    if !results.isForeign { lines.append("\(results.verified - assisted) clean, \(assisted) assisted by hidden tests") }
    let place = Phase.full.rawValue - 1
    lines += Progression.allCases.map { "\($0.rawValue): \($0.resolved[place]), real: \(results.verified)" }
    return lines
  }
}
