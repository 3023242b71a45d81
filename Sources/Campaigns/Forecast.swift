import Attempts

/// How long phases take: the plan's minutes, what was forecast from the phases before, and what it came to.
package struct Forecast: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    package let phase: Phase
    /// The plan's.
    package let planned: Int
    /// From the last phase before that was run; nil where none was.
    package let forecast: Double?
    /// Nil where it was not run.
    package let actual: Double?

    /// The forecast less what it came to, as a share of that: 0.5 is half as much again; nil where one is missing.
    package var error: Double? {
      guard let forecast, let actual, actual > 0 else { return nil }
      return (forecast - actual) / actual
    }
  }

  /// One a phase, in the plan's order.
  package let lines: [Line]

  /// The forecast by the phases that were run; of retries the last counts. Other minutes are those of the clock where they
  /// are told, or else of all instances one behind the other.
  package init(_ phases: [PhaseResults]) {
    var minutes: [Phase: (sum: Double, each: Double)] = [:]
    for results in phases {
      guard let phase = results.phase, results.total > 0 else { continue }
      let spent = results.results.reduce(0) { $0 + $1.timeSeconds }
      // An environment is made once: the next phase does not wait for it again.
      let making = results.results.reduce(0) { $0 + ($1.environmentSeconds ?? 0) }
      let seconds = results.wallSeconds.map { $0 * (making > 0 ? spent / (spent + making) : 1) } ?? spent
      minutes[phase] = (seconds / 60, seconds / 60 / Double(results.total))
    }
    lines = Phase.allCases.map { phase in
      let before = Phase.allCases.last { $0.rawValue < phase.rawValue && minutes[$0] != nil }
      return Line(
        phase: phase, planned: phase.minutes,
        forecast: before.flatMap { minutes[$0]?.each }.map { $0 * Double(phase.size) },
        actual: minutes[phase]?.sum)
    }
  }

  /// The mean of how far forecasts were off, either way; nil where none can be held against what it came to.
  package var pastError: Double? {
    let errors = lines.compactMap(\.error)
    return errors.isEmpty ? nil : errors.reduce(0) { $0 + abs($1) } / Double(errors.count)
  }

  /// Minutes of the phases that are still to run, where that can be told.
  package var left: Double? {
    let open = lines.filter { $0.actual == nil }.map(\.forecast)
    return open.contains(nil) ? nil : open.compactMap(\.self).reduce(0, +)
  }

  /// A line a phase, then what the forecast is worth.
  package var sentences: [String] {
    let told = { (minutes: Double?) in minutes.map { "\(Wording.tenths($0)) min" } ?? "-" }
    var all = lines.map { line in
      "phase \(line.phase.rawValue): plan \(line.planned) min, forecast \(told(line.forecast)), actual \(told(line.actual))"
    }
    all.append("the plan gives about 440 min for all, with slack")
    if let pastError { all.append("forecasts were off by \(Wording.percent(pastError)) on average") }
    if let left, left > 0 { all.append("still to run: \(told(left))") }
    return all
  }
}
