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
  /// True when another program wrote the file, so that nobody knows whether the model saw what hidden tests said.
  package var isForeign = false

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

  /// True when its rows are those that ship: no rate over them is about a model.
  package var isPractice: Bool { results.contains(where: \.practice) }

  /// Why its numbers are not about a model, in words; nil when they are.
  package var notOfModel: String? {
    if isPractice { return "practice rows" }
    switch config.settings["model"].flatMap({ try? ModelName(parsing: $0) })?.kind {
    case .gold: return "gold patches in place of replies"
    case .scripted, .practice: return "scripted replies"
    case .recorded, .ollama, .openai, .anthropic, nil: return nil
    }
  }

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

  /// The rates by model, each over the instances that it was asked about and by its own attempts, clean and assisted
  /// apart: those of the first model, then those of the models that `escalate` names. Rows that ship have none, and
  /// neither have replies that no model wrote.
  package var rates: [Rate] {
    guard notOfModel == nil else { return [] }
    let asked = results.flatMap { record in shares(of: record).map { (record, $0) } }
    let models = Dictionary(grouping: asked) { ModelTally.Key(model: $0.1.model, escalated: $0.1.escalated) }
    return models.sorted { $0.key < $1.key }.flatMap { key, asked in
      let groups: [Bool?] = isForeign ? [nil] : [false, true]
      return groups.flatMap { assisted -> [Rate] in
        let counted = asked.filter { assisted == nil || $0.1.assisted == assisted }.map { record, share in
          Rate.Counted(
            isResolved: share.resolved, endsInEnvironmentError: record.stop == .environmentError,
            attempts: share.attempts)
        }
        guard !counted.isEmpty else { return [] }
        return Rate.both(of: counted, model: key.model, assisted: assisted, escalated: key.escalated)
      }
    }
  }

  /// The success rates of the first model alone: what it resolved by its own attempts, of what it was asked about. One
  /// rate, unless clean and assisted instances or several models of a name stand in one file.
  package var alone: [Rate] { rates.filter { !$0.escalated && $0.name == .success } }

  /// What each model was asked and resolved itself: the first model, then those that `escalate` names.
  package var models: [ModelTally] {
    let asked = results.flatMap(shares)
    return Dictionary(grouping: asked) { ModelTally.Key(model: $0.model, escalated: $0.escalated) }
      .sorted { $0.key < $1.key }
      .map { key, shares in
        ModelTally(
          model: key.model, escalated: key.escalated, asked: shares.count,
          resolved: shares.count(where: \.resolved), attempts: shares.reduce(0) { $0 + $1.attempts })
      }
  }

  /// The models of an instance. One about which no model is told was to be the phase's.
  func shares(of record: InstanceRecord) -> [ModelShare] {
    guard record.models.isEmpty else { return record.models }
    return [
      ModelShare(
        model: record.model ?? config.model ?? "", attempts: record.attempts, resolved: record.verified,
        escalated: record.escalated, assisted: record.assisted)
    ]
  }

  /// What the plan says of it; nil of a batch.
  package var decision: PlanDecision? {
    phase.map { PlanDecision($0, verified: verified, total: total) }
  }

  /// What can be concluded about the model; nil for a batch, and when no model was asked.
  package var evidence: Evidence? {
    guard notOfModel == nil else { return nil }
    return phase.map { Evidence($0, verified: verified, total: total, unjudged: unjudged.count, look: look) }
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

/// What one model was asked in a phase, and what it resolved by its own attempts.
package struct ModelTally: Hashable, Sendable {
  package let model: String
  /// True for a model that `escalate` names.
  package let escalated: Bool
  /// The instances that it was asked about.
  package let asked: Int
  package let resolved: Int
  /// Its own attempts at all of them.
  package let attempts: Int

  /// The first model comes before those that `escalate` names.
  struct Key: Hashable, Comparable {
    let model: String
    let escalated: Bool

    static func < (left: Key, right: Key) -> Bool {
      (left.escalated ? 1 : 0, left.model) < (right.escalated ? 1 : 0, right.model)
    }
  }
}

extension InstanceRecord {
  /// The code of the taxonomy, or else the plan's kind.
  package var errorLabel: String { failure?.rawValue ?? (errorType ?? .other).rawValue }
}
