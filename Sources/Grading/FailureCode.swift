/// Why an attempt did not resolve its instance.
package enum FailureCode: String, Codable, Hashable, Sendable, CaseIterable {
  /// The reply held no edit.
  case noEditsGenerated = "no_edits_generated"
  /// An edit does not fit the files.
  case applyFailed = "apply_failed"
  /// A changed file is no Python any more.
  case syntaxError = "syntax_error"
  /// A target test still fails, in another way than before the repair.
  case testFailure = "test_failure"
  /// The repair applies and runs, and the target test still fails for the same reason.
  case logicError = "logic_error"
  /// A test that passed before the repair fails after it.
  case regression
  /// The tests ran out of time.
  case timeout
  /// The prompt or the reply was cut off.
  case contextTruncated = "context_truncated"
  /// The model's server answered with an error, or not to the end.
  case modelError = "model_error"
  /// The tests could not be judged; says nothing about the model.
  case environmentError = "environment_error"

  /// The five of the plan, in its order.
  package static let plan: [FailureCode] = [
    .syntaxError, .logicError, .testFailure, .noEditsGenerated, .applyFailed,
  ]

  /// True where the code says nothing about the model.
  package var isEnvironment: Bool { self == .environmentError }
}
