import Attempts
import Content
import Foundation
import Journal

/// The journal's tables of batches: what each instance came to under which key, and which batches there were.
package enum BatchTables {
  package static let migrations = [
    Journal.Migration(
      "batches 1: results and batches",
      sql: """
        CREATE TABLE result (
          key TEXT PRIMARY KEY, instance_id TEXT NOT NULL, batch TEXT NOT NULL, record TEXT NOT NULL,
          made_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE batch (
          id INTEGER PRIMARY KEY, name TEXT NOT NULL, line TEXT NOT NULL, keys TEXT NOT NULL, state TEXT NOT NULL,
          begun_at TEXT NOT NULL, changed_at TEXT NOT NULL) STRICT;
        """),
    Journal.Migration("batches 2: what a batch was made from", sql: "ALTER TABLE batch ADD COLUMN basis TEXT;"),
  ]
}

/// A batch as the journal keeps it: enough for a second terminal to follow it.
package struct KeptBatch: Hashable, Sendable {
  package enum State: String, Sendable { case running, done, stopped }

  package let id: Int
  package let name: String
  /// The line that began it.
  package let line: String
  /// Of each instance the key of its result.
  package let keys: [String: String]
  package let state: State
  package let begunAt: String
  /// The hash of its basis; nil for a batch of an older ramp.
  let basis: Hash?

  /// What a person calls it: `phase 2`, `batch 14`, with the campaign where that has a name.
  package var title: String {
    let parts = name.split(separator: "/").map(String.init)
    guard let last = parts.last, last.hasPrefix("phase ") else { return "batch \(id)" }
    let campaign = parts.dropLast().joined(separator: "/")
    return campaign == "default" ? last : "\(last) of \(campaign)"
  }
}

extension Journal {
  /// What an instance came to under a key; nil where it has not come to an end under it.
  package func result(_ key: Hash) throws -> InstanceRecord? {
    guard let text = try rows("SELECT record FROM result WHERE key = ?", [.text(key.hex)]).first?["record"]?.text else {
      return nil
    }
    return try? JSONDecoder().decode(InstanceRecord.self, from: Data(text.utf8))
  }

  /// Keeps what an instance came to; on the disk when it returns.
  func keep(_ record: InstanceRecord, key: Hash, batch: String) throws {
    let text = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
    try durably { transaction in
      try transaction.execute(
        "INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?)",
        [.text(key.hex), .text(record.instanceID), .text(batch), .text(text), .text(Journal.time())])
    }
  }

  /// Notes that a batch has begun. Gives its number.
  func begin(batch name: String, line: String, keys: [String: String], basis: BatchBasis) throws -> Int {
    let text = String(decoding: try Canonical.bytes(keys), as: UTF8.self)
    let basis = try keep(try Canonical.bytes(basis))
    var id = 0
    try write { transaction in
      try transaction.execute(
        "INSERT INTO batch (name, line, keys, state, begun_at, changed_at, basis) VALUES (?, ?, ?, 'running', ?, ?, ?)",
        [.text(name), .text(line), .text(text), .text(Journal.time()), .text(Journal.time()), .text(basis.hex)])
      id = transaction.insertedRow
    }
    return id
  }

  func end(batch id: Int, _ state: KeptBatch.State) throws {
    try write { transaction in
      try transaction.execute(
        "UPDATE batch SET state = ?, changed_at = ? WHERE id = ?",
        [.text(state.rawValue), .text(Journal.time()), .integer(id)])
    }
  }

  /// The batch that was begun last, of all or with this name, or of those that came to no end; nil for none.
  package func lastBatch(named name: String? = nil, isOpen: Bool = false) throws -> KeptBatch? {
    let found = try rows(
      "SELECT * FROM batch WHERE name = coalesce(?, name)" + (isOpen ? " AND state <> 'done'" : "")
        + " ORDER BY id DESC LIMIT 1", [name.map { .text($0) } ?? .null])
    return found.first.flatMap(Journal.batch)
  }

  /// The batch of this number; nil where there is none.
  package func batch(_ id: Int) throws -> KeptBatch? {
    try rows("SELECT * FROM batch WHERE id = ?", [.integer(id)]).first.flatMap(Journal.batch)
  }

  /// The batches, the last begun first: all, or those that have an instance.
  package func batches(having id: String? = nil) throws -> [KeptBatch] {
    let part = try id.map { String(decoding: try Canonical.bytes($0), as: UTF8.self) + ":" }
    return try rows(
      "SELECT * FROM batch WHERE ?1 IS NULL OR instr(keys, ?1) > 0 ORDER BY id DESC", [part.map { .text($0) } ?? .null]
    ).compactMap(Journal.batch)
  }

  /// What a batch was made from; nil for one of an older ramp.
  package func basis(of batch: KeptBatch) throws -> BatchBasis? {
    try batch.basis.flatMap { try bytes(of: $0) }.map { try Canonical.value(BatchBasis.self, from: $0) }
  }

  private static func batch(_ row: [String: JournalValue]) -> KeptBatch? {
    guard let id = row["id"]?.integer, let name = row["name"]?.text, let line = row["line"]?.text,
      let keys = row["keys"]?.text.flatMap({ try? Canonical.value([String: String].self, from: Array($0.utf8)) }),
      let state = row["state"]?.text.flatMap(KeptBatch.State.init(rawValue:)), let begun = row["begun_at"]?.text
    else { return nil }
    return KeptBatch(
      id: id, name: name, line: line, keys: keys, state: state, begunAt: begun,
      basis: row["basis"]?.text.flatMap { Hash(hex: $0) })
  }

  /// Whether every instance of a batch has come to its end, in it or in a later one.
  package func isDone(_ batch: KeptBatch) throws -> Bool {
    try batch.keys.values.allSatisfy { try Hash(hex: $0).flatMap(result) != nil }
  }

  /// What the instances of a batch have come to so far, in the order of their ids.
  package func results(of batch: KeptBatch) throws -> [InstanceRecord] {
    try batch.keys.sorted { $0.key < $1.key }.compactMap { try Hash(hex: $0.value).flatMap(result) }
  }

  /// The takes that a batch made under a key.
  package func batchTakes(_ key: String, of id: String) throws -> [Take] {
    try takes(of: Journal.batchSitting(key))[id] ?? []
  }

  /// What the takes of a key's instance are kept under: a sitting of their own.
  static func batchSitting(_ key: String) -> String { "batch \(key)" }

  private static func time() -> String { Date.now.formatted(.iso8601) }
}
