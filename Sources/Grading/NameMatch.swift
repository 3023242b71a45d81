/// Finds a test of a row's lists among the names of a log.
package enum NameMatch {
  /// The status of the test called `name`; nil where the log does not tell one.
  ///
  /// In this order: the name as it is; `test_x (m.C)` and `test_x (m.C.test_x)` for one another; a pytest id that was
  /// cut at a space (its bracket is open) for all the ids that begin with it, and a whole id for the cut one, as long
  /// as all candidates have one status.
  package static func status(of name: String, in outcomes: [String: TestStatus]) -> TestStatus? {
    if let status = outcomes[name] { return status }
    if let parsed = UnittestName(Array(name.utf8)[...]), parsed.end == name.utf8.count {
      return outcomes[parsed.short] ?? outcomes["\(parsed.method) (\(parsed.owner).\(parsed.method))"]
    }
    guard name.contains("["), name.contains("::") else { return nil }
    if name.hasSuffix("]") {
      guard let space = name.firstIndex(of: " ") else { return nil }
      return outcomes[String(name[..<space])]
    }
    var found: TestStatus?
    for (candidate, status) in outcomes where candidate.hasPrefix(name) {
      if let found, found != status { return nil }
      found = status
    }
    return found
  }

  /// Whether two spellings are names of one test.
  package static func matches(_ one: String, _ other: String) -> Bool {
    status(of: one, in: [other: .passed]) != nil || status(of: other, in: [one: .passed]) != nil
  }
}
