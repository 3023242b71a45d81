import Campaigns
import Foundation

/// Why a batch or a phase is not run.
package enum BatchError: Error, Hashable, Sendable {
  /// Hand-written and gold replies are no model's, unless they are typed.
  case noModel(String)
  /// No row is like that.
  case empty
  /// The condition behind `--where` says nothing that can be checked.
  case badCondition(String, reason: String)
  /// The gate is shut: exit status 3.
  case gateShut(String)
  /// It was stopped before its end, so that it is no result.
  case stopped(done: Int, of: Int)
}

extension BatchError {
  /// True for an error that says that a gate is shut.
  package static func isShut(_ error: any Error) -> Bool {
    if case BatchError.gateShut = error { return true }
    return error is PhaseRefusal
  }
}

extension BatchError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .noModel("practice"): "the replies of `practice` are hand-written, and no model's"
    case .noModel(let kind): "the replies of `\(kind)` are no model's"
    case .empty: "no row is like that"
    case .badCondition(let text, let reason): "`\(text)` is no condition: \(reason)"
    case .gateShut(let reason): reason
    case .stopped(let done, let total): "stopped: \(done) of \(total) instances came to an end"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .noModel(let kind):
      "`model use KIND:NAME` chooses a model (`model list`); `--model \(kind)` runs them all the same, labelled"
    case .empty: "`instances` lists the rows"
    case .badCondition:
      "write `repo = OWNER/NAME`, `id ~ TEXT`, `set = NAME`, `difficulty = TEXT`, `last = CODE` or `verdict = WORD`, "
        + "with `!=` and `!~` for the opposite, joined by `and`"
    case .gateShut: "`gate` shows why; `retry N --because TEXT` runs the same rows after a change"
    case .stopped: "the same line goes on where it was"
    }
  }
}
