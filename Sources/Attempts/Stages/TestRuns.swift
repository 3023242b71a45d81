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
  /// The name of the attachment that holds the raw log with what canaries printed; there only where one did not fail.
  package static let canaryLog = "log with canaries"

  /// The outcome of each test the log names.
  package let outcomes: [String: TestStatus]
  /// What failed, and where.
  package let failures: [TestFailure]
  /// The log without times, addresses, temporary paths and control sequences; the raw one is an attachment.
  package let log: String
  /// The exit status of the test command; nil where a signal ended it. 0 where nothing but canaries failed.
  package private(set) var exit: Int32?
  package let timedOut: Bool
  /// Both of our markers were seen, so the command ran from its beginning to its end.
  package let isWhole: Bool
  /// The limits that the tests came to; nil where they came to none.
  package let limits: [TestLimit]?
  /// How the canaries among the tests ended; nil for what a ramp without them wrote.
  package var canaries: CanaryReport?
  /// Files that decide what tests do, and were written while they ran; nil for none.
  package var touched: [String]?
}

extension TestReport {
  /// What the raw log of a run says of the tests of `instance`; it tells of no canary.
  init(
    log: [UInt8], of instance: Instance, exit: Int32?, timedOut: Bool, isWhole: Bool, limits: [TestLimit]? = nil,
    canaries: CanaryReport? = nil, touched: [String]? = nil
  ) {
    let normal = LogNormalizer.normalize(log)
    let outcomes = LogParser.outcomes(in: log, runner: instance.runner, repo: instance.repo)
    var canaries = canaries
    canaries?.note(outcomes)
    self.init(
      outcomes: outcomes,
      failures: FailureReader.failures(in: normal, runner: instance.runner),
      log: String(decoding: normal, as: UTF8.self), exit: exit, timedOut: timedOut, isWhole: isWhole,
      limits: limits.flatMap { $0.isEmpty ? nil : $0 }, canaries: canaries,
      touched: touched.flatMap { $0.isEmpty ? nil : $0 })
    guard let canaries, canaries.hasFailed, self.exit == 1 else { return }
    let names = RowTests(instance)
    // 1 is what every runner ends with where tests failed. Where none but canaries did, it would have been 0.
    if !outcomes.contains(where: { $0.value.isFailure && names.counts($0.key) }) { self.exit = 0 }
  }

  /// How the tests died, where they did, in words.
  package var death: String? {
    guard isWhole, let exit, (129...192).contains(exit) else { return nil }
    let number = exit - 128
    let names: [Int32: String] = [
      4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 15: "SIGTERM",
    ]
    let name = names[number].map { " (\($0))" } ?? ""
    return "signal \(number)\(name) ended the tests" + (limitsTold.map { "; \($0)" } ?? "")
  }

  /// The limits in words, with what gives more of them; nil where there are none.
  var limitsTold: String? {
    guard let limits else { return nil }
    let words = limits.map { "of \($0.rawValue) (`set \($0.setting)`)" }
    return "the tests came to their limit \(words.joined(separator: " and "))"
  }

  /// The same run, its raw log read again.
  func again(log: [UInt8], of instance: Instance) -> TestReport {
    TestReport(
      log: log, of: instance, exit: exit, timedOut: timedOut, isWhole: isWhole, limits: limits, canaries: canaries,
      touched: touched)
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
      targets: targets, instanceID: instance.id, image: instance.image,
      canaries: targets == nil ? CanaryReport.request(instance) : nil)
    try await prepare()
    let log = try await workspace().runTests(run)
    let read = CanaryLog(log.log, of: log.canaries.planted, parser: LogParser(runner: run.runner, repo: instance.repo))
    let report = TestReport(
      log: read.log, of: instance, exit: log.exit, timedOut: log.timedOut, isWhole: log.started && log.ended,
      limits: log.limits, canaries: CanaryReport(read, log.canaries, of: instance), touched: log.touched)
    let held = "\(log.sandbox), Python \(log.python)"
    var attachments = [TestReport.log: read.log, TestReport.sandbox: Array(held.utf8)]
    if let canaries = report.canaries, canaries.seen.contains(where: { !$0.isFailure }) {
      attachments[TestReport.canaryLog] = log.log
    }
    return (report, attachments)
  }
}
