import Instances
import Testing

@testable import Workspaces

@Suite struct `a test command` {
  private func text(_ run: TestRun) throws -> String {
    try TestCommand(run, python: "/usr/bin/python3") { $0 != "gone.py" }.text
  }

  @Test func `is the runner's own`() throws {
    let files = ["tests/a/test_b.py", "tests/a/__init__.py", "tests/data.json", "gone.py"]
    #expect(
      try text(run(.unittest, files: files)) == "/usr/bin/python3 -m unittest -v tests.a.test_b tests.a")
    #expect(
      try text(run(.pytest, files: files)) == "/usr/bin/python3 -m pytest -rA tests/a/test_b.py tests/a/__init__.py")
    #expect(
      try text(run(.django, command: "django", files: files))
        == "/usr/bin/python3 tests/runtests.py --verbosity 2 --settings=test_sqlite --parallel 1 a.test_b a")
  }

  @Test func `is the row's own`() throws {
    #expect(try text(run(command: "bin/test -C {files} | cat", files: ["a b.py"])) == "bin/test -C 'a b.py' | cat")
    #expect(try text(run(command: "x {modules}", files: ["a/b.py"])) == "x a.b")
    #expect(try text(run(command: "make check")) == "make check")
  }

  @Test func `never runs what a file is called`() throws {
    let name = "a'; touch x; '$(y).py"
    #expect(try text(run(.pytest, files: [name])).hasSuffix(" 'a'\\''; touch x; '\\''$(y).py'"))
  }
}

@Suite struct `a marker` {
  private let markers = Markers(nonce: "7")

  @Test(arguments: [
    ("", "", false, false),
    ("bwrap: no\n", "bwrap: no\n", false, false),
    (">>>>> Start Test Output 7\nx", "x", true, false),
    (">>>>> Start Test Output 7\nx\n>>>>> End Test Output 7\n", "x", true, true),
    (">>>>> Start Test Output 7\nx\n\n>>>>> End Test Output 7\n", "x\n", true, true),
    // What a test that read the number in the shell's memory prints.
    (
      ">>>>> Start Test Output 7\nx\n>>>>> End Test Output 7\nFAILED\n>>>>> End Test Output 7\n",
      "x\n>>>>> End Test Output 7\nFAILED", true, true
    ),
    (">>>>> Start Test Output 7\nx\n>>>>> End Test Output 7\nz", "x\n>>>>> End Test Output 7\nz", true, false),
    (">>>>> Start Test Output 7\n>>>>> Start Test Output 7\nx", ">>>>> Start Test Output 7\nx", true, false),
    (">>>>> Start Test Output 7\n\n>>>>> End Test Output 7\n", "", true, true),
    (">>>>> Start Test Output 8\n", ">>>>> Start Test Output 8\n", false, false),
  ]) func `is taken out`(output: String, log: String, started: Bool, ended: Bool) {
    let found = markers.contents(of: bytes(output))
    #expect(String(decoding: found.log, as: UTF8.self) == log)
    #expect(found.started == started)
    #expect(found.ended == ended)
  }
}

@Suite struct `a link of a commit` {
  @Test(arguments: [
    ("b", "a", true), ("../b", "d/a", true), ("../../b", "d/a", false), ("/etc", "a", false), ("", "a", false),
    ("x/../../b", "a", false), ("./x", "a", true),
  ]) func `stays inside or is left out`(target: String, path: String, stays: Bool) {
    #expect(Checkout.staysInside(target, from: path) == stays)
  }

  @Test(
    arguments: [
      (["a/t.py::C::m[x-1]", "a/t.py::C::m[x::2]", "a/t.py::f"], .pytest, ["a/t.py"], ["a/t.py::C::m", "a/t.py::f"]),
      (["b/t.py::f"], .pytest, ["a/t.py"], nil), (["test_f"], .pytest, ["a/t.py"], nil),
      (["a/t.py::-rf x"], .pytest, ["a/t.py"], nil), ([], .pytest, ["a/t.py"], nil),
      (["m (q.tests.C)"], .django, ["tests/q/tests.py"], ["q.tests.C.m"]),
      (["m (q.tests.C.m)"], .django, ["tests/q/tests.py"], ["q.tests.C.m"]),
      (["m (q.other.C)"], .django, ["tests/q/tests.py"], nil),
      (["A docstring of a test."], .django, ["tests/q/tests.py"], nil),
      (["m (q.tests.C)", "n (q.tests.C) [x]"], .django, ["tests/q/tests.py"], nil),
      (["m (tests.t.C)"], .unittest, ["tests/t.py"], ["tests.t.C.m"]),
    ] as [([String], TestRunner, [String], [String]?)])
  func `names tests alone where each can be told to the runner`(
    names: [String], runner: TestRunner, files: [String], words: [String]?
  ) {
    #expect(TestTargets.words(names, runner: runner, files: files) == words)
  }

  @Test func `is given tests in place of their files`() throws {
    var run = run(.pytest, files: ["a/t.py"])
    run.targets = ["a/t.py::C::m", "a/t.py::it's"]
    let command = try TestCommand(run, python: "python3") { _ in true }
    #expect(command.text == "python3 -m pytest -rA 'a/t.py::C::m' 'a/t.py::it'\\''s'")
    #expect(command.files == ["a/t.py"])
  }
}
