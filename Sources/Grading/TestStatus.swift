/// What became of one test, in the words of SWE-bench's harness.
package enum TestStatus: String, Codable, Sendable, CaseIterable {
  case passed = "PASSED"
  case failed = "FAILED"
  case error = "ERROR"
  case skipped = "SKIPPED"
  case xfail = "XFAIL"

  /// True for what the harness counts as a success: PASSED, and XFAIL (it was expected to fail, and did).
  package var isSuccess: Bool { self == .passed || self == .xfail }

  /// True for what a test that does not hold ends with.
  package var isFailure: Bool { self == .failed || self == .error }

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

extension TestStatus {
  /// The status that a word is.
  init?(_ word: LogText) {
    guard let status = TestStatus(prefixOf: word), status.length == word.count else { return nil }
    self = status
  }

  /// The status that a text begins with.
  init?(prefixOf text: LogText) {
    switch text.first {
    case UInt8(ascii: "P") where text.hasPrefix("PASSED"): self = .passed
    case UInt8(ascii: "F") where text.hasPrefix("FAILED"): self = .failed
    case UInt8(ascii: "E") where text.hasPrefix("ERROR"): self = .error
    case UInt8(ascii: "S") where text.hasPrefix("SKIPPED"): self = .skipped
    case UInt8(ascii: "X") where text.hasPrefix("XFAIL"): self = .xfail
    default: return nil
    }
  }

  /// The status that a text ends with.
  init?(suffixOf text: LogText) {
    switch text.last {
    case UInt8(ascii: "D") where text.hasSuffix("PASSED"): self = .passed
    case UInt8(ascii: "D") where text.hasSuffix("FAILED"): self = .failed
    case UInt8(ascii: "D") where text.hasSuffix("SKIPPED"): self = .skipped
    case UInt8(ascii: "R") where text.hasSuffix("ERROR"): self = .error
    case UInt8(ascii: "L") where text.hasSuffix("XFAIL"): self = .xfail
    default: return nil
    }
  }

  /// How many bytes its word has.
  var length: Int {
    switch self {
    case .passed, .failed: 6
    case .error, .xfail: 5
    case .skipped: 7
    }
  }
}
