/// What became of one test, in the words of SWE-bench's harness.
package enum TestStatus: String, Codable, Sendable, CaseIterable {
  case passed = "PASSED"
  case failed = "FAILED"
  case error = "ERROR"
  case skipped = "SKIPPED"
  case xfail = "XFAIL"

  /// True for what the harness counts as a success: PASSED, and XFAIL (it was expected to fail, and did).
  package var isSuccess: Bool { self == .passed || self == .xfail }

  /// The status of a test that reported both `self` and `other`: the one that says the worse.
  func worse(_ other: TestStatus) -> TestStatus { other.badness > badness ? other : self }

  private var badness: Int {
    switch self {
    case .passed: 0
    case .xfail: 1
    case .skipped: 2
    case .failed: 3
    case .error: 4
    }
  }
}
