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
    if tally.resolution == .full, !timedOut { return nil }
    if syntaxError || newSyntaxError(failures, baseline) { return .syntaxError }
    if timedOut { return .timeout }
    let known = Set(baselineFailing)
    if tally.passToPass.failure.contains(where: { !known.contains($0) }) { return .regression }
    guard !tally.failToPass.failure.isEmpty else { return .environmentError }
    let before = reasons(baseline)
    let after = reasons(failures)
    let isSame = tally.failToPass.failure.allSatisfy { name in
      guard let old = before[key(name)], let new = after[key(name)] else { return false }
      return old == new
    }
    return isSame ? .logicError : .testFailure
  }

  private struct Reason: Hashable {
    var exception: String
    var message: String
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
    let bytes = Array(name.utf8)[...]
    if let parsed = UnittestName(bytes), parsed.end == bytes.endIndex { return parsed.short }
    return name.firstIndex(of: " ").map { String(name[..<$0]) } ?? name
  }

  private static func newSyntaxError(_ failures: [TestFailure], _ baseline: [TestFailure]) -> Bool {
    let kinds: Set<String> = ["SyntaxError", "IndentationError", "TabError"]
    func syntax(_ list: [TestFailure]) -> Set<Reason> {
      Set(list.filter { kinds.contains($0.exception) }.map { Reason(exception: $0.exception, message: $0.message) })
    }
    return !syntax(failures).subtracting(syntax(baseline)).isEmpty
  }
}
