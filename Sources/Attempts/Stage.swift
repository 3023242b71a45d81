/// The stages of an attempt, in the order of the chain. Each makes one artifact from those before it.
package enum Stage: String, CaseIterable, Codable, Sendable, Comparable {
  /// The repository at the row's base commit.
  case workspace
  /// The tests before any fix: FAIL_TO_PASS must fail, or nothing can be said about a fix.
  case baseline
  /// What of the repository the model is shown.
  case context
  /// The messages, as parts with their origins.
  case prompt
  /// What the model said.
  case reply
  /// The edits read from the reply, applied to the files.
  case edits
  /// The edits as a unified diff.
  case patch
  /// The outcome of each test with the patch.
  case outcomes
  /// Resolved or not, and why not.
  case verdict
  /// What the next attempt is told.
  case feedback

  package static func < (left: Stage, right: Stage) -> Bool { left.position < right.position }

  /// The stage that a spoken name means: its own name, or `tests` for `outcomes`.
  package init?(spoken name: String) {
    if name == "tests" { self = .outcomes } else { self.init(rawValue: name) }
  }

  /// The version of what it makes: an artifact of another one is not used again.
  package var version: Int {
    switch self {
    case .workspace, .prompt, .reply: 1
    case .baseline, .context, .patch, .outcomes: 2
    case .edits: 5
    case .verdict: 7
    case .feedback: 8
    }
  }

  /// Its place in the chain, from 0.
  var position: Int {
    switch self {
    case .workspace: 0
    case .baseline: 1
    case .context: 2
    case .prompt: 3
    case .reply: 4
    case .edits: 5
    case .patch: 6
    case .outcomes: 7
    case .verdict: 8
    case .feedback: 9
    }
  }
}
