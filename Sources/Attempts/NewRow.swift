import Content
import Edits
import Grading
import Instances
import Prompts
import Repositories

/// A row made from a commit of any repository: what the commit changed in code is the gold patch, what it changed in
/// tests the test patch.
package struct NewRow: Hashable, Sendable {
  package let instance: Instance
  /// What the tests said before the commit's code, in words.
  package let baseline: String
  /// Tests that ended differently in two runs, left out of both lists.
  package let flaky: [String]
}

extension NewRow {
  /// What went wrong in a run of tests, in words: the first failure, or how a log without any test ends.
  fileprivate static func trouble(_ report: TestReport) -> String? {
    if let failure = report.failures.first { return "one fails:\n\(failure.told)" }
    guard report.outcomes.isEmpty else { return nil }
    let lines = report.log.split(whereSeparator: \.isNewline).suffix(3)
    return lines.isEmpty ? "the tests say nothing" : "their log ends:\n\(lines.joined(separator: "\n"))"
  }
}

extension World {
  /// Makes a row of `change`, with its lists of tests found by running them before and after.
  ///
  /// - Parameters:
  ///   - change: what the commit changed.
  ///   - id: the row's id.
  ///   - repo: `owner/name`.
  ///   - issue: the issue text; nil takes the commit's message.
  ///   - command: how the tests are run, as the column `test_command` has it; nil is the way of the repository.
  ///   - settings: those that the tests run with.
  ///   - runs: how often the tests run with the commit's code; a test that ends differently is in no list.
  ///   - watcher: who hears of an environment that is made first.
  /// - Returns: the row, and what its tests said before the repair.
  /// - Throws: `AttemptError.noCode`, `.noTests` and `.noTarget` where the commit makes no row.
  package func newRow(
    _ change: CommitChange, id: String, repo: String, issue: String?, command: String?, settings: Settings, runs: Int,
    watcher: EnvironmentWatcher = EnvironmentWatcher()
  ) async throws -> NewRow {
    let (tests, code) = change.changes.reduce(into: ([FileChange](), [FileChange]())) { parts, file in
      if TestFile.isTest(file.path) { parts.0.append(file) } else { parts.1.append(file) }
    }
    guard !code.isEmpty else { throw AttemptError.noCode(change.commit) }
    guard !tests.isEmpty else { throw AttemptError.noTests(change.commit) }
    var row = Instance(
      id: id, repo: repo, baseCommit: change.base, problemStatement: issue ?? change.message,
      patch: String(decoding: try await makePatch(code), as: UTF8.self),
      testPatch: String(decoding: try await makePatch(tests), as: UTF8.self), createdAt: change.date, failToPass: [],
      passToPass: [], testCommand: command)
    let plan = Plan(
      instance: row, id: TakeID(attempt: 1, take: 1), settings: settings,
      template: TemplateText(name: "", source: ""))
    let workshop = Workshop(world: self, plan: plan, replied: { _ in }, watcher: watcher)
    let before = try await workshop.runTests(of: row, changes: []).report
    var after: [TestReport] = []
    for _ in 0..<max(1, runs) {
      try Task.checkCancellation()
      after.append(try await workshop.runTests(of: row, changes: code).report)
    }
    let flaky = Set(after.flatMap(\.outcomes.keys)).filter { name in Set(after.map { $0.outcomes[name] }).count > 1 }
    func passed(_ report: TestReport?) -> Set<String> {
      Set(report?.outcomes.filter(\.value.isSuccess).map(\.key) ?? []).subtracting(flaky)
    }
    let (old, new) = (passed(before), passed(after.first))
    row.failToPass = new.subtracting(old).sorted()
    row.passToPass = new.intersection(old).sorted()
    guard !row.failToPass.isEmpty else {
      throw AttemptError.noTarget(change.commit, passing: new.count, failure: after.first.flatMap(NewRow.trouble))
    }
    return NewRow(instance: row, baseline: BaselineArtifact(before, of: row).sentence, flaky: flaky.sorted())
  }
}
