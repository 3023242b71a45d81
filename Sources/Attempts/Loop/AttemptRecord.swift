import Content
import Edits
import Grading

/// The plan's kinds of errors.
package enum PlanErrorType: String, CaseIterable, Codable, Sendable {
  case syntax
  case logic
  case testFailure = "test_failure"
  case other

  package init(_ code: FailureCode) {
    switch code {
    case .syntaxError: self = .syntax
    case .logicError: self = .logic
    case .testFailure, .regression: self = .testFailure
    case .noEditsGenerated, .applyFailed, .timeout, .contextTruncated, .modelError, .environmentError: self = .other
    }
  }
}

/// One attempt as the plan records it, and what ramp knows beside it.
package struct AttemptRecord: Hashable, Codable, Sendable {
  package var instanceID: String
  /// From 1.
  package var attempt: Int
  package var verified: Bool
  /// Nil where it is resolved.
  package var errorType: PlanErrorType?
  /// Why it is not resolved, in a sentence; nil where it is.
  package var error: String?
  package var timeSeconds: Double
  package var verdict: VerdictWord?
  package var failure: FailureCode?
  /// The model that answered, as its server calls it; nil without a reply.
  package var model: String?
  package var assisted: Bool
  package var format: EditFormat
  package var template: String
  package var temperature: Double
  package var seed: Int
  package var promptTokens: Int?
  package var replyTokens: Int?
  /// US dollars; nil where no price is set.
  package var cost: Double?
  /// The SHA-256 of the patch; nil for an empty one.
  package var patchSHA256: String?
  /// The earlier attempt whose patch this one is again, so that no test was run.
  package var repeats: Int?
  /// Why no canary test watched over the run of the tests; nil where one did, and where no test ran.
  package var noCanary: String?

  private enum CodingKeys: String, CodingKey {
    case instanceID = "instance_id"
    case attempt, verified
    case errorType = "error_type"
    case error
    case timeSeconds = "time_seconds"
    case verdict, failure, model, assisted, format, template, temperature, seed
    case promptTokens = "prompt_tokens"
    case replyTokens = "reply_tokens"
    case cost
    case patchSHA256 = "patch_sha256"
    case repeats
    case noCanary = "no_canary"
  }

  package init(
    instanceID: String, attempt: Int, verified: Bool, errorType: PlanErrorType? = nil, error: String? = nil,
    timeSeconds: Double = 0, verdict: VerdictWord? = nil, failure: FailureCode? = nil, model: String? = nil,
    assisted: Bool = false, format: EditFormat = .search, template: String = "repair", temperature: Double = 0,
    seed: Int = 1, promptTokens: Int? = nil, replyTokens: Int? = nil, cost: Double? = nil, patchSHA256: String? = nil,
    repeats: Int? = nil, noCanary: String? = nil
  ) {
    self.instanceID = instanceID
    self.attempt = attempt
    self.verified = verified
    self.errorType = errorType
    self.error = error
    self.timeSeconds = timeSeconds
    self.verdict = verdict
    self.failure = failure
    self.model = model
    self.assisted = assisted
    self.format = format
    self.template = template
    self.temperature = temperature
    self.seed = seed
    self.promptTokens = promptTokens
    self.replyTokens = replyTokens
    self.cost = cost
    self.patchSHA256 = patchSHA256
    self.repeats = repeats
    self.noCanary = noCanary
  }
}

/// What an instance came to after all its attempts, as the plan records it, and what ramp knows beside it.
package struct InstanceRecord: Hashable, Codable, Sendable {
  package var instanceID: String
  /// `owner/name`.
  package var repository: String
  /// The name of the set of rows; `practice` for the set that ships.
  package var dataset: String
  package var verified: Bool
  /// How many attempts were made.
  package var attempts: Int
  /// The attempt that resolved it; nil where none did.
  package var attemptsNeeded: Int?
  /// Of the last attempt; nil where it is resolved.
  package var errorType: PlanErrorType?
  /// Why the last attempt is not resolved, in a sentence; nil where one resolved it.
  package var finalError: String?
  /// Of all attempts together.
  package var timeSeconds: Double
  package var stop: StopReason
  /// Of the last attempt; nil where it is resolved.
  package var failure: FailureCode?
  /// The model that resolved it, or else the one that answered last; nil where none answered.
  package var model: String?
  /// True where the model that resolved it is the one that `escalate` names.
  package var escalated: Bool
  /// True where any attempt saw what the hidden tests said.
  package var assisted: Bool
  package var promptTokens: Int
  package var replyTokens: Int
  /// US dollars; nil where no price is set.
  package var cost: Double?
  /// The best patch, as a unified diff: the one that resolves it, or with which the fewest tests fail and none that
  /// passed before; empty where no attempt made one.
  package var patch: String
  /// The attempt that made it; nil where none did.
  package var best: Int?
  package var each: [AttemptRecord]

  private enum CodingKeys: String, CodingKey {
    case instanceID = "instance_id"
    case repository, dataset, verified, attempts
    case attemptsNeeded = "attempts_needed"
    case errorType = "error_type"
    case finalError = "final_error"
    case timeSeconds = "time_seconds"
    case stop = "stop_reason"
    case failure, model, escalated, assisted
    case promptTokens = "prompt_tokens"
    case replyTokens = "reply_tokens"
    case cost, patch, best
    case each = "attempt_records"
  }

  package init(
    instanceID: String, repository: String, dataset: String, verified: Bool, attempts: Int, attemptsNeeded: Int? = nil,
    errorType: PlanErrorType? = nil, finalError: String? = nil, timeSeconds: Double = 0,
    stop: StopReason = .attemptsExhausted, failure: FailureCode? = nil, model: String? = nil, escalated: Bool = false,
    assisted: Bool = false, promptTokens: Int = 0, replyTokens: Int = 0, cost: Double? = nil, patch: String = "",
    best: Int? = nil, each: [AttemptRecord] = []
  ) {
    self.instanceID = instanceID
    self.repository = repository
    self.dataset = dataset
    self.verified = verified
    self.attempts = attempts
    self.attemptsNeeded = attemptsNeeded
    self.errorType = errorType
    self.finalError = finalError
    self.timeSeconds = timeSeconds
    self.stop = stop
    self.failure = failure
    self.model = model
    self.escalated = escalated
    self.assisted = assisted
    self.promptTokens = promptTokens
    self.replyTokens = replyTokens
    self.cost = cost
    self.patch = patch
    self.best = best
    self.each = each
  }
}
