import Content
import Grading
import Instances
import Models
import Workspaces

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
  /// What shows the failure code, one fact a line; empty where the attempt is resolved.
  package let evidence: [String]
  /// What failed among the named tests.
  package let failures: [TestFailure]
  /// Why the patch is not to be trusted; empty where it is.
  package let suspicions: [String]
  /// The earlier attempt that made the same change: what that came to is what this one comes to, and no test was run.
  package var repeats: Int?
  /// Why no canary watched over the run of the tests; nil where one did, and where no test ran.
  package var noCanary: String?
}

// What an older version wrote has no evidence.
extension VerdictArtifact {
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      word: try fields.decode(VerdictWord.self, forKey: .word),
      failure: try fields.decodeIfPresent(FailureCode.self, forKey: .failure),
      resolution: try fields.decode(Resolution.self, forKey: .resolution),
      tally: try fields.decodeIfPresent(Tally.self, forKey: .tally),
      sentence: try fields.decode(String.self, forKey: .sentence),
      evidence: try fields.decodeIfPresent([String].self, forKey: .evidence) ?? [],
      failures: try fields.decode([TestFailure].self, forKey: .failures),
      suspicions: try fields.decode([String].self, forKey: .suspicions),
      repeats: try fields.decodeIfPresent(Int.self, forKey: .repeats),
      noCanary: try fields.decodeIfPresent(String.self, forKey: .noCanary))
  }
}

