import Instances

/// What the tests said before any repair, with the test patch applied.
package enum BaselineVerdict: Hashable, Codable, Sendable {
  /// At least one FAIL_TO_PASS test fails: a repair can be judged. `passToPassFailing` are the names that fail already,
  /// so that no repair is blamed for them.
  case red(failToPassFailing: [String], passToPassPassing: [String], passToPassFailing: [String])
  /// All FAIL_TO_PASS tests, which are these, pass already.
  case notRed(passing: [String])
  /// The log tells of no test at all; its first error, where one is plain.
  case noTests(cause: String?)
  /// The tests did not run to their end, or none of the row's names is in the log.
  case broken(why: String)
  /// The tests could not be begun: their environment cannot be made. What to type next, where something helps. Not a
  /// fact of the row, and so never kept for another take.
  case notMade(why: String, next: String?)

  /// True where a verdict about a repair may follow. Anything else is the environment's error, never the model's.
  package var isRed: Bool {
    if case .red = self { true } else { false }
  }
}

/// Judges whether the baseline is red.
package enum BaselineJudge {
  /// What the statuses before any repair say of `instance`.
  ///
  /// - Parameters:
  ///   - instance: the row.
  ///   - outcomes: the statuses, by name, with the test patch applied and nothing else.
  ///   - ended: false where the tests ran out of time or were killed.
  ///   - trouble: what is known to have gone wrong with the run, a limit that it came to; nil for nothing.
  ///   - crash: the error that ended the test command, where it was raised in the repository's own code.
  ///   - cause: the first error of the log, told where it names no test.
  /// - Returns: the verdict; `broken` wherever a repair could not be judged fairly.
  package static func judge(
    _ instance: Instance, outcomes: [String: TestStatus], ended: Bool, trouble: String? = nil,
    crash: TestFailure? = nil, cause: String? = nil
  ) -> BaselineVerdict {
    guard ended else { return .broken(why: trouble ?? "the tests did not run to their end") }
    guard !outcomes.isEmpty else {
      if let trouble { return .broken(why: trouble) }
      // Where the row's own run before the repair had no test pass either, the crash is the bug.
      if crash != nil, instance.passToPass.isEmpty, !instance.failToPass.isEmpty {
        return .red(failToPassFailing: instance.failToPass, passToPassPassing: [], passToPassFailing: [])
      }
      return .noTests(cause: cause)
    }
    guard !instance.failToPass.isEmpty else { return .broken(why: "the row names no FAIL_TO_PASS test") }
    let named = Outcomes(outcomes)
    let tally = Tally(instance, outcomes: named, harness: .v5)
    guard !tally.failToPass.failure.isEmpty else { return .notRed(passing: tally.failToPass.success) }
    // A test file that cannot be imported without the repair fails all its tests at once, so missing names alone are
    // red; but a skipped target test says that it cannot run here.
    let skipped = tally.failToPass.failure.filter { NameMatch.status(of: $0, in: named) == .skipped }
    if skipped.count == instance.failToPass.count {
      return .broken(why: "every FAIL_TO_PASS test is skipped")
    }
    let known = instance.failToPass + instance.passToPass
    let hasName = known.contains { NameMatch.status(of: $0, in: named) != nil }
    let hasFailure = outcomes.values.contains { $0 == .failed || $0 == .error }
    guard hasName || hasFailure else {
      return .broken(why: trouble ?? "the log tells of none of the row's tests")
    }
    // PASS_TO_PASS tests pass before a repair by definition: where none does, the tests cannot run here.
    if !instance.passToPass.isEmpty, tally.passToPass.success.isEmpty, !tally.passToPass.failure.isEmpty {
      return .broken(why: trouble ?? "none of the PASS_TO_PASS tests passes before any repair")
    }
    return .red(
      failToPassFailing: tally.failToPass.failure, passToPassPassing: tally.passToPass.success,
      passToPassFailing: tally.passToPass.failure)
  }
}
