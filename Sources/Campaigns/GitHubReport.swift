import Attempts

/// A phase for GitHub's runners: annotations on standard output, and a page for `GITHUB_STEP_SUMMARY`.
package struct GitHubReport: Sendable {
  private let results: PhaseResults
  /// GitHub shows no more of a step.
  private static let most = 10

  package init(_ results: PhaseResults) { self.results = results }

  /// A workflow command per instance that is not resolved, infrastructure first; of more than ten the rest in one.
  package var annotations: [UInt8] {
    let failed = results.results.filter { !$0.verified }
    let sorted = failed.filter(\.stop.isInfrastructure) + failed.filter { !$0.stop.isInfrastructure }
    var lines = sorted.prefix(GitHubReport.most - (sorted.count > GitHubReport.most ? 1 : 0)).map { record in
      let kind = record.stop.isInfrastructure ? "warning" : "error"
      let told = SafeText.command(SafeText.line(record.finalError ?? record.errorLabel))
      return "::\(kind) title=\(SafeText.property(record.instanceID))::\(told)"
    }
    if sorted.count > lines.count { lines.append("::notice::\(sorted.count - lines.count) more are not resolved") }
    return Array(lines.map { $0 + "\n" }.joined().utf8)
  }

  /// Markdown: the rate with its interval, the gate, and a table of the instances.
  package var summary: [UInt8] {
    let words = Wording(results)
    var lines = [
      "## \(SafeText.markdown(results.label.title))", "", words.rates.map(SafeText.markdown).joined(separator: "<br>"),
    ]
    if let gate = words.gate { lines += ["", SafeText.markdown(gate)] }
    lines += ["", "| instance | | attempts | seconds | error |", "|---|---|---:|---:|---|"]
    lines += results.results.map { record in
      let end = record.verified ? "resolved" : record.errorLabel
      let error = SafeText.markdown(String((record.finalError ?? "").prefix(200)))
      return "| \(SafeText.markdown(record.instanceID)) | \(SafeText.markdown(end)) | \(record.attempts) | "
        + "\(Wording.tenths(record.timeSeconds)) | \(error) |"
    }
    return Array((lines + [""]).joined(separator: "\n").utf8)
  }
}
