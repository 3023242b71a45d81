import Content
import Grading
import Instances
import Models
import Prompts

/// Writes what the next attempt is told of one: what it did, what was wrong, and what was tried before it.
struct FeedbackWriter {
  /// The most failing tests that are told.
  private static let mostTests = 3

  let plan: Plan
  let chain: Chain
  /// The test files at the base commit, by path.
  let files: [String: [UInt8]]

  private var isHidden: Bool { plan.settings.feedback == .hidden }

  /// What a model wrote that was told of the hidden tests tells of them too.
  private var ours: Origin {
    chain.isTainted ? .hiddenTest : .feedback(attempt: plan.id.attempt)
  }

  /// The passages that fit.
  func parts(_ kind: FeedbackKind) -> [FeedbackArtifact.Part] {
    guard let verdict = chain.verdict else { return [] }
    let budget = plan.settings.feedbackBudget
    var passages: [FeedbackFit.Passage] = []
    func add(_ text: String, _ origin: Origin, rank: Int, most: Int = .max) {
      passages.append(.init(part: .init(text: text, origin: origin), rank: rank, most: most))
    }
    add("Your previous attempt did not resolve the issue.", ours, rank: 0)
    if let earlier = repeated {
      let what = verdict.repeats == nil ? "gave the same answer" : "made the same change"
      add("You \(what) as in attempt \(earlier), which did not help. Do something else this time.", ours, rank: 0)
    }
    if let problem = chain.edits?.problem {
      let what = problem.isNoEdit ? "It held no edit that changes anything." : "Its edits were not applied."
      add("\(what) \(problem.feedback)", ours, rank: 0, most: budget * 3 / 4)
    } else if chain.reply?.end == .length {
      add("The reply was cut before its end. Answer more briefly.", ours, rank: 0)
    }
    for note in chain.edits?.notes ?? [] {
      if let told = note.feedback { add(told, ours, rank: 1, most: budget / 4) }
    }
    // What no edit shows is the hidden tests' to say.
    let isSeen = !kind.isHidden && (kind != .syntaxError || chain.edits?.problem != nil)
    if let sentence = kind.sentence, isSeen || isHidden { add(sentence, isSeen ? ours : .hiddenTest, rank: 0) }
    if let patch = chain.patch, !patch.diff.isEmpty {
      add("It made this change:\n\(patch.diff)", ours, rank: 2, most: budget / 3)
    }
    // How its own run ended is no secret of the tests'.
    if let report = chain.outcomes?.report, verdict.failure != nil, verdict.failure != .timeout,
      let end = report.death ?? report.limitsTold
    {
      add("With this change \(end).", ours, rank: 0)
    }
    if let reproduction = chain.outcomes?.reproduction {
      let isTold = plan.reproduction?.isTainted == true && plan.reproduction?.text == reproduction.script
      add(reproduction.told, isTold ? .hiddenTest : ours, rank: 1, most: budget / 3)
    }
    for (index, failing) in failing(verdict).enumerated() {
      add(failing.text, failing.origin, rank: index == 0 ? 1 : 3, most: budget / 2)
    }
    if let tried { add(tried.text, tried.origin, rank: 4, most: plan.settings.feedbackMemory) }
    return FeedbackFit.parts(passages, budget: budget, ratio: plan.settings.tokensRatio)
  }

  /// The attempt that said or did the same; nil for something new.
  private var repeated: Int? {
    if let repeats = chain.verdict?.repeats { return repeats }
    guard let reply = chain.reply, reply.end != .broken else { return nil }
    let hash = Hash(of: reply.text.utf8.filter { $0 > 32 })
    return plan.memory.entries.first { $0.reply == hash }?.attempt
  }

