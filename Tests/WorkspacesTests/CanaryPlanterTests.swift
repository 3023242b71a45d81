import Foundation
import Instances
import Testing

@testable import Workspaces

private let functions = """
  \"\"\"Tests.

  def test_in_a_string(): pass
  \"\"\"
  import pytest

  VALUES = [

      1,
  ]


  @pytest.mark.parametrize("x", VALUES)

  def test_first_value(x):
      assert x


  def test_second(): pass

  """

private let classes = """
  from django.test import SimpleTestCase, TestCase


  class First(TestCase):

      def test_first_value(self):
          self.assertEqual(1, 1)


  class Second(TestCase):
      def test_second(self):
          pass
  """

@Suite struct `a canary` {
  private func planted(
    _ text: String, _ style: CanaryPlanter.Style, _ runner: TestRunner, seed: UInt64 = 1
  ) -> (text: String, canaries: [Canary])? {
    var planter = CanaryPlanter(style, runner, apart: [text], CanaryNumbers(seed))
    return planter.plant(in: text, of: "tests/test_a.py")
  }

  @Test func `stands between definitions, in place of a blank line`() throws {
    // Line 12 follows a decorator, lines 2 and 8 are inside a string and a bracket.
    #expect(PythonLines(functions)?.gaps == [10, 11, 16, 17])
    #expect(PythonLines("x = (\n")?.gaps == nil)
    for seed in 0..<200 {
      let made = try #require(planted(functions, .pytest, .pytest, seed: UInt64(seed)))
      #expect(Set(made.canaries.map(\.kind)) == Set(Canary.Kind.allCases))
      let (old, new) = (lines(functions), lines(made.text))
      let changed = old.indices.filter { old[$0] != new[$0] && old[$0] != "" }
      #expect(changed.isEmpty, "a line of the tests has moved or changed")
      #expect(old.indices.filter { old[$0] == "" && new[$0] != "" && $0 < old.count - 1 }.count == 1)
      #expect(made.canaries.allSatisfy { $0.method.hasSuffix($0.tag) && made.text.contains("def \($0.method)(") })
      #expect(!functions.contains(made.canaries[0].tag))
    }
  }

  @Test func `is a method of a class like the file's own where tests are methods`() throws {
    let made = try #require(planted(classes, .django, .django))
    #expect(made.canaries.count == 3)
    #expect(made.canaries.allSatisfy { $0.module == "test_a" && $0.owner != nil })
    #expect(made.text.components(separatedBy: "(TestCase)").count == 5)
    let bare = try #require(planted("class A(Base):\n    def test_a(self): pass\n", .django, .django))
    #expect(bare.text.contains("SimpleTestCase):"))
  }

  @Test func `is never the last test of a file of SymPy's`() throws {
    for seed in 0..<50 {
      let made = try #require(planted(functions, .sympy, .pytest, seed: UInt64(seed)))
      #expect(made.canaries.map(\.kind) == [.assertion, .exception])
      #expect(lines(made.text).count == lines(functions).count)
      #expect(made.text.hasSuffix("def test_second(): pass\n"))
    }
  }

  @Test func `stands at the end of a file whose tests look at lines, and in none without tests`() throws {
    let text = functions + "\nimport inspect\nprint(inspect.getsource(test_second))\n"
    let made = try #require(planted(text, .pytest, .pytest))
    #expect(made.text.hasPrefix(text))
    #expect(planted("x = 1\n", .pytest, .pytest) == nil)
    #expect(planted("def test_a(): pass\nx = '''\n", .pytest, .pytest) == nil)
  }

  @Test(arguments: [TestRunner.pytest, .unittest, .django]) func `is Python`(runner: TestRunner) throws {
    for (seed, text) in [functions, classes, "import unittest\nclass A(unittest.TestCase):\n  def test_a(self): pass"]
      .enumerated()
    {
      let made = try #require(planted(text, .init(runner, command: ""), runner, seed: UInt64(seed)))
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["python3", "-c", "import sys; compile(sys.argv[1], 'a.py', 'exec')", made.text]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(made.text)")
    }
  }

  private func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}

@Suite(.enabled(if: hasSandbox, "bubblewrap does not work here")) struct `a run of tests with canaries` {
  private let project = [
    "tests/__init__.py": "", "setup.cfg": "",
    "tests/test_core.py":
      "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_type(self):\n        pass\n\n\nclass U(unittest.TestCase):\n    pass\n",
  ]

  private func log(_ files: [String: String], _ canaries: CanaryRequest?) async throws -> TestLog {
    try await withWorkspace(files) { workspace, _ async throws in
      var run = run(files: ["tests/test_core.py"], patch: "")
      run.canaries = canaries
      return try await workspace.runTests(run)
    }
  }

  @Test func `has them fail, and one without has none`() async throws {
    let request = CanaryRequest(files: ["tests/test_core.py"], seed: 7)
    let log = try await log(project, request)
    #expect(log.canaries.planted.count == 3)
    #expect(log.canaries.planted.allSatisfy { text(log).contains("\($0.method) (tests.test_core.\($0.owner ?? "")") })
    #expect(text(log).contains("FAILED (failures=2, errors=1)"))
    let none = try await self.log(project, nil)
    #expect(none.canaries == PlantedCanaries() && none.exit == 0)
  }

  @Test func `says why there are none`() async throws {
    let request = CanaryRequest(files: ["tests/test_core.py"], seed: 7)
    let early = project.merging(["setup.cfg": "[tool:pytest]\naddopts = -q -x\n"]) { $1 }
    #expect(try await log(early, request).canaries.none == "the tests stop at the first failure")
    let other = try await log(project, CanaryRequest(files: [], seed: 7))
    #expect(other.canaries.none == "no test file has a place for one")
  }
}
