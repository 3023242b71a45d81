import Attempts

/// A campaign as plain text: a bar a phase beside the plan's progressions, sparklines, errors and the analysis of the last
/// phase. Text from outside is cleaned; colour is the printer's.
package struct TerminalReport: Sendable {
  /// The phases in their order; of retries the last counts.
  package let phases: [PhaseResults]
  private let analysis: Analysis?
  private let samples: IndependentSamples?

  /// - Parameter phases: those that were run, in their order.
  package init(_ phases: [PhaseResults]) {
    let last = Dictionary(phases.map { ($0.label, $0) }, uniquingKeysWith: { $1 })
    var seen: Set<PhaseResults.Label> = []
    self.phases = phases.compactMap { seen.insert($0.label).inserted ? last[$0.label] : nil }
    samples = IndependentSamples(phases)
    analysis = phases.last.map { Analysis($0, earlier: phases.dropLast()) }
  }

  /// The lines, none wider than `width` columns where the texts allow it.
  package func lines(width: Int = 80) -> [String] {
    guard !phases.isEmpty else { return ["no phase was run: `phase 1` runs the first"] }
    let names = phases.map(\.label.title)
    let wide = min(30, names.map(\.count).max() ?? 0)
    let room = max(10, width - wide - 32)
    var lines = zip(phases, names).map { phase, name in
      "\(TerminalReport.padded(SafeText.line(name), wide)) \(TerminalReport.bar(phase.successRate, width: room)) "
        + "\(phase.verified)/\(phase.total) \(Wording.percent(phase.successRate)) \(Wording.interval(phase.interval))"
    }
    lines += ["", "beside the plan's progressions, in per cent of 5, 10, 30, 100, 300:"]
    for progression in Progression.allCases {
      let shares = zip(progression.resolved, Phase.allCases).map { Double($0) / Double($1.size) }
      lines.append(row(progression.rawValue, shares))
    }
    let real = phases.filter { $0.phase != nil }
    if !real.isEmpty { lines.append(row("real", real.map(\.successRate))) }
    if let last = phases.last {
      let counts = last.errorCounts
      if !counts.isEmpty {
        let most = Double(counts.map(\.count).max() ?? 1)
        let column = min(30, counts.map(\.label.count).max() ?? 0)
        lines += ["", "errors of \(SafeText.line(last.label.title)):"]
        lines += counts.map { label, count in
          "\(TerminalReport.padded(SafeText.line(label), column)) \(TerminalReport.bar(Double(count) / most, width: 20)) \(count)"
        }
      }
      let curve = last.curve
      if curve.resolved.count > 1, curve.total > 0 {
        let shares = curve.resolved.map { Double($0) / Double(curve.total) }
        lines += [
          "",
          "resolved by attempt 1 to \(shares.count): \(TerminalReport.spark(shares))  "
            + curve.resolved.map { "\($0)" }.joined(separator: " "),
        ]
      }
      if let samples { lines.append(samples.sentence) }
      let seconds = last.results.map(\.timeSeconds)
      if let longest = seconds.max(), longest > 0 {
        lines.append(
          "seconds an instance, at most \(Wording.tenths(longest)): "
            + TerminalReport.spark(seconds.suffix(max(10, width - 45)).map { $0 / longest }))
      }
    }
    for section in analysis?.sections ?? [] {
      lines += ["", section.title] + section.lines.map { "  \($0)" }
    }
    return lines
  }

  private func row(_ name: String, _ shares: [Double]) -> String {
    "\(TerminalReport.padded(name, 13)) \(TerminalReport.spark(shares))  "
      + shares.map { "\(Int(($0 * 100).rounded()))" }.joined(separator: " ")
  }

  /// A bar of `width` columns, in eighths of one.
  package static func bar(_ share: Double, width: Int) -> String {
    let eighths = Int((max(0, min(1, share)) * Double(width) * 8).rounded())
    let whole = String(repeating: "█", count: eighths / 8)
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let bar = whole + parts[eighths % 8]
    return bar + String(repeating: "·", count: width - bar.count)
  }

  /// A column a number from 0 to 1, eight steps high; 0 is the lowest.
  package static func spark(_ shares: [Double]) -> String {
    let steps = Array("▁▂▃▄▅▆▇█")
    return String(shares.map { steps[Int((max(0, min(1, $0)) * 7).rounded())] })
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text.count > width
      ? String(text.prefix(max(0, width - 1))) + "…"
      : text + String(repeating: " ", count: width - text.count)
  }
}
