import Content
import Grading
import Instances
import Prompts
import Workspaces

/// The tests with the patch.
package struct OutcomesArtifact: Hashable, Codable, Sendable {
  package let report: TestReport
  /// The tests that the row names, by how they ended.
  package let tally: Tally
  /// True where FAIL_TO_PASS tests alone were run, because one of them failed; nil where all were.
  package let targetsOnly: Bool?
  /// What the model's script did without the change and with it; nil where none was asked for or none is there.
  package var reproduction: Reproduction?
}

extension OutcomesArtifact {
  init(_ report: TestReport, of instance: Instance, targetsOnly: Bool = false) {
    var tally = Tally(instance, outcomes: report.outcomes)
    // What was not run has neither passed nor failed.
    if targetsOnly { tally.passToPass = Tally.Names() }
    self.init(report: report, tally: tally, targetsOnly: targetsOnly ? true : nil)
  }
}

struct OutcomesStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    // Nothing is paid for where nothing changed, or where it is known what the change comes to.
    guard let patch = chain.patch, !patch.changes.isEmpty, let hash = chain.content(of: .patch),
      plan.memory.tried(patch, plan.settings.workspace) == nil
    else { return nil }
    var key = TestKey.key(.outcomes, plan, chain)
    key.add(input: "patch", hash)
    // Only where it is asked for: takes without it keep their keys.
    if plan.settings.workspace.order != .all { key.add(option: "tests.order", plan.settings.workspace.order.rawValue) }
    if let script = script(plan, chain) { key.add(option: "reproduce", Hash(of: script.text).hex) }
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    guard let patch = chain.patch else { throw AttemptError.missing(.patch) }
    let reproduction = try await script(plan, chain)?.run(changes: patch.changes, in: workshop)
    if plan.settings.workspace.order == .targetsFirst,
      var failed = try await targetsFailing(plan.instance, patch.changes, in: workshop)
    {
      failed.found.reproduction = reproduction
      return Made(artifact: .outcomes(failed.found), attachments: failed.attachments)
    }
    let run = try await workshop.runTests(of: plan.instance, changes: patch.changes)
    var found = OutcomesArtifact(run.report, of: plan.instance)
    found.reproduction = reproduction
    return Made(artifact: .outcomes(found), attachments: run.attachments)
  }

  /// The script that shows the bug: the reply's, or else that of an attempt before.
  private func script(_ plan: Plan, _ chain: Chain) -> ReproductionScript? {
    guard plan.settings.reproduce == .on, let reply = chain.reply else { return nil }
    let isTainted = chain.isTainted
    return ReproductionScript.split(reply.text).script.map { ReproductionScript(text: $0, isTainted: isTainted) }
      ?? plan.reproduction
  }

  /// The run of the FAIL_TO_PASS tests alone where one of them failed in it. Nil where that is not seen for certain, and
  /// where they cannot be run alone: what resolves a row is the run of all.
  private func targetsFailing(
    _ instance: Instance, _ changes: [FileChange], in workshop: Workshop
  ) async throws -> (found: OutcomesArtifact, attachments: [String: [UInt8]])? {
    guard
      let words = TestTargets.words(instance.failToPass, runner: instance.runner, files: instance.testFiles)
    else { return nil }
    let run = try await workshop.runTests(of: instance, changes: changes, targets: words)
    let found = OutcomesArtifact(run.report, of: instance, targetsOnly: true)
    let failed = found.tally.failToPass.failure.contains { name in
      run.report.outcomes.contains { NameMatch.matches($0.key, name) && ($0.value == .failed || $0.value == .error) }
    }
    guard run.report.isWhole, !run.report.timedOut, failed else { return nil }
    return (found, run.attachments)
  }
}
