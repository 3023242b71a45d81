import Grading
import Instances
import Testing

@Suite struct `the cause of a log without tests` {
  @Test(arguments: [
    (
      "ImportError while loading conftest '/testbed/conftest.py'.\nconftest.py:1: in <module>\n    import hypothesis\n"
        + "E   ModuleNotFoundError: No module named 'hypothesis'\n",
      "ModuleNotFoundError: No module named 'hypothesis'"
    ),
    ("bash: pytest: command not found\n", "bash: pytest: command not found"),
    ("sh: 1: pytest: not found\n", "sh: 1: pytest: not found"),
    (
      "Traceback (most recent call last):\n  File \"/testbed/a.py\", line 1, in <module>\n    import b\n"
        + "django.core.exceptions.ImproperlyConfigured: no\n\nDuring handling of it\n\n"
        + "Traceback (most recent call last):\n  File \"x.py\", line 1, in f\nValueError: other\n",
      "django.core.exceptions.ImproperlyConfigured: no"
    ),
    (
      "INTERNALERROR> Traceback (most recent call last):\nINTERNALERROR>   File \"/x/y.py\", line 3, in f\n"
        + "INTERNALERROR> AttributeError: module 'py' has no attribute 'io'\n",
      "AttributeError: module 'py' has no attribute 'io'"
    ),
    ("ERROR: file or directory not found: t.py\n", "ERROR: file or directory not found: t.py"),
    ("Segmentation fault (core dumped)\n", "Segmentation fault (core dumped)"),
    ("OSError: [Errno 28] No space left on device\n", "OSError: [Errno 28] No space left on device"),
    ("all is well: here\nNote: that\n", nil),
  ])
  func `is its first error`(log: String, cause: String?) {
    #expect(LogCause.first(in: Array(log.utf8)) == cause)
  }

  @Test func `tells a crash in the repository's own code from one elsewhere`() {
    func log(_ file: String, _ error: String) -> [UInt8] {
      Array(
        ("Traceback (most recent call last):\n  File \"tests/runtests.py\", line 5, in <module>\n    main()\n"
          + "  File \"\(file)\", line 140, in __hash__\n    return hash(self.identity)\n\(error)\n").utf8)
    }
    let crash = FailureReader.crash(in: log("/testbed/django/db/models/a.py", "TypeError: unhashable type: 'list'"))
    #expect(crash?.exception == "TypeError")
    #expect(FailureReader.crash(in: log("/usr/lib/python3.6/abc.py", "TypeError: no")) == nil)
    #expect(FailureReader.crash(in: log("/testbed/a.py", "ModuleNotFoundError: No module named 'x'")) == nil)
  }

  @Test(arguments: [
    ("=== RUN   TestA\n--- PASS: TestA (0.00s)\nok  pkg 0.01s\n", "tests/a.py", "Go"),
    ("anything\n", "src/a.test.ts", "TypeScript"),
  ])
  func `is not looked for in the tests of another language`(log: String, file: String, language: String) {
    let row = Instance(
      id: "a", repo: "gin-gonic/gin", baseCommit: "", problemStatement: "", patch: "",
      testPatch: "--- a/\(file)\n+++ b/\(file)\n@@ -1 +1 @@\n-a\n+b\n", failToPass: ["a"], passToPass: [])
    #expect(throws: GradeError.otherLanguage(language, repo: "gin-gonic/gin")) {
      try Grade(row, log: Array(">>>>> Start Test Output\n\(log)>>>>> End Test Output\n".utf8))
    }
  }
}
