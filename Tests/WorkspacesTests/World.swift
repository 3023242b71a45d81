import Content
import Foundation
import Instances
import Processes
import Repositories
import TestPrograms

@testable import Workspaces

let git = Git()
let pythons = Pythons()

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The log as text.
func text(_ log: TestLog) -> String { String(decoding: log.log, as: UTF8.self) }

/// Who tests in bubblewrap are, as they see it.
let testUser: UInt32 = geteuid() == 0 ? TestUser.id : 1000

/// What follows the name of a folder with a tree: where ramp is root, it belongs to another user.
let treeSuffix = TestUser.suffix(geteuid() == 0 ? TestUser.id : nil)

/// True where this machine lets bubblewrap work.
let hasSandbox = Child.hasSandbox

/// Runs `body` with a workspace on a commit that holds `files`. `isOpen` lets other users through to its trees.
@discardableResult func withWorkspace<Value: Sendable>(
  _ files: [String: String], _ options: WorkspaceOptions = WorkspaceOptions(timeoutSeconds: 60),
  pythons: Pythons = pythons, isOpen: Bool = false, _ body: (RepositoryWorkspace, String) async throws -> Value
) async throws -> Value {
  try await TemporaryFolder.use { folder async throws in
    let commit = FastImport.Commit(
      message: "first\n", author: "A <a@example.org>", date: 1_000_000_000, files: files.mapValues(bytes))
    let ids = try await FastImport(git: git).make([commit], at: "\(folder)/o/n.git")
    let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: git)
    let tree = try await mirrors.mirror(of: "o/n").tree(at: ids[0])
    try FileTree.makeFolder("scratch", under: folder)
    if isOpen { chmod(folder, 0o711) }
    let workspace = RepositoryWorkspace(
      tree, options: options, git: git, pythons: pythons, scratch: "\(folder)/scratch")
    return try await body(workspace, folder)
  }
}

/// What a Python program says when it runs as the tests of a commit do.
func tested(
  _ program: String, _ options: WorkspaceOptions = WorkspaceOptions(timeoutSeconds: 60)
) async throws -> TestLog {
  try await withWorkspace(["probe.py": program], options) { workspace, _ in
    try await workspace.runTests(run(command: "python3 {files}", files: ["probe.py"]))
  }
}

/// A run of the given files.
func run(
  _ runner: TestRunner = .unittest, command: String? = nil, files: [String] = [], patch: String = "",
  changes: [FileChange] = []
) -> TestRun {
  TestRun(changes: changes, testPatch: bytes(patch), testFiles: files, runner: runner, command: command)
}

/// A change of the model's.
func change(_ path: String, _ after: String?) -> FileChange {
  FileChange(path: path, before: nil, after: after.map(bytes))
}

/// How many processes carry `word` in their command line and live.
func living(_ word: String) throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
    guard Int(name) != nil, let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
      return false
    }
    return line.range(of: Data(word.utf8)) != nil
  }.count
}

extension Git {
  /// The last word that a shell script says in a folder.
  func shell(_ script: String, in folder: String) async throws -> String {
    let done = try await Launcher.run(
      Command("sh", ["-ec", script], environment: ProcessInfo.processInfo.environment, directory: folder))
    return String(decoding: done.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
