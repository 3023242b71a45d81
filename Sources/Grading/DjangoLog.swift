/// The log of Django's `runtests.py --verbosity 2`. Rule: SWE-bench's harness, to the letter.
///
/// A test with a docstring is known by its docstring line, for that is what stands before ` ... `. An `ok` at the
/// beginning of a later line belongs to the last line that had ` ... `. A `FAIL:` or `ERROR:` line of the list at the
/// end gives the test's method alone.
enum DjangoLog {
  static func read(_ text: LogText, into table: inout OutcomeTable) {
    var previous: LogText?
    let hasVersion = text.contains("--version is equivalent to version", rare: 14)
    for raw in LogLines(text) {
      var line = raw.trimmed
      if hasVersion, let found = line.index(of: "--version is equivalent to version", rare: 14) {
        table.set(line[found..<(found + 34)], .passed)
      }
      var isDotted = false
      if let dots = line.index(of: " ... ", rare: 1) {
        previous = line.upTo(dots)
        line = takePassed(line, into: &table)
        isDotted = true
      }
      if isDotted, line.hasSuffix(" ... FAIL"), let end = line.index(of: " ... FAIL", rare: 1) {
        table.set(line.upTo(end), .failed)
      }
      if line.hasPrefix("FAIL:"), let name = method(line) { table.set(name, .failed) }
      if isDotted, line.hasSuffix(" ... ERROR"), let end = line.index(of: " ... ERROR", rare: 1) {
        table.set(line.upTo(end), .error)
      }
      if line.hasPrefix("ERROR:"), let name = method(line) { table.set(name, .error) }
      if line.hasPrefix("ok"), let previous { table.set(previous, .passed) }
    }
    DjangoInterruptions.read(text, into: &table)
  }

  /// Reads whether the test of a line passed or was skipped, and returns what is left of the line to be read.
  private static func takePassed(_ whole: LogText, into table: inout OutcomeTable) -> LogText {
    var line = whole
    if let length = passedSuffix(line) {
      // One migration test of Django stands behind what it prints.
      if line.hasPrefix("Applying sites.0002_alter_domain_unique...test_no_migrations"),
        let head = line.index(of: "...")
      {
        line = line.from(head + 3).trimmed
      }
      table.set(line.dropLast(length), .passed)
    }
    if let skipped = line.index(of: " ... skipped", rare: 1) { table.set(line.upTo(skipped), .skipped) }
    return line
  }

  /// The second word of a line.
  private static func method(_ line: LogText) -> LogText? {
    guard let first = line.word(from: 0), let second = line.word(from: first.upperBound) else { return nil }
    return line[second]
  }

  private static func passedSuffix(_ line: LogText) -> Int? {
    if line.hasSuffix(" ... ok") || line.hasSuffix(" ... OK") { return 7 }
    return line.hasSuffix(" ...  OK") ? 8 : nil
  }
}
