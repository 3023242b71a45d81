import Content
import Foundation
import Processes
import Repositories
import Testing

@testable import Workspaces

private let many = Dictionary(
  uniqueKeysWithValues: (0..<600).map { ("data/\($0 % 20)/\($0).txt", "\($0)\n") } + [("probe.py", "pass\n")])

/// Says what a tree holds: each path with its kind, its mode and what is in it.
private let survey = """
  import hashlib, os
  whole = hashlib.sha256()
  count = 0
  for folder, folders, files in os.walk('.'):
      folders.sort()
      if folder == '.' and '.git' in folders: folders.remove('.git')
      for name in sorted(folders + files):
          path = os.path.join(folder, name)
          if path == './probe.py': continue
          status = os.lstat(path)
          count += 1
          whole.update(repr((path, oct(status.st_mode), status.st_nlink if os.path.isfile(path) else 0)).encode())
          if os.path.isfile(path) and not os.path.islink(path): whole.update(open(path, 'rb').read())
  print(count, whole.hexdigest())
  """

/// Ways in which tests leave a tree. `{name}` is no text in any encoding.
private let leavings = [
  "open('data/1/1.txt', 'w').write('x'); os.remove('data/2/2.txt'); open('new', 'w'); os.makedirs('a/b/c')",
  // The same size and the same times.
  "s = os.stat('data/1/1.txt'); open('data/1/1.txt', 'w').write('9\\n'); os.utime('data/1/1.txt', ns=(s.st_atime_ns, s.st_mtime_ns))",
  "shutil.rmtree('data/3'); os.symlink('/usr', 'data/3')",
  "shutil.rmtree('data/4'); open('data/4', 'w')",
  "os.remove('data/5/5.txt'); os.mkdir('data/5/5.txt'); open('data/5/5.txt/in', 'w')",
  "os.link('data/6/6.txt', 'hard'); os.mkfifo('pipe'); os.chmod('data/7/7.txt', 0o4777)",
  "os.rename('data/8/8.txt', 'data/8/9'); os.rename('data/8/9', 'data/8/8.txt'); os.rename('data/9', 'ninth')",
  "os.chmod('data/10', 0); os.chmod('.', 0o500)",
  "os.mkdir('deep'); os.chdir('deep')\nfor n in range(300): os.mkdir('d' * 200); os.chdir('d' * 200)",
  "open(b'\\xff\\xfe', 'w'); os.mkdir(b'data/\\xff')",
  // Rights for what will be made in a folder: an access control list, by its bytes. Source: acl(5), xattr(7).
  "import struct; os.setxattr('data/11', 'system.posix_acl_default', struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *e)"
    + " for e in [(1, 7, 2**32 - 1), (2, 7, 1000), (4, 5, 2**32 - 1), (16, 7, 2**32 - 1), (32, 5, 2**32 - 1)]))",
  "os.setxattr('data/12', 'user.left', b'x')",
]

@Suite(
  .enabled(if: hasSandbox, "bubblewrap is not there or may not work here"),
  .enabled("temporary files are on a file system whose change times are not relied on") {
    (try? await TemporaryFolder.use { folder in TreePool(root: "\(folder)/trees").isTold }) ?? false
  })
struct `a tree that is used again` {
  private func withPool(
    _ body: (_ workspace: (TreePool) -> RepositoryWorkspace, _ root: String) async throws -> Void
  ) async throws {
    try await TemporaryFolder.use { folder async throws in
      let commit = FastImport.Commit(
        message: "first\n", author: "A <a@example.org>", date: 1_000_000_000, files: many.mapValues(bytes))
      let ids = try await FastImport(git: git).make([commit], at: "\(folder)/o/n.git")
      let mirrors = Mirrors(cache: "\(folder)/cache", source: RepositorySource(pattern: folder), git: git)
      let tree = try await mirrors.mirror(of: "o/n").tree(at: ids[0])
      try FileTree.makeFolder("scratch", under: folder)
      try await body(
        { pool in
          RepositoryWorkspace(
            tree, options: WorkspaceOptions(timeoutSeconds: 60), git: git, pythons: pythons,
            scratch: "\(folder)/scratch", pool: pool)
        }, "\(folder)/trees/o/n/\(ids[0])\(treeSuffix)")
    }
  }

  private func probe(_ program: String) -> TestRun {
    run(command: "python3 {files}", files: ["probe.py"], changes: [change("probe.py", program)])
  }

  private func trees(_ root: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted()
  }

