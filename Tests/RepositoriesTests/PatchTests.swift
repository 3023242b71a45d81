import Content
import Foundation
import Repositories
import Testing

@Suite struct `a made patch` {
  @Test func `is what git diff writes`() async throws {
    let patch = try await PatchMaker.patch(
      [
        FileChange(path: "d/new.py", before: nil, after: bytes("x\n")),
        FileChange(path: "gone.py", before: bytes("old\n"), after: nil),
        FileChange(path: "m.py", before: bytes("a\r\nb"), after: bytes("a\r\nc")),
        FileChange(path: "same.py", before: bytes("s"), after: bytes("s")),
      ], git: git)
    #expect(
      text(patch) == """
        diff --git a/d/new.py b/d/new.py
        new file mode 100644
        index 0000000000000000000000000000000000000000..587be6b4c3f93f93c489c0111bba5596147a26cb
        --- /dev/null
        +++ b/d/new.py
        @@ -0,0 +1 @@
        +x
        diff --git a/gone.py b/gone.py
        deleted file mode 100644
        index 3367afdbbf91e638efe983616377c60477cc6612..0000000000000000000000000000000000000000
        --- a/gone.py
        +++ /dev/null
        @@ -1 +0,0 @@
        -old
        diff --git a/m.py b/m.py
        index 0c991fcb4fe1739224d4a0df2973df2de4eef4ad..94dcd2b94329743afa3c7701fb3acb374af02bf0 100644
        --- a/m.py
        +++ b/m.py
        @@ -1,2 +1,2 @@
         a\r
        -b
        \\ No newline at end of file
        +c
        \\ No newline at end of file

        """)
  }

  @Test func `is empty when nothing changed`() async throws {
    #expect(try await PatchMaker.patch([], git: git).isEmpty)
    #expect(try await PatchMaker.patch([FileChange(path: "a", before: [1], after: [1])], git: git).isEmpty)
  }

  @Test(arguments: [".git/config", "a/.gitattributes", "../x", "/x", "a/../b", ".GitModules"])
  func `never touches`(path: String) async throws {
    await #expect(throws: PatchError.unsafePath(path)) {
      try await PatchMaker.patch([FileChange(path: path, before: nil, after: [1])], git: git)
    }
    let patch =
      "diff --git a/\(path) b/\(path)\nnew file mode 100644\n--- /dev/null\n+++ b/\(path)\n@@ -0,0 +1 @@\n+x\n"
    await #expect(throws: PatchError.unsafePath(path)) {
      try await PatchApplier.apply(bytes(patch), to: { _ in nil }, git: git)
    }
  }

  /// The law: applying the patch of a change to what was before gives what is after.
  @Test(arguments: 0..<25) func `applied to what was gives what is`(seed: Int) async throws {
    var random = Seeded(seed: UInt64(seed))
    let lines = [
      "a\n", "b\n", "\n", "  c\r\n", "-- \n", "+++ b/x\n", "@@ -1 +1 @@\n", "diff --git a/x b/x\n", "é", "\u{0}\n",
    ]
    func content() -> [UInt8]? {
      if Int.random(in: 0..<5, using: &random) == 0 { return nil }
      return (0..<Int.random(in: 0..<30, using: &random)).flatMap { _ in
        bytes(lines[min(lines.count - 1, Int.random(in: 0..<(lines.count * 4), using: &random) / 3)])
      }
    }
    let names = ["a.py", "d/b.py", "d/e/c d.py", "ö.py", "q\"uote.py", "a b/x"]
    let changes = names.map { FileChange(path: $0, before: content(), after: content()) }
    let patch = try await PatchMaker.patch(changes, git: git)
    let again = try await PatchMaker.patch(changes.reversed(), git: git)
    #expect(patch == again)
    let made = try await PatchApplier.apply(
      patch, to: { path in changes.first { $0.path == path }?.before }, git: git)
    #expect(made == changes.filter { $0.before != $0.after }.sorted { $0.path < $1.path })
  }
}

