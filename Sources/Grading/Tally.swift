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
/// Rules of SWE-bench's harness: PASSED and XFAIL are successes; a name that the log does not tell is a failure; a
/// SKIPPED test is a failure of FAIL_TO_PASS, and of PASS_TO_PASS neither (5.x).
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
  package init(_ instance: Instance, outcomes: [String: TestStatus]) {
    self.init(failToPass: Names(), passToPass: Names())
    for name in instance.failToPass {
      if NameMatch.status(of: name, in: outcomes)?.isSuccess == true {
        failToPass.success.append(name)
      } else {
        failToPass.failure.append(name)
      }
    }
    for name in instance.passToPass {
      let status = NameMatch.status(of: name, in: outcomes)
      if status == .skipped { continue }
      if status?.isSuccess == true { passToPass.success.append(name) } else { passToPass.failure.append(name) }
    }
  }

  /// The verdict. A list without names counts as wholly passed.
  package var resolution: Resolution {
    guard passToPass.failure.isEmpty else { return .no }
    if failToPass.failure.isEmpty { return .full }
    return failToPass.success.isEmpty ? .no : .partial
  }
}
