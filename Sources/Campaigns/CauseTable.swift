import Attempts
import Grading

/// Why the instances of a phase failed: a row a cause, with the stage it lies in, its instances and what to change.
package struct CauseTable: Hashable, Sendable {
  /// The plan's four roots of a failure, and the environment.
  package enum Root: String, CaseIterable, Sendable {
    case prompt, context, feedback, model, environment

    /// What the plan says to try.
    package var next: String {
      switch self {
      case .prompt: "clearer wording, an example of an edit, tighter constraints"
      case .context: "more files, or other ones"
      case .feedback: "read the tests' errors better, and tell the model more clearly"
      case .model: "`set escalate` asks a bigger model for these rows"
      case .environment: "`preflight` says what the environments lack; these rows say nothing about the model"
      }
    }
  }

  package struct Row: Hashable, Sendable {
    /// Nil when the records do not tell: another program wrote them.
    package let stage: Stage?
    package let kind: Cause.Kind?
    /// In the order of the phase.
    package let ids: [String]
    /// What `why` found about the first of them, in a sentence; empty when nothing was found.
    package let example: String

    /// What it says of all of them, in a few words.
    package var title: String { kind?.title ?? "not told" }
    package var root: Root? { kind.flatMap { Root(rawValue: $0.root) } }
    /// What to change, with the lines to type between backticks; nil when nobody knows.
    package var change: String? { kind?.change }
  }

  /// Most instances first; of equally many in the order of the stages.
  package let rows: [Row]

  /// The causes of those of the records that are not resolved.
  package init(_ records: [InstanceRecord]) {
    let failed = records.filter { !$0.verified }.map { (record: $0, cause: $0.cause ?? FailureCause(of: $0)) }
    rows = Dictionary(grouping: failed) { Key(stage: $0.cause?.stage, kind: $0.cause?.kind) }
      .map { key, failed in
        Row(
          stage: key.stage, kind: key.kind, ids: failed.map(\.record.instanceID),
          example: failed.lazy.compactMap(\.cause?.sentence).first ?? "")
      }
      .sorted { left, right in
        if left.ids.count != right.ids.count { return left.ids.count > right.ids.count }
        if left.stage != right.stage { return (left.stage ?? .feedback) < (right.stage ?? .feedback) }
        return left.title < right.title
      }
  }

  /// The instances of each of the plan's roots, most first.
  package var roots: [(root: Root, ids: [String])] {
    let grouped = Dictionary(grouping: rows.filter { $0.root != nil }) { $0.root ?? .model }
    return grouped.map { ($0.key, $0.value.flatMap(\.ids)) }
      .sorted { ($1.ids.count, $0.root.rawValue) < ($0.ids.count, $1.root.rawValue) }
  }

  private struct Key: Hashable {
    let stage: Stage?
    let kind: Cause.Kind?
  }
}

extension FailureCause {
  /// The cause as far as a code tells it: for records that were written without one. Nil when there is no code either.
  fileprivate init?(of record: InstanceRecord) {
    let place: (Stage, Cause.Kind)
    switch record.stop == .environmentError ? .environmentError : record.failure {
    case .noEditsGenerated: place = (.edits, .noEdits)
    case .applyFailed: place = (.edits, .notApplied)
    case .syntaxError: place = (.edits, .syntax)
    case .contextTruncated: place = (.prompt, .window)
    case .environmentError: place = (.baseline, .environment)
    case .modelError: place = (.reply, .model)
    case .testFailure, .logicError: place = (.verdict, .logic)
    case .regression: place = (.verdict, .regression)
    case .timeout: place = (.verdict, .timeout)
    case nil:
      switch record.errorType {
      case .syntax: place = (.edits, .syntax)
      case .logic, .testFailure: place = (.verdict, .logic)
      case .other, nil: return nil
      }
    }
    self.init(stage: place.0, kind: place.1, sentence: record.finalError ?? "")
  }
}
