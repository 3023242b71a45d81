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

  /// The plan's roots of a failure, and the environment.
  package enum Root: String, CaseIterable, Sendable {
    case prompt, context, feedback, model, environment
  }

  /// What one root accounts for.
  package struct Finding: Hashable, Sendable {
    package let root: Root
    package let ids: [String]
    /// Facts, the first few of each instance's.
    package let evidence: [String]
    package let next: String
  }

  package let results: PhaseResults
  /// The phases before it, in their order.
  package let earlier: [PhaseResults]
  /// Most first.
  package let failures: [Failures]
  /// Most first.
  package let findings: [Finding]
  package let forecast: Forecast
  /// Of how many of the rows it is known how many public systems solve them, and their mean share; nil where of none.
  package let solveRate: (rows: Int, share: Double)?

  /// - Parameters:
  ///   - results: the phase.
  ///   - earlier: the phases before it, in their order; retries too.
  ///   - causes: by instance id, of its last attempt, as `why` finds it. Where one is missing the code stands in.
  ///   - rates: how many public systems solve the rows.
  package init(
    _ results: PhaseResults, earlier: [PhaseResults] = [], causes: [String: Cause] = [:], rates: SolveRates? = nil
  ) {
    self.results = results
    self.earlier = earlier
    let failed = results.results.filter { !$0.verified }
    failures = Dictionary(grouping: failed, by: \.errorLabel).map { label, records in
      Failures(
        label: label, ids: records.map(\.instanceID), example: Analysis.commonest(records.compactMap(\.finalError)))
    }.sorted { ($1.ids.count, $0.label) < ($0.ids.count, $1.label) }
    let byRoot = Dictionary(grouping: failed) { Root(of: $0, cause: causes[$0.instanceID], config: results.config) }
    findings = byRoot.map { root, records in
      let known = records.compactMap { causes[$0.instanceID] }
      let evidence =
        known.isEmpty
        ? records.map { "\($0.instanceID): \($0.finalError ?? $0.errorLabel)" }
        : zip(records.filter { causes[$0.instanceID] != nil }, known).map { record, cause in
          "\(record.instanceID): \(cause.sentence)"
        }
      let next = Analysis.commonest(known.compactMap(\.next))
      return Finding(
        root: root, ids: records.map(\.instanceID), evidence: Array(evidence.prefix(5)),
        next: next.isEmpty ? root.next : "\(root.next); \(next)")
    }.sorted { ($1.ids.count, $0.root.rawValue) < ($0.ids.count, $1.root.rawValue) }
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

extension Analysis.Root {
  /// The root of a failure: by its cause where that is known, by what became of it otherwise.
  fileprivate init(of record: InstanceRecord, cause: Cause?, config: PhaseConfig) {
    if record.stop == .environmentError || record.failure == .environmentError {
      self = .environment
    } else if let cause, let root = Analysis.Root(rawValue: cause.kind.root) {
      self = root
    } else {
      switch record.failure {
      case .noEditsGenerated, .applyFailed: self = .prompt
      case .contextTruncated: self = .context
      case .environmentError: self = .environment
      case .syntaxError, .testFailure, .logicError, .regression, .timeout, .modelError, nil:
        // Attempt after attempt ended the same, and none was told of the one before.
        let isSame = record.each.count > 1 && Set(record.each.map(\.error)).count == 1
        self = isSame && config.settings["feedback"] == "none" ? .feedback : .model
      }
    }
  }

  /// What the plan says to try.
  fileprivate var next: String {
    switch self {
    case .prompt: "prompt: clearer wording, an example of an edit, tighter constraints"
    case .context: "context: more files or other ones"
    case .feedback: "feedback: read the tests' errors better, tell them more clearly"
    case .model: "model: `set escalate` asks a bigger one for the hard rows"
    case .environment: "environment: `preflight` says what it lacks; these say nothing about the model"
    }
  }
}
