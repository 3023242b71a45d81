import Content
import Grading
import Instances

/// The tests with the patch.
package struct OutcomesArtifact: Hashable, Codable, Sendable {
  package let report: TestReport
  /// The tests that the row names, by how they ended.
  package let tally: Tally
}

extension OutcomesArtifact {
  init(_ report: TestReport, of instance: Instance) {
    self.init(report: report, tally: Tally(instance, outcomes: report.outcomes))
  }
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
    return Made(
      artifact: .outcomes(OutcomesArtifact(run.report, of: plan.instance)), attachments: run.attachments)
  }
}
