/// Failures of tests that asked for something beyond the machine, which no sandbox lets them reach.
package enum NetworkFailure {
  /// What the system, Python and its libraries say of a name that cannot be resolved, or a server that is not there.
  private static let words = [
    "Name or service not known", "Temporary failure in name resolution", "nodename nor servname provided", "gaierror",
    "Network is unreachable", "No route to host", "Connection refused", "Failed to establish a new connection",
    "NameResolutionError", "Could not resolve host",
  ]

  /// True where `failure` tells of one in its message.
  package static func isMeant(by failure: TestFailure) -> Bool {
    let texts = [failure.exception, failure.message] + failure.detail
    return texts.contains { text in words.contains { text.contains($0) } }
  }

  /// The words that show it; nil where `failure` is none.
  package static func words(of failure: TestFailure) -> String? {
    let texts = [failure.exception, failure.message] + failure.detail
    return words.first { word in texts.contains { $0.contains(word) } }
  }

  /// What shows that `names`, all of which failed, failed for want of a network: after the change each of them, and
  /// before it at least one of the log's. Nil where that does not hold, and for no names.
  package static func evidence(
    _ names: [String], before: [TestFailure], after: [TestFailure]
  ) -> [String]? {
    guard !names.isEmpty, before.contains(where: isMeant) else { return nil }
    var lines: [String] = []
    for name in names {
      let own = after.filter { NameMatch.matches($0.test, name) }
      guard let word = own.lazy.compactMap(words(of:)).first, own.allSatisfy(isMeant) else { return nil }
      lines.append("\(name): \(word)")
    }
    return lines
  }
}
