import Attempts

/// A phase or a run of a script for GitHub's runners: annotations, and a page for `GITHUB_STEP_SUMMARY`.
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

  /// The same for a run of a script. An expectation or a line is named with its place in the script, so that it stands
  /// beside it in a pull request.
  package static func annotations(of run: ScriptReport) -> [UInt8] {
    let failed = run.cases.filter { $0.isFailure || $0.isError }
    let sorted =
      failed.filter { $0.line != nil } + failed.filter { $0.line == nil && $0.isError }
      + failed.filter { $0.line == nil && !$0.isError }
    var lines = sorted.prefix(most - (sorted.count > most ? 1 : 0)).map { one in
      let told = SafeText.command(SafeText.line(one.message))
      guard let line = one.line else {
        return "::\(one.isError ? "warning" : "error") title=\(SafeText.property(one.name))::\(told)"
      }
      return "::error file=\(SafeText.property(one.group)),line=\(line),title=\(SafeText.property(one.name))::\(told)"
    }
    if sorted.count > lines.count { lines.append("::notice::\(sorted.count - lines.count) more did not pass") }
    return Array(lines.map { $0 + "\n" }.joined().utf8)
  }

  /// Markdown: what passed, each phase in its own words, and a table of what did not pass.
  package static func summary(of run: ScriptReport) -> [UInt8] {
    var lines = ["## \(SafeText.markdown(run.name))", "", SafeText.markdown(run.sentence)]
    for phase in run.phases {
      let words = Wording(phase)
      lines += ["", "### \(SafeText.markdown(phase.label.title))", ""]
      lines.append((words.rates + [words.gate].compactMap(\.self)).map(SafeText.markdown).joined(separator: "<br>"))
    }
    let failed = run.cases.filter { $0.end != .passed }
    if !failed.isEmpty {
      lines += ["", "| case | | reason |", "|---|---|---|"]
      lines += failed.prefix(mostRows).map { one in
        "| \(SafeText.markdown(one.name)) | \(SafeText.markdown(one.end.word)) | "
          + "\(SafeText.markdown(String(one.message.prefix(200)))) |"
      }
      if failed.count > mostRows { lines += ["", "\(failed.count - mostRows) more did not pass."] }
    }
    return Array((lines + [""]).joined(separator: "\n").utf8)
  }

  /// A summary may have a megabyte.
  private static let mostRows = 500

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

extension ScriptReport.Case.End {
  /// In a word.
  fileprivate var word: String {
    switch self {
    case .passed: "passed"
    case .skipped: "not reached"
    case .failure(let type), .error(let type): type
    }
  }
}
