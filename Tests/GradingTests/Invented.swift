import Grading

/// Logs made of the pieces that parsers look for.
enum Invented {
  static let repositories: [(LogParser.Form, String)] = [
    (.pytest, "pallets/flask"), (.pytestOptions, "psf/requests"), (.pytestV2, "astropy/astropy"),
    (.matplotlib, "matplotlib/matplotlib"), (.seaborn, "mwaskom/seaborn"), (.django, "django/django"),
    (.sympy, "sympy/sympy"),
  ]

  private static let common = [
    "\n", "\n", "\n", "\r\n", "\r", " ", "\t", "\u{A0}", "\u{2003}", "\u{1C}", "t.py::a", "x", "\u{E9}", "e\u{301}",
    "- ",
    " - ", "漢", "\u{0}", "ok", "1", "FAIL:", "ERROR:",
  ]
  private static let pytest = [
    "PASSED", "FAILED", "ERROR", "SKIPPED", "XFAIL", "PASSED ", "FAILED ", "ERROR ", "SKIPPED ", "XFAIL ", "t.py::b[",
    "[", "]", "[1]", "[\u{663}]", "[12]", "/", "/x/y", "//", "*", "t.py::c[a b]", "t.py::c[a", "MouseButton.LEFT",
    "MouseButton.RIGHT", "[31m", "\u{1B}[0m", "m", "[3", " PASSED ", "t.py::d PASSED", "%]", "[\u{663}m",
  ]
  private static let django = [
    " ... ", "...", " ... ok", " ... OK", " ...  OK", " ... skipped", " ... FAIL", " ... ERROR", "test_a (m.A)",
    "test_b (m.B)", "\nok\n", "\nok", "Testing against Django installed in ", "Internal Server Error: /",
    "System check identified no issues (0 silenced)", "System check identified no issues (0 silenced).", " silenced).",
    " silenced).\nok\n", "/\nok\n", "--version is equivalent to version",
    "Applying sites.0002_alter_domain_unique...test_no_migrations", "A docstring.", "FAIL: ", "ERROR: ", "okay",
  ]
  private static let sympy = [
    "test_a", "test_b", " ok", " E", " F", " f", "_", "____ ", " ____", "x.py:", ".py:", "a.py:test_a", " ", " [OK]",
    "[FAIL]", "__ a/b.py:test_c __",
  ]
  private static let marks = [
    ">>>>> Start Test Output", ">>>>> End Test Output", ">>>>> Test Exit Code: 1", ">>>>> Test Exit Code:\n-0",
    ">>>>> Reset Failed", "3 passing", "Executed 0 of 0", "Tests:  4", "': ok", "10 specs, 0 failures",
    "Test Suites: 1 failed, 2 total", "# tests 9", "TOTAL: 5 FAILED", "Killed", "no tests ran",
    "Timeout error: 9 seconds exceeded",
  ]

  static func log(_ form: LogParser.Form, using generator: inout SeededGenerator) -> [UInt8] {
    let own =
      switch form {
      case .django: django
      case .sympy: sympy
      default: pytest
      }
    var text = Int.random(in: 0..<20, using: &generator) == 0 ? "" : "\n>>>>> Start Test Output\n"
    for _ in 0..<Int.random(in: 0...40, using: &generator) {
      let pieces = Int.random(in: 0..<3, using: &generator) == 0 ? common : own
      text += pieces.randomElement(using: &generator) ?? ""
      if Int.random(in: 0..<60, using: &generator) == 0 { text += marks.randomElement(using: &generator) ?? "" }
    }
    if Int.random(in: 0..<20, using: &generator) > 0 { text += "\n>>>>> End Test Output\n" }
    if Int.random(in: 0..<3, using: &generator) == 0 { text += marks.randomElement(using: &generator) ?? "" }
    return Array(text.utf8)
  }

  /// Some of the names of a log, some of them cut, and some that are in none.
  static func names(_ entries: [Outcomes.Entry], using generator: inout SeededGenerator) -> [String] {
    var names: [String] = []
    for entry in entries where Bool.random(using: &generator) {
      let isCut = Int.random(in: 0..<3, using: &generator) == 0
      let bytes =
        isCut
        ? entry.name.unicodeScalars.prefix(1 + entry.name.unicodeScalars.count / 2) : entry.name.unicodeScalars[...]
      names.append(String(String.UnicodeScalarView(bytes)))
    }
    if Int.random(in: 0..<4, using: &generator) == 0 { names.append("t.py::unknown") }
    if Int.random(in: 0..<4, using: &generator) == 0 { names.append("t.py::c[a") }
    return names
  }
}
