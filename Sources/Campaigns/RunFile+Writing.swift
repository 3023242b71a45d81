import Attempts
import Foundation
import Grading

extension RunFile {
  /// The file's bytes: indented by 2, the plan's fields first.
  ///
  /// - Throws: what encoding an instance's record throws.
  package func bytes() throws -> [UInt8] {
    typealias Field = PlanJSON.Field
    var fields: [Field] = [
      Field("phase", .integer(phase)), Field("timestamp", .string(timestamp)), Field("config", configuration),
      Field("results", .array(try results.map(RunFile.result))), Field("summary", summary),
      Field("campaign", .text(campaign)), Field("look", .integer(look)), Field("because", .text(because)),
      Field("notes", .array(notes.map { .string($0) })), Field("forced", .bool(isForced)),
      Field("sample_seed", .count(seed.map(Int.init))),
      Field("named", .object(named.sorted { $0.key < $1.key }.map { Field($0.key, .string($0.value)) })),
      Field("ramp_version", .text(rampVersion)), Field("format_version", .integer(1)),
    ]
    if let look = asLook, let gate = Gate([look]) {
      fields.append(
        Field(
          "gate",
          .object([
            Field("decision", .string(gate.decision.word.rawValue)), Field("open", .bool(gate.decision.isOpen)),
            Field("advice", .array(gate.decision.advice.map { .string($0) })),
          ])))
    }
    return PlanJSON.object(fields).bytes
  }

  private var configuration: PlanJSON {
    typealias Field = PlanJSON.Field
    return .object([
      Field("model", .string(config.model)), Field("approach", .string(config.approach)),
      Field("attempts_max", .integer(config.attemptsMax)),
      Field("files_context", Int(config.filesContext).map { .integer($0) } ?? .string(config.filesContext)),
      Field(
        "settings", .object(config.settings.sorted { $0.key < $1.key }.map { Field($0.key, .string($0.value)) })),
    ])
  }

  private var summary: PlanJSON {
    typealias Field = PlanJSON.Field
    let interval = Interval.wilson(successes: verified, total: total)
    return .object([
      Field("total", .integer(total)), Field("verified", .integer(verified)),
      Field("success_rate", .real(successRate)), Field("avg_attempts", .real(averageAttempts)),
      Field("avg_time", .real(averageTime)), Field("sound_rate", .real(soundRate)),
      Field("unsound", .integer(unsound)), Field("interval_low", .real(interval.low)),
      Field("interval_high", .real(interval.high)), Field("assisted", .bool(isAssisted)),
    ])
  }

  /// An instance: the plan's five fields, then what ramp knows beside them.
  private static func result(_ record: InstanceRecord) throws -> PlanJSON {
    typealias Field = PlanJSON.Field
    let own: [Field] = [
      Field("instance_id", .string(record.instanceID)), Field("verified", .bool(record.verified)),
      Field("attempts", .integer(record.attempts)), Field("time_seconds", .real(record.timeSeconds)),
      Field("error", .text(record.finalError)),
    ]
    guard case .object(let rest) = try PlanJSON(record) else { return .object(own) }
    let known = Set(own.map(\.name))
    return .object(own + rest.filter { !known.contains($0.name) })
  }

  /// `phase_N_instances.jsonl`: each attempt as the plan records it.
  package var instanceLines: String {
    typealias Field = PlanJSON.Field
    return results.flatMap { record in
      record.each.map { attempt in
        PlanJSON.object([
          Field("instance_id", .string(attempt.instanceID)), Field("attempt", .integer(attempt.attempt)),
          Field("verified", .bool(attempt.verified)), Field("attempts_needed", .count(record.attemptsNeeded)),
          Field("error_type", .text(attempt.errorType?.rawValue)), Field("final_error", .text(attempt.error)),
          Field("time_seconds", .real(attempt.timeSeconds)), Field("failure", .text(attempt.failure?.rawValue)),
          Field("model", .text(attempt.model)), Field("assisted", .bool(attempt.assisted)),
        ]).line + "\n"
      }
    }.joined()
  }

  /// The plan's record of a phase, beside that of the phase before.
  package func summaryLine(previous: RunFile?) -> PlanJSON {
    typealias Field = PlanJSON.Field
    return .object([
      Field("phase", .integer(phase)), Field("total_instances", .integer(total)),
      Field("verified_count", .integer(verified)), Field("success_rate", .real(successRate)),
      Field("avg_attempts", .real(averageAttempts)), Field("most_common_error", .text(mostCommonError?.rawValue)),
      Field("improvement_from_previous", .text(improvement(from: previous, to: self))),
    ])
  }
}
