import Content
import Grading
import Instances
import Models
import Prompts
import Workspaces

/// What the next attempt is told of this one.
package struct FeedbackArtifact: Hashable, Codable, Sendable {
  /// A passage with where it came from.
  package struct Part: Hashable, Codable, Sendable {
    package let text: String
    package let origin: Origin
  }

  package let mode: FeedbackMode
  package let parts: [Part]

  package var isEmpty: Bool { parts.isEmpty }

  /// The text as it stands in a prompt.
  package var text: String { parts.map(\.text).joined(separator: "\n") }

  /// The origin of the whole: one hidden part makes all of it hidden.
  package var origin: Origin { parts.first { $0.origin.isHidden }?.origin ?? parts.first?.origin ?? .hiddenTest }
}

struct FeedbackStage: StageMaker {
  /// The most failing tests that are told, and the most lines of each message.
  private static let mostTests = 3

  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard let verdict = chain.content(of: .verdict) else { return nil }
    var key = Key(stage: "feedback", version: 3)
    key.add(input: "row", plan.instance.hash)
    key.add(input: "verdict", verdict)
    key.add(input: "edits", chain.content(of: .edits))
    key.add(input: "patch", chain.content(of: .patch))
    key.add(option: "feedback", plan.settings.feedback.rawValue)
    key.add(option: "attempt", "\(plan.id.attempt)")
    key.add(option: "tainted", "\(chain.prompt?.prompt.isTainted ?? false)")
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    Made(
      artifact: .feedback(
        FeedbackArtifact(mode: plan.settings.feedback, parts: try await parts(plan, chain, in: workshop))))
  }

  func tweaked(_ text: String, _ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Artifact {
    guard let old = chain.feedback, let hash = chain.content(of: .feedback) else {
      throw AttemptError.missing(.feedback)
    }
    // A rewritten hidden text is still one that was written with the hidden tests in view.
    let origin = old.parts.contains { $0.origin.isHidden } ? Origin.hiddenTest : .tweak(of: hash)
    return .feedback(FeedbackArtifact(mode: old.mode, parts: [FeedbackArtifact.Part(text: text, origin: origin)]))
  }

  private func parts(
    _ plan: Plan, _ chain: Chain, in workshop: Workshop
  ) async throws -> [FeedbackArtifact.Part] {
    guard let verdict = chain.verdict, verdict.word == .unresolved, plan.settings.feedback != .none else { return [] }
    // Where the connection broke or the prompt was cut, nobody is to blame and nothing is to be learnt.
    if chain.reply?.end == .broken || chain.reply?.window?.state == .truncated { return [] }
    // What a model wrote that was told of the hidden tests tells of them too.
    let ours = chain.prompt?.prompt.isTainted == true ? Origin.hiddenTest : .feedback(attempt: plan.id.attempt)
    var parts = [FeedbackArtifact.Part(text: "Your previous attempt did not resolve the issue.", origin: ours)]
    if let problem = chain.edits?.problem {
      parts.append(.init(text: "Its edits were not applied. \(problem.feedback)", origin: ours))
    } else if chain.reply?.end == .length {
      parts.append(.init(text: "The reply was cut before its end. Answer more briefly.", origin: ours))
    }
    if let patch = chain.patch, !patch.diff.isEmpty {
      parts.append(.init(text: "It made this change:\n\(patch.diff)", origin: ours))
    }
    if verdict.failure == .syntaxError {
      parts.append(.init(text: "With it a file is no valid Python any more.", origin: ours))
    }
    parts += try await failing(verdict, plan, in: workshop)
    return parts
  }

  private func failing(
    _ verdict: VerdictArtifact, _ plan: Plan, in workshop: Workshop
  ) async throws -> [FeedbackArtifact.Part] {
    guard let tally = verdict.tally else { return [] }
    var parts: [FeedbackArtifact.Part] = []
    func tell(_ names: [String], as heading: String, origin: Origin) {
      for name in names.prefix(FeedbackStage.mostTests) {
        let failure = verdict.failures.first { NameMatch.matches($0.test, name) }
        parts.append(.init(text: "\(heading): \(name)\n\(failure?.told ?? "")", origin: origin))
      }
      if names.count > FeedbackStage.mostTests {
        parts.append(.init(text: "and \(names.count - FeedbackStage.mostTests) more", origin: origin))
      }
    }
    // A PASS_TO_PASS test may be there to be seen, or come with the test patch; FAIL_TO_PASS is the judge's own.
    let heading = "This test passed before the change and fails now"
    var (visible, hidden) = ([String](), tally.passToPass.failure)
    if !hidden.isEmpty {
      let files = try await workshop.workspace().read(plan.instance.testFiles)
      let tests = ChangedTests(testPatch: plan.instance.testPatch, files: files)
      visible = hidden.filter(tests.isVisible)
      hidden = hidden.filter { !tests.isVisible($0) }
    }
    tell(visible, as: heading, origin: .visibleTest)
    if plan.settings.feedback == .hidden {
      tell(hidden, as: heading, origin: .hiddenTest)
      tell(tally.failToPass.failure, as: "This test still fails", origin: .hiddenTest)
    }
    return parts
  }
}

extension TestFailure {
  /// The exception and the innermost frame, as the model is told.
  var told: String {
    let frame = frames.first.map { "  at \($0.path):\($0.line) in \($0.function)\n" } ?? ""
    return "  \(exception): \(message)\n\(frame)"
  }
}
