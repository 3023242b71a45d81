/// A sign in a log that the environment broke, and not the model's patch. Rule: SWE-bench's harness, 5.0, where it is
/// advice only: the instance stays unresolved, and no rate leaves it out.
package struct InfraFailure: Hashable, Codable, Sendable {
  /// How sure the sign is.
  package enum Tier: String, Codable, Hashable, Sendable {
    /// No patch of the repository's sources can cause it.
    case environment
    /// Both a broken environment and a bad patch can.
    case ambiguous
  }

  /// The harness's name of the sign.
  package let reason: String
  package let tier: Tier
  /// The line of the log that shows it, cut to `TestFailure.longestMessage`.
  package let line: String

  /// The first sign of the harness's list that stands anywhere in `log`; nil where none does.
  package static func found(in log: [UInt8]) -> InfraFailure? { LogText.reading(log) { found(in: $0) } }

  static func found(in text: LogText) -> InfraFailure? {
    for sign in Sign.all {
      for passage in sign.passages {
        var at = 0
        while let found = text.index(of: passage, from: at) {
          if sign.holds(text, at: found, passage) {
            return InfraFailure(reason: sign.reason, tier: sign.tier, line: line(of: text, at: found))
          }
          at = found + 1
        }
      }
    }
    return nil
  }

  private static func line(of text: LogText, at index: Int) -> String {
    var start = index
    while start > 0, index - start < TestFailure.longestMessage, !text.isLineEnd(start - 1) { start -= 1 }
    return Raised.bounded(text[start..<text.end(from: index) { $0 != 0x0A && $0 != 0x0D }]).text
  }
}

extension LogText {
  /// True where a line ends at `index`, or the text does.
  func isLineEnd(_ index: Int) -> Bool { index >= count || self[index] == 0x0A || self[index] == 0x0D }
}

private struct Sign {
  let reason: String
  let tier: InfraFailure.Tier
  let passages: [StaticString]

  static let all = [
    Sign(
      reason: "browser_launch_failed", tier: .environment,
      passages: ["Failed to launch", "Failed to connect to the bus"]),
    Sign(
      reason: "display_unavailable", tier: .environment,
      passages: ["cannot open display", "Missing X server", "unable to open X display"]),
    Sign(
      reason: "out_of_memory", tier: .environment,
      passages: ["Cannot allocate memory", "OutOfMemoryError", "Killed"]),
    Sign(
      reason: "container_unavailable", tier: .environment,
      passages: ["Error response from daemon", "Cannot connect to the Docker daemon"]),
    Sign(
      reason: "network_unreachable", tier: .environment,
      passages: ["Could not resolve host", "Temporary failure in name resolution"]),
    Sign(
      reason: "missing_module", tier: .ambiguous,
      passages: ["Cannot find module", "MODULE_NOT_FOUND", "ModuleNotFoundError"]),
    Sign(reason: "no_tests_collected", tier: .ambiguous, passages: ["no tests ran", "collected 0 items"]),
    Sign(reason: "tests_timed_out", tier: .ambiguous, passages: ["Timeout error: "]),
  ]

  /// Whether what stands round a passage makes it the sign.
  func holds(_ text: LogText, at index: Int, _ passage: StaticString) -> Bool {
    let end = index + passage.utf8CodeUnitCount
    switch reason {
    case "out_of_memory" where passage.utf8CodeUnitCount == 6:
      // `Killed` is a line by itself.
      return (index == 0 || text.isLineEnd(index - 1)) && text.isLineEnd(end)
    case "tests_timed_out":
      let digits = text.digits(from: end)
      return digits > end && text.hasPrefix(" seconds exceeded", at: digits)
    default: return true
    }
  }
}
