import Attempts
import Foundation
import Grading

/// What a phase came to, as `phase_N_results.json` has it: the plan's fields in the plan's order, ours beside them.
package struct RunFile: Hashable, Sendable {
  /// How the phase was run.
  package struct Config: Hashable, Sendable {
    /// As its server calls it.
    package var model: String
    package var approach: String
    package var attemptsMax: Int
    /// A number, or what an older file says in words.
    package var filesContext: String
    /// All settings that play a part, by their names; empty in files of others.
    package var settings: [String: String]

    package init(
      model: String, approach: String = Config.direct, attemptsMax: Int, filesContext: String,
      settings: [String: String] = [:]
    ) {
      self.model = model
      self.approach = approach
      self.attemptsMax = attemptsMax
      self.filesContext = filesContext
      self.settings = settings
    }

    /// The plan's own way.
    package static let direct = "direct_edits_plus_feedback_loop"
  }

  /// 1 to 5; 0 for a batch.
  package var phase: Int
  /// ISO 8601.
  package var timestamp: String
  package var config: Config
  package var results: [InstanceRecord]
  package var campaign: String?
  /// Which run of the phase it is, from 1.
  package var look: Int
  /// What was changed since the run before, and what came to mind.
  package var because: String?
  package var notes: [String]
  /// True where it was begun though the gate before was shut.
  package var isForced: Bool
  /// The seed of the draw, and the plan's instances that were found, by the plan's names.
  package var seed: UInt64?
  package var named: [String: String]
  package var rampVersion: String?

  package init(
    phase: Int, timestamp: String, config: Config, results: [InstanceRecord], campaign: String? = nil, look: Int = 1,
    because: String? = nil, notes: [String] = [], isForced: Bool = false, seed: UInt64? = nil,
    named: [String: String] = [:], rampVersion: String? = nil
  ) {
    self.phase = phase
    self.timestamp = timestamp
    self.config = config
    self.results = results
    self.campaign = campaign
    self.look = look
    self.because = because
    self.notes = notes
    self.isForced = isForced
    self.seed = seed
    self.named = named
    self.rampVersion = rampVersion
  }

  package var plan: Phase? { Phase(rawValue: phase) }
  package var total: Int { results.count }
  package var verified: Int { results.count { $0.verified } }
  /// Instances that could not be judged: they say nothing about the model.
  package var unsound: Int { results.count { $0.stop.isInfrastructure } }
  /// The plan's: verified of all.
  package var successRate: Double { total == 0 ? 0 : Double(verified) / Double(total) }
  /// Ours: verified of those that could be judged; nil where there are none.
  package var soundRate: Double? { total == unsound ? nil : Double(verified) / Double(total - unsound) }
  package var averageAttempts: Double { mean(results.map { Double($0.attempts) }) }
  package var averageTime: Double { mean(results.map(\.timeSeconds)) }
  package var totalTime: Double { results.reduce(0) { $0 + $1.timeSeconds } }
  package var isAssisted: Bool { results.contains(where: \.assisted) }

  /// How many unresolved instances ended in each of the plan's kinds of error.
  package var errorTypes: [PlanErrorType: Int] {
    Dictionary(grouping: results.filter { !$0.verified }) { $0.errorType ?? .other }.mapValues(\.count)
  }

  /// How many unresolved instances ended with each code.
  package var failures: [String: Int] {
    Dictionary(grouping: results.filter { !$0.verified }) { $0.failure?.rawValue ?? $0.errorType?.rawValue ?? "other" }
      .mapValues(\.count)
  }

  /// The kind that most of them are of, ties to the first by name; nil where all are resolved.
  package var mostCommonError: PlanErrorType? {
    errorTypes.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
  }

  package var asLook: PhaseLook? {
    plan.map { PhaseLook(phase: $0, timestamp: timestamp, verified: verified, total: total, unsound: unsound) }
  }

  private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// `phase_3_results.json`, or for an earlier run `phase_3_results.1.json`.
  package static func name(_ phase: Int, earlier: Int? = nil) -> String {
    let stem = phase == 0 ? "batch_results" : "phase_\(phase)_results"
    return earlier.map { "\(stem).\($0).json" } ?? "\(stem).json"
  }

  package static func instancesName(_ phase: Int) -> String {
    phase == 0 ? "batch_instances.jsonl" : "phase_\(phase)_instances.jsonl"
  }

  package static func summaryName(_ phase: Int) -> String {
    phase == 0 ? "batch_summary.json" : "phase_\(phase)_summary.json"
  }
}

/// A change in per cent points as the plan writes it: `+20%`.
package func improvement(from old: RunFile?, to new: RunFile) -> String? {
  guard let old else { return nil }
  let points = Int(((new.successRate - old.successRate) * 100).rounded())
  return "\(points >= 0 ? "+" : "")\(points)%"
}
