import Foundation

/// A home folder of its own, empty at first: journal, history, cache, temporary files and all.
struct PromptHome: Sendable {
  let path: String

  static func with<Result>(_ body: (PromptHome) async throws -> Result) async throws -> Result {
    let home = PromptHome(path: FileManager.default.temporaryDirectory.path + "/ramp-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(atPath: home.path + "/tmp", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: home.path) }
    return try await body(home)
  }

  /// What programs in it find around them, and nothing of the caller's but where programs are.
  var environment: [String: String] {
    [
      "HOME": path, "TMPDIR": path + "/tmp", "TMUX_TMPDIR": path + "/tmp", "SHELL": "/bin/sh", "LANG": "C.UTF-8",
      // Nothing listens there, whatever this machine has.
      "OLLAMA_HOST": "127.0.0.1:1",
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    ]
  }

  static let history = ".local/state/ramp/history"

  /// Writes a file below the home; its folder is made.
  func write(_ text: String, to name: String, isProgram: Bool = false) throws {
    let file = URL(fileURLWithPath: path).appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
    if isProgram { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path) }
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: URL(fileURLWithPath: path).appending(path: name), encoding: .utf8)
  }

  /// Command lines, other than those of terminals, that name this home or `word`.
  func workers(_ word: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
      guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
        return nil
      }
      let words = String(decoding: line.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
      return words.contains(path) && !words.contains("tmux ") || words.contains(word) ? words : nil
    }
  }

  /// Makes a repository of one file with a defect, and a row for it in `rows.jsonl`: its tests are this shell command.
  /// A reply for it is in `reply.md`.
  func makeRow(issue: String = "a.py says before", test command: String, reply: String = fix) async throws {
    let folder = path + "/mirrors/own"
    try write("VALUE = \"before\"\n", to: "mirrors/own/a.py")
    func git(_ words: String...) async throws -> String {
      let quiet = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
      return try await program(["git"] + quiet + words, environment: environment, folder: folder).output
    }
    _ = try await git("init", "-q")
    _ = try await git("add", "a.py")
    _ = try await git("commit", "-q", "-m", "a")
    let commit = try await git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
    func addition(_ name: String) -> String {
      "diff --git a/\(name) b/\(name)\nnew file mode 100644\n--- /dev/null\n+++ b/\(name)\n@@ -0,0 +1 @@\n+# test\n"
    }
    let row: [String: Any] = [
      "instance_id": "own__own-1", "repo": "own/own", "base_commit": commit, "problem_statement": issue,
      "patch": addition("b.py"), "test_patch": addition("t.py"), "FAIL_TO_PASS": ["t.py::test_a"],
      "PASS_TO_PASS": [String](), "test_command": command,
    ]
    let line = try JSONSerialization.data(withJSONObject: row)
    try write(String(decoding: line, as: UTF8.self) + "\n", to: "rows.jsonl")
    try write(reply, to: "reply.md")
  }

  /// A reply that repairs the row of `makeRow`.
  static let fix = """
    The value is wrong.

    a.py
    <<<<<<< SEARCH
    VALUE = "before"
    =======
    VALUE = "after"
    >>>>>>> REPLACE

    """

  /// The outcome of the row's test as a repair decides it.
  static let honestTest = "grep -q after ./*.py && echo 'PASSED t.py::test_a' || echo 'FAILED t.py::test_a'"

  /// Lines that bring the row in and let the reply answer.
  var linesForRow: [String] {
    ["set repositories \(path)/mirrors", "load rows.jsonl", "model use scripted:reply.md"]
  }
}
