import Content
import Grading
import Instances
import Models

/// The verdict in one word.
package enum VerdictWord: String, CaseIterable, Codable, Sendable {
  /// Every FAIL_TO_PASS test passes and every PASS_TO_PASS test still does.
  case resolved
  case unresolved
  /// The tests pass, and the patch may have made them: never counted as resolved.
  case suspect
  /// The tests could not be judged. Says nothing about the model.
  case environmentError = "environment_error"
}

/// What an attempt came to.
package struct VerdictArtifact: Hashable, Codable, Sendable {
  package let word: VerdictWord
  /// Why it is not resolved; nil where it is.
  package let failure: FailureCode?
  package let resolution: Resolution
  /// The named tests by how they ended; nil where none ran.
  package let tally: Tally?
  /// One sentence with the reason; may be empty.
  package let sentence: String
  /// What failed among the named tests.
  package let failures: [TestFailure]
  /// Why the patch is not to be trusted; empty where it is.
  package let suspicions: [String]
}

struct VerdictStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard chain[.baseline] != nil else { return nil }
    var key = Key(stage: "verdict", version: 2)
    key.add(input: "row", plan.instance.hash)
    for stage in [Stage.baseline, .reply, .edits, .patch, .outcomes] {
      key.add(input: stage.rawValue, chain.content(of: stage))
    }
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    Made(artifact: .verdict(judge(plan, chain)))
  }

  private func judge(_ plan: Plan, _ chain: Chain) -> VerdictArtifact {
    guard let baseline = chain.baseline, case .red(_, _, let alreadyFailing) = baseline.judgement else {
      return ended(.environmentError, .environmentError, chain.baseline?.sentence ?? "no baseline")
    }
    guard let reply = chain.reply else { return ended(.unresolved, .modelError, "no reply came") }
    guard reply.isComplete else {
      return reply.end == .length
        ? ended(.unresolved, .modelError, "the reply was cut at the answer's budget (model.num_predict)")
        : ended(.unresolved, .modelError, "the reply broke off before its end")
    }
    if let problem = chain.edits?.problem {
      return ended(
        .unresolved, problem.isNoEdit ? .noEditsGenerated : .applyFailed, "\(problem.code), \(problem.message)")
    }
    guard let patch = chain.patch, !patch.changes.isEmpty else {
      return ended(.unresolved, .noEditsGenerated, "the patch is empty")
    }
    guard let outcomes = chain.outcomes else { return ended(.unresolved, .testFailure, "the tests were not run") }
    return judge(plan.instance, baseline.report, alreadyFailing, patch, outcomes)
  }

  private func judge(
    _ instance: Instance, _ baseline: TestReport, _ alreadyFailing: [String], _ patch: PatchArtifact,
    _ outcomes: OutcomesArtifact
  ) -> VerdictArtifact {
    let (report, tally) = (outcomes.report, outcomes.tally)
    let broken = BrokenFile.first(of: patch.changes.map(\.path), in: report.log)
    let code = Classifier.code(
      baseline: baseline.failures, baselineFailing: alreadyFailing, tally: tally, failures: report.failures,
      syntaxError: broken != nil, timedOut: report.timedOut)
    // Tests that failed say themselves what their run was like.
    let suspicions =
      Suspicion.reasons(instance, patch: patch)
      + (code == nil ? Suspicion.reasons(outcomes, baseline: baseline) : [])
    let word: VerdictWord =
      switch code {
      case nil: suspicions.isEmpty ? .resolved : .suspect
      case .environmentError: .environmentError
      default: .unresolved
      }
    let failing = tally.failToPass.failure + tally.passToPass.failure
    let failures = report.failures.filter { failure in failing.contains { NameMatch.matches(failure.test, $0) } }
    return VerdictArtifact(
      word: word, failure: code, resolution: tally.resolution, tally: tally,
      sentence: ((code == nil ? [] : [sentence(code, tally, broken: broken)]) + suspicions).joined(separator: "; "),
      failures: failures.isEmpty && code != nil ? report.failures : failures, suspicions: suspicions)
  }

  private func sentence(_ code: FailureCode?, _ tally: Tally, broken file: String?) -> String {
    let targets = tally.failToPass.failure.count
    let broken = tally.passToPass.failure.count
    return switch code {
    case nil: ""
    case .logicError: targets == 1 ? "the target test fails as before" : "\(targets) target tests fail as before"
    case .regression: broken == 1 ? "1 test that passed fails now" : "\(broken) tests that passed fail now"
    case .testFailure: targets == 1 ? "1 target test still fails" : "\(targets) target tests still fail"
    case .syntaxError: "\(file ?? "a changed file") is no Python any more"
    case .timeout: "the tests ran out of time"
    case .environmentError: "tests fail that failed before"
    default: ""
    }
  }

  private func ended(_ word: VerdictWord, _ failure: FailureCode, _ sentence: String) -> VerdictArtifact {
    VerdictArtifact(
      word: word, failure: failure, resolution: .no, tally: nil, sentence: sentence, failures: [], suspicions: [])
  }
}
