import Content
import Grading

/// The result of an instance after all its attempts, as the plan records it, and what ramp knows beside it.
package struct InstanceRecord: Hashable, Codable, Sendable {
  package var instanceID: String
  /// `owner/name`.
  package var repository: String
  /// The name of the set of rows.
  package var dataset: String
  /// True when the row is one of those that ship with ramp, whatever its set is called.
  package var practice: Bool
  /// As the row says; nil when it does not.
  package var difficulty: String?
  package var verified: Bool
  /// How many attempts were made.
  package var attempts: Int
  /// The attempt that resolved it; nil when none did.
  package var attemptsNeeded: Int?
  /// The furthest stage that any attempt reached; nil when no attempt was made, or nobody knows.
  package var reached: Stage?
  /// Of the failure, in the plan's words; nil when it is resolved.
  package var errorType: PlanErrorType?
  /// Why the last attempt is not resolved, in a sentence; nil when one resolved it.
  package var finalError: String?
  /// Of all attempts together, without the making of environments.
  package var timeSeconds: Double
  /// Seconds that making the tests' environment took; nil when none was made.
  package var environmentSeconds: Double?
  package var stop: StopReason
  /// The failure of the attempts that reached the furthest stage: of several the most frequent, of equally frequent ones
  /// the first. When the infrastructure ended the instance, the failure is that. Nil when it is resolved.
  package var failure: FailureCode?
  /// Why: the most frequent cause of the attempts with that failure. Nil when it is resolved, or nobody knows.
  package var cause: FailureCause?
  /// The model that resolved it, or else the one that answered last; nil when none answered.
  package var model: String?
  /// True when the model that resolved it is the one that `escalate` names.
  package var escalated: Bool
  /// The models that were asked, in the order in which they were asked first, each with what it did itself.
  package var models: [ModelShare]
  /// True when any attempt saw what the hidden tests said.
  package var assisted: Bool
  package var promptTokens: Int
  package var replyTokens: Int
  /// US dollars; nil when no price is set.
  package var cost: Double?
  /// The best patch, as a unified diff: the one that resolves it, or with which the fewest tests fail and none that
  /// passed before; empty when no attempt made one.
  package var patch: String
  /// The attempt that made it; nil when none did.
  package var best: Int?
  /// What of the gold patch's place the model was shown, in the attempt that resolved it or in the one whose failure it
  /// is; nil when nobody knows.
  package var goldShown: GoldShown?
  package var each: [AttemptRecord]

  private enum CodingKeys: String, CodingKey {
    case instanceID = "instance_id"
    case repository, dataset, practice, difficulty, verified, attempts
    case attemptsNeeded = "attempts_needed"
    case reached
    case errorType = "error_type"
    case finalError = "final_error"
    case timeSeconds = "time_seconds"
    case environmentSeconds = "environment_seconds"
    case stop = "stop_reason"
    case failure, cause, model, escalated, models, assisted
    case promptTokens = "prompt_tokens"
    case replyTokens = "reply_tokens"
    case cost, patch, best
    case goldShown = "gold_shown"
    case each = "attempt_records"
  }

  /// A record with these values. Without `models` they follow from the attempts, as far as these tell.
  package init(
    instanceID: String, repository: String, dataset: String, practice: Bool = false, difficulty: String? = nil,
    verified: Bool, attempts: Int, attemptsNeeded: Int? = nil, reached: Stage? = nil,
    errorType: PlanErrorType? = nil, finalError: String? = nil, timeSeconds: Double = 0,
    environmentSeconds: Double? = nil, stop: StopReason = .attemptsExhausted, failure: FailureCode? = nil,
    cause: FailureCause? = nil, model: String? = nil, escalated: Bool = false, models: [ModelShare]? = nil,
    assisted: Bool = false, promptTokens: Int = 0, replyTokens: Int = 0, cost: Double? = nil, patch: String = "",
    best: Int? = nil, goldShown: GoldShown? = nil, each: [AttemptRecord] = []
  ) {
    self.instanceID = instanceID
    self.repository = repository
    self.dataset = dataset
    self.practice = practice
    self.difficulty = difficulty
    self.verified = verified
    self.attempts = attempts
    self.attemptsNeeded = attemptsNeeded
    self.reached = reached
    self.errorType = errorType
    self.finalError = finalError
    self.timeSeconds = timeSeconds
    self.environmentSeconds = environmentSeconds
    self.stop = stop
    self.failure = failure
    self.cause = cause
    self.model = model
    self.escalated = escalated
    self.models =
      models
      ?? ModelShare.told(by: each, verified: verified, attempts: attempts, model: model, escalated: escalated)
    self.assisted = assisted
    self.promptTokens = promptTokens
    self.replyTokens = replyTokens
    self.cost = cost
    self.patch = patch
    self.best = best
    self.goldShown = goldShown
    self.each = each
  }
}

// An older ramp wrote neither stages nor causes nor whose success it is.
extension InstanceRecord {
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let dataset = try fields.decode(String.self, forKey: .dataset)
    self.init(
      instanceID: try fields.decode(String.self, forKey: .instanceID),
      repository: try fields.decode(String.self, forKey: .repository), dataset: dataset,
      practice: try fields.decodeIfPresent(Bool.self, forKey: .practice) ?? (dataset == "practice"),
      difficulty: try fields.decodeIfPresent(String.self, forKey: .difficulty),
      verified: try fields.decode(Bool.self, forKey: .verified),
      attempts: try fields.decode(Int.self, forKey: .attempts),
      attemptsNeeded: try fields.decodeIfPresent(Int.self, forKey: .attemptsNeeded),
      reached: try fields.decodeIfPresent(Stage.self, forKey: .reached),
      errorType: try fields.decodeIfPresent(PlanErrorType.self, forKey: .errorType),
      finalError: try fields.decodeIfPresent(String.self, forKey: .finalError),
      timeSeconds: try fields.decode(Double.self, forKey: .timeSeconds),
      environmentSeconds: try fields.decodeIfPresent(Double.self, forKey: .environmentSeconds),
      stop: try fields.decode(StopReason.self, forKey: .stop),
      failure: try fields.decodeIfPresent(FailureCode.self, forKey: .failure),
      cause: try fields.decodeIfPresent(FailureCause.self, forKey: .cause),
      model: try fields.decodeIfPresent(String.self, forKey: .model),
      escalated: try fields.decode(Bool.self, forKey: .escalated),
      models: try fields.decodeIfPresent([ModelShare].self, forKey: .models),
      assisted: try fields.decode(Bool.self, forKey: .assisted),
      promptTokens: try fields.decode(Int.self, forKey: .promptTokens),
      replyTokens: try fields.decode(Int.self, forKey: .replyTokens),
      cost: try fields.decodeIfPresent(Double.self, forKey: .cost),
      patch: try fields.decode(String.self, forKey: .patch),
      best: try fields.decodeIfPresent(Int.self, forKey: .best),
      goldShown: try fields.decodeIfPresent(GoldShown.self, forKey: .goldShown),
      each: try fields.decode([AttemptRecord].self, forKey: .each))
  }
}
