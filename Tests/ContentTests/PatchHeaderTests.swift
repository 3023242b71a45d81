import Testing

@testable import Content

@Suite struct `the paths of a patch` {
  @Test func `are those of its headers, made and deleted files too`() {
    let patch = """
      diff --git a/tests/a.py b/tests/a.py
      --- a/tests/a.py
      +++ b/tests/a.py
      @@ -1,2 +1,2 @@ class A:
      --- a/not/a/header.py
      +++ b/not/a/header.py
       x
      diff --git a/tests/new.py b/tests/new.py
      new file mode 100644
      --- /dev/null
      +++ b/tests/new.py
      @@ -0,0 +1 @@
      +x
      diff --git a/tests/old.py b/tests/old.py
      deleted file mode 100644
      --- a/tests/old.py
      +++ /dev/null
      @@ -1 +0,0 @@
      -x
      \\ No newline at end of file
      diff --git a/tests/empty.txt b/tests/empty.txt
      new file mode 100644
      index 000..e69
      diff --git a/x.png b/x.png
      index 1..2 100644
      GIT binary patch

      """
    #expect(
      PatchHeader.paths(in: patch) == ["tests/a.py", "tests/new.py", "tests/old.py", "tests/empty.txt", "x.png"])
  }

  @Test func `are unquoted, and both of a renamed file`() {
    let patch = """
      diff --git "a/t/caf\\303\\251 \\"x\\".py" "b/t/caf\\303\\251 \\"x\\".py"
      --- "a/t/caf\\303\\251 \\"x\\".py"
      +++ "b/t/caf\\303\\251 \\"x\\".py"
      @@ -1 +1 @@
      -a
      +b
      diff --git a/one.py b/two.py
      similarity index 100%
      rename from one.py
      rename to two.py
      diff --git a/with space.py b/with space.py
      --- a/with space.py\t
      +++ b/with space.py\t
      @@ -1 +1 @@
      -a
      +b
      """
    #expect(PatchHeader.paths(in: patch) == ["t/café \"x\".py", "two.py", "one.py", "with space.py"])
  }

  @Test func `are found without git's own lines`() {
    let patch = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a\n+b\n--- a/b.py\n+++ b/b.py\n@@ -1 +1 @@\n-a\n+b\n"
    #expect(PatchHeader.paths(in: patch) == ["a.py", "b.py"])
  }

  @Test func `tell the mode, where the patch does`() {
    let patch = """
      diff --git a/run.sh b/run.sh
      old mode 100644
      new mode 100755
      diff --git a/sub b/sub
      index 1111111..2222222 160000
      --- a/sub
      +++ b/sub
      @@ -1 +1 @@
      -Subproject commit 1
      +Subproject commit 2
      --- a/m.py
      +++ b/m.py
      @@ -1 +1 @@
      -a
      +b
      """
    #expect(PatchHeader.headers(in: patch.utf8).map(\.mode) == ["100755", "160000", nil])
  }

  @Test(arguments: [
    "1,-9223372036854775808", "1,9223372036854775807", "1,99999999999999999999", "99999999999999999999,1", ",", "1,",
  ])
  func `are read whatever numbers a hunk has`(side: String) {
    let patch = "--- a/a.py\n+++ b/a.py\n@@ -\(side) +\(side) @@\n-a\n+b\n c\n"
    #expect(PatchHeader.paths(in: patch) == ["a.py"])
    #expect(PatchHeader.paths(in: "--- a/a.py\n+++ b/a.py\n@@ -\(side) +1,5 @@\n-a\n+b\n c\n") == ["a.py"])
  }
}
