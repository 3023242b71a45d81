import Content
import Context
import Edits
import Grading
import Instances
import Models
import Prompts

/// The earliest stage of an attempt that made success impossible, with what shows it.
///
/// It is for the person: it looks at the gold patch, which no model sees.
package struct Cause: Hashable, Codable, Sendable {
  package enum Kind: String, CaseIterable, Codable, Sendable {
    /// The tests could not be judged.
    case environment
    /// No answer, or one that broke off.
    case model
    /// A file that the gold patch changes was not shown.
    case contextFile = "context_file"
    /// The file was shown, and not the lines that the gold patch changes.
    case contextLines = "context_lines"
    /// Lines were chosen and cut again, by ramp or by the server, because the window is too small.
    case window
    /// The reply ended at its budget.
    case replyCut = "reply_cut"
    case noEdits = "no_edits"
    case notApplied = "not_applied"
    /// Another file than the gold patch changes, or other lines.
    case wrongPlace = "wrong_place"
    /// The attempt was told nothing of the one before, and failed in the same way.
    case feedback
    /// Applied in the right place, and no Python.
    case syntax
    /// Applied in the right place, and the tests fail.
    case logic
    case regression
    case timeout
    /// The patch decides itself how tests come out.
    case suspect

    /// The plan's four roots, and the environment.
    package var root: String {
      switch self {
      case .environment: "environment"
      case .contextFile, .contextLines, .window: "context"
      case .noEdits, .notApplied, .replyCut, .suspect: "prompt"
      case .feedback: "feedback"
      case .model, .wrongPlace, .syntax, .logic, .regression, .timeout: "model"
      }
    }
  }

  package let kind: Kind
  package let stage: Stage
  /// In a sentence.
  package let sentence: String
  /// One fact each.
  package let evidence: [String]
  /// What to try; nil where nothing comes to mind.
  package let next: String?
}

