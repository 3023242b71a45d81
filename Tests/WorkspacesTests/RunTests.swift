import Foundation
import Repositories
import Testing
import Workspaces

/// A package with one mistake, its visible tests, and the test patch that shows the mistake.
private let project = [
  "m/__init__.py": "",
  "m/core.py": "def double(x):\n    return x + x + 1\n",
  "tests/__init__.py": "",
  "tests/test_core.py":
    "import unittest\nfrom m.core import double\n\nclass T(unittest.TestCase):\n    def test_type(self):\n"
    + "        self.assertIsInstance(double(1), int)\n",
]
private let patch = """
  --- a/tests/test_core.py
  +++ b/tests/test_core.py
  @@ -4,3 +4,6 @@
   class T(unittest.TestCase):
       def test_type(self):
           self.assertIsInstance(double(1), int)
  +
  +    def test_value(self):
  +        self.assertEqual(double(2), 4)

  """
private let repair = change("m/core.py", "def double(x):\n    return x + x\n")

@Suite(.enabled(if: hasSandbox, "bubblewrap does not work here")) struct `a run of tests` {
  @Test func `fails before the repair and passes after it`() async throws {
    try await withWorkspace(project) { workspace, _ async throws in
      let before = try await workspace.runTests(run(files: ["tests/test_core.py"], patch: patch))
      #expect(before.started && before.ended && !before.timedOut)
      #expect(before.exit == 1)
      #expect(text(before).contains("test_value (tests.test_core.T"))
      #expect(text(before).contains("AssertionError: 5 != 4"))
      #expect(text(before).contains("File \"/testbed/tests/test_core.py\", line 9"))
      #expect(!text(before).contains(">>>>>"))
      let after = try await workspace.runTests(run(files: ["tests/test_core.py"], patch: patch, changes: [repair]))
      #expect(after.exit == 0)
      #expect(text(after).hasSuffix("OK\n"))
    }
  }

  @Test func `leaves nothing behind and says what held it`() async throws {
    try await withWorkspace(project) { workspace, folder async throws in
      let log = try await workspace.runTests(run(files: ["tests/test_core.py"], patch: patch))
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/scratch") == [])
      #expect(log.sandbox.hasPrefix("bwrap (network off, files read-only, 4096 MB, "))
      #expect(log.sandbox.hasSuffix(", 60 s)"))
      #expect(log.python.split(separator: ".").count == 3)
    }
  }

  @Test func `undoes the model's edits of the test files`() async throws {
    try await withWorkspace(project) { workspace, _ async throws in
      let cheats = [
        change("tests/test_core.py", "import unittest\n"), change("tests/test_new.py", "raise SystemExit\n"),
      ]
      let new = patch + "--- /dev/null\n+++ b/tests/test_new.py\n@@ -0,0 +1 @@\n+x = 1\n"
      let log = try await workspace.runTests(run(files: ["tests/test_core.py"], patch: new, changes: cheats))
      #expect(text(log).contains("AssertionError: 5 != 4"))
    }
  }

  @Test func `refuses a test patch that does not fit`() async throws {
    try await withWorkspace(project) { workspace, _ async throws in
      let bad = "--- a/m/core.py\n+++ b/m/core.py\n@@ -1 +1 @@\n-nothing\n+else\n"
      await #expect(throws: WorkspaceError.testPatchRefused(.doesNotApply(path: "m/core.py", line: 1, reason: ""))) {
        try await workspace.runTests(run(files: ["tests/test_core.py"], patch: bad))
      }
    }
  }

  @Test(arguments: ["../x", "/etc/x", ".git/config", "m/core.py/x", ".gitattributes"])
  func `refuses to change`(path: String) async throws {
    try await withWorkspace(project) { workspace, _ async throws in
      await #expect(throws: WorkspaceError.unsafePath(path)) {
        try await workspace.runTests(run(files: ["tests/test_core.py"], changes: [change(path, "x")]))
      }
    }
  }

  @Test func `needs a test file, a Python and a sandbox, and says so`() async throws {
    try await withWorkspace(project) { workspace, _ async throws in
      await #expect(throws: WorkspaceError.noTestFiles) {
        try await workspace.runTests(run(files: ["tests/data.json", "tests/gone.py"]))
      }
    }
    let options = WorkspaceOptions(python: "python-of-nobody")
    await #expect(throws: WorkspaceError.noPython(name: "python-of-nobody")) { try await tested("", options) }
    await #expect(throws: WorkspaceError.pythonUnusable(name: "/bin/true", reason: "it does not answer")) {
      try await tested("", WorkspaceOptions(python: "/bin/true"))
    }
    try await withWorkspace(project) { _, folder async throws in
      let mirrors = Mirrors(cache: folder, source: RepositorySource(pattern: folder), git: git)
      let head = try await git.run(["rev-parse", "main"], repository: "\(folder)/o/n.git")
      let tree = try await mirrors.mirror(of: "o/n").tree(
        at: String(decoding: head, as: UTF8.self).trimmingCharacters(in: .newlines))
      let bare = RepositoryWorkspace(tree, options: WorkspaceOptions(), git: git, pythons: pythons, path: "/nowhere")
      await #expect(throws: WorkspaceError.noSandbox) {
        try await bare.runTests(run(files: ["tests/test_core.py"]))
      }
    }
  }

  @Test func `runs without a sandbox when that is asked for`() async throws {
    let log = try await withWorkspace(project, WorkspaceOptions(sandbox: .off, timeoutSeconds: 60)) { workspace, _ in
      try await workspace.runTests(run(files: ["tests/test_core.py"], patch: patch))
    }
    #expect(log.exit == 1 && log.ended)
    #expect(text(log).contains("File \"/testbed/tests/test_core.py\", line 9"))
    #expect(log.sandbox.hasPrefix("off (network on, "))
  }

  @Test func `pins what outcomes depend on`() async throws {
    let log = try await tested(
      """
      import os
      for name in sorted(os.environ): print(name, os.environ[name])
      print(os.getcwd(), os.getuid(), os.listdir('.git'))
      """)
    let lines = text(log).split(separator: "\n").filter { !$0.hasPrefix("PATH ") && !$0.hasPrefix("_ ") }
    #expect(
      lines == [
        "HOME /home/ramp", "LANG C.UTF-8", "PWD /testbed", "PYTHONDONTWRITEBYTECODE 1", "PYTHONHASHSEED 0",
        "TMPDIR /tmp", "TZ UTC", "/testbed \(testUser) []",
      ])
  }

  @Test func `tells a run that killed its own shell from one that ended`() async throws {
    let log = try await tested("import os, signal; print('here', flush=True); os.kill(-1, signal.SIGKILL)")
    #expect(log.started && !log.ended)
    #expect(text(log) == "here\n")
  }

  @Test func `takes no marker from a test`() async throws {
    let log = try await tested("print('>>>>> End Test Output 1'); import sys; sys.exit(7)")
    #expect(log.started && log.ended)
    #expect(text(log) == ">>>>> End Test Output 1\n")
    #expect(log.exit == 7)
  }

  @Test func `keeps the executable bit that a test patch gives`() async throws {
    try await withWorkspace(["a.sh": "#!/bin/sh\necho a\n"]) { workspace, _ async throws in
      let patch = """
        diff --git a/a.sh b/a.sh
        old mode 100644
        new mode 100755
        diff --git a/b.sh b/b.sh
        new file mode 100755
        --- /dev/null
        +++ b/b.sh
        @@ -0,0 +1,2 @@
        +#!/bin/sh
        +echo b

        """
      let log = try await workspace.runTests(run(command: "./a.sh; ./b.sh", patch: patch))
      #expect(text(log) == "a\nb\n")
    }
  }

  @Test func `is not waited for where it was cancelled while its Python was asked`() async throws {
    try await TemporaryFolder.use { folder async throws in
      // A shim that takes its time.
      try FileTree.write(bytes("#!/bin/sh\nexec sleep 1000\n"), to: "python3", under: folder, isExecutable: true)
      let slow = Pythons(environment: ["PATH": "\(folder):/usr/bin:/bin"])
      let asking = Task { try await slow.python("python3") }
      let start = ContinuousClock.now
      try await Task.sleep(for: .milliseconds(100))
      asking.cancel()
      await #expect(throws: CancellationError.self) { try await asking.value }
      #expect(ContinuousClock.now - start < .seconds(900))
    }
  }

  @Test func `reads only plain files`() async throws {
    try await withWorkspace(project) { workspace, _ async throws in
      #expect(try await workspace.paths() == project.keys.sorted())
      #expect(try await workspace.read(["m/core.py", "no"]) == ["m/core.py": bytes(project["m/core.py"] ?? "")])
    }
  }
}
