import Attempts
import Campaigns
import Foundation
import Grading
import Script
import Sessions

/// What the lines of a script resulted in, kept while they are carried out: for `--junit`, `--annotations` and `--html`.
package actor CaseLog {
  private let name: String
  /// True where the texts of attempts are wanted too.
  private let keepsStories: Bool
  private let start = ContinuousClock.now
  private let timestamp = Date.now.formatted(.iso8601)
  private var lines: [ScriptReport.Case] = []
  /// The batches in the order they were run, the last run of each.
  private var batches: [(name: String, records: [InstanceRecord])] = []
  private var phases: [PhaseResults] = []
  /// Instances of which a line says what is expected.
  private var expected: Set<String> = []
  private var alone: [InstanceRecord] = []
  private var stories: [InstanceStory] = []

  /// `name` is what the script is called; `keepsStories` keeps the texts of the attempts for a page.
  package init(name: String, keepsStories: Bool) {
    self.name = name
    self.keepsStories = keepsStories
  }

  // MARK: - While it runs

  /// A line was carried out.
  func held(_ command: CommandText, of script: String, in session: Session, took: Duration) async {
    guard CaseLog.isExpectation(command) else { return }
    if let id = await session.current { expected.insert(id) }
    lines.append(
      ScriptReport.Case(
        group: script, name: CaseLog.title(command), end: .passed, seconds: took / .seconds(1), line: command.number))
  }

  /// A line failed, so that those that follow are not reached.
  func failed(
    _ command: CommandText, _ error: any Error, of script: String, in session: Session, took: Duration,
    notReached: ArraySlice<CommandText>
  ) async {
    // Of a script that another sources the line itself has been told.
    if !(error is LineError) {
      if CaseLog.isExpectation(command), let id = await session.current { expected.insert(id) }
      let isUnsound = await CaseLog.isUnsound(session)
      lines.append(
        ScriptReport.Case(
          group: script, name: CaseLog.title(command), end: CaseLog.end(of: error, isUnsound: isUnsound),
          message: Explained.text(error), seconds: took / .seconds(1), line: command.number))
    }
    for command in notReached where CaseLog.isExpectation(command) {
      lines.append(
        ScriptReport.Case(
          group: script, name: CaseLog.title(command), end: .skipped, message: "not reached", line: command.number))
    }
  }

  /// A batch or phase came to its end, or was stopped.
  func add(_ records: [InstanceRecord], of batch: String) {
    batches.removeAll { $0.name == batch }
    batches.append((batch, records))
  }

  /// The files of a phase were written.
  func add(_ phase: PhaseResults) { phases.append(phase) }

  /// The script itself could not be carried out.
  package func failed(_ error: any Error) {
    guard lines.allSatisfy({ $0.end == .passed || $0.end == .skipped }) else { return }
    lines.append(
      ScriptReport.Case(
        group: name, name: "line \((error as? LineError)?.line ?? 1)",
        end: CaseLog.end(of: (error as? LineError)?.root ?? error, isUnsound: false), message: Explained.text(error),
        line: (error as? LineError)?.line ?? 1))
  }

  // MARK: - At the end

  /// Reads from the session what belongs in the report, when its lines have ended.
  package func finish(_ session: Session) async {
    let shelf = StoryShelf(session)
    for (name, records) in batches where keepsStories { stories += await shelf.stories(of: records, batch: name) }
    for (id, takes) in await session.takes.sorted(by: { $0.key < $1.key }) {
      guard let last = takes.last, last.verdict != nil || keepsStories else { continue }
      let stop: StopReason =
        last.verdict?.word == .environmentError
        ? .environmentError : last.verdict?.failure == .modelError ? .modelError : .attemptsExhausted
      guard let record = try? await session.record(of: id, takes: takes, stop: stop) else { continue }
      if last.verdict != nil, !expected.contains(id) { alone.append(record) }
      if keepsStories { stories.append(await shelf.story(record, run: nil, takes: takes)) }
    }
  }

  /// The whole.
  package func report() -> ScriptReport {
    var suites = [ScriptReport.Suite(name: name, cases: lines)]
    suites += batches.map { ScriptReport.Suite(name: $0.name, cases: $0.records.map(ScriptReport.Case.init)) }
    suites.append(ScriptReport.Suite(name: "instances", cases: alone.map(ScriptReport.Case.init)))
    return ScriptReport(
      name: name, timestamp: timestamp, seconds: (ContinuousClock.now - start) / .seconds(1), suites: suites,
      phases: phases, stories: stories)
  }

  // MARK: - Parts

  private static func isExpectation(_ command: CommandText) -> Bool {
    command.firstWord.flatMap { try? WordTable.word($0) }.map { $0 == ExpectCommand.self } ?? false
  }

  private static func title(_ command: CommandText) -> String { "line \(command.number): \(command.text)" }

  /// True where the environment broke in the last take, so that it says nothing about the model.
  private static func isUnsound(_ session: Session) async -> Bool {
    (try? await session.take(nil))?.verdict?.word == .environmentError
  }

  private static func end(of error: any Error, isUnsound: Bool) -> ScriptReport.Case.End {
    switch (error as? LineError)?.root ?? error {
    case SessionError.expectationFailed:
      isUnsound ? .error(VerdictWord.environmentError.rawValue) : .failure("expectation")
    case SessionError.diverged: .failure("divergence")
    case let error where BatchError.isShut(error): .failure("gate")
    case is CancellationError: .error("interrupted")
    default: .error("error")
    }
  }
}
