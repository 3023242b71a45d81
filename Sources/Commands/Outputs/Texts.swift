import Attempts
import Edits
import Grading
import Terminal

/// Edits as people read them.
struct EditsText {
  let edits: EditsArtifact

  init(_ edits: EditsArtifact) { self.edits = edits }

  func text(_ look: Look) -> String {
    func line(_ text: String, indent: Int) -> String {
      Width.wrapped(String(repeating: " ", count: indent) + text, to: look.width, indent: indent)
    }
    var text = line(Untrusted.cleanLine(EditsSentence(edits).text), indent: 2) + "\n"
    if let problem = edits.problem {
      text += look.style.apply(.bad, line(Untrusted.clean(problem.message), indent: 2)) + "\n"
      text += "  what the model is told:\n"
      for line in problem.feedback.lines {
        text += "    \(Untrusted.clean(String(line)))\n"
      }
    }
    for note in edits.notes ?? [] where note.kind == .imports {
      text += line(Untrusted.cleanLine(note.message), indent: 2) + "\n"
    }
    for (index, edit) in edits.edits.enumerated() {
      text += "  edit \(index + 1), line \(edit.line) of the reply: \(Untrusted.cleanLine(edit.path))\n"
      if let reasoning = edit.reasoning { text += line(Untrusted.cleanLine(reasoning), indent: 4) + "\n" }
    }
    return text
  }
}

/// A unified diff, coloured by meaning; the signs stand there too.
struct PatchText {
  let diff: String

  func text(_ look: Look) -> String {
    let text = diff.lines.map { line -> String in
      let clean = Untrusted.clean(String(line))
      if line.hasPrefix("+++") || line.hasPrefix("---") || line.hasPrefix("diff ") {
        return look.style.apply(.heading, clean)
      }
      if line.hasPrefix("@@") { return look.style.apply(.dim, clean) }
      if line.hasPrefix("+") { return look.style.apply(.added, clean) }
      if line.hasPrefix("-") { return look.style.apply(.removed, clean) }
      return clean
    }
    return text.joined(separator: "\n") + (diff.utf8.last == 10 ? "" : "\n")
  }
}

extension String {
  /// The pieces between the newlines; a carriage return stays with its line.
  var lines: [Substring] {
    utf8.split(separator: 10, omittingEmptySubsequences: false).map { Substring($0) }
  }
}

/// Outcomes by test, what went wrong, then the log.
struct OutcomesText {
  /// The most of a log that is shown unasked, in bytes.
  private static let mostShown = 100_000

  let report: TestReport
  let verdict: VerdictArtifact?

  func text(_ look: Look) -> String {
    let wanted = Set((verdict?.tally.map { $0.failToPass.success + $0.failToPass.failure }) ?? [])
    let table = Table(
      columns: [.init("OUTCOME"), .init("TEST")],
      rows: report.outcomes.sorted { ($0.value.rawValue, $0.key) < ($1.value.rawValue, $1.key) }.map { name, status in
        let meaning: Meaning = status == .passed || status == .xfail ? .good : status == .skipped ? .dim : .bad
        let mark = wanted.contains { NameMatch.matches(name, $0) } ? "  (FAIL_TO_PASS)" : ""
        return [.init(status.rawValue, meaning: meaning), .init(name + mark)]
      })
    var text = table.rendered(style: look.style, width: look.width)
    if report.timedOut { text += "  timed out\n" }
    if !report.isWhole { text += "  the test command did not come to its end\n" }
    let digest = FailureDigest(report.failures, budget: .init(bytes: 4000))
    if !digest.text.isEmpty { text += "\n" + Untrusted.clean(digest.text) }
    if let end = report.death { text += "  \(end)\n" }
    return text + "\n" + Untrusted.clean(shownLog) + (report.log.hasSuffix("\n") ? "" : "\n")
  }

  /// The log, or its beginning and its end where it is long.
  private var shownLog: String {
    let bytes = report.log.utf8
    guard bytes.count > OutcomesText.mostShown else { return report.log }
    let half = OutcomesText.mostShown / 2
    let left = bytes.count - OutcomesText.mostShown
    return String(decoding: bytes.prefix(half), as: UTF8.self)
      + "\n\n[\(Amount.count(left)) bytes are left out here: `show tests --raw` prints them]\n\n"
      + String(decoding: bytes.suffix(half), as: UTF8.self)
  }
}
