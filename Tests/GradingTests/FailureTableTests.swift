import Foundation
import Grading
import Testing

/// What a failure tells, as a row of the table of `scripts/grading/failures`.
private func row(_ dir: String, _ failure: TestFailure, isNested: Bool) -> String {
  let frame = failure.frames.first.map { "\($0.path):\($0.line) in \($0.function): \($0.source)" } ?? "no frame"
  let sides = failure.assertion.map { "  [\($0.left) \($0.relation) \($0.right)]" } ?? ""
  let told = "\(failure.exception): \(failure.message.prefix(80))\(sides.prefix(120))"
  let kind = (isNested ? "nested " : "") + failure.kind.rawValue
  return [dir, kind, failure.test, told, frame].joined(separator: "\t").replacing("\n", with: " ")
}

/// The reason in a line `FAILED t.py::a - AssertionError: ...` of pytest's summary, by id; the last one counts.
private func reasons(_ log: [UInt8]) -> [String: String] {
  var reasons: [String: String] = [:]
  for line in String(decoding: log, as: UTF8.self).split(separator: "\n") {
    guard line.hasPrefix("FAILED ") || line.hasPrefix("ERROR "), let dash = line.firstRange(of: " - ") else { continue }
    let id = line[..<dash.lowerBound].drop { $0 != " " }.dropFirst()
    reasons[String(id.prefix { $0 != " " })] = String(line[dash.upperBound...])
  }
  return reasons
}

@Suite(.enabled(if: Official.logs != nil, "../shared is absent"))
struct `the failures of the official logs` {
  /// Writes the table to the file that `RAMP_TABLE` names.
  @Test func `are told for every failing test, each with what was raised`() throws {
    var rows: [String] = []
    for entry in try Official.entries() {
      let reading = FailureReader.read(entry.log, parser: try LogParser(entry.instance))
      #expect(reading.leftOut == 0)
      rows += reading.failures.map { row(entry.dir, $0, isNested: false) }
      rows += reading.nested.map { row(entry.dir, $0, isNested: true) }
      let all = reading.failures + reading.nested
      for told in try Grade(entry.instance, log: entry.log).outcomes.entries {
        // A line that merely begins like one of the summary: `FAILED (unexpected successes=1)`.
        guard told.status == .failed || told.status == .error, told.name != "(unexpected" else { continue }
        let found = all.first { NameMatch.matches($0.test, told.name) }
        #expect(found != nil, "\(entry.dir): \(told.name)")
        #expect(found.map { !$0.exception.isEmpty || !$0.message.isEmpty } ?? true, "\(entry.dir): \(told.name)")
      }
    }
    #expect(rows.count > 400)
    if let path = ProcessInfo.processInfo.environment["RAMP_TABLE"] {
      try (rows.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
  }

  @Test func `have the exception that pytest's summary names`() throws {
    var compared = 0
    for entry in try Official.entries() {
      let reasons = reasons(entry.log)
      let reading = FailureReader.read(entry.log, parser: try LogParser(entry.instance))
      for failure in reading.failures + reading.nested {
        guard let reason = reasons[failure.test] else { continue }
        compared += 1
        // The summary cuts its lines to the width of a terminal.
        let text = reason.hasSuffix("...") ? String(reason.dropLast(3)) : reason
        let full = "\(failure.exception): \(failure.message)"
        let isNamed = full.hasPrefix(text) || text.hasPrefix(failure.exception)
        let isBare = (text.hasPrefix("assert") || "assert".hasPrefix(text)) && failure.exception == "AssertionError"
        let ends = reading.nested.filter { $0.test == failure.test }.count > 1
        #expect(isNamed || isBare || ends, "\(entry.dir): \(failure.test): \(full) / \(reason)")
      }
    }
    #expect(compared > 100)
  }
}
