import Attempts
import Content
import Grading
import Instances
import Journal

extension Session {
  /// What held the tests of a record, in words; nil where it is of no tests.
  package func sandbox(of record: StageRecord) throws -> String? {
    try record.attachments[TestReport.sandbox].flatMap { try host.journal.bytes(of: $0) }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// The row called `id` of a set that is read for this alone, or of those that are loaded where `rows` is nil.
  package func instance(_ id: String, in rows: String?) async throws -> (instance: Instance, set: String) {
    guard let rows else { return try instance(id) }
    let set = try await dataset(rows) { _, _ in }.set
    guard let row = set.row(id) else {
      throw SessionError.unknownInstance(id, sets: [set.name], nearest: nearest(id, in: set.rows.map(\.id)))
    }
    return (try row.instance(), set.name)
  }

  /// A take's stored logs, read and judged again. Nothing is run.
  package func regrade(_ take: Take) throws -> Regrade {
    let (instance, _) = try instance(take.instanceID)
    return try Regrade(take, of: instance) { try host.journal.bytes(of: $0) }
  }
}
