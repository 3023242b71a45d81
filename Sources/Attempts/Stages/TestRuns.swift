import Content
import Edits
import Grading
import Instances
import Workspaces

/// What one run of a row's tests said.
package struct TestReport: Hashable, Codable, Sendable {
  /// The name of the attachment that holds the raw log.
  package static let log = "log"
  /// The name of the attachment that tells what held the tests: the sandbox, and the Python.
  package static let sandbox = "sandbox"

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
  /// The limits that the tests came to; nil where they came to none.
  package let limits: [TestLimit]?
}

extension TestReport {
  /// What the raw log of a run says of the tests of `instance`.
  init(
    log: [UInt8], of instance: Instance, exit: Int32?, timedOut: Bool, isWhole: Bool, limits: [TestLimit]? = nil
  ) {
    let normal = LogNormalizer.normalize(log)
    self.init(
      outcomes: LogParser.outcomes(in: log, runner: instance.runner, repo: instance.repo),
      failures: FailureReader.failures(in: normal, runner: instance.runner),
      log: String(decoding: normal, as: UTF8.self), exit: exit, timedOut: timedOut, isWhole: isWhole,
      limits: limits.flatMap { $0.isEmpty ? nil : $0 })
  }

  /// The limits in words, with what gives more of them; nil where there are none.
  var limitsTold: String? {
    guard let limits else { return nil }
    let words = limits.map { "of \($0.rawValue) (`set \($0.setting)`)" }
    return "the tests came to their limit \(words.joined(separator: " and "))"
  }

  /// The same run, its raw log read again.
  func again(log: [UInt8], of instance: Instance) -> TestReport {
    TestReport(log: log, of: instance, exit: exit, timedOut: timedOut, isWhole: isWhole, limits: limits)
  }
}

extension Workshop {
  /// Runs the row's tests with `changes` of the model; `targets` are those that run alone, nil is all. The second value
  /// is what is kept beside the report: the raw log, and what held the tests.
  func runTests(
    of instance: Instance, changes: [FileChange], targets: [String]? = nil
  ) async throws -> (report: TestReport, attachments: [String: [UInt8]]) {
    world.effects.countTests()
    let runnerNames = TestRunner.allCases.map(\.rawValue)
    let run = TestRun(
      changes: changes, testPatch: Array(instance.testPatch.utf8),
      testFiles: instance.testFiles, runner: instance.runner,
      command: instance.testCommand.flatMap { runnerNames.contains($0) ? nil : $0 },
      givesOtherFiles: instance.logParser != nil || LogParser.Form(repo: instance.repo) != nil,
      targets: targets, instanceID: instance.id, image: instance.image)
    try await prepare()
    let log = try await workspace().runTests(run)
    let report = TestReport(
      log: log.log, of: instance, exit: log.exit, timedOut: log.timedOut, isWhole: log.started && log.ended,
      limits: log.limits)
    let held = "\(log.sandbox), Python \(log.python)"
    return (report, [TestReport.log: log.log, TestReport.sandbox: Array(held.utf8)])
  }
}
