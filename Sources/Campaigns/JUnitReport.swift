import Attempts

/// A phase or a run of a script as JUnit's XML: a suite of cases. What the model did not solve, and an expectation that
/// does not hold, is a failure; what kept it from being judged is an error; what a person stopped, or was not reached, is
/// skipped.
package struct JUnitReport: Sendable {
  private let suites: [ScriptReport.Suite]
  private let timestamp: String
  /// Nil where it is the sum of the cases'.
  private let seconds: Double?

  /// A case of each instance.
  package init(_ results: PhaseResults) {
    suites = [.init(name: results.label.title, cases: results.results.map(ScriptReport.Case.init))]
    timestamp = results.timestamp
    seconds = nil
  }

  /// A case of each expectation and of each instance.
  package init(_ run: ScriptReport) {
    suites = run.suites
    timestamp = run.timestamp
    seconds = run.seconds
  }

  package var xml: [UInt8] {
    let all = suites.flatMap(\.cases)
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      "<testsuites name=\"ramp\" \(JUnitReport.counts(all)) time=\"\(JUnitReport.time(of: all, seconds))\">",
    ]
    for suite in suites {
      let cases = suite.cases
      let skipped = cases.count { $0.end == .skipped }
      lines.append(
        "  <testsuite name=\"\(SafeText.markup(JUnitReport.filled(suite.name)))\" \(JUnitReport.counts(cases))"
          + " skipped=\"\(skipped)\" time=\"\(JUnitReport.time(of: cases, nil))\""
          + " timestamp=\"\(SafeText.markup(String(timestamp.prefix(19))))\" hostname=\"localhost\">")
      lines += cases.flatMap(JUnitReport.lines)
      lines.append("  </testsuite>")
    }
    lines += ["</testsuites>", ""]
    return Array(lines.joined(separator: "\n").utf8)
  }

  private static func lines(of one: ScriptReport.Case) -> [String] {
    let opening =
      "    <testcase classname=\"\(SafeText.markup(filled(one.group)))\" name=\"\(SafeText.markup(filled(one.name)))\""
      + " time=\"\(seconds(one.seconds))\""
    let told = SafeText.markup(one.message)
    let inner: String
    switch one.end {
    case .passed: return [opening + "/>"]
    case .skipped: inner = "<skipped message=\"\(told)\"/>"
    case .failure(let type): inner = "<failure type=\"\(SafeText.markup(type))\" message=\"\(told)\">\(told)</failure>"
    case .error(let type): inner = "<error type=\"\(SafeText.markup(type))\" message=\"\(told)\">\(told)</error>"
    }
    return [opening + ">", "      \(inner)", "    </testcase>"]
  }

  private static func counts(_ cases: [ScriptReport.Case]) -> String {
    "tests=\"\(cases.count)\" failures=\"\(cases.count { $0.isFailure })\" errors=\"\(cases.count { $0.isError })\""
  }

  private static func time(of cases: [ScriptReport.Case], _ whole: Double?) -> String {
    seconds(whole ?? cases.reduce(0) { $0 + $1.seconds })
  }

  /// Readers refuse an empty name.
  private static func filled(_ name: String) -> String { name.isEmpty ? "-" : name }

  /// Milliseconds are enough.
  private static func seconds(_ seconds: Double) -> String {
    let thousandths = Int((seconds * 1000).rounded())
    let rest = "\(thousandths % 1000)"
    return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }
}
