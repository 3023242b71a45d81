import Foundation
import Processes
import Repositories

/// The git of the tests.
let git = Git()

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The text of some bytes.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// The commits that most tests read.
let commits = [
  FastImport.Commit(
    message: "first\n", author: "A <a@example.org>", date: 1_000_000_000,
    files: ["a.py": bytes("x = 1\n"), "d/e/f.txt": bytes("f\r\n"), "empty": [], "ö.py": bytes("ö\n")]),
  FastImport.Commit(
    message: "second\n", author: "A <a@example.org>", date: 1_000_000_100, files: ["a.py": bytes("x = 2\n")]),
]

/// Runs `body` with a folder in which `repo.git` holds `commits`, and with their ids.
func withRepository<Value: Sendable>(_ body: (String, [String]) async throws -> Value) async throws -> Value {
  try await TemporaryFolder.use { folder async throws in
    let ids = try await FastImport(git: git).make(commits, at: "\(folder)/o/repo.git")
    return try await body(folder, ids)
  }
}

/// Runs a shell script in a folder, as a person would: with that person's git settings.
func shell(_ script: String, in folder: String, environment: [String: String] = [:]) async throws {
  let world = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  let done = try await Launcher.run(Command("sh", ["-ec", script], environment: world, directory: folder))
  if !done.succeeded { throw ShellFailure(text: text(done.errorOutput)) }
}

/// A script that did not work.
struct ShellFailure: Error { let text: String }
