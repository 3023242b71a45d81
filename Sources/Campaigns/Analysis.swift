import Attempts
import Grading
import Instances

/// What a phase teaches: what fails and why, what to try next, and what it says of the phases to come.
package struct Analysis: Sendable {
  /// Failures of one code.
  package struct Failures: Hashable, Sendable {
    package let label: String
    package let ids: [String]
    /// The commonest reason, in the words of an attempt.
    package let example: String
  }

  package let results: PhaseResults
  /// The phases before it, in their order.
  package let earlier: [PhaseResults]
  /// Most first.
  package let failures: [Failures]
  /// Why they failed.
  package let causes: CauseTable
  package let forecast: Forecast
  /// Of how many of the rows it is known how many public systems solve them, and their mean share; nil where of none.
  package let solveRate: (rows: Int, share: Double)?

  /// - Parameters:
  ///   - results: the phase.
  ///   - earlier: the phases before it, in their order; retries too.
  ///   - rates: how many public systems solve the rows.
  package init(_ results: PhaseResults, earlier: [PhaseResults] = [], rates: SolveRates? = nil) {
    self.results = results
    self.earlier = earlier
    let failed = results.results.filter { !$0.verified }
    failures = Dictionary(grouping: failed, by: \.errorLabel).map { label, records in
      Failures(
        label: label, ids: records.map(\.instanceID), example: Analysis.commonest(records.compactMap(\.finalError)))
    }.sorted { ($1.ids.count, $0.label) < ($0.ids.count, $1.label) }
    causes = CauseTable(results.results)
    forecast = Forecast(earlier + [results])
    let known = rates.map { $0[results.results.map(\.instanceID)] } ?? []
    solveRate = known.isEmpty ? nil : (known.count, known.reduce(0) { $0 + $1.share } / Double(known.count))
  }

  /// The text that comes most often, of equals the first by name; empty for none.
  private static func commonest(_ texts: [String]) -> String {
    let counts = Dictionary(texts.map { ($0, 1) }, uniquingKeysWith: +)
    return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? ""
  }

  /// The phase of the plan before it that was run last.
  package var previous: PhaseResults? {
    guard let phase = results.phase else { return earlier.last }
    return earlier.last { $0.phase.map { $0.rawValue < phase.rawValue } ?? false }
  }

  /// Those that were in the phase before and came out otherwise.
  package var flips: (gained: [String], lost: [String]) {
    let before = Dictionary((previous?.results ?? []).map { ($0.instanceID, $0.verified) }, uniquingKeysWith: { $1 })
    let changed = results.results.filter { record in
      before[record.instanceID].map { $0 != record.verified } ?? false
    }
    return (changed.filter(\.verified).map(\.instanceID), changed.filter { !$0.verified }.map(\.instanceID))
  }

  /// To all 300, by the phase; nil of an empty one and of the last.
  package var extrapolation: Extrapolation? {
    guard results.total > 0, results.total < Phase.full.size else { return nil }
    return Extrapolation(verified: results.verified, of: results.total)
  }

  /// The plan's aim that is reached; nil for none.
  package var aim: Aim? {
    Aim.reached(verified: results.verified, total: results.total, byFallback: results.verifiedByFallback)
  }

  /// Nil where there is nothing to warn of.
  package var warning: String? {
    guard let solveRate, solveRate.share < SolveRates.hard else { return nil }
    return "hardly any published system solves these rows: \(Wording.percent(solveRate.share)) on average, of "
      + "\(solveRate.rows) that are known; a low rate here says little"
  }
}
