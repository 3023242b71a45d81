/// Finds a test of a row's lists among the names of a log.
package enum NameMatch {
  /// What the log says of the test called `name`; nil where it does not tell of it. The first that holds:
  ///
  /// 1. the name as it is;
  /// 2. by the rules of 5.0, of an id that was cut in its bracket, the first name of the log that begins with it, as
  ///    long as all of them passed or none did;
  /// 3. beyond the harness, `test_x (m.C)` and `test_x (m.C.test_x)` for one another: which of them is printed depends
  ///    on the Python, and the environments here may have another than the official ones.
  package static func entry(of name: String, in outcomes: Outcomes, harness: Harness) -> Outcomes.Entry? {
    if let entry = outcomes[name] { return entry }
    if harness == .v5, isCut(name) {
      let found = outcomes.entries(beginningWith: name)
      let passed = found.count { $0.status?.isSuccess ?? false }
      if let first = found.first, passed == 0 || passed == found.count { return first }
    }
    guard let spellings = UnittestName.spellings(of: name) else { return nil }
    for spelling in spellings where spelling != name {
      if let entry = outcomes[spelling] { return entry }
    }
    return nil
  }

  /// The status of the test called `name`, by the rules of 5.0; nil where the log does not tell one.
  package static func status(of name: String, in outcomes: Outcomes) -> TestStatus? {
    entry(of: name, in: outcomes, harness: .v5)?.status
  }

  /// Whether two spellings are names of one test: the same, with and without the method in the parentheses, one the
  /// other's beginning up to a space inside its bracket, or SymPy's with and without the file.
  package static func matches(_ one: String, _ other: String) -> Bool {
    if one == other { return true }
    if isCut(one), other.hasPrefix(one) { return true }
    if isCut(other), one.hasPrefix(other) { return true }
    if one.hasSuffix(".py:\(other)") || other.hasSuffix(".py:\(one)") { return true }
    return UnittestName.spellings(of: one)?.contains(other) ?? false
  }

  /// True for an id whose bracket is open: it was cut at a space.
  private static func isCut(_ name: String) -> Bool {
    var open = 0
    for byte in name.utf8 {
      if byte == UInt8(ascii: "[") { open += 1 } else if byte == UInt8(ascii: "]") { open -= 1 }
    }
    return open > 0
  }
}
