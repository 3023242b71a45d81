import Attempts
import Content
import Foundation
import Instances
import Journal

extension Session {
  /// The remarks of this sitting: they stand in the results of its campaigns.
  package var campaignNotes: [String] {
    entries.filter { $0.kind == .remarks }.map { entry in
      entry.line.hasPrefix("note ") ? String(entry.line.dropFirst(5)) : entry.line
    }
  }

  /// Refuses to run practice rows and real ones together.
  ///
  /// - Throws: `SessionError.mixedRows`.
  package func checkUnmixed(_ ids: [String]) throws {
    let practice = try Set(ids.filter { try rowToRun($0).instance.isPractice })
    guard practice.isEmpty || practice.count == ids.count else { throw SessionError.mixedRows }
  }

  /// How many batches of this name came to their end: the number of a run that is made anew. One that was killed goes on
  /// under the number that it had.
  package func repetitions(of name: String) throws -> Int {
    try host.journal.rows("SELECT count(*) AS n FROM batch WHERE name = ? AND state = 'done'", [.text(name)])
      .first?["n"]?.integer ?? 0
  }

  /// What an instance came to last in any batch; nil where it came to no end in one.
  package func lastRecord(of id: String) throws -> InstanceRecord? {
    let found = try host.journal.rows(
      "SELECT record FROM result WHERE instance_id = ? ORDER BY made_at DESC LIMIT 1", [.text(id)])
    return found.first?["record"]?.text.flatMap {
      try? JSONDecoder().decode(InstanceRecord.self, from: Data($0.utf8))
    }
  }
}