  @Test func `is as the commit has it, whatever tests left in it`() async throws {
    try await withPool { workspace, root in
      let shop = workspace(TreePool(root: PathText.folder(of: PathText.folder(of: PathText.folder(of: root)))))
      let first = text(try await shop.runTests(probe(survey)))
      #expect(first.hasPrefix("621 "))
      for leaving in leavings {
        let before = trees(root)
        let log = try await shop.runTests(probe("import os, shutil\n\(leaving)\nprint('left')"))
        #expect(text(log) == "left\n", "\(leaving)")
        let isSame = trees(root) == before
        // One with names in no encoding, or with attributes of its folders, is given up for a new one.
        #expect(isSame == !(leaving.contains("xff") || leaving.contains("setxattr")), "\(leaving)")
        #expect(text(try await shop.runTests(probe(survey))) == first, "\(leaving)")
      }
      // Changes of the model and files that it removes are gone, too.
      let gone = change("data/1/1.txt", nil)
      let other = change("data/2/2.txt", "other\n")
      _ = try await shop.runTests(run(command: "true", files: ["probe.py"], changes: [gone, other]))
      #expect(text(try await shop.runTests(probe(survey))) == first)
      #expect(trees(root).count == 1)
    }
  }

  @Test func `is brought back by the next ramp where the last one could not`() async throws {
    try await withPool { workspace, root in
      let top = PathText.folder(of: PathText.folder(of: PathText.folder(of: root)))
      let first = text(try await workspace(TreePool(root: top)).runTests(probe(survey)))
      let tree = "\(root)/\(try #require(trees(root).first))/tree"
      try FileTree.write(bytes("x"), to: "data/1/1.txt", under: tree)
      try FileTree.write(bytes("x"), to: "left", under: tree)
      // Half made, and without a state that can be read.
      try FileManager.default.createDirectory(atPath: "\(root)/0half/tree", withIntermediateDirectories: true)
      try FileTree.write(bytes("{"), to: "state.json", under: "\(root)/0half")
      #expect(text(try await workspace(TreePool(root: top)).runTests(probe(survey))) == first)
      #expect(!trees(root).contains("0half"))
    }
  }

  @Test func `waits for its next use with three others at most; the rest is left to other ramps`() async throws {
    try await withPool { workspace, root in
      let pool = TreePool(root: PathText.folder(of: PathText.folder(of: PathText.folder(of: root))))
      let shop = workspace(pool)
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<6 {
          group.addTask { text(try await shop.runTests(probe("import time; time.sleep(1); print('ran')"))) }
        }
        for try await said in group { #expect(said == "ran\n") }
      }
      #expect(trees(root).count == 6)
      // A program that is being started elsewhere may hold one for a moment.
      var held = 0
      for _ in 0..<100 where held != 4 {
        let locks = trees(root).map { TreePool.lock("\(root)/\($0)") }
        held = locks.count { $0 == nil }
        for case let lock? in locks { close(lock) }
        if held != 4 { try await Task.sleep(for: .milliseconds(50)) }
      }
      #expect(held == 4)
      #expect(text(try await shop.runTests(probe(survey))).hasPrefix("621 "))
      #expect(trees(root).count == 6)
    }
  }

  @Test(
    .enabled("/dev/shm is no folder in memory") {
      (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8))?.contains(" /dev/shm tmpfs ") == true
    })
  func `is never one in memory, where a change may leave no time behind`() async throws {
    try await withPool { workspace, _ in
      try await TemporaryFolder.use(in: "/dev/shm") { memory async throws in
        let pool = TreePool(root: "\(memory)/trees")
        #expect(!pool.isTold)
        let log = try await workspace(pool).runTests(probe("open('left', 'w'); print('ran')"))
        #expect(text(log) == "ran\n")
        #expect(trees(pool.root) == [])
      }
    }
  }

  @Test func `is nobody else's while it is used`() async throws {
    try await withPool { workspace, root in
      let top = PathText.folder(of: PathText.folder(of: PathText.folder(of: root)))
      let pools = [TreePool(root: top), TreePool(root: top)]
      try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<4 {
          let shop = workspace(pools[number % 2])
          let program = """
            import os, time
            open('mine', 'x').write('\(number)')
            time.sleep(0.5)
            print(open('mine').read() == '\(number)')
            """
          group.addTask { text(try await shop.runTests(probe(program))) }
        }
        for try await said in group { #expect(said == "True\n") }
      }
      #expect(trees(root).count == 4)
    }
  }
}
