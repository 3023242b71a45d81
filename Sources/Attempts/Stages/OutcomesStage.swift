import Content
import Grading

/// The tests with the patch.
package struct OutcomesArtifact: Hashable, Codable, Sendable {
  package let report: TestReport
  /// The tests that the row names, by how they ended.
  package let tally: Tally
}

struct OutcomesStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    // Nothing is paid for where nothing changed or the patch is not to be trusted with a run.
    guard let patch = chain.patch, !patch.changes.isEmpty, let hash = chain.content(of: .patch) else { return nil }
    var key = TestKey.key(stage: .outcomes, version: 1, plan, chain)
    key.add(input: "patch", hash)
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    guard let patch = chain.patch else { throw AttemptError.missing(.patch) }
    let run = try await workshop.runTests(of: plan.instance, changes: patch.changes)
    let tally = Tally(plan.instance, outcomes: run.report.outcomes)
    return Made(
      artifact: .outcomes(OutcomesArtifact(report: run.report, tally: tally)), attachments: ["log": run.raw])
  }
}
