import Foundation
import Testing

@testable import Terminal

@Suite struct `the history of the prompt` {
  /// Runs `body` with the path of a file that is not there yet, in a folder of its own.
  private func withPath(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "history").path)
  }

  private func loaded(_ path: String, limit: Int = 100) throws -> [String] {
    let history = try #require(History(limit: limit))
    try history.load(path)
    return history.entries
  }

  @Test func `keeps each line once, at its last place`() throws {
    let history = try #require(History(limit: 100))
    for line in ["run 1", "show", "run 1", " ", "", "show", "diff"] { history.add(line) }
    #expect(history.entries == ["run 1", "show", "diff"])
  }

  @Test func `forgets the oldest beyond its limit`() throws {
    let history = try #require(History(limit: 2))
    for line in ["a", "b", "c"] { history.add(line) }
    #expect(history.entries == ["b", "c"])
  }

  @Test func `comes back from its file, lines of several lines too`() throws {
    try withPath { path in
      let lines = ["run größe", "set a \\\n  b", "note 'tab\there'", "back\\040slash"]
      try History.append(lines, to: path, limit: 100)
      #expect(try loaded(path) == lines)
    }
  }

  @Test func `is shared by two prompts, and without copies`() throws {
    try withPath { path in
      try History.append(["a", "b"], to: path, limit: 3)
      try History.append(["c"], to: path, limit: 3)
      try History.append(["a"], to: path, limit: 3)
      #expect(try loaded(path) == ["b", "c", "a"])
      try History.append(["d"], to: path, limit: 3)
      #expect(try loaded(path) == ["c", "a", "d"])
    }
  }

  @Test func `is rid of the copies that an older file has`() throws {
    try withPath { path in
      try "_HiStOrY_V2_\na\nb\na\nb\na\n".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try loaded(path) == ["b", "a"])
    }
  }

  @Test func `leaves a file alone that is no history`() throws {
    try withPath { path in
      try "dear diary\n".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(throws: HistoryError.notHistory(path: path)) { try loaded(path) }
      #expect(throws: HistoryError.notHistory(path: path)) { try History.append(["a"], to: path, limit: 10) }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "dear diary\n")
    }
  }

  @Test func `takes a file that is empty or not there`() throws {
    try withPath { path in
      #expect(try loaded(path) == [])
      try "".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try loaded(path) == [])
      try History.append(["a"], to: path, limit: 10)
      #expect(try loaded(path) == ["a"])
    }
  }

  @Test func `says where it cannot be written, and leaves nothing behind`() throws {
    try withPath { path in
      let lost = path + "/nowhere/history"
      #expect(throws: HistoryError.cannotWrite(path: lost)) { try History.append(["a"], to: lost, limit: 10) }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func `can be read by its owner alone`() throws {
    try withPath { path in
      try History.append(["a"], to: path, limit: 10)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }
}
