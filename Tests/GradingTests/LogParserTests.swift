import Grading
import Instances
import Testing

private func outcomes(_ log: String, _ runner: TestRunner, repo: String = "a/b") -> [String: TestStatus] {
  LogParser.outcomes(in: Array(log.utf8), runner: runner, repo: repo)
}

@Suite struct `a unittest log` {
  private let rule = String(repeating: "=", count: 70)

  @Test func `has its statuses on the line, behind a docstring, or further down`() {
    let log = """
      test_doc (m.A.test_doc)
      First line of doc. ... ok
      test_err (m.A.test_err) ... ERROR
      test_print (m.A.test_print) ... some noise
      of the test
      ok
      test_skip (m.A.test_skip) ... skipped 'not now'
      test_us (m.A.test_us) ... unexpected success
      test_xf (m.A.test_xf) ... expected failure
      ERROR
      test_y (m.C.test_y) ... FAIL
      tearDownClass (m.C) ... ERROR
      test_imp (unittest.loader._FailedTest.test_imp) ... ERROR
      setUpModule (pk.m) ... skipped "it's all"
      test_cut (m.C.test_cut) ... 
      """
    #expect(
      outcomes(log, .unittest) == [
        "test_doc (m.A)": .passed, "test_err (m.A)": .error, "test_print (m.A)": .passed,
        "test_skip (m.A)": .skipped, "test_us (m.A)": .failed, "test_xf (m.A)": .xfail, "test_y (m.C)": .failed,
        "tearDownClass (m.C)": .error, "test_imp (unittest.loader._FailedTest)": .error,
        "setUpModule (pk.m)": .skipped,
      ])
  }

  @Test func `has one status for a test with subtests, the worst`() {
    let log = """
      test_sub (m.A.test_sub) ... 
        test_sub (m.A.test_sub) (i=1, s='(x)') ... FAIL
        test_sub (m.A.test_sub) (i=3, s='(x)') ... skipped 'nah'
      test_next (m.A.test_next) ... ok
      """
    #expect(outcomes(log, .unittest) == ["test_sub (m.A)": .failed, "test_next (m.A)": .passed])
  }

  @Test func `of an older Python gives the same names`() {
    let log = """
      test_sub (m.A) ... test_sub_ok (m.A) ... ok
      test_sub_skip (m.A) ... skipped 'nah'
      skipped 'nah'
      \(rule)
      FAIL: test_sub (m.A) (i=1)
      ----------------------------------------------------------------------
      """
    #expect(
      outcomes(log, .unittest) == [
        "test_sub (m.A)": .failed, "test_sub_ok (m.A)": .passed, "test_sub_skip (m.A)": .skipped,
      ])
  }

  @Test func `lets the list of failures have the last word over what a test prints`() {
    let log = "test_a (m.A) ... test prints ... ok\nFAIL\n\n\(rule)\nFAIL: test_a (m.A)\n"
    #expect(outcomes(log, .unittest) == ["test_a (m.A)": .failed])
  }

  @Test func `with CRLF is read too`() {
    #expect(
      outcomes("test_a (m.A) ... ok\r\ntest_b (m.A)\r\nDoc. ... FAIL\r\n", .unittest)
        == ["test_a (m.A)": .passed, "test_b (m.A)": .failed])
  }
}

@Suite struct `a Django log` {
  @Test func `is read by the harness's rules`() {
    let log = """
      test_a (m.A) ... ok
      test_b (m.A)
      Its docstring. ... ok
      test_c (m.A) ... skipped 'x ... y'
      test_d (m.A) ... FAIL
      test_e (m.A) ... ERROR
      test_f (m.A) ... Internal Server Error: /x/
      ok
      test_g (m.A) ...  OK
      """
    #expect(
      outcomes(log, .django) == [
        "test_a (m.A)": .passed, "Its docstring.": .passed, "test_c (m.A)": .skipped, "test_d (m.A)": .failed,
        "test_e (m.A)": .error, "test_f (m.A)": .passed, "test_g (m.A)": .passed,
      ])
  }

  @Test func `finds the test whose status stands below the system checks`() {
    let log = """
      test_a (m.A) ... Testing against Django installed in '/x' with up to 2 processes
      Importing application m
      Cloning ... done
      System check identified no issues (0 silenced).
      ok
      test_b (m.A)\t...
      Internal Server Error: /x/
      ok
      test_c (m.A) ... System check identified no issues (0 silenced)
      ok
      test_d (m.A) ... Internal Server Error: /x/
      oh
      """
    #expect(
      outcomes(log, .django) == [
        "test_a (m.A)": .passed, "Cloning": .passed, "test_b (m.A)": .passed, "test_c (m.A)": .passed,
      ])
  }

  @Test func `takes the method alone from the list at the end`() {
    let log = "test_a (m.A) ... noise\nERROR: test_b (m.A.test_b)\nFAIL: test_c (m.A)\nFAIL:\n"
    #expect(outcomes(log, .django) == ["test_b": .error, "test_c": .failed])
  }
}