  private func failing(_ verdict: VerdictArtifact) -> [FeedbackArtifact.Part] {
    guard let tally = verdict.tally else {
      // A file that is no Python ends the tests before any of them is named.
      return []
    }
    var parts: [FeedbackArtifact.Part] = []
    let text = FailureText(chain.patch)
    let hidden = HiddenWords(testPatch: plan.instance.testPatch, files: files)
    var isHinted = false
    func tell(_ names: [String], as heading: String, origin: Origin) {
      // What was not reached in time has not failed.
      let names = names.filter { name in
        verdict.failure != .timeout || verdict.failures.contains { NameMatch.matches($0.test, name) }
      }
      for name in names.prefix(FeedbackWriter.mostTests) {
        // Where a file of tests cannot be read, its error is the error of all that it holds.
        let failure =
          verdict.failures.first { NameMatch.matches($0.test, name) }
          ?? verdict.failures.first { $0.kind == .collection || $0.kind == .command || $0.kind == .setup }
        var told = failure.map(text.told) ?? ""
        if origin == .visibleTest { told = hidden.removed(from: told) }
        if let before = failure.flatMap({ before($0) }), origin == .hiddenTest {
          told += "\n  before your change: \(before)"
        }
        if !isHinted, let hint = failure.flatMap({ ErrorHint.sentence($0.exception) }) {
          told += "\n  Hint: \(hint)"
          isHinted = true
        }
        // The parameters of a test that was there may be those that the test patch brings.
        let shown = origin == .visibleTest && hidden.holds(name) ? String(name.prefix { $0 != "[" }) : name
        parts.append(.init(text: "\(heading): \(shown)" + (told.isEmpty ? "" : "\n\(told)"), origin: origin))
      }
      if names.count > FeedbackWriter.mostTests {
        parts.append(.init(text: "and \(names.count - FeedbackWriter.mostTests) more", origin: origin))
      }
    }
    // A PASS_TO_PASS test may be there to be seen, or come with the test patch; FAIL_TO_PASS is the judge's own.
    let tests = ChangedTests(testPatch: plan.instance.testPatch, files: files)
    var broken = tally.passToPass.failure
    // No change is blamed for what failed before it.
    if case .red(_, _, let before)? = chain.baseline?.judgement { broken.removeAll(where: before.contains) }
    let heading = "This test passed before the change and fails now"
    tell(broken.filter(tests.isVisible), as: heading, origin: .visibleTest)
    if isHidden {
      tell(broken.filter { !tests.isVisible($0) }, as: heading, origin: .hiddenTest)
      tell(tally.failToPass.failure, as: "This test still fails", origin: .hiddenTest)
    }
    return parts
  }

  /// What a target test raised before any change, where it raises something else now.
  private func before(_ failure: TestFailure) -> String? {
    guard let report = chain.baseline?.report, let old = report.failures.first(where: { $0.test == failure.test }),
      old.exception != failure.exception || old.message != failure.message
    else { return nil }
    return old.message.isEmpty ? old.exception : "\(old.exception): \(old.message)"
  }

  /// What was tried before this attempt and why it failed; nil where nothing was.
  private var tried: FeedbackArtifact.Part? {
    // What was made with the hidden tests in view stays with them.
    let entries = plan.memory.entries.filter { isHidden || !$0.isTainted }
    guard !entries.isEmpty else { return nil }
    let lines = entries.reversed().map { "- attempt \($0.attempt): \(said($0))" }
    let isTold = entries.contains { $0.isTainted } || isHidden
    return .init(
      text: "Tried before that, in vain:\n" + lines.joined(separator: "\n"), origin: isTold ? .hiddenTest : ours)
  }

  private func said(_ entry: Memory.Entry) -> String {
    if let problem = entry.problem {
      return "\(problem.isNoEdit ? "no usable edit" : "edits that did not apply") (\(problem.code))"
    }
    if entry.diff.isEmpty { return "a reply without edits" }
    // What came of it is the hidden tests' to say.
    let why = isHidden ? entry.verdict.sentence : ""
    return entry.change + (why.isEmpty ? "" : "; \(why)")
  }
}