struct VerdictStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard chain[.baseline] != nil else { return nil }
    var key = Key(of: .verdict)
    key.add(input: "row", plan.row)
    for stage in [Stage.baseline, .reply, .edits, .patch, .outcomes] {
      key.add(input: stage.rawValue, chain.content(of: stage))
    }
    if let tried = plan.memory.tried(chain.patch, plan.settings.workspace) {
      key.add(input: "tried before", tried.hash)
    }
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    if let tried = plan.memory.tried(chain.patch, plan.settings.workspace) {
      return Made(artifact: .verdict(tried.again))
    }
    return Made(artifact: .verdict(try VerdictStage.judge(plan.instance, chain, plan.settings.workspace)))
  }

  /// What a chain came to.
  ///
  /// - Throws: `AttemptError.missing` where the tests of a patch are not in it.
  static func judge(
    _ instance: Instance, _ chain: Chain, _ options: WorkspaceOptions
  ) throws -> VerdictArtifact {
    guard let baseline = chain.baseline, case .red(_, _, let alreadyFailing) = baseline.judgement else {
      let judgement = chain.baseline?.judgement ?? .broken(why: "no baseline was made")
      return ended(.baseline(judgement), chain.baseline?.sentence)
    }
    if let broken = noPython(chain) { return broken }
    if let end = earlyEnd(chain) { return ended(end) }
    guard let patch = chain.patch, !patch.changes.isEmpty else { return ended(.noEdits("the patch is empty")) }
    guard let outcomes = chain.outcomes else { throw AttemptError.missing(.outcomes) }
    return judge(
      instance, baseline.report, alreadyFailing, patch, outcomes, TestTargets.scripts(of: instance, options))
  }

  /// What a patch came to whose tests ran, beside the run without it.
  static func judge(
    _ instance: Instance, _ baseline: TestReport, _ alreadyFailing: [String], _ patch: PatchArtifact,
    _ outcomes: OutcomesArtifact, _ scripts: [String]
  ) -> VerdictArtifact {
    let (report, tally) = (outcomes.report, outcomes.tally)
    let broken = BrokenFile.first(of: patch.changes.map(\.path), in: report.log)
    let found = Classifier.diagnosis(
      baseline: baseline.failures, baselineFailing: alreadyFailing, tally: tally, failures: report.failures,
      syntaxErrors: broken.map { ["\($0) is no Python any more"] } ?? [], timedOut: report.timedOut)
    // What a test asks of the network is no repair's to give.
    let unreachable =
      found?.code == .logicError || found?.code == .testFailure
      ? NetworkFailure.evidence(tally.failToPass.failure, before: baseline.failures, after: report.failures) : nil
    let diagnosis = unreachable.map { Diagnosis(.environmentError, $0) } ?? found
    let code = diagnosis?.code
    // Tests that failed say themselves what their run was like.
    let suspicions =
      Suspicion.reasons(instance, patch: patch, scripts: scripts)
      + (code == nil ? Suspicion.reasons(instance, outcomes, baseline: baseline) : [])
    let word: VerdictWord =
      switch code {
      case nil: suspicions.isEmpty ? .resolved : .suspect
      case .environmentError: .environmentError
      default: .unresolved
      }
    let failing = tally.failToPass.failure + tally.passToPass.failure
    let failures = report.failures.filter { failure in failing.contains { NameMatch.matches(failure.test, $0) } }
    // The official words are of all the row's tests.
    let isPart = outcomes.targetsOnly ?? false
    // Tests that came to an end of their own are told of by what they said, all others by what ended them.
    let end = code == nil || code == .syntaxError ? nil : report.death ?? report.limitsTold
    let untold =
      report.outcomes.isEmpty && code != nil && code != .syntaxError && end == nil
      ? "no test ran" + (LogCause.first(in: Array(report.log.utf8)).map { ": \($0)" } ?? "") : nil
    let sentences =
      [end, untold].compactMap(\.self)
      + (code == nil ? [] : [unreachable == nil ? sentence(code, tally, broken: broken) : noNetwork(tally)])
      + suspicions
    return VerdictArtifact(
      word: word, failure: code, resolution: isPart ? .no : tally.resolution, tally: tally,
      sentence: bounded((sentences + (isPart ? ["PASS_TO_PASS was not run"] : [])).joined(separator: "; ")),
      evidence: diagnosis.map { [end, untold].compactMap(\.self) + $0.evidence } ?? [],
      failures: failures.isEmpty && code != nil ? report.failures : failures,
      suspicions: suspicions,
      noCanary: isPart ? nil : report.canaries?.whyNone(before: baseline.canaries))
  }

  private static func noNetwork(_ tally: Tally) -> String {
    let count = tally.failToPass.failure.count
    return "\(count) target \(count == 1 ? "test asks" : "tests ask") for a network, which the sandbox does not have"
  }

  /// A sentence is read on a screen.
  private static func bounded(_ text: String) -> String { text.count > 1000 ? "\(text.prefix(1000)) ..." : text }

  private static func sentence(_ code: FailureCode?, _ tally: Tally, broken file: String?) -> String {
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

  /// The edits leave a file that is no Python: no test is run for that.
  private static func noPython(_ chain: Chain) -> VerdictArtifact? {
    guard chain.reply?.isComplete == true, let problem = chain.edits?.problem, problem.code == "syntax_error" else {
      return nil
    }
    return VerdictArtifact(
      word: .unresolved, failure: .syntaxError, resolution: .no, tally: nil, sentence: problem.message,
      evidence: [problem.message], failures: [], suspicions: [])
  }

  /// What went wrong before there was a patch; nil where nothing did.
  private static func earlyEnd(_ chain: Chain) -> EarlyEnd? {
    guard let reply = chain.reply else { return .model("no reply came") }
    if let window = reply.window, window.state == .truncated {
      // A prompt that was refused has no reply at all; `evidence` says so.
      if !reply.isComplete { return .cut("the server did not read the prompt: \(window.evidence)") }
      return .cut("the server did not read the whole prompt: \(window.evidence)")
    }
    switch reply.end {
    case .stop: break
    case .length:
      return .cut(
        reply.why.map { "the reply was cut: \($0)" }
          ?? "the reply was cut at the answer's budget (model.num_predict)")
    default: return .model("the reply broke off before its end")
    }
    guard let problem = chain.edits?.problem else { return nil }
    let told = "\(problem.code), \(problem.message)"
    return problem.isNoEdit ? .noEdits(told) : .notApplied(told)
  }

  private static func ended(_ end: EarlyEnd, _ sentence: String? = nil) -> VerdictArtifact {
    let diagnosis = end.diagnosis
    let code = diagnosis?.code ?? .environmentError
    return VerdictArtifact(
      word: code.isEnvironment ? .environmentError : .unresolved, failure: code, resolution: .no, tally: nil,
      sentence: bounded(sentence ?? diagnosis?.evidence.first ?? ""), evidence: diagnosis?.evidence ?? [], failures: [],
      suspicions: [])
  }
}
