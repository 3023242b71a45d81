import Attempts
import Content
import Context
import Edits
import Grading
import Models
import Prompts
import Terminal

/// One stage as a line (and, for a verdict, what failed below it).
struct StageLine {
  let record: StageRecord
  let chain: Chain

  func text(_ look: Look) -> String {
    let name = StageLine.name(of: record.stage)
    var head = "  \(Width.padded(name, to: 9))  \(Untrusted.cleanLine(said))"
    if record.milliseconds > 0 {
      head = StageLine.timed(head, Amount.milliseconds(record.milliseconds), look, indent: 13)
    } else {
      head = Width.wrapped(head, to: look.width, indent: 13)
    }
    if case .verdict(let verdict) = record.artifact {
      let word = verdict.word.rawValue
      head = "  \(Width.padded(name, to: 9))  \(word)"
      if let failure = verdict.failure { head += ", \(failure.rawValue)" }
      if !verdict.sentence.isEmpty { head += ": \(Untrusted.cleanLine(verdict.sentence))" }
      if verdict.word == .resolved, let why = verdict.noCanary { head += " (no canary: \(Untrusted.cleanLine(why)))" }
      head = Width.wrapped(head, to: look.width, indent: 13)
      if let range = head.firstRange(of: word) {
        head.replaceSubrange(range, with: look.style.apply(Meaning(verdict: word), word))
      }
      head += failures(verdict, look)
    }
    return head + "\n"
  }

  /// A line with a time at its end. Two blanks and a time of eight columns go behind; what is too long is broken in
  /// front of them, and goes on at `indent`.
  static func timed(_ text: String, _ time: String, _ look: Look, indent: Int) -> String {
    let room = look.width.map { max(40, $0 - 10) }
    let column = min(80, room ?? 80)
    let head = Width.wrapped(text, to: room, indent: indent)
    let last = head.split(separator: "\n").last.map { Width.of(String($0)) } ?? 0
    return head + String(repeating: " ", count: max(0, column - last)) + "  " + look.style.apply(.dim, time)
  }

  /// The stage's name as it is spoken.
  static func name(of stage: Stage) -> String { stage == .outcomes ? "tests" : stage.rawValue }

  private func failures(_ verdict: VerdictArtifact, _ look: Look) -> String {
    let indent = "\n" + String(repeating: " ", count: 13)
    var text = ""
    for failure in verdict.failures.prefix(3) {
      let message = Untrusted.cleanLine("\(failure.shortName)   \(failure.exception): \(failure.message)")
      text += indent + Width.truncated(message, to: max(40, (look.width ?? 160) - 14))
      if let frame = failure.frames.first {
        let place = "\(frame.path):\(frame.line) in \(frame.function)"
        let seen =
          Untrusted.cleanLine(place)
          + (chain.shows(frame.path, frame.line) || TestFile.isTest(frame.path) ? "" : "      not in the context")
        text += "\n" + Width.wrapped(String(repeating: " ", count: 13) + seen, to: look.width, indent: 13)
      }
    }
    if verdict.failures.count > 3 { text += indent + "and \(verdict.failures.count - 3) more: `show tests`" }
    return text
  }

  /// What the stage came to, in words.
  private var said: String {
    switch record.artifact {
    case .workspace(let value): "\(value.instanceID) @ \(value.commit.prefix(7)), \(Amount.of(value.files, "file"))"
    case .baseline(let value): value.sentence
    case .context(let value):
      "\(value.strategy.rawValue): \(Amount.of(value.fileCount, "file")), \(Amount.count(value.tokens)) of "
        + "\(Amount.count(value.budget)) tokens"
    case .prompt(let value):
      "\(value.prompt.template): \(Amount.count(value.prompt.tokens)) of \(Amount.count(value.window)) tokens"
        + (value.cut.isEmpty ? "" : ", cut to fit: \(value.cut.map(\.description).joined(separator: ", "))")
    case .reply(let value):
      "\(value.model): \(amount(of: value)), "
        + (value.isComplete ? "complete" : "incomplete (\(value.end.rawValue))")
        + (value.why.map { ": \($0)" } ?? "") + (value.window.map { "; prompt \($0.description)" } ?? "")
    case .edits(let value): EditsSentence(value).text
    case .patch(let value): PatchSentence(value).text
    case .outcomes(let value): OutcomesSentence(value).text
    case .verdict(let value): value.word.rawValue
    case .feedback(let value):
      value.isEmpty
        ? "\(value.mode.rawValue): nothing to tell"
        : "\(value.mode.rawValue): \(value.kind.map { "\($0.rawValue), " } ?? "")\(Amount.of(value.parts.count, "part"))"
    }
  }
}

extension StageLine {
  /// How much a reply is: in tokens, and how many a second while the model wrote, where that is known.
  private func amount(of reply: ReplyArtifact) -> String {
    guard let tokens = reply.replyTokens else { return Amount.of(reply.text.utf8.count, "byte") }
    let spent = record.writingMilliseconds ?? 0
    return Amount.of(tokens, "token") + (spent > 0 ? ", \(Amount.rate(tokens, milliseconds: spent)) tokens/s" : "")
  }
}

extension TestFailure {
  /// The name without the module and class that unittest puts behind it, or the file that pytest puts before it.
  fileprivate var shortName: String {
    if let space = test.firstIndex(of: " "), test.hasSuffix(")") { return String(test[..<space]) }
    return test.firstRange(of: "::").map { String(test[$0.upperBound...]) } ?? test
  }
}

/// The edits in words.
struct EditsSentence {
  let text: String

  init(_ value: EditsArtifact) {
    if let problem = value.problem {
      text = "not applied (\(value.format)): \(problem.code)"
    } else if let application = value.application {
      let places = application.edits.map { "\($0.step), \($0.path):\($0.firstLine)" }
      let count =
        value.format == "diff" ? Amount.of(application.changes.count, "file") : Amount.of(value.edits.count, "edit")
      let format = value.asked.map { "\(value.format), asked for \($0)" } ?? value.format
      let notes = (value.notes ?? []).filter { $0.kind != .format && $0.kind != .imports }.map { "; \($0.message)" }
      text =
        "\(count) (\(format))" + (places.isEmpty ? "" : ": \(places.joined(separator: "; "))") + notes.joined()
    } else {
      text = "none"
    }
  }
}

/// The outcomes in words.
struct OutcomesSentence {
  let text: String

  private static func word(_ run: Reproduction.Run) -> String {
    run.timedOut ? "timed out" : run.isWell ? "ends well" : "fails"
  }

  init(_ value: OutcomesArtifact) {
    let (target, kept) = (value.tally.failToPass.count, value.tally.passToPass.count)
    let others = value.targetsOnly == true ? "PASS_TO_PASS not run" : "\(kept.passed) of \(kept.total) PASS_TO_PASS"
    text =
      "\(target.passed) of \(target.total) FAIL_TO_PASS, \(others)"
      + (value.report.timedOut ? ", timed out" : "")
      + (value.reproduction.map { "; reproduce.py \(Self.word($0.before)), then \(Self.word($0.after))" } ?? "")
  }
}

/// The patch in words.
struct PatchSentence {
  let text: String

  init(_ value: PatchArtifact) {
    let counts = value.counts
    text =
      value.changes.isEmpty
      ? "empty" : "\(value.changes.map(\.path).joined(separator: ", "))  +\(counts.added) -\(counts.removed)"
  }
}