@Suite struct `an applied patch` {
  @Test func `is refused whole when one hunk does not fit, with its line`() async throws {
    let patch = "--- a/m.py\n+++ b/m.py\n@@ -2,2 +2,2 @@\n x\n-y\n+z\n"
    await #expect(throws: PatchError.doesNotApply(path: "m.py", line: 2, reason: "")) {
      try await PatchApplier.apply(bytes(patch), to: { _ in bytes("a\nb\nc\n") }, git: git)
    }
  }

  @Test func `is refused when its file is not there`() async throws {
    let patch = "--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n-y\n+z\n"
    await #expect(throws: PatchError.doesNotApply(path: "m.py", line: nil, reason: "No such file or directory")) {
      try await PatchApplier.apply(bytes(patch), to: { _ in nil }, git: git)
    }
  }

  @Test func `makes no link`() async throws {
    let patch = "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n"
    await #expect(throws: PatchError.notAFile(path: "l")) {
      try await PatchApplier.apply(bytes(patch), to: { _ in nil }, git: git)
    }
  }

  @Test(arguments: [
    "diff --git a/sub b/sub\nnew file mode 160000\n--- /dev/null\n+++ b/sub\n@@ -0,0 +1 @@\n+Subproject commit 1\n",
    "diff --git a/sub b/sub\nindex 1111111..2222222 160000\n--- a/sub\n+++ b/sub\n@@ -1 +1 @@\n-Subproject commit 1\n+Subproject commit 2\n",
  ])
  func `changes no submodule`(patch: String) async throws {
    await #expect(throws: PatchError.notAFile(path: "sub")) {
      try await PatchApplier.apply(bytes(patch), to: { _ in nil }, git: git)
    }
  }

  @Test func `follows a rename and makes an empty file`() async throws {
    let patch = """
      diff --git a/old.py b/new.py
      similarity index 100%
      rename from old.py
      rename to new.py
      diff --git a/pkg/__init__.py b/pkg/__init__.py
      new file mode 100644
      index 0000000..e69de29

      """
    let changes = try await PatchApplier.apply(
      bytes(patch), to: { $0 == "old.py" ? bytes("x\n") : nil }, git: git)
    #expect(
      changes == [
        FileChange(path: "new.py", before: nil, after: bytes("x\n")),
        FileChange(path: "old.py", before: bytes("x\n"), after: nil),
        FileChange(path: "pkg/__init__.py", before: nil, after: []),
      ])
  }

  @Test func `without a byte changes nothing, and without sense is refused`() async throws {
    #expect(try await PatchApplier.apply(bytes(" \n"), to: { _ in nil }, git: git).isEmpty)
    await #expect(throws: PatchError.self) {
      try await PatchApplier.apply(bytes("hello\n"), to: { _ in nil }, git: git)
    }
  }

  @Test func `applies whatever the caller's folder and settings are`() async throws {
    // The temporary folder lies in a git repository that would change line ends.
    try await TemporaryFolder.use { folder async throws in
      try await shell(
        "git init -q . && git config core.autocrlf true && printf '* text eol=crlf\\n' > .gitattributes", in: folder)
      let patch = "--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n-y\n+z\n"
      let changes = try await PatchApplier.apply(bytes(patch), to: { _ in bytes("y\n") }, git: git)
      #expect(changes == [FileChange(path: "m.py", before: bytes("y\n"), after: bytes("z\n"))])
    }
  }

  @Test func `names its files`() {
    let patch = """
      diff --git "a/\\303\\266.py" "b/\\303\\266.py"
      --- "a/\\303\\266.py"
      +++ "b/\\303\\266.py"
      @@ -1,2 +1,2 @@
      --- a/not-a-file
      +++ b/not-a-file
       x
      --- a/b c.py\t
      +++ b/b c.py\t
      @@ -1 +1 @@
      -1
      +2

      """
    #expect(PatchHeader.paths(in: bytes(patch)) == ["ö.py", "b c.py"])
  }
}

/// Numbers that follow from their seed (SplitMix64, by Sebastiano Vigna, public domain).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
