import Attempts
import Grading
import Instances

/// The records of instances in the forms that other tools read.
package struct RecordExport: Sendable {
  package let records: [InstanceRecord]

  package init(_ records: [InstanceRecord]) { self.records = records }

  // MARK: - SWE-bench

  /// A prediction of each instance that a model answered for: its best patch, or an empty one. One that was written with
  /// the hidden tests in view says so in its model's name.
  package var predictions: [Prediction] {
    records.compactMap { record in
      // The model whose patch it is, which need not be the one that was asked last.
      (record.each.first { $0.attempt == record.best }?.model ?? record.model).map { model in
        Prediction(
          instanceID: record.instanceID, model: record.isBestAssisted ? "\(model) (assisted)" : model,
          patch: record.patch)
      }
    }
  }

  /// The harness's report on them. An instance that could not be judged counts among the errors.
  package func runReport(harness: Harness = .v5) -> RunReport {
    var results: [String: RunReport.Result] = [:]
    for record in records {
      results[record.instanceID] =
        record.verified ? .resolved : record.stop.isInfrastructure ? .missing : .unresolved
    }
    return RunReport(
      dataset: records.map(\.instanceID), predictions: predictions, results: results, harness: harness)
  }

  // MARK: - A table

  /// RFC 4180: a header, a line per instance, CR LF behind each. No cell is a formula.
  package var csv: [UInt8] {
    let header = [
      "instance_id", "repository", "dataset", "verified", "attempts", "attempts_needed", "time_seconds", "error_type",
      "failure", "stop_reason", "model", "escalated", "assisted", "prompt_tokens", "reply_tokens", "cost", "error",
    ]
    let rows = records.map { record -> [String] in
      let texts = [record.instanceID, record.repository, record.dataset].map(SafeText.cell)
      let numbers = [
        "\(record.verified)", "\(record.attempts)", record.attemptsNeeded.map { "\($0)" } ?? "",
        "\(record.timeSeconds)", record.errorType?.rawValue ?? "", record.failure?.rawValue ?? "",
        record.stop.rawValue, SafeText.cell(record.model ?? ""), "\(record.escalated)", "\(record.assisted)",
        "\(record.promptTokens)", "\(record.replyTokens)", record.cost.map { "\($0)" } ?? "",
      ]
      return texts + numbers + [SafeText.cell(record.finalError ?? "")]
    }
    return ([header] + rows).flatMap { row in
      Array(row.map(RecordExport.quoted).joined(separator: ",").utf8) + [0x0D, 0x0A]
    }
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return cell }
    return "\"\(SafeText.replacing(["\"": "\"\""], in: cell))\""
  }
}

extension InstanceRecord {
  /// True where the attempt that made the best patch had seen what the hidden tests said.
  var isBestAssisted: Bool { each.first { $0.attempt == best }?.assisted ?? assisted }
}
