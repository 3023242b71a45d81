import Content
import Foundation
import GRDB

/// The journal: every artifact once, by its hash, and rows that say what was made when. One SQLite file in WAL mode, so
/// that another process may read it while it grows; or, without a path, a journal in memory for one script.
///
/// Commits are `synchronous=NORMAL`: a killed process loses nothing it has written. `durably` makes one commit
/// `FULL`, which a power cut cannot take back; it is used once per finished take.
package final class Journal: Sendable {
  /// Where the journal is, or nil for one in memory.
  package let path: String?
  private let database: DatabaseQueue

  /// One step of the tables' history. Tables and views are declared beside the types they keep, on higher floors.
  package struct Migration: Sendable {
    package let name: String
    package let sql: String

    /// A migration that runs `sql` once per journal; `name` is its identity for ever.
    package init(_ name: String, sql: String) {
      self.name = name
      self.sql = sql
    }
  }

  /// The journal's own tables.
  static let blobs = Migration(
    "journal 1: blobs",
    sql: "CREATE TABLE blob (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;")

  /// Opens the journal at `path`, making it and its folder (both private to the user) where they are missing. A file
  /// that holds another program's tables is left as it is.
  ///
  /// - Parameters:
  ///   - path: the file, or nil for a journal in memory.
  ///   - migrations: the tables of the floors above, oldest first.
  ///   - patience: how long to wait for another process's lock.
  /// - Throws: `JournalError`.
  package init(at path: String?, migrations: [Migration], patience: Duration = .seconds(2)) throws {
    self.path = path
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(patience / .seconds(1))
      configuration.label = "journal"
      configuration.prepareDatabase { database in
        if let path {
          guard try JournalFile.isOurs(database) else { throw JournalError.notAJournal(path: path) }
          try database.execute(sql: "PRAGMA journal_mode = WAL")
        }
        try database.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF")
      }
      var turn: JournalFile.Turn?
      defer { turn?.end() }
      if let path {
        try Journal.prepareFolder(of: path)
        // Two that make the tables at once would stand in each other's way.
        turn = JournalFile.Turn(at: path, patience: patience)
        JournalFile.make(at: path)
        database = try DatabaseQueue(path: path, configuration: configuration)
        try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      } else {
        database = try DatabaseQueue(configuration: configuration)
      }
      // What a start has to ask is whether all is as it was left, and one number tells.
      let all = [Journal.blobs] + migrations
      let version = JournalFile.version(of: all.map(\.name))
      if try database.read({ try Int.fetchOne($0, sql: "PRAGMA user_version") }) != version {
        try Journal.migrate(database, all, path: path)
        if path != nil { try database.writeWithoutTransaction { try JournalFile.sign($0, version: version) } }
      }
      // Whoever has begun to work gives up less soon: others write now and then, and a disk may be slow.
      if path != nil { try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA busy_timeout = 30000") } }
    } catch {
      throw Journal.explained(error, path: path)
    }
  }

  private static func migrate(_ database: DatabaseQueue, _ migrations: [Migration], path: String?) throws {
    var migrator = DatabaseMigrator()
    for migration in migrations {
      migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
    }
    // A migration this ramp does not know was made by a newer one.
    if try database.read(migrator.hasBeenSuperseded) { throw JournalError.newer(path: path ?? "in memory") }
    if try database.read(migrator.hasCompletedMigrations) == false { try migrator.migrate(database) }
  }

  /// Keeps `bytes` under their hash, once.
  @discardableResult
  package func keep(_ bytes: [UInt8]) throws -> Hash {
    let hash = Hash(of: bytes)
    try write { try $0.execute("INSERT OR IGNORE INTO blob VALUES (?, ?)", [.text(hash.hex), .blob(bytes)]) }
    return hash
  }

  /// The bytes kept under `hash`, or nil.
  package func bytes(of hash: Hash) throws -> [UInt8]? {
    guard case .blob(let bytes)? = try rows("SELECT bytes FROM blob WHERE hash = ?", [.text(hash.hex)]).first?["bytes"]
    else { return nil }
    return bytes
  }

  /// Runs `body` as one transaction: all of it is kept, or nothing.
  package func write(_ body: (borrowing Transaction) throws -> Void) throws {
    do {
      try database.write { try body(Transaction(database: $0)) }
    } catch {
      throw Journal.explained(error, path: path)
    }
  }

  /// As `write`, and on the disk when it returns.
  package func durably(_ body: (borrowing Transaction) throws -> Void) throws {
    do {
      try database.writeWithoutTransaction { connection in
        try connection.execute(sql: "PRAGMA synchronous = FULL")
        defer { try? connection.execute(sql: "PRAGMA synchronous = NORMAL") }
        try connection.inTransaction {
          try body(Transaction(database: connection))
          return .commit
        }
      }
    } catch {
      throw Journal.explained(error, path: path)
    }
  }

  /// The rows that `sql`, a SELECT, gives, as column name to value.
  package func rows(_ sql: String, _ arguments: [JournalValue] = []) throws -> [[String: JournalValue]] {
    do {
      return try database.read { connection in
        let statement = try connection.cachedStatement(sql: sql)
        return try Row.fetchAll(statement, arguments: StatementArguments(arguments.map(\.databaseValue))).map { row in
          Dictionary(row.map { ($0, JournalValue($1)) }, uniquingKeysWith: { first, _ in first })
        }
      }
    } catch {
      throw Journal.explained(error, path: path)
    }
  }

  private static func prepareFolder(of path: String) throws {
    let folder = PathText.folder(of: path)
    guard !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) else { return }
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw JournalError.readOnly(path: path)
    }
  }

  /// Whether the disk on which `path` lies has no room left.
  private static func hasNoRoom(_ path: String) -> Bool {
    var status = statvfs()
    let folder = PathText.folder(of: path)
    guard statvfs(folder.isEmpty ? "." : folder, &status) == 0 else { return false }
    return status.f_bavail * status.f_frsize < 256 << 10 || (status.f_files > 0 && status.f_favail == 0)
  }

  private static func explained(_ error: any Error, path: String?) -> any Error {
    let path = path ?? "in memory"
    guard let error = error as? DatabaseError else { return error }
    return switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: JournalError.locked(path: path)
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: JournalError.readOnly(path: path)
    case .SQLITE_NOTADB, .SQLITE_CORRUPT: JournalError.notAJournal(path: path)
    case .SQLITE_FULL: JournalError.full(path: path)
    // A disk without room is told of so too, where the room is needed for what SQLite keeps beside the file.
    case .SQLITE_IOERR where hasNoRoom(path): JournalError.full(path: path)
    case .SQLITE_IOERR: JournalError.failed(path: path, message: "the system refuses to read or write it")
    default: JournalError.failed(path: path, message: error.message ?? error.resultCode.description)
    }
  }
}

/// What can be written inside one transaction of the journal.
package struct Transaction: ~Copyable {
  fileprivate let database: Database

  fileprivate init(database: Database) { self.database = database }

  /// The number of the row that was inserted last.
  package var insertedRow: Int { Int(database.lastInsertedRowID) }

  /// Runs one statement with its arguments in the order of its question marks.
  package func execute(_ sql: String, _ arguments: [JournalValue] = []) throws {
    // What is said again and again is prepared once.
    try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments.map(\.databaseValue)))
  }
}
