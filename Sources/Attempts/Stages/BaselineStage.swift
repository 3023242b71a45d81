import Content
import Foundation
import Grading
import Instances
import Workspaces

/// The tests with the test patch and without a fix. Unless they are red nothing can be said about a fix.
package struct BaselineArtifact: Hashable, Codable, Sendable {
  package let report: TestReport
  package let judgement: BaselineVerdict
  /// What the reader should know of the environment: that there is none for the row's version. Nil for nothing.
  package var note: String?

  /// What it came to, in words.
  package var sentence: String {
    switch judgement {
    case .red(let failing, let passing, let broken) where report.outcomes.isEmpty:
      "red: the tests end in \(report.failures.first?.exception ?? "an error") before any of the "
        + "\(failing.count + passing.count + broken.count) named tests runs"
    case .red(let failing, let passing, let broken):
      "red: \(failing.count) FAIL_TO_PASS \(failing.count == 1 ? "fails" : "fail"), "
        + "\(passing.count) of \(passing.count + broken.count) PASS_TO_PASS pass"
    case .notRed(let passing):
      "not red: \(BaselineArtifact.some(passing)) already \(passing.count == 1 ? "passes" : "pass")"
    case .noTests(let cause): "no test was collected" + (cause.map { ": \($0)" } ?? "") + noted
    case .broken(let why): "broken: \(why)" + noted
    case .notMade(let why, _): why
    }
  }

  private var noted: String { note.map { "; \($0)" } ?? "" }

  /// The first few names, and how many more there are.
  private static func some(_ names: [String]) -> String {
    let first = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(first) and \(names.count - 3) more" : first
  }
}

extension BaselineArtifact {
  init(_ report: TestReport, of instance: Instance, note: String? = nil) {
    let log = Array(report.log.utf8)
    let tellsNone = report.outcomes.isEmpty
    self.init(
      report: report,
      judgement: BaselineJudge.judge(
        instance, outcomes: report.outcomes, ended: report.isWhole && !report.timedOut,
        trouble: report.limitsTold ?? report.death, crash: tellsNone ? FailureReader.crash(in: log) : nil,
        cause: tellsNone ? LogCause.first(in: log) : nil),
      note: note)
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
        artifact: .baseline(
          BaselineArtifact(run.report, of: plan.instance, note: BaselineStage.note(plan, run.attachments))),
        attachments: run.attachments)
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

extension BaselineStage {
  /// Says which Python ran the tests of a row that none of the specs is for.
  static func note(_ plan: Plan, _ attachments: [String: [UInt8]]) -> String? {
    let (instance, options) = (plan.instance, plan.settings.workspace)
    guard instance.testCommand == nil, BuiltinSpecs.repositories.contains(instance.repo), options.sandbox != .off,
      options.environments != .off, options.environmentKey(of: instance) == nil,
      let held = attachments[TestReport.sandbox].map({ String(decoding: $0, as: UTF8.self) }),
      let python = held.ranges(of: "Python ").last.map({ held[$0.lowerBound...] })
    else { return nil }
    return "there is no environment spec for \(instance.repo) \(instance.version), and \(python) ran the tests"
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
