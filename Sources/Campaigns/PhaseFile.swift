import Attempts
import Foundation
import Models

/// A results file that was read: in the plan's shape, or in one of its older ones.
package struct PhaseFile: Hashable, Sendable {
  package enum Shape: String, Sendable {
    /// `phase_N_results.json` as the plan has it, with or without ramp's fields.
    case plan
    /// With `total_instances`, `duration_seconds` and `error_analysis`.
    case durations
    /// Flat: `total` and `verified` beside `results`.
    case flat
  }

  package let results: PhaseResults
  package let shape: Shape
  /// What was passed over or does not fit, in a sentence each.
  package let notes: [String]

  /// Reads the bytes of a file.
  package static func read(_ bytes: [UInt8]) throws(PhaseFileError) -> PhaseFile {
    let value: AnyJSON
    switch Result(catching: { try JSONDecoder().decode(AnyJSON.self, from: Data(bytes)) }) {
    case .success(let read): value = read
    case .failure(let error): throw PhaseFileError(bytes, error)
    }
    let fields = try PhaseFields(value, at: "")
    guard fields.members["results"] != nil else { throw .otherFile }
    if let version = try fields.whole("ramp_schema"), version > PhaseResults.schema { throw .version(version) }
    return try PhaseFile(fields)
  }

  private init(_ fields: PhaseFields) throws(PhaseFileError) {
    var unknown = fields.unknown(PhaseFile.known)
    let config = try fields.object("config")
    let summary = try fields.object("summary")
    let isFlat = config == nil && summary == nil
    var records: [InstanceRecord] = []
    for (index, value) in try fields.required(fields.list("results"), "results").enumerated() {
      let row = try PhaseFields(value, at: "results[\(index + 1)]")
      records.append(try InstanceRecord(row))
      unknown += row.unknown(PhaseFile.knownOfInstance)
    }
    var seen: Set<String> = []
    for record in records where !seen.insert(record.instanceID).inserted { throw .twice(record.instanceID) }
    var analysis: [String: Int] = [:]
    if let counts = try fields.object("error_analysis") {
      for (label, value) in counts.members {
        guard let count = PhaseFields.whole(value) else {
          throw .wrongType(counts.path(label), expected: "a whole number of 0 or more")
        }
        analysis[label] = count
      }
    }
    let wall = try fields.number("wall_seconds")
    let sum = try summary?.number("total_duration_seconds")
    let configuration = if let config { try PhaseFile.config(config) } else { PhaseConfig() }
    var results = PhaseResults(
      label: try PhaseFile.label(fields),
      timestamp: try fields.required(fields.text("timestamp"), "timestamp"),
      config: configuration, results: records,
      campaign: try fields.text("campaign"),
      wallSeconds: wall ?? sum,
      look: max(1, try fields.whole("look") ?? 1), forced: try fields.flag("forced") ?? false,
      hypothesis: try fields.text("hypothesis"), notes: try fields.texts("notes") ?? [], errorAnalysis: analysis)
    results.isForeign = fields.members["ramp_schema"] == nil
    let counted = isFlat ? fields : summary
    shape = isFlat ? .flat : summary?.members["total_instances"] != nil ? .durations : .plan
    unknown += config?.unknown(PhaseFile.knownOfConfig) ?? []
    unknown += summary?.unknown(PhaseFile.knownOfSummary) ?? []
    var notes: [String] = unknown.isEmpty ? [] : ["not known, and passed over: \(PhaseFile.few(unknown))"]
    if let counted {
      for (told, count, name) in [
        (try counted.whole("total", "total_instances"), results.total, "total"),
        (try counted.whole("verified"), results.verified, "verified"),
      ] {
        guard let told, told != count else { continue }
        notes.append("\(counted.path(name)) says \(told), its results say \(count): the results count")
      }
    }
    self.results = results
    self.notes = notes
  }

  private static func few(_ names: [String]) -> String {
    names.count <= 5
      ? names.joined(separator: ", ")
      : names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more"
  }

  private static func label(_ fields: PhaseFields) throws(PhaseFileError) -> PhaseResults.Label {
    let expected = "a number from 1 to 5, or the name of a batch"
    switch fields.members["phase"] {
    case .text(let text) where !text.isEmpty: return Phase(text).map(PhaseResults.Label.phase) ?? .batch(text)
    case .number(let number):
      guard let phase = Int(exactly: number).flatMap(Phase.init(rawValue:)) else {
        throw .wrongValue("phase", value: "\(number)", expected: expected)
      }
      return .phase(phase)
    case nil, .null: throw .missing("phase")
    default: throw .wrongType("phase", expected: expected)
    }
  }

  private static func config(_ fields: PhaseFields) throws(PhaseFileError) -> PhaseConfig {
    var config = PhaseConfig(
      model: try fields.text("model"), approach: try fields.text("approach"),
      attemptsMax: try fields.whole("attempts_max"))
    switch fields.members["files_context"] {
    case nil, .null: break
    case .text(let text): config.filesContext = .text(text)
    default: config.filesContext = try fields.whole("files_context").map(PhaseConfig.FilesContext.count)
    }
    config.settings = try fields.textsByName("settings") ?? [:]
    config.named = try fields.textsByName("named") ?? [:]
    config.ramp = try fields.text("ramp")
    config.samplingSeed = try fields.whole("sampling_seed")
    config.draw = try fields.whole("draw")
    return config
  }

  private static let known: Set<String> = [
    "phase", "timestamp", "config", "results", "summary", "ramp_schema", "campaign", "look", "forced", "hypothesis",
    "notes", "wall_seconds", "practice", "gate", "evidence", "error_analysis", "total", "verified",
    "causes", "draw",
  ]
  private static let knownOfConfig: Set<String> = [
    "model", "approach", "attempts_max", "files_context", "settings", "named", "ramp", "sampling_seed",
    "draw",
  ]
  private static let knownOfSummary: Set<String> = [
    "total", "verified", "success_rate", "avg_attempts", "avg_time", "success_interval", "sound_rate",
    "sound_interval", "unsound", "verified_by_fallback", "solved_by_attempt", "rates", "models", "alone",
    "total_instances",
    "avg_duration_seconds", "total_duration_seconds",
  ]
  private static let knownOfInstance: Set<String> = [
    "instance_id", "verified", "attempts", "time_seconds", "error", "repository", "dataset", "attempts_needed",
    "error_type", "stop_reason", "failure", "model", "escalated", "assisted", "prompt_tokens", "reply_tokens", "cost",
    "patch", "best", "attempt_records", "duration_seconds", "duration", "practice", "difficulty", "reached", "cause",
    "models", "environment_seconds", "gold_shown",
  ]
}
