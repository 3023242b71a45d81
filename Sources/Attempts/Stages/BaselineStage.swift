import Content
import Foundation
import Grading
import Instances
import Workspaces

/// The tests with the test patch and without a fix. Unless they are red nothing can be said about a fix.
package struct BaselineArtifact: Hashable, Codable, Sendable {
  package let report: TestReport
  package let judgement: BaselineVerdict

  /// What it came to, in words.
  package var sentence: String {
    switch judgement {
    case .red(let failing, let passing, let broken):
      "red: \(failing.count) FAIL_TO_PASS \(failing.count == 1 ? "fails" : "fail"), "
        + "\(passing.count) of \(passing.count + broken.count) PASS_TO_PASS pass"
    case .notRed(let passing): "not red: \(passing.joined(separator: ", ")) already passes"
    case .noTests: "no test was collected"
    case .broken(let why): "broken: \(why)"
    case .notMade(let why, _): why
    }
  }
}

extension BaselineArtifact {
  init(_ report: TestReport, of instance: Instance) {
    self.init(
      report: report,
      judgement: BaselineJudge.judge(
        instance, outcomes: report.outcomes, ended: report.isWhole && !report.timedOut,
        trouble: report.limitsTold))
  }
}

struct BaselineStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard plan.needsTests else { return nil }
    return TestKey.key(.baseline, plan, chain)
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    do {
      let run = try await workshop.runTests(of: plan.instance, changes: [])
      return Made(
        artifact: .baseline(BaselineArtifact(run.report, of: plan.instance)), attachments: run.attachments)
    } catch let error as WorkspaceError where error.isOfEnvironment {
      let report = TestReport(log: [], of: plan.instance, exit: nil, timedOut: false, isWhole: false)
      return Made(
        artifact: .baseline(
          BaselineArtifact(
            report: report,
            judgement: .notMade(why: error.localizedDescription, next: error.recoverySuggestion))))
    }
  }
}

/// The fields that every run of tests depends on.
enum TestKey {
  static func key(_ stage: Stage, _ plan: Plan, _ chain: Chain) -> Key {
    let options = plan.settings.workspace
    var key = Key(of: stage)
    key.add(input: "row", plan.row)
    key.add(input: "workspace", chain.content(of: .workspace))
    key.add(option: "sandbox", options.sandbox.key)
    key.add(option: "tests.timeout", "\(options.timeoutSeconds)")
    key.add(option: "tests.memory", "\(options.memoryMB)")
    key.add(option: "tests.processes", "\(options.processes)")
    key.add(option: "tests.output", "\(options.outputMB)")
    // Only where it is not the usual: takes of before there was one keep their keys.
    if options.diskMB != WorkspaceOptions.usualDiskMB { key.add(option: "tests.disk", "\(options.diskMB)") }
    key.add(option: "tests.python", options.python)
    // Only where one is made: takes without one keep their keys.
    if let environment = options.environmentKey(of: plan.instance) { key.add(option: "tests.environment", environment) }
    return key
  }
}
