import Foundation
import Prompts

/// Why a take could not be made. What was made before it stays.
package enum AttemptError: Error, Hashable, Sendable {
  /// The artifact of this stage can be made only by ramp.
  case notTweakable(Stage)
  /// A stage was asked for whose input was not made.
  case missing(Stage)
  /// The commit changes no file but tests.
  case noCode(String)
  /// The commit changes no test.
  case noTests(String)
  /// No test begins to pass with the commit. How many pass with it, and what went wrong in the first that fails.
  case noTarget(String, passing: Int, failure: String?)
  /// The raw log of this stage is not kept any more.
  case noLog(Stage)
  /// Even without any file the prompt does not fit the window.
  case promptTooLong(tokens: Int, window: Int)
  /// The prompt alone takes more tokens than the instance has left of `limit.tokens`.
  case tokensSpent(prompt: Int, left: Int)
  /// A template that cannot be read or rendered.
  case template(String, TemplateError)
}

extension AttemptError {
  /// True when what an instance may take is spent.
  package var isBudget: Bool { if case .tokensSpent = self { true } else { false } }
}

extension AttemptError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .notTweakable(let stage): "the artifact of the stage `\(stage.rawValue)` cannot be written by hand"
    case .missing(let stage): "there is no \(stage.rawValue) in this take"
    case .noCode(let commit): "\(commit.prefix(12)) changes nothing but tests"
    case .noTests(let commit): "\(commit.prefix(12)) changes no test, so that nothing can judge a repair"
    case .noTarget(let commit, let passing, let failure):
      "no test fails before \(commit.prefix(12)) and passes with it; \(passing) pass with it"
        + (failure.map { ", and \($0)" } ?? "")
    case .noLog(let stage): "the log of the stage `\(stage.rawValue)` is not kept any more"
    case .promptTooLong(let tokens, let window):
      "the prompt takes \(tokens) tokens without any file, and the window has room for \(window)"
    case .tokensSpent(let prompt, let left):
      "the prompt takes \(prompt) tokens, and the instance has \(max(0, left)) left of limit.tokens"
    case .template(let name, let error):
      "template \(name):\(error.position.line):\(error.position.column): \(error.localizedDescription)"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .notTweakable:
      "stages that can be tweaked: "
        + Stage.allCases.filter(\.isTweakable).map(\.rawValue).joined(separator: ", ")
    case .missing(let stage): "`rerun --through \(stage.rawValue)` makes it"
    case .noCode, .noTests: "choose a commit that changes code and tests"
    case .noTarget:
      "`--tests` says how they are run, and `set tests.python PATH` which Python has what they import"
    case .noLog(let stage): "`rerun \(stage.rawValue)` runs the tests again"
    case .tokensSpent: "`set limit.tokens` to more, or to 0 for no limit"
    case .template(_, let error): error.recoverySuggestion
    case .promptTooLong(_, let window) where window <= 0:
      "the answer's part (model.num_predict) takes the whole window (model.num_ctx): `set model.num_predict` to less"
    case .promptTooLong: "`set model.num_ctx` to more or `set model.num_predict` to less, or use a shorter template"
    }
  }
}
