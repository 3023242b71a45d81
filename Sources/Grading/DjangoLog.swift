/// The log of Django's `runtests.py --verbosity 2`.
///
/// Rule: SWE-bench's harness. A test with a docstring is known by its docstring line there, for that is what stands
/// before ` ... `. Beyond the harness, a name that only the list of failures tells is taken from it.
enum DjangoLog {
  static func outcomes(in log: [UInt8]) -> [String: TestStatus] {
    var table = OutcomeTable()
    var previous: ArraySlice<UInt8>?
    var listed: [(name: String, status: TestStatus)] = []
    var held: ArraySlice<UInt8>?
    var endsSilenced = false
    for raw in LogLines(log) {
      let line = raw.trimmed
      if line.index(of: "--version is equivalent to version") != nil {
        table.set("--version is equivalent to version", .passed)
      }
      if let dots = line.index(of: " ... ") {
        previous = line[..<dots]
        if line[dots...].hasPrefix(" ... Testing against Django installed in") { held = previous }
        if let skipped = line.index(of: " ... skipped", from: dots) { table.set(line[..<skipped], .skipped) }
      } else if let skipped = line.index(of: " ... skipped") {
        table.set(line[..<skipped], .skipped)
      }
      if let name = passed(line) { table.set(name, .passed) }
      if line.hasSuffix(" ... FAIL") { table.set(head(line), .failed) }
      if line.hasSuffix(" ... ERROR") { table.set(head(line), .error) }
      if line.hasPrefix("FAIL: ") || line.hasPrefix("ERROR: ") {
        let status: TestStatus = line.hasPrefix("FAIL") ? .failed : .error
        let rest = line[(line.index(of: ": ").map { $0 + 2 } ?? line.endIndex)...]
        if let name = UnittestName(rest), listed.count < OutcomeTable.mostNames {
          listed.append((name.full, status))
        }
      }
      if line.hasPrefix("ok") {
        if let previous { table.set(previous, .passed) }
        // The system checks of a run with several databases are printed between a test's name and its `ok`.
        if line.count == 2, endsSilenced, let name = held {
          table.set(name, .passed)
          held = nil
        }
      }
      endsSilenced = line.hasSuffix(" silenced).")
    }
    // With either spelling of the name the harness's own reading stays.
    for entry in listed where NameMatch.status(of: entry.name, in: table.statuses) == nil {
      table.add(entry.name, entry.status)
    }
    return table.statuses
  }

  private static func passed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard line.hasSuffix("ok") || line.hasSuffix("OK") else { return nil }
    let test = line.dropLast(2)
    guard test.hasSuffix(" ... ") || (test.hasSuffix(" ...  ") && line.hasSuffix("OK")) else { return nil }
    let name = test.hasSuffix(" ...  ") ? test.dropLast(6) : test.dropLast(5)
    // Rule: SWE-bench's harness, for one migration test whose name stands behind what it prints.
    if name.hasPrefix("Applying sites.0002_alter_domain_unique...test_no_migrations"), let dots = name.index(of: "...")
    {
      return name[(dots + 3)...].trimmed
    }
    return name
  }

  /// What stands before the first ` ... FAIL` or ` ... ERROR`.
  private static func head(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let end = line.hasSuffix(" ... FAIL") ? line.index(of: " ... FAIL") : line.index(of: " ... ERROR")
    return line[..<(end ?? line.endIndex)]
  }
}
