import Content
import Foundation
import GRDB

/// The file of a journal: whose it is, and whose turn it is to open it.
enum JournalFile {
  /// What tells SQLite's own tools, and us, that a database is a journal of ramp's: `ramp` in ASCII.
  static let applicationID = 0x7261_6D70

  /// True for a database that is empty, that carries our id, or that an older ramp made, which gave it none.
  static func isOurs(_ database: Database) throws -> Bool {
    let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    if id != 0 { return id == applicationID }
    let tables = try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
    let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
    if isEmpty { return true }
    guard tables.contains("grdb_migrations") else { return false }
    let migrations = try String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations")
    // A ramp that was killed at its very first start leaves the table of migrations and nothing else.
    return migrations.contains(Journal.blobs.name) || (migrations.isEmpty && tables == ["grdb_migrations"])
  }

  /// A number for the tables that these migrations make, never 0: a journal with it needs none of them.
  static func version(of migrations: [String]) -> Int {
    let hash = migrations.joined(separator: "\n").utf8.reduce(2_166_136_261 as UInt32) {
      ($0 ^ UInt32($1)) &* 16_777_619
    }
    return max(1, Int(hash & 0x7fff_ffff))
  }

  /// Gives the database our id where it has none, and the number of its tables.
  static func sign(_ database: Database, version: Int) throws {
    if try Int.fetchOne(database, sql: "PRAGMA application_id") == 0 {
      try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    }
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// Makes an empty file, private to the user, where there is none: SQLite gives its side files the mode of the file.
  static func make(at path: String) {
    let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if file >= 0 { close(file) }
  }

  /// The turn to open a journal: one process has it at a time. It is a lock on the folder, so that no file is left, and
  /// none is held on the journal itself, whose locks are SQLite's.
  struct Turn {
    private let folder: Int32

    /// Waits for the turn, at most `patience`, and then goes on without: who holds the journal itself longer is named by
    /// SQLite. A folder that cannot be locked is none's turn.
    init(at path: String, patience: Duration) {
      let name = PathText.folder(of: path)
      folder = open(name.isEmpty ? "." : name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      let deadline = ContinuousClock.now + patience
      while folder >= 0, flock(folder, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR,
        ContinuousClock.now < deadline
      {
        usleep(5000)
      }
    }

    /// Lets the next one have it.
    func end() {
      if folder >= 0 { close(folder) }
    }
  }
}
