/// `tests_status` of an official report: the row's tests by list and by how they ended. The harness writes the two lists
/// of tests that should fail, and never fills them.
package struct TestsStatus: Hashable, Codable, Sendable {
  package let failToPass: Tally.Names
  package let passToPass: Tally.Names
  package let failToFail: Tally.Names
  package let passToFail: Tally.Names

  package enum CodingKeys: String, CodingKey, Sendable {
    case failToPass = "FAIL_TO_PASS"
    case passToPass = "PASS_TO_PASS"
    case failToFail = "FAIL_TO_FAIL"
    case passToFail = "PASS_TO_FAIL"
  }

  package init(_ tally: Tally) {
    failToPass = tally.failToPass
    passToPass = tally.passToPass
    failToFail = Tally.Names()
    passToFail = Tally.Names()
  }

  var value: ReportValue {
    func value(_ names: Tally.Names) -> ReportValue {
      .object([
        ("success", .array(names.success.map { .string($0) })), ("failure", .array(names.failure.map { .string($0) })),
      ])
    }
    return .object([
      (CodingKeys.failToPass.rawValue, value(failToPass)), (CodingKeys.passToPass.rawValue, value(passToPass)),
      (CodingKeys.failToFail.rawValue, value(failToFail)), (CodingKeys.passToFail.rawValue, value(passToFail)),
    ])
  }
}
