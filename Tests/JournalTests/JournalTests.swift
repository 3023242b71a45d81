import Content
import Foundation
import GRDB
import Testing

@testable import Journal

@Suite struct `the journal` {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ramp-journal-\(UUID().uuidString)")
  var path: String { folder.appendingPathComponent("state/journal.sqlite").path }
  let table = Journal.Migration("t 1", sql: "CREATE TABLE t (k TEXT PRIMARY KEY, n INTEGER) STRICT;")

  @Test func `keeps equal bytes once and gives them back in another process's connection`() throws {
    let journal = try Journal(at: path, migrations: [])
    let hash = try journal.keep(Array("a reply\r\n\0".utf8))
    #expect(try journal.keep(Array("a reply\r\n\0".utf8)) == hash)
    let other = try Journal(at: path, migrations: [])
    #expect(try other.bytes(of: hash) == Array("a reply\r\n\0".utf8))
    #expect(try other.rows("SELECT count(*) AS n FROM blob").first?["n"] == .integer(1))
    #expect(try other.bytes(of: Hash(of: "never kept")) == nil)
  }

  @Test func `is private to its user`() throws {
    _ = try Journal(at: path, migrations: [])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func `is private from its first moment, with the files beside it`() throws {
    let old = umask(0o022)
    defer { umask(old) }
    let journal = try Journal(at: path, migrations: [])
    try journal.keep([1])
    for ending in ["-wal", "-shm"] {
      let mode = try FileManager.default.attributesOfItem(atPath: path + ending)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  @Test func `leaves the database of another program as it is`() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, sql) in [
      ("plain", "CREATE TABLE mine (k TEXT); INSERT INTO mine VALUES ('x');"),
      ("view", "CREATE VIEW mine AS SELECT 1;"),
      ("signed", "PRAGMA application_id = 1;"),
      (
        "migrated",
        "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);"
          + "INSERT INTO grdb_migrations VALUES ('v1'); CREATE TABLE blob (k TEXT);"
      ),
    ] {
      let file = folder.appendingPathComponent(name)
      try DatabaseQueue(path: file.path).write { try $0.execute(sql: sql) }
      let before = try Data(contentsOf: file)
      #expect(throws: JournalError.notAJournal(path: file.path), "\(name)") {
        try Journal(at: file.path, migrations: [table])
      }
      #expect(try Data(contentsOf: file) == before, "\(name)")
    }
  }

  @Test func `of an older ramp, which did not sign it, is opened and signed`() throws {
    do { try Journal(at: path, migrations: [table]).write { try $0.execute("PRAGMA user_version") } }
    try DatabaseQueue(path: path).writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA application_id = 0; PRAGMA user_version = 0")
    }
    let journal = try Journal(at: path, migrations: [table])
    #expect(try journal.rows("PRAGMA application_id") == [["application_id": .integer(0x7261_6D70)]])
  }

  @Test func `is opened by many at once where there is none yet`() async throws {
    for round in 0..<5 {
      let path = self.path + "\(round)"
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<8 {
          group.addTask { try Journal(at: path, migrations: [table]).keep([UInt8(number)]) }
        }
        try await group.waitForAll()
      }
      #expect(try Journal(at: path, migrations: [table]).rows("SELECT count(*) AS n FROM blob") == [["n": .integer(8)]])
    }
  }

  @Test func `waits for a lock no longer than its patience says, fractions of a second too`() throws {
    _ = try Journal(at: path, migrations: [])
    let holder = try DatabaseQueue(path: path)
    try holder.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
      let start = ContinuousClock.now
      #expect(throws: JournalError.locked(path: path)) {
        try Journal(at: path, migrations: [], patience: .milliseconds(300))
      }
      #expect(ContinuousClock.now - start >= .milliseconds(300))
      try database.execute(sql: "ROLLBACK")
    }
  }

  @Test func `keeps all of a transaction or nothing`() throws {
    struct Stop: Error {}
    let journal = try Journal(at: nil, migrations: [table])
    #expect(throws: Stop.self) {
      try journal.write { transaction in
        try transaction.execute("INSERT INTO t VALUES ('a', 1)")
        throw Stop()
      }
    }
    #expect(try journal.rows("SELECT * FROM t").isEmpty)
    try journal.durably { try $0.execute("INSERT INTO t VALUES ('a', ?)", [.integer(2)]) }
    #expect(try journal.rows("SELECT n FROM t") == [["n": .integer(2)]])
  }

  @Test func `refuses a journal of a newer ramp and leaves it as it is`() throws {
    _ = try Journal(at: path, migrations: [table, Journal.Migration("of the future", sql: "CREATE TABLE u (k TEXT);")])
    #expect(throws: JournalError.newer(path: path)) { try Journal(at: path, migrations: [table]) }
  }

  @Test func `refuses a file that is no journal and leaves it as it is`() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("notes.txt").path
    let text = String(repeating: "these are my notes\n", count: 100)
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    #expect(throws: JournalError.notAJournal(path: file)) { try Journal(at: file, migrations: []) }
    #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
  }

  @Test func `says when another process holds it, and loses nothing`() throws {
    let journal = try Journal(at: path, migrations: [table])
    try journal.write { try $0.execute("INSERT INTO t VALUES ('a', 1)") }
    let other = try Journal(at: path, migrations: [table], patience: .seconds(0))
    try journal.write { transaction in
      try transaction.execute("INSERT INTO t VALUES ('b', 1)")
      #expect(throws: JournalError.locked(path: path)) {
        try other.write { try $0.execute("INSERT INTO t VALUES ('c', 1)") }
      }
    }
    #expect(try other.rows("SELECT k FROM t ORDER BY k").compactMap { $0["k"]?.text } == ["a", "b"])
  }

  @Test func `says when its folder cannot be made`() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("file").path
    try "x".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(throws: JournalError.readOnly(path: file + "/journal.sqlite")) {
      try Journal(at: file + "/journal.sqlite", migrations: [])
    }
  }
}