@Suite struct `a pytest log` {
  @Test func `has a status and a name a line, the reason cut off`() {
    let log = """
      collected 3 items
      PASSED t.py::test_a
      FAILED t.py::A::test_b - assert 1 == 2
      ERROR t.py::test_c - RuntimeError: x
      XFAIL t.py::test_d
      ERROR: not found
      PASSED
      """
    #expect(
      outcomes(log, .pytest) == [
        "t.py::test_a": .passed, "t.py::A::test_b": .failed, "t.py::test_c": .error, "t.py::test_d": .xfail,
      ])
    let entry = LogParser(form: .pytest, harness: .v4).outcomes(in: Array(log.utf8))["not"]
    #expect(entry?.word == "ERROR:")
    #expect(entry?.status == nil)
  }

  @Test func `lets the last of the tests count whose names are cut to one`() {
    let log = "FAILED t.py::a[x y] - assert\nPASSED t.py::a[x z]\n"
    #expect(outcomes(log, .pytest) == ["t.py::a[x": .passed])
  }

  @Test(arguments: [
    ("FAILED - t.py::a", "t.py::a"), ("FAILED - - t.py::a", "-"), ("FAILED -  - t.py::a", "t.py::a"),
    ("FAILED\t- t.py::a", "-"), ("FAILED \u{A0}t.py::a\u{3000}b", "t.py::a"),
    ("FAILED\u{2028}t.py::\u{E9}", "t.py::\u{E9}"),
  ])
  func `parts words as Python does`(log: String, name: String) {
    #expect(outcomes(log, .pytest) == [name: .failed])
  }

  @Test func `shortens paths in brackets for requests and pylint`() {
    let log = "PASSED t.py::a[/x/y/z.py]\nPASSED t.py::a[//x/y]\nPASSED t.py::a[/x/*]\nPASSED t.py::b\n"
    #expect(
      outcomes(log, .pytest, repo: "pylint-dev/pylint").keys.sorted()
        == ["t.py::a[//x/y]", "t.py::a[/x/*]", "t.py::a[/z.py]", "t.py::b"])
  }

  @Test func `has colours and old forms taken for astropy, scikit-learn and sphinx`() {
    let log = "\u{1B}[32mPASSED\u{1B}[0m t.py::\u{1B}[1ma\u{1B}[0m\nt.py::b FAILED\n"
    #expect(outcomes(log, .pytest, repo: "sphinx-doc/sphinx") == ["t.py::a": .passed, "t.py::b": .failed])
    #expect(outcomes(log, .pytest, repo: "a/b").isEmpty)
  }

  @Test func `has forms of its own for matplotlib and seaborn`() {
    #expect(
      outcomes("PASSED t.py::a[MouseButton.LEFT]\n", .pytest, repo: "matplotlib/matplotlib")
        == ["t.py::a[1]": .passed])
    #expect(
      outcomes("t.py::a PASSED [ 5%]\nFAILED t.py::b - x\n", .pytest, repo: "mwaskom/seaborn")
        == ["t.py::a": .passed, "t.py::b": .failed])
  }

  @Test func `of SymPy's own runner has letters`() {
    let log = """
      sympy/core/tests/test_x.py[4] 
      test_a ok
      test_b F
      test_c E
      test_d f                                         [FAIL]
      test_e ok                                        [OK]
      ____________ sympy/core/tests/test_x.py:test_b ____________
        File "x.py:3" is no title
      """
    #expect(
      outcomes(log, .pytest, repo: "sympy/sympy") == [
        "test_a": .passed, "test_b": .failed, "test_c": .error, " File \"x.py:3\" is no": .failed,
        "sympy/core/tests/test_x.py:test_b": .failed,
      ])
  }
}

@Suite struct `a hostile log` {
  @Test(arguments: TestRunner.allCases) func `gives nothing and does no harm`(runner: TestRunner) {
    var generator = SeededGenerator(state: 1)
    let parts = [
      " ... ok", "PASSED ", "FAILED", "test_a (", "m.A)", "\n", "=", String(repeating: "=", count: 70), "____ a ____",
      "Traceback (most recent call last):\n", "  File \"/testbed/a.py\", line 99999999999999999999, in f\n", "E   x: y",
      "\u{1B}[", "\u{1B}]", "a.py:3: in f\n", "[", "\r", "\u{9B}", "0x123456", "in 1.5s", "FAIL: ", "ERROR: ",
      "FAILURES", " - ", "skipped '",
    ]
    for _ in 0..<120 {
      var log: [UInt8] = []
      for _ in 0..<Int.random(in: 0...60, using: &generator) {
        log += Array((parts.randomElement(using: &generator) ?? "").utf8)
        if Bool.random(using: &generator) { log.append(UInt8.random(in: 0...255, using: &generator)) }
      }
      for repo in ["a/b", "sympy/sympy", "astropy/astropy", "mwaskom/seaborn", "psf/requests"] {
        _ = LogParser.outcomes(in: log, runner: runner, repo: repo)
      }
      _ = Grade(parser: LogParser(runner: runner, repo: "a/b"), log: log)
      _ = FailureReader.failures(in: log, runner: runner)
      let once = LogNormalizer.normalize(log)
      #expect(LogNormalizer.normalize(once) == once)
      #expect(!once.contains(0x1B))
    }
  }

  @Test(arguments: TestRunner.allCases) func `of one endless line is read`(runner: TestRunner) {
    for part in [" ", "=", "_", "test_", " ... ", "a.", "(", "0x", "\u{1B}", "PASSED ", "[1"] {
      let log = Array(String(repeating: part, count: 50_000 / part.utf8.count).utf8)
      _ = LogParser.outcomes(in: log, runner: runner, repo: "astropy/astropy")
      _ = FailureReader.failures(in: log, runner: runner)
      _ = LogNormalizer.normalize(log)
    }
  }
}
