import Content

/// The cause of an instance's failure, as its record keeps it: what `why` finds, without the evidence.
package struct FailureCause: Hashable, Codable, Sendable {
  package let stage: Stage
  package let kind: Cause.Kind
  /// One sentence.
  package let sentence: String
  /// What to type; nil when there is no suggestion.
  package let next: String?
  /// The first attempt that failed for it; nil when no attempt was made.
  package let attempt: Int?

  private enum CodingKeys: String, CodingKey {
    case stage
    case kind = "code"
    case sentence, next, attempt
  }

  package init(stage: Stage, kind: Cause.Kind, sentence: String, next: String? = nil, attempt: Int? = nil) {
    self.stage = stage
    self.kind = kind
    self.sentence = sentence
    self.next = next
    self.attempt = attempt
  }

  package init(_ cause: Cause, attempt: Int?) {
    self.init(stage: cause.stage, kind: cause.kind, sentence: cause.sentence, next: cause.next, attempt: attempt)
  }
}

extension Cause.Kind {
  /// What it says of many instances, in a few words.
  package var title: String {
    switch self {
    case .environment: "the tests could not be judged"
    case .model: "no complete reply from the model"
    case .contextFile: "a file of the gold patch was not shown"
    case .contextLines: "the lines to change were not shown"
    case .window: "the window cut what was chosen"
    case .replyCut: "the reply was cut at its budget"
    case .noEdits: "the reply holds no edit"
    case .notApplied: "the edits did not apply"
    case .wrongPlace: "another place was changed"
    case .feedback: "the same failure again, without feedback"
    case .syntax: "the edited file is not valid Python"
    case .logic: "right place, wrong change"
    case .regression: "the change breaks tests that passed"
    case .timeout: "the tests did not end in time"
    case .suspect: "the patch may forge the tests' result"
    }
  }

  /// What to change when many instances fail for it, with the lines to type between backticks.
  package var change: String {
    switch self {
    case .environment: "`preflight` says what the environments lack; these rows say nothing about the model"
    case .model: "`model check` says whether the server answers"
    case .contextFile: "`set context.files 10` shows more files, `set context.budget 12000` makes room for them"
    case .contextLines: "`set context.budget 12000` shows more of each file"
    case .window: "`set model.num_ctx 32768` asks for a larger window, `set context.budget 6000` fills less of it"
    case .replyCut: "`set model.num_predict 4096` lets the reply be longer"
    case .noEdits: "`template edit repair`: state the format more clearly, with an example of an edit"
    case .notApplied: "`set format whole` asks for whole functions or files; `template edit repair` adds an example"
    case .wrongPlace: "`template edit repair`: ask where the bug is first; `context add` puts the place in the prompt"
    case .feedback: "`set feedback visible` tells the next attempt what failed"
    case .syntax: "`set feedback visible` tells the next attempt the line; `set ladder` changes what it does"
    case .logic, .regression, .timeout:
      "`set feedback visible` tells the next attempt what failed; `set escalate` asks a bigger model for these rows"
    case .suspect: "`diff patch` shows what the patch does to the tests"
    }
  }
}
