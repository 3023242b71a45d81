import Content
import Foundation
import Grading
import Instances
import Journal

/// The journal's tables of attempts: one row per stage as it is made, one per finished take, and the last preflight of
/// each row under each set of test options.
package enum AttemptTables {
  package static let migrations = [
    Journal.Migration(
      "attempts 1: stages and takes",
      sql: """
        CREATE TABLE stage (
          sitting TEXT NOT NULL, instance_id TEXT NOT NULL, attempt INTEGER NOT NULL, take INTEGER NOT NULL,
          stage TEXT NOT NULL, key TEXT NOT NULL, content TEXT NOT NULL, how TEXT NOT NULL,
          milliseconds INTEGER NOT NULL, attachments TEXT NOT NULL, made_at TEXT NOT NULL,
          PRIMARY KEY (sitting, instance_id, attempt, take, stage)) STRICT;
        CREATE INDEX stage_by_key ON stage (key);
        CREATE TABLE take (
          sitting TEXT NOT NULL, instance_id TEXT NOT NULL, attempt INTEGER NOT NULL, take INTEGER NOT NULL,
          verdict TEXT, failure TEXT, assisted INTEGER NOT NULL, tweaked INTEGER NOT NULL, settings TEXT NOT NULL,
          changes TEXT NOT NULL, milliseconds INTEGER NOT NULL, made_at TEXT NOT NULL,
          PRIMARY KEY (sitting, instance_id, attempt, take)) STRICT;
        """),
    Journal.Migration(
      "attempts 2: how long a model wrote", sql: "ALTER TABLE stage ADD COLUMN writing_milliseconds INTEGER;"),
    Journal.Migration(
      "attempts 3: preflights",
      sql: """
        CREATE TABLE preflight (
          row TEXT NOT NULL, options TEXT NOT NULL, result TEXT NOT NULL, value TEXT NOT NULL, made_at TEXT NOT NULL,
          PRIMARY KEY (row, options)) STRICT;
        """),
    Journal.Migration(
      "attempts 4: takes by the clock", sql: "ALTER TABLE take ADD COLUMN wall_milliseconds INTEGER;"),
    Journal.Migration("attempts 5: strategies", sql: "ALTER TABLE take ADD COLUMN strategy TEXT;"),
    Journal.Migration("attempts 6: ramp's own time", sql: "ALTER TABLE take ADD COLUMN own TEXT;"),
    Journal.Migration(
      "attempts 7: how long an environment was made",
      sql: "ALTER TABLE stage ADD COLUMN environment_milliseconds INTEGER;"),
    Journal.Migration(
      "attempts 8: token counts",
      sql: """
        CREATE TABLE token_count (
          model TEXT PRIMARY KEY, prompts INTEGER NOT NULL, highest INTEGER NOT NULL) STRICT;
        """),
  ]
}

extension Journal {
  /// Keeps one stage of a take that is being made; `bytes` are its artifact's, nil where they are kept already.
  func keep(_ record: StageRecord, of plan: Plan, sitting: String, bytes: [UInt8]?) throws {
    let attachments =
      record.attachments.isEmpty ? "{}" : String(decoding: try Canonical.bytes(record.attachments), as: UTF8.self)
    try write { transaction in
      if let bytes {
        try transaction.execute(
          "INSERT OR IGNORE INTO blob VALUES (?, ?)", [.text(record.content.hex), .blob(bytes)])
      }
      try transaction.execute(
        "INSERT OR REPLACE INTO stage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          .text(sitting), .text(plan.instance.id), .integer(plan.id.attempt), .integer(plan.id.take),
          .text(record.stage.rawValue), .text(record.key.hex), .text(record.content.hex), .text(record.how.kept),
          .integer(record.milliseconds), .text(attachments), .text(Journal.now()),
          record.writingMilliseconds.map { .integer($0) } ?? .null,
          record.environmentMilliseconds.map { .integer($0) } ?? .null,
        ])
    }
  }

  /// Keeps a take; on the disk when it returns.
  package func keep(_ take: Take, sitting: String) throws {
    let settings = try Journal.texts.value(for: take.settings) {
      String(decoding: try Canonical.bytes(take.settings), as: UTF8.self)
    }
    let changes = String(decoding: try Canonical.bytes(take.changes), as: UTF8.self)
    let strategy = String(decoding: try Canonical.bytes(take.strategy), as: UTF8.self)
    let own = try take.own.map { String(decoding: try Canonical.bytes($0), as: UTF8.self) }
    try durably { transaction in
      try transaction.execute(
        "INSERT OR REPLACE INTO take VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          .text(sitting), .text(take.instanceID), .integer(take.id.attempt), .integer(take.id.take),
          take.verdict.map { .text($0.word.rawValue) } ?? .null,
          take.verdict?.failure.map { .text($0.rawValue) } ?? .null, .integer(take.isAssisted ? 1 : 0),
          .integer(take.isTweaked ? 1 : 0), .text(settings), .text(changes), .integer(take.milliseconds),
          .text(Journal.now()), take.wallMilliseconds.map { .integer($0) } ?? .null,
          .text(strategy), own.map { .text($0) } ?? .null,
        ])
    }
  }

  /// Takes have few settings between them.
  private static let texts = Memo<Settings, String>()

  private static func now() -> String { Date.now.formatted(.iso8601) }
}

extension StageRecord.How {
  /// The word kept in the journal and printed.
  package var word: String {
    switch self {
    case .made: "made"
    case .kept: "kept"
    case .tweaked: "tweaked"
    }
  }
}
