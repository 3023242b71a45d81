import Attempts
import Grading
import Models

/// What a phase or a batch came to: the plan's `phase_N_results.json`, with what ramp knows beside it.
///
/// A pure value: the time of writing is handed in, and everything that is counted follows from `results`.
package struct PhaseResults: Hashable, Sendable {
  /// A phase of the plan, or a batch by its name.
  package enum Label: Hashable, Sendable {
    case phase(Phase)
    case batch(String)

    /// `1`, or the batch's name.
    package var name: String {
      switch self {
      case .phase(let phase): "\(phase.rawValue)"
      case .batch(let name): name
      }
    }

    /// `phase 1 (micro)`, or the batch's name.
    package var title: String {
      switch self {
      case .phase(let phase): "phase \(phase.rawValue) (\(phase.name))"
      case .batch(let name): "batch \(name)"
      }
    }
  }

  package var label: Label
  /// ISO-8601.
  package var timestamp: String
  package var config: PhaseConfig
  package var results: [InstanceRecord]
  /// Nil in a file that does not tell.
  package var campaign: String?
  /// Seconds from the first instance's begin to the last one's end.
  package var wallSeconds: Double?
  /// Which run of the phase it is, from 1.
  package var look: Int
  /// True where it was begun behind a gate that was shut.
  package var forced: Bool
  /// What a retry was meant to show, in the words of `--because`.
  package var hypothesis: String?
  package var notes: [String]
  /// The numbers of errors by label that an older file counts itself.
  package var errorAnalysis: [String: Int]

  package init(
    label: Label, timestamp: String, config: PhaseConfig, results: [InstanceRecord], campaign: String? = nil,
    wallSeconds: Double? = nil, look: Int = 1, forced: Bool = false, hypothesis: String? = nil, notes: [String] = [],
    errorAnalysis: [String: Int] = [:]
  ) {
    self.label = label
    self.timestamp = timestamp
    self.config = config
    self.results = results
    self.campaign = campaign
    self.wallSeconds = wallSeconds
    self.look = look
    self.forced = forced
    self.hypothesis = hypothesis
    self.notes = notes
    self.errorAnalysis = errorAnalysis
  }

  package var phase: Phase? {
    guard case .phase(let phase) = label else { return nil }
    return phase
  }

  /// True where its rows are those that ship: no rate of theirs is about a model.
  package var isPractice: Bool { results.contains { $0.dataset == "practice" } }

  // MARK: - What is counted

  package var total: Int { results.count }
  package var verified: Int { results.count(where: \.verified) }
  /// Instances that ended in an environment error: `sound_rate` leaves them out.
  package var unsound: [InstanceRecord] { results.filter { !$0.counted.isSound } }
  /// Instances that came to no end of their own, because of environments, servers or a person who stopped them: run once
  /// more, they may come to another.
  package var unjudged: [InstanceRecord] { results.filter { !$0.verified && $0.stop.isInfrastructure } }
  /// Resolved by the model that `escalate` names.
  package var verifiedByFallback: Int { results.count { $0.verified && $0.escalated } }

  /// The plan's: verified of all. Of an empty phase 0.
  package var successRate: Double { total == 0 ? 0 : Double(verified) / Double(total) }
  /// Ours: verified of those that are sound; nil where none is.
  package var soundRate: Double? {
    let sound = total - unsound.count
    return sound == 0 ? nil : Double(verified) / Double(sound)
  }
  package var interval: Interval { .wilson(successes: verified, total: total) }
  package var soundInterval: Interval { .wilson(successes: verified, total: total - unsound.count) }

  /// The mean number of attempts; nil where none is told.
  package var averageAttempts: Double? {
    guard results.contains(where: { $0.attempts > 0 }) else { return nil }
    return Double(results.reduce(0) { $0 + $1.attempts }) / Double(total)
  }

  /// The mean of the seconds; 0 of an empty phase.
  package var averageTime: Double {
    total == 0 ? 0 : results.reduce(0) { $0 + $1.timeSeconds } / Double(total)
  }

  /// The rates, by the model that answered, clean and assisted apart. The rows that ship have none, and neither have
  /// replies that are no model's.
  package var rates: [Rate] {
    let kind = config.settings["model"].flatMap { try? ModelName(parsing: $0) }?.kind
    guard !isPractice, ![.practice, .gold, .scripted].contains(kind) else { return [] }
    let models = Dictionary(grouping: results) { $0.model ?? config.model ?? "" }
    return models.sorted { $0.key < $1.key }.flatMap { model, results in
      [false, true].flatMap { assisted -> [Rate] in
        let records = results.filter { $0.assisted == assisted }
        guard !records.isEmpty else { return [] }
        return Rate.both(of: records.map(\.counted), model: model, assisted: assisted)
      }
    }
  }

  /// What the plan says of it; nil of a batch.
  package var decision: PlanDecision? {
    phase.map { PlanDecision($0, verified: verified, total: total) }
  }

  /// What can be concluded; nil of a batch.
  package var evidence: Evidence? {
    phase.map { Evidence($0, verified: verified, total: total, unjudged: unjudged.count, look: look) }
  }

  /// How many failures there are by kind, most first and of equals by name. What an older file counts itself stands in
  /// where its instances tell nothing.
  package var errorCounts: [(label: String, count: Int)] {
    var counts: [String: Int] = [:]
    for record in results where !record.verified { counts[record.errorLabel, default: 0] += 1 }
    if !errorAnalysis.isEmpty, counts.keys.allSatisfy({ $0 == PlanErrorType.other.rawValue }) { counts = errorAnalysis }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  /// The curve of those resolved by each attempt.
  package var curve: SolveCurve {
    SolveCurve(
      resolvedBy: results.map { $0.verified ? $0.attemptsNeeded ?? $0.attempts : nil },
      attemptsMax: max(config.attemptsMax ?? 0, results.map(\.attempts).max() ?? 0))
  }
}

extension InstanceRecord {
  /// The code of the taxonomy, or else the plan's kind.
  package var errorLabel: String { failure?.rawValue ?? (errorType ?? .other).rawValue }
}
