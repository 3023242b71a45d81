import Content
import Edits
import Grading

/// The four words of the plan's `error_type`. `other` is only what says nothing about the change that the model made.
package enum PlanErrorType: String, CaseIterable, Codable, Sendable {
  /// What the model wrote cannot be used as it stands: no edit can be read from the reply, an edit does not fit the
  /// files, or a file is not valid Python after it.
  case syntax
  /// The change runs, and the target tests fail as before.
  case logic
  /// The tests fail in another way than before, a test that passed fails now, or they do not end.
  case testFailure = "test_failure"
  /// The prompt or the reply was cut, or a server or an environment failed.
  case other

  package init(_ code: FailureCode) {
    switch code {
    case .syntaxError, .noEditsGenerated, .applyFailed: self = .syntax
    case .logicError: self = .logic
    case .testFailure, .regression, .timeout: self = .testFailure
    case .contextTruncated, .modelError, .environmentError: self = .other
    }
  }
}

/// One attempt as the plan records it, and what ramp knows beside it.
package struct AttemptRecord: Hashable, Codable, Sendable {
  package var instanceID: String
  /// From 1.
  package var attempt: Int
  package var verified: Bool
  /// Nil when it is resolved.
  package var errorType: PlanErrorType?
  /// Why it is not resolved, in a sentence; nil where it is.
  package var error: String?
  package var timeSeconds: Double
  package var verdict: VerdictWord?
  package var failure: FailureCode?
  /// The last stage that had something to work on: `edits` when no edit could be applied, `outcomes` when tests ran. Nil in
  /// records of an older ramp or of other programs.
  package var reached: Stage?
  /// The model that answered, as its server calls it; nil without a reply.
  package var model: String?
  /// True when the model asked is the one that `escalate` names.
  package var escalated: Bool
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
  /// Seconds that making the tests' environment took, which `timeSeconds` leaves out; nil when none was made.
  package var environmentSeconds: Double?

  private enum CodingKeys: String, CodingKey {
    case instanceID = "instance_id"
    case attempt, verified
    case errorType = "error_type"
    case error
    case timeSeconds = "time_seconds"
    case verdict, failure, reached, model, escalated, assisted, format, template, temperature, seed
    case promptTokens = "prompt_tokens"
    case replyTokens = "reply_tokens"
    case cost
    case patchSHA256 = "patch_sha256"
    case repeats
    case noCanary = "no_canary"
    case environmentSeconds = "environment_seconds"
  }

  package init(
    instanceID: String, attempt: Int, verified: Bool, errorType: PlanErrorType? = nil, error: String? = nil,
    timeSeconds: Double = 0, verdict: VerdictWord? = nil, failure: FailureCode? = nil, reached: Stage? = nil,
    model: String? = nil, escalated: Bool = false, assisted: Bool = false, format: EditFormat = .search,
    template: String = "repair", temperature: Double = 0, seed: Int = 1, promptTokens: Int? = nil,
    replyTokens: Int? = nil, cost: Double? = nil, patchSHA256: String? = nil, repeats: Int? = nil,
    noCanary: String? = nil, environmentSeconds: Double? = nil
  ) {
    self.instanceID = instanceID
    self.attempt = attempt
    self.verified = verified
    self.errorType = errorType
    self.error = error
    self.timeSeconds = timeSeconds
    self.verdict = verdict
    self.failure = failure
    self.reached = reached
    self.model = model
    self.escalated = escalated
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
    self.environmentSeconds = environmentSeconds
  }
}

// An older ramp wrote neither who was escalated to nor how far an attempt got.
extension AttemptRecord {
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      instanceID: try fields.decode(String.self, forKey: .instanceID),
      attempt: try fields.decode(Int.self, forKey: .attempt), verified: try fields.decode(Bool.self, forKey: .verified),
      errorType: try fields.decodeIfPresent(PlanErrorType.self, forKey: .errorType),
      error: try fields.decodeIfPresent(String.self, forKey: .error),
      timeSeconds: try fields.decode(Double.self, forKey: .timeSeconds),
      verdict: try fields.decodeIfPresent(VerdictWord.self, forKey: .verdict),
      failure: try fields.decodeIfPresent(FailureCode.self, forKey: .failure),
      reached: try fields.decodeIfPresent(Stage.self, forKey: .reached),
      model: try fields.decodeIfPresent(String.self, forKey: .model),
      escalated: try fields.decodeIfPresent(Bool.self, forKey: .escalated) ?? false,
      assisted: try fields.decode(Bool.self, forKey: .assisted),
      format: try fields.decode(EditFormat.self, forKey: .format),
      template: try fields.decode(String.self, forKey: .template),
      temperature: try fields.decode(Double.self, forKey: .temperature),
      seed: try fields.decode(Int.self, forKey: .seed),
      promptTokens: try fields.decodeIfPresent(Int.self, forKey: .promptTokens),
      replyTokens: try fields.decodeIfPresent(Int.self, forKey: .replyTokens),
      cost: try fields.decodeIfPresent(Double.self, forKey: .cost),
      patchSHA256: try fields.decodeIfPresent(String.self, forKey: .patchSHA256),
      repeats: try fields.decodeIfPresent(Int.self, forKey: .repeats),
      environmentSeconds: try fields.decodeIfPresent(Double.self, forKey: .environmentSeconds))
  }
}
