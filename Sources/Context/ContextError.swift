import Foundation

/// Why a context could not be chosen as asked.
package enum ContextError: Error, Hashable, Sendable {
  /// `text` names no lines of a file.
  case notASpan(String)
  /// No tracked file of the commit has this path. `nearest` are paths that look like it, nearest first.
  case noSuchFile(path: String, nearest: [String])
  /// The file has only `count` lines; `first` and `last` are what was asked for, 1-based and inclusive.
  case linesOutOfRange(path: String, first: Int, last: Int, count: Int)
  /// The file holds NUL bytes, so it is not text.
  case notText(path: String)
  /// What was added by hand needs at least `needed` tokens and the budget is smaller. `largest` is its costliest span.
  case tooLarge(budget: Int, needed: Int, largest: Span)
}

extension ContextError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .notASpan(let text):
      "`\(text)` is no file and no lines of one"
    case .noSuchFile(let path, let nearest):
      nearest.isEmpty
        ? "no file \(path) at this commit"
        : "no file \(path) at this commit; nearest: \(nearest.joined(separator: ", "))"
    case .linesOutOfRange(let path, let first, let last, let count):
      count == 0
        ? "\(path) is empty"
        : "\(path) has \(count) \(count == 1 ? "line" : "lines"), so \(Span(path: path, first: first, last: last))"
          + " reaches beyond its end"
    case .notText(let path):
      "\(path) is not text: it holds NUL bytes"
    case .tooLarge(let budget, let needed, let largest):
      "what was added takes \(needed) tokens or more, and the context may take \(budget); the largest is \(largest)"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .notASpan:
      "name a file, or lines of it: `context add forms/formsets.py:40-80`"
    case .noSuchFile(_, let nearest):
      nearest.first.map { "`context add \($0)`" } ?? "`context list` shows what is in the context and what is next"
    case .linesOutOfRange(let path, _, _, let count):
      count == 0 ? "leave it out: `context drop \(path)`" : "`context add \(Span(path: path, first: 1, last: count))`"
    case .notText(let path):
      "leave it out: `context drop \(path)`"
    case .tooLarge(_, let needed, let largest):
      "add fewer lines of \(largest.path), or `set context.budget \(needed)`"
    }
  }
}
