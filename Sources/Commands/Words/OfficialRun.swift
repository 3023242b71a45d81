import Foundation
import Grading
import Instances
import Sessions
import Synchronization
import Terminal
import Workspaces

/// A run of SWE-bench's harness, or of one like it: predictions, and a log for each. What `grade --predictions` does.
struct OfficialRun {
  let predictions: String
  let logs: String
  let out: String?
  let name: String

  /// Judges every prediction for which there is a row, and writes the reports where they are asked for.
  func grade(in session: Session, at desk: Desk) async throws -> RunOutput {
    let rows = try await session.rows().map(\.row)
    let known = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let predictions = try read(try await session.bytes(at: predictions))
    // Of two predictions with one id the harness takes the last.
    let last = Dictionary(predictions.map { ($0.instanceID, $0) }, uniquingKeysWith: { $1 })
    var left = last
    let chosen = predictions.compactMap { left.removeValue(forKey: $0.instanceID) }
    let repeated = Dictionary(grouping: predictions, by: \.instanceID).filter { $1.count > 1 }.keys.sorted()
    // A mistyped folder would make every row one without a log.
    guard FileManager.default.fileExists(atPath: await session.path(logs)) else { throw SessionError.noFile(logs) }
    if !repeated.isEmpty {
      await desk.warn(
        "\(OfficialRun.some(repeated)) \(repeated.count == 1 ? "stands" : "stand") more than once in "
          + "\(self.predictions): the last counts, as in the harness")
    }
    let judged = try await judge(chosen, by: known, files: await session.files, at: desk)
    let lines = judged.map(\.line)
    let infra = Dictionary(
      judged.compactMap { one in one.infra.map { (one.line.instanceID, $0) } }, uniquingKeysWith: { $1 })
    let harness = judged.contains { $0.harness == .v5 } ? Harness.v5 : .v4
    let results = lines.compactMap { line in line.result.official.map { (line.instanceID, $0) } }
    let report = RunReport(
      dataset: rows.map(\.id), predictions: predictions,
      results: Dictionary(results, uniquingKeysWith: { $1 }), infra: infra, harness: harness)
    await warnOfUnknown(lines.filter { $0.result == .unknown }.map(\.instanceID), in: session, at: desk)
    var path: String?
    if let out {
      let model = predictions.first?.model ?? ""
      path = try await session.write(
        report.json, to: "\(out)/\(RunReport.fileName(model: model, run: name))", makesFolders: true)
    }
    return RunOutput(lines: lines, repeated: repeated, report: report, path: path)
  }

  private func read(_ bytes: [UInt8]) throws(PredictionError) -> [Prediction] {
    switch Result(catching: { () throws(DatasetError) in try PredictionReader.read(bytes: bytes, source: predictions) })
    {
    case .success(let read) where read.isEmpty: throw .empty(source: predictions)
    case .success(let read): return read
    case .failure(let error): throw .refused(error)
    }
  }

  /// Says which set is missing where predictions have no row: SWE-bench Lite, as long as nothing real is loaded and the
  /// ids are of its repositories, and else the one that they were made for.
  private func warnOfUnknown(_ ids: [String], in session: Session, at desk: Desk) async {
    guard !ids.isEmpty else { return }
    let rows = (try? await session.sets().flatMap(\.rows)) ?? []
    let isLite =
      rows.allSatisfy(\.isPractice)
      && ids.contains { id in
        BuiltinSpecs.repositories.contains { id.hasPrefix($0.replacing("/", with: "__") + "-") }
      }
    await desk.warn(
      "\(OfficialRun.some(ids)): no row in what is loaded, and not graded; "
        + (isLite ? "`load lite` first, or the set that they are of" : "`load FILE` with their rows first"))
  }

  /// The first few names, and how many more there are.
  private static func some(_ names: [String]) -> String {
    let first = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(first) and \(names.count - 3) more" : first
  }

  /// As many at once as there are processors: logs may be large, and only those that are read are held.
  private func judge(
    _ chosen: [Prediction], by known: [String: Dataset.Row], files: SessionFiles, at desk: Desk
  ) async throws -> [Judged] {
    await desk.progress?.begin("grade")
    let writing = Turn()
    let workers = ProcessInfo.processInfo.activeProcessorCount
    return try await withThrowingTaskGroup(of: [(Int, Judged)].self) { group in
      for worker in 0..<workers {
        group.addTask {
          var done: [(Int, Judged)] = []
          for place in stride(from: worker, to: chosen.count, by: workers) {
            try Task.checkCancellation()
            await desk.progress?.rename("grade \(place) of \(chosen.count)")
            let prediction = chosen[place]
            done.append((place, try judge(prediction, known[prediction.instanceID], files: files, writing)))
          }
          return done
        }
      }
      var judged: [Int: Judged] = [:]
      for try await done in group { judged.merge(done, uniquingKeysWith: { $1 }) }
      await desk.progress?.end()
      return chosen.indices.compactMap { judged[$0] }
    }
  }

  /// Whose turn it is to write: two that make folders beside each other at once wait for the kernel longer than for one
  /// another.
  private final class Turn: Sendable {
    private let lock = Mutex(())

    func take(_ body: () throws -> Void) rethrows { try lock.withLock { _ in try body() } }
  }