/// Finds the cause: walks the stages in their order and stops at the first that could not lead to success.
package struct CauseFinder {
  /// How far from the gold patch's lines a change may be and still be in its place.
  private static let near = 10

  private let instance: Instance
  private let take: Take
  private let memory: Memory
  private let gold: ChangedLines

  /// - Parameters:
  ///   - take: the attempt.
  ///   - instance: its row.
  ///   - earlier: the takes of the attempts before it.
  package init(_ take: Take, of instance: Instance, earlier: [Take]) {
    self.instance = instance
    self.take = take
    memory = Memory(earlier, before: take.id.attempt)
    gold = ChangedLines(instance.patch)
  }

  private var chain: Chain { take.chain }

  /// Nil for an attempt that is resolved, or that came to no verdict and not because of a stage.
  package func cause() -> Cause? {
    guard let verdict = chain.verdict, verdict.word != .resolved else { return nil }
    if verdict.word == .environmentError {
      return Cause(
        kind: .environment, stage: chain.baseline?.judgement.isRed == true ? .outcomes : .baseline,
        sentence: "the tests cannot be judged: \(verdict.sentence)", evidence: verdict.evidence,
        next: "`show baseline`; `preflight \(instance.id)` says what the environment lacks")
    }
    return window() ?? context() ?? reply(verdict) ?? edits() ?? place() ?? feedback(verdict) ?? tests(verdict)
  }

  /// How much of the gold patch's place the prompt shows; nil without a context, or without a gold patch.
  package func goldShown() -> GoldShown? {
    guard let context = chain.context, !gold.paths.isEmpty else { return nil }
    let changed = changed(context)
    let shown = Dictionary(grouping: context.parts, by: \.span.path)
    guard changed.keys.allSatisfy({ shown[$0] != nil }) else { return .no }
    let isWhole = changed.allSatisfy { path, lines in
      CauseFinder.places(lines).allSatisfy { place in
        (shown[path] ?? []).contains { part in place.contains { (part.span.first...part.span.last).contains($0) } }
      }
    }
    return isWhole ? .lines : .files
  }

  /// The lines that a prompt has to show, by path.
  ///
  /// A file that the gold patch makes cannot be shown, and notes on the release repair nothing.
  private func changed(_ context: ContextSelection) -> [String: Set<Int>] {
    let shown = Set(context.parts.map(\.span.path))
    let code = gold.old.filter { PythonSyntax.isPython($0.key) }
    return (code.isEmpty ? gold.old : code).filter { $0.value.contains { $0 > 1 } || shown.contains($0.key) }
  }

  // MARK: - What was shown

  private func window() -> Cause? {
    if let window = chain.reply?.window, window.state == .truncated {
      return Cause(
        kind: .window, stage: .reply, sentence: "the server did not read the whole prompt", evidence: [window.evidence],
        next: "`model check` says how large its window is; `set context.budget` to less, or `set model.num_ctx`")
    }
    let lost = (chain.prompt?.cut ?? []).filter { span in
      gold.old[span.path]?.contains { (span.first...span.last).contains($0) } ?? false
    }
    guard let prompt = chain.prompt, !lost.isEmpty else { return nil }
    return Cause(
      kind: .window, stage: .prompt, sentence: "lines that the gold patch changes were cut, so that the prompt fits",
      evidence: lost.map { "\($0) was cut: the window has room for \(prompt.window) tokens" },
      next: "`set model.num_ctx` to more, or `set context.budget` to less, then rerun")
  }

  private func context() -> Cause? {
    guard let context = chain.context else { return nil }
    let shown = Dictionary(grouping: context.parts, by: \.span.path)
    let changed = changed(context)
    let missing = changed.keys.filter { shown[$0] == nil }.sorted()
    if let first = missing.first, missing.count == changed.count || !touches(missing) {
      let rank = context.leftOut.first { $0.span.path == first }
      return Cause(
        kind: .contextFile, stage: .context, sentence: "\(first), which the gold patch changes, was not shown",
        evidence: missing.map { path in
          context.leftOut.first { $0.span.path == path }.map {
            "\(path) was left out: rank \($0.rank), \($0.tokens) tokens"
          }
            ?? "\(path) was not among the candidates"
        },
        next: "context add \(rank?.span.description ?? first), then rerun")
    }
    var outside: [String] = []
    var next: Span?
    for (path, lines) in changed.sorted(by: { $0.key < $1.key }) {
      let spans = (shown[path] ?? []).map(\.span)
      for place in CauseFinder.places(lines) where !spans.isEmpty {
        // An insertion names the lines on both its sides, and one of them is enough.
        guard !place.contains(where: { line in spans.contains { ($0.first...$0.last).contains(line) } }) else {
          continue
        }
        outside.append("\(path): \(CauseFinder.lines(Set(place))) were not shown")
        next = next ?? Span(path: path, first: max(1, place.lowerBound - 15), last: place.upperBound + 15)
      }
    }
    guard let next, !reaches(outside: next) else { return nil }
    return Cause(
      kind: .contextLines, stage: .context, sentence: "the lines that the gold patch changes were not shown",
      evidence: outside, next: "context add \(next), then rerun")
  }

  /// Lines that lie close together, each as one place.
  private static func places(_ lines: Set<Int>) -> [ClosedRange<Int>] {
    var places: [ClosedRange<Int>] = []
    for line in lines.sorted() {
      if let last = places.last, line - last.upperBound <= 3 {
        places[places.count - 1] = last.lowerBound...line
      } else {
        places.append(line...line)
      }
    }
    return places
  }

  /// True where the patch changes these lines all the same.
  private func reaches(outside span: Span) -> Bool {
    ChangedLines(chain.patch?.diff ?? "").old[span.path]?.contains { (span.first...span.last).contains($0) } ?? false
  }

  /// True where the patch changes all of `paths` all the same.
  private func touches(_ paths: [String]) -> Bool {
    let changed = Set(chain.patch?.changes.map(\.path) ?? [])
    return paths.allSatisfy(changed.contains)
  }

  // MARK: - What was said

  private func reply(_ verdict: VerdictArtifact) -> Cause? {
    guard let reply = chain.reply else {
      return Cause(
        kind: .model, stage: .reply, sentence: "no reply came", evidence: verdict.evidence, next: "`model check`")
    }
    switch reply.end {
    case .stop: return nil
    case .length:
      let limit = take.settings.sampling(attempt: take.id.attempt).numPredict
      return Cause(
        kind: .replyCut, stage: .reply, sentence: "the reply was cut at its budget of \(limit) tokens",
        evidence: verdict.evidence, next: "`set model.num_predict \(2 * limit)`, then rerun")
    default:
      return Cause(
        kind: .model, stage: .reply, sentence: "the reply broke off before its end",
        evidence: [reply.why].compactMap(\.self) + verdict.evidence, next: "`rerun reply` asks the model again")
    }
  }

  private func edits() -> Cause? {
    guard let problem = chain.edits?.problem else {
      guard chain.patch?.changes.isEmpty ?? true else { return nil }
      return Cause(
        kind: .noEdits, stage: .edits, sentence: "the reply changes nothing", evidence: [], next: "`show reply`")
    }
    if problem.code == "syntax_error" {
      return Cause(
        kind: .syntax, stage: .edits, sentence: "with the edits a file is no Python: \(problem.message)",
        evidence: [problem.message], next: "`run \(instance.id)` tells the model the line")
    }
    return Cause(
      kind: problem.isNoEdit ? .noEdits : .notApplied, stage: .edits,
      sentence: "\(problem.isNoEdit ? "no edit was found" : "the edits did not apply"): \(problem.code)",
      evidence: [problem.message], next: "`show edits`; `reparse` reads the reply in another format")
  }

  // MARK: - What came of it

  private func place() -> Cause? {
    guard let patch = chain.patch, !gold.paths.isEmpty else { return nil }
    let made = ChangedLines(patch.diff)
    let common = Set(made.paths).intersection(gold.paths)
    if common.isEmpty {
      return Cause(
        kind: .wrongPlace, stage: .patch,
        sentence:
          "it changes \(made.paths.joined(separator: ", ")), and the gold patch \(gold.paths.joined(separator: ", "))",
        evidence: gold.paths.map { "\($0) is not changed" }, next: "`show reply` says why the model looked there")
    }
    let isNear = common.contains { path in
      let theirs = gold.old[path] ?? []
      return (made.old[path] ?? []).contains { line in theirs.contains { abs($0 - line) <= CauseFinder.near } }
    }
    guard !isNear else { return nil }
    let told = common.sorted().map { path in
      "\(path): changed at \(CauseFinder.lines(made.old[path])), the gold patch changes \(CauseFinder.lines(gold.old[path]))"
    }
    return Cause(
      kind: .wrongPlace, stage: .patch, sentence: "the right file, and other lines than the gold patch", evidence: told,
      next: "`show reply` says why the model looked there")
  }

  private static func lines(_ lines: Set<Int>?) -> String {
    guard let lines, let first = lines.min(), let last = lines.max() else { return "no line" }
    return first == last ? "line \(first)" : "lines \(first) to \(last)"
  }

  private func feedback(_ verdict: VerdictArtifact) -> Cause? {
    guard let last = memory.entries.last, let prompt = chain.prompt?.prompt else { return nil }
    let isTold = prompt.messages.contains { message in message.parts.contains { $0.name == "feedback" } }
    guard !isTold, take.settings.feedback == .none || take.settings.feedback == .visible,
      last.verdict.signature == verdict.signature
    else { return nil }
    return Cause(
      kind: .feedback, stage: .feedback,
      sentence: "attempt \(take.id.attempt) was told nothing of attempt \(last.attempt), and failed in the same way",
      evidence: ["feedback is \(take.settings.feedback.rawValue)", "both: \(verdict.sentence)"],
      next: "`set feedback visible` or `hidden`, then `run \(instance.id)`")
  }

  private func tests(_ verdict: VerdictArtifact) -> Cause? {
    let first = verdict.failures.first.map { failure in
      "\(failure.test): \(failure.exception)" + (failure.message.isEmpty ? "" : ": \(failure.message)")
    }
    let kind: Cause.Kind =
      switch verdict.failure {
      case .regression: .regression
      case .timeout: .timeout
      case .syntaxError: .syntax
      case nil: .suspect
      default: .logic
      }
    let sentence =
      switch kind {
      case .regression: "in the right place, and it breaks what passed before"
      case .timeout: "in the right place, and the tests do not come to an end"
      case .syntax: "with the edits a file is no Python"
      case .suspect: "the tests pass, and the patch may have made them"
      default: "in the right place, and the test still fails" + (first.map { " with \($0)" } ?? "")
      }
    return Cause(
      kind: kind, stage: .verdict, sentence: sentence,
      evidence: verdict.suspicions + verdict.evidence,
      next: "`show tests`, `diff patch`; `run \(instance.id)` tells the model what failed")
  }
}
