import Instances

/// How far an instance is repaired. Rule: SWE-bench's harness.
package enum Resolution: String, Codable, Hashable, Sendable, CaseIterable {
  /// Every FAIL_TO_PASS and every PASS_TO_PASS test is a success.
  case full = "RESOLVED_FULL"
  /// Some FAIL_TO_PASS tests are, and every PASS_TO_PASS test.
  case partial = "RESOLVED_PARTIAL"
  /// Anything else.
  case no = "RESOLVED_NO"
}

/// How many of some tests passed.
package struct TestCount: Hashable, Codable, Sendable {
  package var passed: Int
  package var total: Int

  package init(passed: Int, total: Int) {
    self.passed = passed
    self.total = total
  }

  /// The share that passed; of no tests, 1.
  package var share: Double { total == 0 ? 1 : Double(passed) / Double(total) }
}

/// The named tests of an instance, told apart by how they ended. Lists are in the row's order.
///
/// Rule: SWE-bench's harness. PASSED and XFAIL are successes, FAILED, ERROR and a name that the log does not tell are
/// failures. The rest falls into neither list, so that it is not held against the instance:
///
/// | | FAIL_TO_PASS | PASS_TO_PASS |
/// |---|---|---|
/// | SKIPPED, 4.1 | neither | neither |
/// | SKIPPED, 5.0 | failure | success |
/// | a word that is no status | neither | neither |
///
/// A row of 5.0 whose `eval_type` is `fail_only` counts everything but FAILED as a success.
package struct Tally: Hashable, Codable, Sendable {
  /// The names of one of the row's lists, by how they ended.
  package struct Names: Hashable, Codable, Sendable {
    package var success: [String] = []
    package var failure: [String] = []

    package init(success: [String] = [], failure: [String] = []) {
      self.success = success
      self.failure = failure
    }

    package var count: TestCount { TestCount(passed: success.count, total: success.count + failure.count) }
  }

  package var failToPass: Names
  package var passToPass: Names

  package enum CodingKeys: String, CodingKey, Sendable {
    case failToPass = "FAIL_TO_PASS"
    case passToPass = "PASS_TO_PASS"
  }

  package init(failToPass: Names, passToPass: Names) {
    self.failToPass = failToPass
    self.passToPass = passToPass
  }

  /// Holds the tests that `instance` names against `outcomes`.
  package init(_ instance: Instance, outcomes: Outcomes, harness: Harness) {
    if harness == .v5, instance.evalType == "fail_only" {
      func sorted(_ names: [String]) -> Names {
        names.reduce(into: Names()) { sorted, name in
          if outcomes[name]?.status == .failed { sorted.failure.append(name) } else { sorted.success.append(name) }
        }
      }
      self.init(failToPass: sorted(instance.failToPass), passToPass: sorted(instance.passToPass))
      return
    }
    func sorted(_ names: [String], skipped: Bool?) -> Names {
      names.reduce(into: Names()) { sorted, name in
        switch Tally.isSuccess(NameMatch.entry(of: name, in: outcomes, harness: harness), skipped: skipped) {
        case true: sorted.success.append(name)
        case false: sorted.failure.append(name)
        case nil: break
        }
      }
    }
    self.init(
      failToPass: sorted(instance.failToPass, skipped: harness == .v5 ? false : nil),
      passToPass: sorted(instance.passToPass, skipped: harness == .v5 ? true : nil))
  }

  /// The same of statuses that no official run gave. A skipped target test counts as a failure, as in 5.0.
  package init(_ instance: Instance, outcomes: [String: TestStatus]) {
    self.init(instance, outcomes: Outcomes(outcomes), harness: .v5)
  }

  private static func isSuccess(_ entry: Outcomes.Entry?, skipped: Bool?) -> Bool? {
    guard let entry else { return false }
    switch entry.status {
    case .passed, .xfail: return true
    case .failed, .error: return false
    case .skipped: return skipped
    case nil: return nil
    }
  }

  /// The verdict. A list without names counts as wholly passed.
  package var resolution: Resolution {
    guard passToPass.failure.isEmpty else { return .no }
    if failToPass.failure.isEmpty { return .full }
    return failToPass.success.isEmpty ? .no : .partial
  }
}
