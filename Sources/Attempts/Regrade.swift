import Content
import Grading
import Instances

/// A take's stored logs, read and judged again by the rules of this version. Nothing is run, and the take stays as it is.
package struct Regrade: Hashable, Sendable {
  /// A test of which the log is now read otherwise.
  package struct Change: Hashable, Encodable, Sendable {
    /// `baseline` or `outcomes`.
    package let stage: Stage
    package let test: String
    /// Nil where it was not, or is not, among the log's tests.
    package let before: TestStatus?
    package let after: TestStatus?
  }

  package let instanceID: String
  package let take: TakeID
  /// Nil where the take ended before its verdict.
  package let before: VerdictArtifact?
  package let after: VerdictArtifact
  /// By stage and test.
  package let changes: [Change]

  /// True where the verdict or the failure code differs.
  package var isOtherVerdict: Bool { before?.word != after.word || before?.failure != after.failure }

  /// - Parameters:
  ///   - take: a take whose tests have run, with a patch or without.
  ///   - instance: its row.
  ///   - log: the bytes kept under a hash; nil where they are gone.
  /// - Throws: `AttemptError.missing` where no test has run; `AttemptError.noLog` where a log is gone.
  package init(_ take: Take, of instance: Instance, log: (Hash) throws -> [UInt8]?) throws {
    guard take.chain.baseline != nil else { throw AttemptError.missing(.baseline) }
    var chain = take.chain
    var changes: [Change] = []
    for record in take.records {
      guard let old = record.artifact.report else { continue }
      guard let hash = record.attachments[TestReport.log], let raw = try log(hash) else {
        throw AttemptError.noLog(record.stage)
      }
      let report = old.again(log: raw, of: instance)
      changes += Regrade.changes(record.stage, from: old.outcomes, to: report.outcomes)
      let artifact: Artifact
      if case .outcomes(let made) = record.artifact {
        var again = OutcomesArtifact(report, of: instance, targetsOnly: made.targetsOnly ?? false)
        again.reproduction = made.reproduction
        artifact = .outcomes(again)
      } else {
        artifact = .baseline(BaselineArtifact(report, of: instance))
      }
      chain.add(
        StageRecord(
          stage: record.stage, key: record.key, content: Hash(of: try artifact.bytes()), artifact: artifact, how: .made)
      )
    }
    instanceID = take.instanceID
    self.take = take.id
    before = take.verdict
    after = try VerdictStage.judge(instance, chain, take.settings.workspace)
    self.changes = changes
  }

  private static func changes(
    _ stage: Stage, from old: [String: TestStatus], to new: [String: TestStatus]
  ) -> [Change] {
    Set(old.keys).union(new.keys).sorted().compactMap { test in
      old[test] == new[test] ? nil : Change(stage: stage, test: test, before: old[test], after: new[test])
    }
  }
}

extension Artifact {
  /// What a run of the tests said, where it is one.
  var report: TestReport? {
    switch self {
    case .baseline(let value): value.report
    case .outcomes(let value): value.report
    default: nil
    }
  }
}