  private func judge(
    _ prediction: Prediction, _ row: Dataset.Row?, files: SessionFiles, _ writing: Turn
  ) throws -> Judged {
    guard let row = try row?.instance() else { return Judged(RunOutput.Line(prediction.instanceID, .unknown)) }
    let harness = row.logParser == nil ? Harness.v4 : .v5
    if prediction.patch.isEmpty { return Judged(RunOutput.Line(row.id, .emptyPatch, .noEditsGenerated), harness) }
    guard let log = try log(of: row.id, in: files) else { return Judged(RunOutput.Line(row.id, .missing), harness) }
    let grade = try Grade(row, log: log)
    let report = InstanceReport(id: row.id, grade: grade, log: log)
    if let out {
      let path = RunReport.instanceReport(model: prediction.model, run: name, id: row.id)
      let bytes = report.json
      try writing.take { _ = try files.write(bytes, to: "\(out)/\(path)", makesFolders: true) }
    }
    if report.resolved { return Judged(RunOutput.Line(row.id, .resolved), harness) }
    let failures = FailureReader.read(log, parser: grade.parser).failures
    let diagnosis = Classifier.diagnosis(of: grade, log: log, failures: failures)
    return Judged(RunOutput.Line(row.id, .unresolved, diagnosis?.code), harness, InfraFailure.found(in: log))
  }

  /// One prediction, judged.
  private struct Judged {
    let line: RunOutput.Line
    let harness: Harness
    let infra: InfraFailure?

    init(_ line: RunOutput.Line, _ harness: Harness = .v4, _ infra: InfraFailure? = nil) {
      (self.line, self.harness, self.infra) = (line, harness, infra)
    }
  }

  /// The log of a row; nil where there is none.
  private func log(of id: String, in files: SessionFiles) throws -> [UInt8]? {
    for path in ["\(logs)/\(id)/test_output.txt", "\(logs)/\(id).log", "\(logs)/\(id).txt"] {
      do {
        return try files.bytes(at: path)
      } catch SessionError.noFile {
        continue
      }
    }
    return nil
  }
}

/// A run, judged.
struct RunOutput: Output {
  enum Result: String, Encodable {
    case resolved, unresolved
    case emptyPatch = "empty_patch"
    /// There is no log.
    case missing = "no_log"
    /// No loaded set has the row.
    case unknown = "unknown_id"

    /// Nil where the harness does not look at a log.
    var official: RunReport.Result? {
      switch self {
      case .resolved: .resolved
      case .unresolved: .unresolved
      case .missing: .missing
      case .emptyPatch, .unknown: nil
      }
    }
  }

  struct Line: Encodable {
    let instanceID: String
    let result: Result
    let failure: FailureCode?

    init(_ id: String, _ result: Result, _ failure: FailureCode? = nil) {
      (instanceID, self.result, self.failure) = (id, result, failure)
    }

    private enum CodingKeys: String, CodingKey {
      case instanceID = "instance_id"
      case result, failure
    }
  }

  let lines: [Line]
  /// Ids that stand more than once among the predictions.
  let repeated: [String]
  let report: RunReport
  /// Where the run report was written; nil where none was asked for.
  let path: String?

  var summary: String { "\(report.resolved.count) of \(report.submitted.count) resolved" }

  func text(_ look: Look) -> String {
    let table = Table(
      columns: [.init("INSTANCE", isWhole: true), .init("RESULT"), .init("FAILURE")],
      rows: lines.map { line in
        [
          .init(line.instanceID),
          .init(line.result.rawValue, meaning: line.result == .resolved ? .good : .bad),
          .init(line.failure?.rawValue ?? ""),
        ]
      })
    var text = table.rendered(style: look.style, width: look.width)
    text += "  submitted \(report.submitted.count), completed \(report.completed.count), "
    text += "resolved \(report.resolved.count), unresolved \(report.unresolved.count), "
    text += "empty \(report.emptyPatch.count), without a log \(report.errors.count), of \(report.total) rows\n"
    text += Buckets(lines.compactMap(\.failure)).text(look)
    if let path { text += "\(Untrusted.cleanLine(path))\n" }
    return text
  }

  /// A line for each prediction, then the counts.
  func json() throws -> [String] {
    struct Counts: Encodable {
      let submitted, completed, resolved, unresolved, emptyPatch, noLog, unknownID, total: Int
      let repeatedIDs: [String]
      let failures: FailureBuckets
      let report: String?

      private enum CodingKeys: String, CodingKey {
        case submitted, completed, resolved, unresolved, emptyPatch, noLog, total, failures, report
        case unknownID = "unknown_id"
        case repeatedIDs = "repeated_ids"
      }
    }
    return try lines.map { try JSONLine.of($0) } + [
      try JSONLine.of(
        Counts(
          submitted: report.submitted.count, completed: report.completed.count, resolved: report.resolved.count,
          unresolved: report.unresolved.count, emptyPatch: report.emptyPatch.count, noLog: report.errors.count,
          unknownID: lines.count { $0.result == .unknown }, total: report.total, repeatedIDs: repeated,
          failures: FailureBuckets(lines.compactMap(\.failure)), report: path))
    ]
  }
}

/// How often each failure came up: the plan's five always, what the environment did apart.
struct Buckets {
  private let parts: [String]

  init(_ codes: [FailureCode]) {
    let buckets = FailureBuckets(codes)
    parts =
      (buckets.plan + buckets.others).map { "\($0.code.rawValue) \($0.count)" } + [
        "environment \(buckets.environment)"
      ]
  }

  /// Lines that are not wider than the terminal.
  func text(_ look: Look) -> String {
    var lines = ["failures:"]
    for part in parts {
      let isLast = part == parts.last
      let next = part + (isLast ? "" : ",")
      if let width = look.width, Width.of(lines[lines.count - 1]) + 3 + Width.of(next) > width {
        lines.append("         " + next)
      } else {
        lines[lines.count - 1] += " " + next
      }
    }
    return lines.map { "  \($0)\n" }.joined()
  }
}
