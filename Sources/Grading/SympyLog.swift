/// The log of SymPy's own `bin/test --verbose`. Rule: SWE-bench's harness.
enum SympyLog {
  static func outcomes(in log: [UInt8]) -> [String: TestStatus] {
    var table = OutcomeTable()
    for raw in LogLines(log) {
      if raw.hasPrefix("_") {
        if let name = failureTitle(raw) { table.set(name, .failed) }
        continue
      }
      var line = raw.trimmed
      guard line.hasPrefix("test_") else { continue }
      if line.hasSuffix("[FAIL]") || line.hasSuffix("[OK]") {
        line = line[..<(line.lastIndex(of: UInt8(ascii: "[")) ?? line.endIndex)].trimmed
      }
      let status: TestStatus? =
        line.hasSuffix(" E") ? .error : line.hasSuffix(" F") ? .failed : line.hasSuffix(" ok") ? .passed : nil
      if let status, let name = line.words(1).first { table.set(name, status) }
    }
    return table.statuses
  }

  /// `path.py:test` of a line `____ path.py:test ____`.
  private static func failureTitle(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let line = line.trimmed
    guard line.hasPrefix("_"), line.hasSuffix("_") else { return nil }
    guard let start = line.firstIndex(where: { $0 != UInt8(ascii: "_") }),
      let end = line.lastIndex(where: { $0 != UInt8(ascii: "_") })
    else { return nil }
    let title = line[start...end]
    guard title.hasPrefix(" "), title.hasSuffix(" "), title.index(of: ".py:") != nil else { return nil }
    return title.trimmed
  }
}
