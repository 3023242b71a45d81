import Attempts

/// The plan's line about a phase.
package struct PhaseSummary: Hashable, Sendable {
  package let label: PhaseResults.Label
  package let total: Int
  package let verified: Int
  package let successRate: Double
  /// Nil where no attempts are told.
  package let averageAttempts: Double?
  /// The plan's kind that most failures are of, of equals the first by name; nil without failures.
  package let mostCommonError: String?
  /// `+20%`: the rate less that of the phase before, in points; nil for the first.
  package let improvement: String?

  /// - Parameters:
  ///   - results: the phase.
  ///   - previous: the phase before it; nil for the first.
  package init(_ results: PhaseResults, previous: PhaseResults? = nil) {
    label = results.label
    total = results.total
    verified = results.verified
    successRate = results.successRate
    averageAttempts = results.averageAttempts
    var counts: [String: Int] = [:]
    for record in results.results where !record.verified {
      counts[(record.errorType ?? .other).rawValue, default: 0] += 1
    }
    mostCommonError =
      counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? results.errorCounts.first?.label
    improvement = previous.map { PhaseSummary.points(from: $0.successRate, to: results.successRate) }
  }

  /// A change in whole points, with its sign: `+20%`.
  package static func points(from old: Double, to new: Double) -> String {
    let points = Int(((new - old) * 100).rounded())
    return "\(points < 0 ? "" : "+")\(points)%"
  }

  /// On one line, without its newline.
  package var line: String { String(decoding: json.line, as: UTF8.self) }

  private var json: OrderedJSON {
    .members([
      "phase": label.json, "total_instances": .whole(total), "verified_count": .whole(verified),
      "success_rate": .number(successRate), "avg_attempts": .optional(averageAttempts),
      "most_common_error": .optional(mostCommonError), "improvement_from_previous": .optional(improvement),
    ])
  }

  /// The summaries of phases in their order, each beside the one before: one JSON object a line.
  package static func jsonl(_ phases: [PhaseResults]) -> [UInt8] {
    zip(phases, [nil] + phases.dropLast().map(Optional.some)).flatMap {
      PhaseSummary($0, previous: $1).json.line + [0x0A]
    }
  }
}

extension PhaseResults {
  /// The bytes of `phase_N_instances.jsonl`: the plan's line about each attempt, and of an instance without one the line
  /// of its own end.
  package var instanceLines: [UInt8] {
    results.flatMap { record -> [UInt8] in
      let attempts =
        record.each.isEmpty
        ? [(record.attempts, record.verified, record.errorType, record.finalError, record.timeSeconds)]
        : record.each.map { ($0.attempt, $0.verified, $0.errorType, $0.error, $0.timeSeconds) }
      return attempts.flatMap { attempt, verified, type, error, seconds -> [UInt8] in
        OrderedJSON.members([
          "instance_id": .text(record.instanceID), "attempt": .whole(attempt), "verified": .flag(verified),
          "attempts_needed": .optional(record.attemptsNeeded), "error_type": .optional(type?.rawValue),
          "final_error": .optional(error), "time_seconds": .number(seconds),
        ]).line + [0x0A]
      }
    }
  }
}
