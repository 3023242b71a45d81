import Content
import Foundation
import Processes
import Repositories
import TestPrograms
import Testing

@testable import Workspaces

/// A tree of so many files that attempts lie over a shared checkout.
private let many = Dictionary(
  uniqueKeysWithValues: (0..<600).map { ("data/\($0 % 20)/\($0).txt", "\($0)\n") } + [
    ("probe.py", "print(open('data/1/1.txt').read())\n"), ("gone.py", "x = 1\n"), ("tool.sh", "echo\n"),
  ])

@Suite(.enabled(if: hasSandbox, "bubblewrap is not there or may not work here"))
struct `a large tree` {
  /// Runs `body` with a workspace that has checkouts, and the folder of these.
  private func withLayers(_ body: (RepositoryWorkspace, String) async throws -> Void) async throws {
    try await TemporaryFolder.use { folder async throws in
      let commit = FastImport.Commit(
        message: "first\n", author: "A <a@example.org>", date: 1_000_000_000, files: many.mapValues(bytes))
      let ids = try await FastImport(git: git).make([commit], at: "\(folder)/o/n.git")
      let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: git)
      let tree = try await mirrors.mirror(of: "o/n").tree(at: ids[0])
      try FileTree.makeFolder("scratch", under: folder)
      let workspace = RepositoryWorkspace(
        tree, options: WorkspaceOptions(timeoutSeconds: 60), git: git, pythons: pythons, scratch: "\(folder)/scratch",
        checkouts: Checkouts(root: "\(folder)/checkouts"))
      try await body(workspace, "\(folder)/checkouts/o/n/\(ids[0])\(treeSuffix)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/scratch") == [])
    }
  }

  private func probe(_ program: String, _ changes: [FileChange] = []) -> TestRun {
    run(command: "python3 {files}", files: ["probe.py"], changes: changes + [change("probe.py", program)])
  }

  @Test func `is changed, and the checkout below is not`() async throws {
    try await withLayers { workspace, checkout in
      let program = """
        import os
        print(os.path.exists('gone.py'), open('data/1/1.txt').read().strip(), open('new/a.txt').read().strip())
        open('data/1/1.txt', 'w').write('written by a test')
        os.remove('data/2/2.txt')
        open('left', 'w').write('x')
        """
      let changes = [change("gone.py", nil), change("data/1/1.txt", "changed\n"), change("new/a.txt", "new\n")]
      let log = try await workspace.runTests(
        run(
          command: "python3 {files}; ls gone.py", files: ["probe.py"], changes: changes + [change("probe.py", program)])
      )
      #expect(text(log).hasPrefix("False changed new\n"))
      #expect(try FileTree.read("data/1/1.txt", under: checkout) == bytes("1\n"))
      #expect(try FileTree.read("data/2/2.txt", under: checkout) == bytes("2\n"))
      #expect(try FileTree.read("gone.py", under: checkout) == bytes("x = 1\n"))
      #expect(try FileTree.read("left", under: checkout) == nil)
      // The next attempt sees nothing of it.
      let next = try await workspace.runTests(
        probe("import os; print(os.path.exists('left'), os.path.exists('gone.py'))"))
      #expect(text(next) == "False True\n")
    }
  }

  @Test func `is over a checkout that nobody trims meanwhile`() async throws {
    try await withLayers { workspace, checkout in
      let root = PathText.folder(of: checkout).replacing("/checkouts/o/n", with: "")
      let shelf = CacheShelf(root: root, pythons: Pythons(environment: [:]), path: "/nonexistent")
      let program =
        "import os, time\nwhile not os.path.exists('/testbed/data/1/1.txt'): pass\ntime.sleep(3); print('ran')"
      async let log = workspace.runTests(probe(program))
      var isHeld = false
      for _ in 0..<200 where !isHeld {
        isHeld = try await shelf.trim(to: 0, rest: -5).inUse.contains { checkout.hasSuffix($0.name) }
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(isHeld)
      #expect(text(try await log) == "ran\n")
      for _ in 0..<100 where FileManager.default.fileExists(atPath: checkout) {
        _ = try await shelf.trim(to: 0, rest: -5)
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(!FileManager.default.fileExists(atPath: checkout))
      // The next attempt makes it anew.
      #expect(text(try await workspace.runTests(probe("print('ran')"))) == "ran\n")
      #expect(FileManager.default.fileExists(atPath: "\(checkout)/gone.py"))
    }
  }

  @Test func `is mounted nowhere but where the tests run`() async throws {
    try await withLayers { workspace, _ in
      _ = try await workspace.runTests(probe("print('ran')"))
      let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
      #expect(!mounts.contains("/scratch/ramp-"))
    }
  }

  @Test func `can be written to nowhere below by its tests`() async throws {
    try await withLayers { workspace, checkout in
      let log = try await workspace.runTests(
        probe(
          """
          import os
          print([m.split()[4] for m in open('/proc/self/mountinfo') if ' / /testbed ' in m or m.split()[4] == '/testbed'])
          print(os.path.exists('\(checkout)'), os.path.exists('\(checkout)/../../..'))
          """))
      #expect(text(log) == "['/testbed']\nFalse False\n")
    }
  }

  @Test func `is not changed through a folder that is a file, or the other way round`() async throws {
    try await withLayers { workspace, _ in
      for path in ["tool.sh/x", "data", "data/1"] {
        await #expect(throws: WorkspaceError.unsafePath(path)) {
          try await workspace.runTests(run(command: "true", files: ["probe.py"], changes: [change(path, "x")]))
        }
      }
    }
  }
}

@Suite struct `files under changes` {
  @Test func `are found below a folder, whatever follows its name`() async throws {
    try await TemporaryFolder.use { folder async throws in
      let files = ["a-b/x", "a/x", "a/y/z", "a.b", "ab", "b"].reduce(into: [:]) { $0[$1] = bytes($1) }
      let commit = FastImport.Commit(
        message: "first\n", author: "A <a@example.org>", date: 1_000_000_000, files: files)
      let ids = try await FastImport(git: git).make([commit], at: "\(folder)/o/n.git")
      let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: git)
      let tree = try await mirrors.mirror(of: "o/n").tree(at: ids[0])
      #expect(tree.entries(below: "a").map(\.path) == ["a/x", "a/y/z"])
      #expect(tree.entries(below: "a/y").map(\.path) == ["a/y/z"])
      #expect(tree.entries(below: "b").isEmpty)
      var changes = TreeChanges(tree)
      for path in ["a/x", "a/y/z"] { try changes.make(change(path, nil)) }
      // Nothing is left in the folder, so a file may take its place.
      try changes.make(change("a", "now a file"))
      #expect(changes.holds("a") && !changes.holds("a/x"))
    }
  }
}
