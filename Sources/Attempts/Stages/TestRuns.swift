import Content
import Edits
import Grading
import Instances
import Workspaces

/// What one run of a row's tests said.
package struct TestReport: Hashable, Codable, Sendable {
  /// The outcome of each test the log names.
  package let outcomes: [String: TestStatus]
  /// What failed, and where.
  package let failures: [TestFailure]
  /// The log without times, addresses, temporary paths and control sequences; the raw one is an attachment.
  package let log: String
  /// The exit status of the test command; nil where a signal ended it.
  package let exit: Int32?
  package let timedOut: Bool
  /// Both of our markers were seen, so the command ran from its beginning to its end.
  package let isWhole: Bool
}

extension Workshop {
  /// Runs the row's tests with `changes` of the model. The second value is the raw log.
  func runTests(of instance: Instance, changes: [FileChange]) async throws -> (report: TestReport, raw: [UInt8]) {
    world.effects.countTests()
    let runnerNames = TestRunner.allCases.map(\.rawValue)
    let run = TestRun(
      changes: changes, testPatch: Array(instance.testPatch.utf8),
      testFiles: instance.testFiles, runner: instance.runner,
      command: instance.testCommand.flatMap { runnerNames.contains($0) ? nil : $0 })
    let log = try await workspace().runTests(run)
    let normal = LogNormalizer.normalize(log.log)
    let report = TestReport(
      outcomes: LogParser.outcomes(in: log.log, runner: instance.runner, repo: instance.repo),
      failures: FailureReader.failures(in: normal, runner: instance.runner),
      log: String(decoding: normal, as: UTF8.self), exit: log.exit, timedOut: log.timedOut,
      isWhole: log.started && log.ended)
    return (report, log.log)
  }
}
