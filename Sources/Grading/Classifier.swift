/// Finds the failure code of an attempt whose patch applied and whose tests ran.
///
/// The first rule that holds decides:
///
/// | holds | code |
/// |---|---|
/// | every FAIL_TO_PASS and PASS_TO_PASS test is a success | none: resolved |
/// | a changed file is no Python, or a failure in the tree that the baseline lacks is a SyntaxError | `syntax_error` |
/// | the tests ran out of time | `timeout` |
/// | a PASS_TO_PASS test fails that did not fail at the baseline | `regression` |
/// | each FAIL_TO_PASS test fails that failed at the baseline, each with the same exception and message | `logic_error` |
/// | a FAIL_TO_PASS test fails | `test_failure` |
/// | only PASS_TO_PASS tests fail, and those failed at the baseline too | `environment_error` |
package enum Classifier {
  /// - Parameters:
  ///   - baseline: failures before the repair, with the test patch applied.
  ///   - baselineFailing: PASS_TO_PASS names that fail at the baseline already.
  ///   - tally: the named tests after the repair.
  ///   - failures: failures after the repair.
  ///   - syntaxError: true where a changed file was found not to compile.
  ///   - timedOut: true where the tests after the repair ran out of time.
  /// - Returns: the code, or nil for a resolved instance.
  package static func code(
    baseline: [TestFailure], baselineFailing: [String] = [], tally: Tally, failures: [TestFailure],
    syntaxError: Bool = false, timedOut: Bool = false
  ) -> FailureCode? {
    diagnosis(
      baseline: baseline, baselineFailing: baselineFailing, tally: tally, failures: failures,
      syntaxErrors: syntaxError ? ["a changed file is no Python"] : [], timedOut: timedOut)?.code
  }

  /// The same with what shows it. `syntaxErrors` says of each changed file that does not compile where and why.
  package static func diagnosis(
    baseline: [TestFailure], baselineFailing: [String] = [], tally: Tally, failures: [TestFailure],
    syntaxErrors: [String] = [], timedOut: Bool = false
  ) -> Diagnosis? {
    if tally.resolution == .full, !timedOut { return nil }
    let syntax = syntaxErrors + newSyntaxErrors(failures, baseline)
    if !syntax.isEmpty { return Diagnosis(.syntaxError, syntax) }
    if timedOut {
      let running = failures.last { $0.kind == .timeout }.map { $0.test.isEmpty ? [] : ["\($0.test) was running"] }
      return Diagnosis(.timeout, (running ?? []) + ["the tests ran out of time"])
    }
    let (before, after) = (reasons(baseline), reasons(failures))
    let known = Set(baselineFailing)
    let broken = tally.passToPass.failure.filter { !known.contains($0) }
    if !broken.isEmpty {
      return Diagnosis(.regression, broken.map { "\($0) passed before: \(told(after[key($0)]))" })
    }
    guard !tally.failToPass.failure.isEmpty else {
      return Diagnosis(.environmentError, tally.passToPass.failure.map { "\($0) failed before the repair too" })
    }
    let isSame = tally.failToPass.failure.allSatisfy { name in
      guard let old = before[key(name)], let new = after[key(name)] else { return false }
      return old == new
    }
    if isSame {
      return Diagnosis(.logicError, tally.failToPass.failure.map { "\($0) as before: \(told(after[key($0)]))" })
    }
    return Diagnosis(
      .testFailure,
      tally.failToPass.failure.map { name in
        guard let old = before[key(name)], old != after[key(name)] else { return "\(name): \(told(after[key(name)]))" }
        return "\(name): \(told(after[key(name)])); before: \(told(old))"
      })
  }

  /// What a log of the official harness shows by itself, where no baseline is known: nil for a resolved instance.
  /// Whether a target test fails as it did before cannot be told, so that `logic_error` is never the answer.
  package static func diagnosis(of grade: Grade, log: [UInt8], failures: [TestFailure]) -> Diagnosis? {
    if case .trouble(let mark) = grade.end {
      let code: FailureCode =
        switch mark {
        case .patchApplyFailed: .applyFailed
        case .testsTimedOut: .timeout
        default: .environmentError
        }
      return Diagnosis(code, [grade.end.description])
    }
    let timeouts = failures.filter { $0.kind == .timeout }
    guard let tally = grade.tally, grade.end.isWhole else {
      if !timeouts.isEmpty { return Diagnosis(.timeout, timeouts.map(\.message)) }
      let sign = InfraFailure.found(in: log)
      return Diagnosis(.environmentError, (sign.map { ["\($0.reason): \($0.line)"] } ?? []) + [grade.end.description])
    }
    if grade.outcomes.statuses.isEmpty {
      let syntax = newSyntaxErrors(failures, [])
      if !syntax.isEmpty { return Diagnosis(.syntaxError, syntax) }
      if !timeouts.isEmpty { return Diagnosis(.timeout, timeouts.map(\.message)) }
      let inner = LogText.reading(log) { LogCause.first(in: OfficialLog.tests(in: $0, with: grade.parser)) }
      let cause = inner ?? InfraFailure.found(in: log).map { "\($0.reason): \($0.line)" }
      return Diagnosis(.environmentError, ["no test ran" + (cause.map { ": \($0)" } ?? "")])
    }
    return diagnosis(baseline: [], tally: tally, failures: failures, timedOut: !timeouts.isEmpty)
  }

  private struct Reason: Hashable {
    var exception: String
    var message: String
  }

  private static func told(_ reasons: Set<Reason>?) -> String {
    guard let reasons, !reasons.isEmpty else { return "the log tells no reason" }
    let texts = reasons.map { $0.message.isEmpty ? $0.exception : "\($0.exception): \($0.message)" }
    return texts.sorted().joined(separator: ", ")
  }

  /// What each test failed with: a set, for a test with subtests fails more than once.
  private static func reasons(_ failures: [TestFailure]) -> [String: Set<Reason>] {
    var reasons: [String: Set<Reason>] = [:]
    for failure in failures {
      reasons[key(failure.test), default: []].insert(Reason(exception: failure.exception, message: failure.message))
    }
    return reasons
  }

  /// One spelling for all the names of a test.
  private static func key(_ name: String) -> String {
    if let short = UnittestName.spellings(of: name)?.first { return short }
    return name.firstIndex(of: " ").map { String(name[..<$0]) } ?? name
  }

  private static func newSyntaxErrors(_ failures: [TestFailure], _ baseline: [TestFailure]) -> [String] {
    let kinds: Set<String> = ["SyntaxError", "IndentationError", "TabError"]
    let known = Set(baseline.map { Reason(exception: $0.exception, message: $0.message) })
    return failures.filter {
      kinds.contains($0.exception) && !known.contains(Reason(exception: $0.exception, message: $0.message))
    }.map { failure in
      let place = failure.frames.first.map { "\($0.path):\($0.line): " } ?? ""
      return "\(place)\(failure.exception): \(failure.message)"
    }
  }
}
