import Attempts
import Edits
import Grading
import Models

extension InstanceRecord {
  /// Reads one of the `results` of a file, in any of the three shapes.
  init(_ fields: PhaseFields) throws(PhaseFileError) {
    let id = try fields.required(fields.text("instance_id"), "instance_id")
    guard !id.isEmpty else { throw .wrongValue(fields.path("instance_id"), value: "", expected: "an id") }
    let verified = try fields.required(fields.flag("verified"), "verified")
    let error = try fields.text("error")
    // A line of ramp's own begins with the code.
    let told = error.flatMap { FailureCode(rawValue: String($0.prefix { $0 != ":" && $0 != " " })) }
    let failure = verified ? nil : try fields.word("failure", FailureCode.self) ?? told
    let attempts = try fields.whole("attempts") ?? 0
    var each: [AttemptRecord] = []
    for (index, value) in (try fields.list("attempt_records") ?? []).enumerated() {
      let row = try PhaseFields(value, at: "\(fields.path("attempt_records"))[\(index + 1)]")
      each.append(try AttemptRecord(row, instanceID: id))
    }
    let stop: StopReason =
      verified ? .resolved : failure == .environmentError ? .environmentError : .attemptsExhausted
    var models: [ModelShare]?
    if let list = try fields.list("models") {
      models = []
      for (index, value) in list.enumerated() {
        models?.append(try ModelShare(PhaseFields(value, at: "\(fields.path("models"))[\(index + 1)]")))
      }
    }
    let dataset = try fields.text("dataset") ?? ""
    self.init(
      instanceID: id, repository: try fields.text("repository") ?? InstanceRecord.repository(of: id),
      dataset: dataset, practice: try fields.flag("practice") ?? (dataset == "practice"),
      difficulty: try fields.text("difficulty"), verified: verified, attempts: attempts,
      attemptsNeeded: try fields.whole("attempts_needed") ?? (verified && attempts > 0 ? attempts : nil),
      reached: try fields.word("reached", Stage.self),
      errorType: verified
        ? nil
        : try fields.word("error_type", PlanErrorType.self)
          ?? failure.map(PlanErrorType.init) ?? .other,
      finalError: error, timeSeconds: try fields.number("time_seconds", "duration_seconds", "duration") ?? 0,
      environmentSeconds: try fields.number("environment_seconds"),
      stop: try fields.word("stop_reason", StopReason.self) ?? stop, failure: failure,
      cause: try fields.object("cause").map(FailureCause.init), model: try fields.text("model"),
      escalated: try fields.flag("escalated") ?? false, models: models,
      assisted: try fields.flag("assisted") ?? false,
      promptTokens: try fields.whole("prompt_tokens") ?? 0, replyTokens: try fields.whole("reply_tokens") ?? 0,
      cost: try fields.number("cost"), patch: try fields.text("patch") ?? "", best: try fields.whole("best"),
      goldShown: try fields.word("gold_shown", GoldShown.self), each: each)
  }

  /// `django/django` of `django__django-11000`; of an id of another form, the id.
  package static func repository(of id: String) -> String {
    guard let underscores = id.firstRange(of: "__") else { return id }
    let name = id[underscores.upperBound...]
    guard let dash = name.lastIndex(of: "-"), dash > name.startIndex else { return id }
    return "\(id[..<underscores.lowerBound])/\(name[..<dash])"
  }
}

extension AttemptRecord {
  fileprivate init(_ fields: PhaseFields, instanceID: String) throws(PhaseFileError) {
    self.init(
      instanceID: instanceID, attempt: try fields.required(fields.whole("attempt"), "attempt"),
      verified: try fields.required(fields.flag("verified"), "verified"),
      errorType: try fields.word("error_type", PlanErrorType.self), error: try fields.text("error"),
      timeSeconds: try fields.number("time_seconds") ?? 0, verdict: try fields.word("verdict", VerdictWord.self),
      failure: try fields.word("failure", FailureCode.self), reached: try fields.word("reached", Stage.self),
      model: try fields.text("model"), escalated: try fields.flag("escalated") ?? false,
      assisted: try fields.flag("assisted") ?? false, format: try fields.word("format", EditFormat.self) ?? .search,
      template: try fields.text("template") ?? "", temperature: try fields.number("temperature") ?? 0,
      seed: try fields.whole("seed") ?? 0, promptTokens: try fields.whole("prompt_tokens"),
      replyTokens: try fields.whole("reply_tokens"), cost: try fields.number("cost"),
      patchSHA256: try fields.text("patch_sha256"), repeats: try fields.whole("repeats"),
      noCanary: try fields.text("no_canary"), environmentSeconds: try fields.number("environment_seconds"))
  }
}

extension ModelShare {
  fileprivate init(_ fields: PhaseFields) throws(PhaseFileError) {
    self.init(
      model: try fields.required(fields.text("model"), "model"),
      attempts: try fields.required(fields.whole("attempts"), "attempts"),
      resolved: try fields.required(fields.flag("resolved"), "resolved"),
      escalated: try fields.flag("escalated") ?? false, assisted: try fields.flag("assisted") ?? false)
  }
}

extension FailureCause {
  fileprivate init(_ fields: PhaseFields) throws(PhaseFileError) {
    self.init(
      stage: try fields.required(fields.word("stage", Stage.self), "stage"),
      kind: try fields.required(fields.word("code", Cause.Kind.self), "code"),
      sentence: try fields.text("sentence") ?? "", next: try fields.text("next"), attempt: try fields.whole("attempt"))
  }
}
