import Grading
import Instances
import Testing

private typealias Frame = TestFailure.Frame

@Suite struct `the failures of a log` {
  private let thick = String(repeating: "=", count: 70)
  private let thin = String(repeating: "-", count: 70)

  @Test func `of unittest are the last of a chain, the innermost frame first`() {
    let log = """
      \(thick)
      ERROR: test_err (m.A.test_err)
      Its docstring
      \(thin)
      Traceback (most recent call last):
        File "/testbed/m.py", line 17, in test_err
          try: {}["k"]
               ~~^^^^^
      KeyError: 'k'

      During handling of the above exception, another exception occurred:

      Traceback (most recent call last):
        File "/usr/lib/python3.11/unittest/case.py", line 57, in run
        File "/testbed/tests/m.py", line 19, in test_err
          inner()
        File "/testbed/pkg/a.py", line 16, in inner
          raise ValueError("bad: thing")
      pkg.errors.ValueError: bad: thing
      second line: of it

      Stdout:
      Noise: here

      \(thick)
      FAIL: test_sub (m.A) (i=1)
      \(thin)
      Traceback (most recent call last):
        File "/testbed/m.py", line 29, in test_sub
      AssertionError

      \(thin)
      Ran 2 tests in 0.004s
      Error: not one
      """
    #expect(
      FailureReader.failures(in: Array(log.utf8), runner: .unittest) == [
        TestFailure(
          test: "test_err (m.A)", exception: "pkg.errors.ValueError", message: "bad: thing",
          detail: ["second line: of it"],
          frames: [
            Frame(path: "pkg/a.py", line: 16, function: "inner", source: #"raise ValueError("bad: thing")"#),
            Frame(path: "tests/m.py", line: 19, function: "test_err", source: "inner()"),
          ]),
        TestFailure(
          test: "test_sub (m.A)", exception: "AssertionError", message: "",
          frames: [Frame(path: "m.py", line: 29, function: "test_sub")]),
      ])
  }

  @Test func `of a module that cannot be imported name what is wrong in it`() {
    let log = """
      \(thick)
      ERROR: test_syn (unittest.loader._FailedTest.test_syn)
      \(thin)
      ImportError: Failed to import test module: test_syn
      Traceback (most recent call last):
        File "/usr/lib/python3.11/unittest/loader.py", line 419, in _find_test_path
          module = self._get_module_from_name(name)
        File "/testbed/pkg/syn.py", line 1
          def f(:
                ^
      SyntaxError: invalid syntax


      """
    #expect(
      FailureReader.failures(in: Array(log.utf8), runner: .django) == [
        TestFailure(
          test: "test_syn (unittest.loader._FailedTest)", kind: .collection, exception: "SyntaxError",
          message: "invalid syntax", frames: [Frame(path: "pkg/syn.py", line: 1, function: "", source: "def f(:")])
      ])
  }

  @Test func `of an exception group are the group`() {
    let log = """
      \(thick)
      ERROR: test_group (m.A)
      \(thin)
        + Exception Group Traceback (most recent call last):
        |   File "/testbed/m.py", line 37, in test_group
        |     raise ExceptionGroup("eg", [ValueError(1)])
        | ExceptionGroup: eg (1 sub-exception)
        +-+---------------- 1 ----------------
          | ValueError: 1
          +------------------------------------
      """
    let failure = FailureReader.failures(in: Array(log.utf8), runner: .unittest).first
    #expect(failure?.exception == "ExceptionGroup")
    #expect(failure?.message == "eg (1 sub-exception)")
    #expect(failure?.frames.map(\.line) == [37])
  }

  @Test func `of pytest have the names of its summary`() {
    let log = """
      ==================================== ERRORS ====================================
      ________________________ ERROR collecting pt/test_r.py _________________________
      /usr/lib/python3/ast.py:50: in parse
          return compile(source, filename, mode, flags,
      E     File "/testbed/pt/test_r.py", line 1
      E       def f(:
      E             ^
      E   SyntaxError: invalid syntax
      __________________________ ERROR at setup of test_fix __________________________
      pt/test_p.py:5: in broken
          raise RuntimeError("fixture")
      E   RuntimeError: fixture
      =================================== FAILURES ===================================
      _________________________________ TestC.test_b _________________________________

      self = <test_p.TestC object at 0x7fdf5ab5b750>

      >   def test_b(self): helper(3)

      pt/test_p.py:8: 
      _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ 

      x = 3

      >       raise ValueError(f"bad {x}")
      E       ValueError: bad 3
      E       second

      pt/util.py:3: ValueError
      _______________________________ test_param[x.y z] ______________________________
      >   def test_param(a): assert a == "q"
      E   assert 'x.y z' == 'q'
      E     - q

      pt/test_p.py:11: AssertionError
      =========================== short test summary info ============================
      ERROR pt/test_r.py
      ERROR pt/test_p.py::test_fix - RuntimeError: fixture
      FAILED pt/test_p.py::TestC::test_b - ValueError: bad 3
      FAILED pt/test_p.py::test_param[x.y z] - AssertionError: assert ...
      """
    let failures = FailureReader.failures(in: Array(log.utf8), runner: .pytest)
    #expect(
      failures.map(\.test) == [
        "pt/test_r.py", "pt/test_p.py::test_fix", "pt/test_p.py::TestC::test_b", "pt/test_p.py::test_param[x.y",
      ])
    #expect(
      failures.map(\.exception) == ["SyntaxError", "RuntimeError", "ValueError", "AssertionError"])
    #expect(failures.map(\.message) == ["invalid syntax", "fixture", "bad 3", "assert 'x.y z' == 'q'"])
    #expect(
      failures[2].frames == [
        Frame(path: "pt/util.py", line: 3, function: "", source: #"raise ValueError(f"bad {x}")"#),
        Frame(path: "pt/test_p.py", line: 8, function: "test_b", source: "def test_b(self): helper(3)"),
      ])
  }
}
