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

  /// A prompt that types these lines.
  private func type(_ lines: [String], into path: String, limit: Int = 100) throws {
    let history = try #require(History(limit: limit))
    try history.load(path)
    for line in lines where history.add(line) { try History.append(line, to: path) }
  }

  @Test func `comes back from its file, lines of several lines too`() throws {
    try withPath { path in
      let lines = ["run größe", "set a \\\n  b", "note 'tab\there'", "back\\040slash"]
      try type(lines, into: path)
      #expect(try loaded(path) == lines)
      try type(["one more"], into: path)
      #expect(try loaded(path) == lines + ["one more"])
    }
  }

  @Test func `takes the lines of two prompts that are open at once`() throws {
    try withPath { path in
      for line in ["a", "b", "c", "a"] { try History.append(line, to: path) }
      #expect(try loaded(path) == ["b", "c", "a"])
    }
  }

  @Test func `has no line added while another prompt writes its file anew`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "history").path
    try History.append("a", to: path)
    func locked() -> Thread {
      let lock = FileLock(beside: path)
      let thread = Thread { try? History.append("b", to: path) }
      thread.start()
      Thread.sleep(forTimeInterval: 0.05)
      #expect((try? String(contentsOfFile: path, encoding: .utf8)) == "_HiStOrY_V2_\na\n")
      withExtendedLifetime(lock) {}
      return thread
    }
    let thread = locked()
    while !thread.isFinished { try await Task.sleep(for: .milliseconds(5)) }
    #expect(try loaded(path) == ["a", "b"])
  }

  @Test(arguments: [
    ("set x https://me:secret@h/a@b", "set x https://b"),
    ("a http://u:s@h b 'ssh://git:s@f/x' c", "a http://h b 'ssh://f/x' c"),
    ("mail me@h.example", "mail me@h.example"), ("http://h/ a@b\n  ftp://u@h", "http://h/ a@b\n  ftp://h"), ("", ""),
    ("  two  blanks\t", "  two  blanks\t"),
  ])
  func `holds no password of a URL`(typed: String, kept: String) {
    #expect(Passwords.hidden(in: typed) == kept)
  }

  @Test func `is written anew when its file is more than twice as long as its limit`() throws {
    try withPath { path in
      try type(["a", "b", "c", "a", "d", "e", "e"], into: path, limit: 3)
      #expect(try loaded(path, limit: 3) == ["d", "e"])
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "_HiStOrY_V2_\nd\ne\n")
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
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "dear diary\n")
    }
  }

  @Test func `takes a file that is empty or not there`() throws {
    try withPath { path in
      #expect(try loaded(path) == [])
      try "".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try loaded(path) == [])
      try type(["a"], into: path)
      #expect(try loaded(path) == ["a"])
    }
  }

  @Test func `says where it cannot be written, and leaves nothing behind`() throws {
    try withPath { path in
      let lost = path + "/nowhere/history"
      #expect(throws: HistoryError.cannotWrite(path: lost)) { try type(["a"], into: lost) }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func `can be read by its owner alone`() throws {
    try withPath { path in
      try type(["a"], into: path)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }
}
