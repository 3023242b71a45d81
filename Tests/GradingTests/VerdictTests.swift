import Grading
import Instances
import Testing

private func row(_ failToPass: [String], _ passToPass: [String] = []) -> Instance {
  Instance(
    id: "a", repo: "a/b", baseCommit: "", problemStatement: "", patch: "", testPatch: "", failToPass: failToPass,
    passToPass: passToPass)
}

@Suite struct `a name of a row` {
  @Test(arguments: [
    ("test_x (m.C)", TestStatus.passed), ("test_x (m.C.test_x)", .passed), ("test_y (m.C)", .failed),
    ("test_y (m.C.test_y)", .failed), ("t.py::a[x", .passed), ("t.py::b[x", nil), ("t.py::c[x", .failed),
    ("t.py::c[x y]", nil),
    ("t.py::a", nil), ("Docs.", .passed), ("test_z (m.C)", nil),
  ])
  func `is found in its other spellings`(name: String, expected: TestStatus?) {
    let outcomes: [String: TestStatus] = [
      "test_x (m.C)": .passed, "test_y (m.C.test_y)": .failed, "t.py::a[x y]": .passed, "t.py::a[x z]": .passed,
      "t.py::b[x y]": .passed, "t.py::b[x z]": .failed, "t.py::c[x": .failed, "Docs.": .passed,
    ]
    #expect(NameMatch.status(of: name, in: Outcomes(outcomes)) == expected)
  }
}

@Suite struct `a tally` {
  @Test(arguments: [
    (["a": TestStatus.passed, "b": .xfail, "p": .passed], Resolution.full),
    (["a": .passed, "b": .passed, "p": .skipped], .full),
    (["a": .passed, "b": .skipped, "p": .passed], .partial),
    (["a": .passed, "p": .passed], .partial),
    (["a": .failed, "b": .error, "p": .passed], .no),
    (["a": .passed, "b": .passed, "p": .failed], .no),
    (["a": .passed, "b": .passed], .no),
    ([:], .no),
  ])
  func `resolves by the harness's rules`(outcomes: [String: TestStatus], expected: Resolution) {
    #expect(Tally(row(["a", "b"], ["p"]), outcomes: outcomes).resolution == expected)
  }

  @Test func `counts an empty list as wholly passed`() {
    #expect(Tally(row(["a"]), outcomes: ["a": .passed]).resolution == .full)
    #expect(TestCount(passed: 0, total: 0).share == 1)
  }
}

@Suite struct `a baseline` {
  @Test func `is red where every target test fails`() {
    let outcomes: [String: TestStatus] = ["a": .failed, "p": .passed, "q": .failed]
    #expect(
      BaselineJudge.judge(row(["a", "b"], ["p", "q"]), outcomes: outcomes, ended: true)
        == .red(failToPassFailing: ["a", "b"], passToPassPassing: ["p"], passToPassFailing: ["q"]))
  }

  @Test func `is red where the test file cannot be imported yet`() {
    let outcomes: [String: TestStatus] = ["test_m (unittest.loader._FailedTest)": .error]
    #expect(BaselineJudge.judge(row(["a"]), outcomes: outcomes, ended: true).isRed)
  }

  @Test func `is not red where all target tests pass already`() {
    #expect(
      BaselineJudge.judge(row(["a", "b"]), outcomes: ["a": .passed, "b": .passed], ended: true)
        == .notRed(passing: ["a", "b"]))
    #expect(
      BaselineJudge.judge(row(["a", "b"]), outcomes: ["a": .passed, "b": .failed], ended: true)
        == .red(failToPassFailing: ["b"], passToPassPassing: [], passToPassFailing: []))
  }

  @Test func `is red where the tests crash in the repository's own code, and the row knows of no test that passes`() {
    let crash = TestFailure(test: "", kind: .command, exception: "TypeError", message: "m", frames: [])
    func judged(_ row: Instance, _ crash: TestFailure?) -> BaselineVerdict {
      BaselineJudge.judge(row, outcomes: [:], ended: true, crash: crash, cause: "TypeError: m")
    }
    #expect(judged(row(["a"]), crash).isRed)
    #expect(judged(row(["a"], ["p"]), crash) == .noTests(cause: "TypeError: m"))
    #expect(judged(row(["a"]), nil) == .noTests(cause: "TypeError: m"))
  }

  @Test func `is the environment's error in all other cases`() {
    #expect(BaselineJudge.judge(row(["a"]), outcomes: [:], ended: true) == .noTests(cause: nil))
    for (outcomes, ended) in [(["a": TestStatus.failed], false), (["x": .passed], true), (["a": .skipped], true)] {
      guard case .broken = BaselineJudge.judge(row(["a"]), outcomes: outcomes, ended: ended) else {
        Issue.record("\(outcomes) should be broken")
        continue
      }
    }
  }
}

@Suite struct `a failure code` {
  private func failed(_ test: String, _ exception: String, _ message: String = "m") -> TestFailure {
    TestFailure(test: test, exception: exception, message: message, frames: [])
  }

  private func code(
    _ outcomes: [String: TestStatus], _ failures: [TestFailure], baselineFailing: [String] = [],
    syntaxError: Bool = false, timedOut: Bool = false
  ) -> FailureCode? {
    Classifier.code(
      baseline: [failed("a (m.C)", "KeyError")], baselineFailing: baselineFailing,
      tally: Tally(row(["a (m.C)"], ["p"]), outcomes: outcomes), failures: failures, syntaxError: syntaxError,
      timedOut: timedOut)
  }

  @Test func `is none for a resolved instance`() {
    #expect(code(["a (m.C)": .passed, "p": .passed], []) == nil)
  }

  @Test func `is logic_error for the same exception and message, else test_failure`() {
    let outcomes: [String: TestStatus] = ["a (m.C.a)": .error, "p": .passed]
    #expect(code(outcomes, [failed("a (m.C.a)", "KeyError")]) == .logicError)
    #expect(code(outcomes, [failed("a (m.C)", "KeyError", "n")]) == .testFailure)
    #expect(code(outcomes, [failed("a (m.C)", "ValueError")]) == .testFailure)
    #expect(code(outcomes, []) == .testFailure)
  }

  @Test func `is regression where a test fails that passed at the baseline`() {
    #expect(code(["a (m.C)": .passed, "p": .failed], []) == .regression)
    #expect(code(["a (m.C)": .passed, "p": .failed], [], baselineFailing: ["p"]) == .environmentError)
    #expect(code(["a (m.C)": .failed, "p": .failed], [], baselineFailing: ["p"]) == .testFailure)
  }

  @Test func `is syntax_error, then timeout, before all else`() {
    #expect(code([:], [failed("m.py", "SyntaxError")], timedOut: true) == .syntaxError)
    #expect(code([:], [], syntaxError: true) == .syntaxError)
    #expect(code([:], [], timedOut: true) == .timeout)
    #expect(code(["a (m.C)": .passed, "p": .passed], [], timedOut: true) == .timeout)
  }

  @Test func `has the names of the plan`() {
    #expect(
      FailureCode.allCases.map(\.rawValue) == [
        "no_edits_generated", "apply_failed", "syntax_error", "test_failure", "logic_error", "regression", "timeout",
        "context_truncated", "model_error", "environment_error",
      ])
  }
}
