import Content
import Grading
import Instances

/// Signs that a patch made the tests pass instead of mending the code, each as a sentence. A verdict with one is
/// `suspect` where it would be `resolved`.
///
/// What shares a process with the tests can do anything to them, so nothing here is proof: the signs are those that
/// patches show which were not made to hide. What the row's gold patch does too is held against nobody.
enum Suspicion {
  /// The signs of a patch to the code of `instance`.
  static func reasons(_ instance: Instance, patch: PatchArtifact, scripts: [String] = []) -> [String] {
    SuspiciousPath.reasons(instance, changes: patch.changes, scripts: scripts)
      + SuspiciousCode.reasons(instance, diff: patch.diff)
  }

  /// The signs of a run of the tests that all passed, beside the run without the patch.
  static func reasons(_ instance: Instance, _ outcomes: OutcomesArtifact, baseline: TestReport) -> [String] {
    let (report, tally) = (outcomes.report, outcomes.tally)
    let names = RowTests(instance)
    // Of canaries that fared alike one sentence is enough.
    var reasons = Array((report.canaries?.reasons(before: baseline.canaries) ?? []).prefix(1))
    let written = (report.touched ?? []).filter { !(baseline.touched ?? []).contains($0) }
    if let first = written.first { reasons.append("\(first) was written while the tests ran") }
    if !report.isWhole { reasons.append("the test command did not come to its end") }
    if hasTotal(baseline.log), !hasTotal(report.log) {
      reasons.append("the test program did not print its last line, as it did before the change")
    }
    reasons += statuses(report, tally, baseline: baseline, names)
    // A run in which every test passed ends with 0; a patch that ends it early or prints outcomes rarely gets both right.
    let failed = report.outcomes.contains { $0.value.isFailure }
    if let exit = report.exit, exit != 0, !failed {
      reasons.append("no test failed, and the test command ended with \(exit)")
    }
    // Some commands end with 0 whatever happened, and show it at the baseline, where tests fail. The tests of a test
    // runner print outcomes of tests within them, which a right repair may change.
    let named = Set(tally.failToPass.failure + tally.passToPass.failure)
    let isNew = report.outcomes.contains { name, status in
      status.isFailure && names.counts(name) && (named.contains(name) || baseline.outcomes[name] != status)
    }
    if report.exit == 0, isNew, baseline.exit != 0 {
      reasons.append("a test failed, and the test command ended with 0")
    }
    return reasons
  }

  /// Named tests that count as passed, or do not count, for another reason than passing.
  private static func statuses(
    _ report: TestReport, _ tally: Tally, baseline: TestReport, _ names: RowTests
  ) -> [String] {
    var reasons: [String] = []
    let (now, before) = (Outcomes(report.outcomes), Outcomes(baseline.outcomes))
    let passed = tally.failToPass.success + tally.passToPass.success
    let denied = passed.filter { name in report.failures.contains { NameMatch.matches($0.test, name) } }
    if let first = denied.first { reasons.append("the log tells both that \(first) passed and that it failed") }
    let turned = passed.filter { name in
      NameMatch.status(of: name, in: now) == .xfail && NameMatch.status(of: name, in: before) != .xfail
    }
    if let first = turned.first { reasons.append("\(first) is expected to fail, which it was not before the change") }
    let skipped = report.outcomes.filter { name, status in
      status == .skipped && baseline.outcomes[name] == .passed && names.counts(name)
    }
    if let first = skipped.keys.min() { reasons.append("\(first) passed before the change and is skipped now") }
    return reasons
  }

  /// True where the log has the line with which unittest (`Ran 8 tests in 0.00s`) or pytest (`== 8 passed in 0.00s ==`)
  /// ends a run.
  private static func hasTotal(_ log: String) -> Bool {
    log.split(separator: "\n").contains { line in
      (line.hasPrefix("Ran ") && line.contains(" test")) || (line.hasPrefix("=") && line.contains(" in 0.00"))
    }
  }
}
