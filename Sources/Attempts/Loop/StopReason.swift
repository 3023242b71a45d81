/// Why an instance gets no more attempts.
package enum StopReason: String, CaseIterable, Codable, Sendable {
  case resolved
  /// It has had as many as were asked for.
  case attemptsExhausted = "attempts_exhausted"
  /// Tokens, seconds or dollars are spent.
  case budget
  /// Nothing more can be changed: the same answers come again.
  case stuck
  /// The tests could not be judged; says nothing about the model.
  case environmentError = "environment_error"
  /// No model answers.
  case modelError = "model_error"
  /// A person stopped it.
  case cancelled

  /// True where it says nothing about the model, so that it is no result.
  package var isInfrastructure: Bool {
    switch self {
    case .environmentError, .modelError, .cancelled: true
    case .resolved, .attemptsExhausted, .budget, .stuck: false
    }
  }
}
