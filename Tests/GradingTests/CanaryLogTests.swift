import Grading
import Instances
import Testing

private func canary(_ file: String, _ kind: Canary.Kind, _ owner: String?, _ method: String, module: String = "m")
  -> Canary
{
  Canary(file: file, kind: kind, owner: owner, method: method, tag: "kovefa", module: module)
}

private func read(_ log: String, _ canaries: [Canary], runner: TestRunner, repo: String) -> (
  log: String, statuses: [TestStatus?]
) {
  let read = CanaryLog(Array(log.utf8), of: canaries, parser: LogParser(runner: runner, repo: repo))
  return (String(decoding: read.log, as: UTF8.self), read.statuses)
}

private let equals = String(repeating: "=", count: 70)
private let dashes = String(repeating: "-", count: 70)

@Suite struct `a log with canaries` {
  @Test func `of unittest is as if they had not been there`() {
    let log = """
      test_b (m.T) ... ok
      test_sum_kovefa (m.Ragivukovefa) ... FAIL
      test_no_kovefa (m.Ragivukovefa) ... ERROR
      test_c (m.T) ... FAIL

      \(equals)
      ERROR: test_no_kovefa (m.Ragivukovefa)
      \(dashes)
      Traceback (most recent call last):
        File "/testbed/m.py", line 9, in test_no_kovefa
          raise KeyError(3)
      KeyError: 3

      \(equals)
      FAIL: test_c (m.T)
      \(dashes)
      Traceback (most recent call last):
      AssertionError: 1 != 2

      \(equals)
      FAIL: test_sum_kovefa (m.Ragivukovefa)
      \(dashes)
      Traceback (most recent call last):
      AssertionError: 412 != 577

      \(dashes)
      Ran 4 tests in 0.002s

      FAILED (failures=2, errors=1, skipped=1)

      """
    let canaries = [
      canary("m.py", .equal, "Ragivukovefa", "test_sum_kovefa"),
      canary("m.py", .exception, "Ragivukovefa", "test_no_kovefa"),
      canary("m.py", .assertion, "Ragivukovefa", "test_gone_kovefa"),
    ]
    for (runner, repo) in [(TestRunner.unittest, "a/b"), (.django, "django/django")] {
      let found = read(log, canaries, runner: runner, repo: repo)
      #expect(found.statuses == [.failed, .error, nil])
      #expect(
        found.log == """
          test_b (m.T) ... ok
          test_c (m.T) ... FAIL

          \(equals)
          FAIL: test_c (m.T)
          \(dashes)
          Traceback (most recent call last):
          AssertionError: 1 != 2

          \(dashes)
          Ran 2 tests in 0.002s

          FAILED (failures=1, skipped=1)

          """)
    }
  }

  @Test func `of unittest ends well where nothing else failed`() {
    let log =
      "test_x_kovefa (m.Tkovefa.test_x_kovefa) ... ok\n\n\(dashes)\nRan 2 tests in 0.1s\n\nFAILED (failures=1)\n"
    let canaries = [
      canary("m.py", .equal, "Tkovefa", "test_x_kovefa"), canary("m.py", .assertion, "Tkovefa", "test_y_kovefa"),
    ]
    let found = read(
      "test_y_kovefa (m.Tkovefa.test_y_kovefa) ... FAIL\n" + log, canaries, runner: .unittest, repo: "a/b")
    #expect(found.statuses == [.passed, .failed])
    #expect(found.log == "\n\(dashes)\nRan 0 tests in 0.1s\n\nOK\n")
  }

  private let title = String(repeating: "=", count: 30)
  private let bar = String(repeating: "_", count: 20)

  @Test func `of pytest is as if they had not been there, with the letters of a file in one line`() {
    let log = """
      \(title) test session starts \(title)
      collected 6 items

      tests/test_a.py .F.                    [ 50%]
      F.F                                    [100%]

      \(title) FAILURES \(title)
      \(bar) test_low_kovefa \(bar)

      >   assert 412 == 577
      E   assert 412 == 577

      tests/test_a.py:4: AssertionError
      \(bar) test_own \(bar)

      E   assert 1 == 2
      \(bar) Ragikovefa.test_high_kovefa \(bar)

      E   AssertionError: 3 != 4
      \(title) short test summary info \(title)
      PASSED tests/test_a.py::test_fine
      FAILED tests/test_a.py::test_low_kovefa - assert 412 == 577
      FAILED tests/test_a.py::test_own - assert 1 == 2
      FAILED tests/test_a.py::Ragikovefa::test_high_kovefa - AssertionError: 3 != 4
      \(title) 3 failed, 3 passed in 0.12s \(title)

      """
    let canaries = [
      canary("tests/test_a.py", .assertion, nil, "test_low_kovefa"),
      canary("tests/test_a.py", .equal, "Ragikovefa", "test_high_kovefa"),
    ]
    let found = read(log, canaries, runner: .pytest, repo: "pallets/flask")
    #expect(found.statuses == [.failed, .failed])
    #expect(
      found.log == """
        \(title) test session starts \(title)
        collected 4 items

        tests/test_a.py ..F.

        \(title) FAILURES \(title)
        \(bar) test_own \(bar)

        E   assert 1 == 2
        \(title) short test summary info \(title)
        PASSED tests/test_a.py::test_fine
        FAILED tests/test_a.py::test_own - assert 1 == 2
        \(title) 1 failed, 3 passed in 0.12s \(title)

        """)
  }

  @Test func `of SymPy keeps what stands behind the last test of a file`() {
    let wide = String(repeating: "_", count: 80)
    let side = String(repeating: "_", count: 20)
    func log(_ middle: String, _ count: Int, _ last: String, _ blocks: String, _ end: String) -> String {
      "\(title) test process starts \(title)\n\nm/tests/test_a.py[\(count)] \ntest_one ok\n\(middle)\(last)\n\n\(blocks)\n\(end)"
    }
    func line(_ text: String, _ mark: String) -> String {
      text + String(repeating: " ", count: 80 - text.count - mark.count) + mark
    }
    let block =
      "\(wide)\n\(side) m/tests/test_a.py:test_x_kovefa \(side)\nTraceback (most recent call last):\nAssertionError\n"
    let canaries = [canary("m/tests/test_a.py", .assertion, nil, "test_x_kovefa")]
    let found = read(
      log(
        "test_x_kovefa F\n", 3, line("test_two ok", "[FAIL]"), "\n" + block,
        " tests finished: 2 passed, 1 failed, in 0.32 seconds \nDO *NOT* COMMIT!\n"), canaries, runner: .pytest,
      repo: "sympy/sympy")
    #expect(found.statuses == [.failed])
    #expect(
      found.log
        == log("", 2, line("test_two ok", "[OK]"), "\n", " tests finished: 2 passed, in 0.32 seconds \n"))
    let last = read(
      log(
        "", 2, line("test_x_kovefa F", "[FAIL]"), "\n" + block,
        " tests finished: 1 passed, 1 failed, in 0.32 seconds \nDO *NOT* COMMIT!\n"), canaries, runner: .pytest,
      repo: "sympy/sympy")
    #expect(last.log.contains(line("test_one ok", "[OK]")))
  }

  @Test func `without any is the log itself`() {
    let found = read("anything\n", [], runner: .pytest, repo: "a/b")
    #expect(found.log == "anything\n" && found.statuses.isEmpty)
  }
}
