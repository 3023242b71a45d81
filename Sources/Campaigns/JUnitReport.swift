import Attempts

/// A phase as JUnit's XML: a suite, and of each instance a case. What the model did not solve is a failure; what kept it
/// from being judged is an error; what a person stopped is skipped.
package struct JUnitReport: Sendable {
  private let results: PhaseResults

  package init(_ results: PhaseResults) { self.results = results }

  package var xml: [UInt8] {
    let records = results.results
    let errors = records.count { $0.end == .error }
    let failures = records.count { $0.end == .failure }
    let skipped = records.count { $0.end == .skipped }
    let seconds = JUnitReport.seconds(records.reduce(0) { $0 + $1.timeSeconds })
    let counts = "tests=\"\(records.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
    let name = SafeText.markup(results.label.title)
    var lines = [
      #"<?xml version="1.0" encoding="UTF-8"?>"#,
      "<testsuites name=\"ramp\" \(counts) time=\"\(seconds)\">",
      "  <testsuite name=\"\(name)\" \(counts) skipped=\"\(skipped)\" time=\"\(seconds)\""
        + " timestamp=\"\(SafeText.markup(String(results.timestamp.prefix(19))))\" hostname=\"localhost\">",
    ]
    for record in records {
      let opening =
        "    <testcase classname=\"\(SafeText.markup(record.repository))\" name=\"\(SafeText.markup(record.instanceID))\""
        + " time=\"\(JUnitReport.seconds(record.timeSeconds))\""
      guard record.end != .passed else {
        lines.append(opening + "/>")
        continue
      }
      let told = SafeText.markup(record.finalError ?? record.errorLabel)
      lines.append(opening + ">")
      switch record.end {
      case .skipped: lines.append("      <skipped message=\"\(told)\"/>")
      case .error, .failure, .passed:
        let tag = record.end == .error ? "error" : "failure"
        let type = record.end == .error ? record.stop.rawValue : record.errorLabel
        lines.append("      <\(tag) type=\"\(type)\" message=\"\(told)\">\(told)</\(tag)>")
      }
      lines.append("    </testcase>")
    }
    lines += ["  </testsuite>", "</testsuites>", ""]
    return Array(lines.joined(separator: "\n").utf8)
  }

  /// Milliseconds are enough.
  private static func seconds(_ seconds: Double) -> String {
    let thousandths = Int((seconds * 1000).rounded())
    let rest = "\(thousandths % 1000)"
    return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }
}

extension InstanceRecord {
  fileprivate enum End {
    case passed, failure, error, skipped
  }

  fileprivate var end: End {
    if verified { return .passed }
    if stop == .cancelled { return .skipped }
    return stop.isInfrastructure ? .error : .failure
  }
}
