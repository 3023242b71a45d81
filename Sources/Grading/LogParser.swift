import Instances

/// Reads what became of each test from a test log, by the rules of SWE-bench's harness.
package struct LogParser: Hashable, Sendable {
  /// The shapes of logs, by the harness's names of their readers.
  package enum Form: String, CaseIterable, Hashable, Sendable {
    /// `python3 -m unittest -v`, which the harness does not read.
    case unittest
    case pytest = "parse_log_pytest"
    case pytestOptions = "parse_log_pytest_options"
    case pytestV2 = "parse_log_pytest_v2"
    case matplotlib = "parse_log_matplotlib"
    case seaborn = "parse_log_seaborn"
    case django = "parse_log_django"
    case sympy = "parse_log_sympy"
  }

  package let form: Form
  package let harness: Harness

  package init(form: Form, harness: Harness) {
    self.form = form
    self.harness = harness
  }

  /// The reader of a row's logs: the one the row names, by the rules of 5.0, or else the one of its repository, by
  /// those of 4.1.
  package init(_ instance: Instance) throws(GradeError) {
    if let name = instance.logParser {
      guard let form = Form(named: name) else { throw .unknownParser(name) }
      self.init(form: form, harness: .v5)
    } else {
      self.init(runner: instance.runner, repo: instance.repo)
    }
  }

  /// The reader for a program's logs; under `pytest` some repositories have one of their own, by the rules of 4.1.
  package init(runner: TestRunner, repo: String) {
    switch runner {
    case .unittest: self.init(form: .unittest, harness: .v4)
    case .django: self.init(form: .django, harness: .v4)
    case .pytest: self.init(form: Form(repo: repo) ?? .pytest, harness: .v4)
    }
  }

  /// The outcomes in what a test command printed. Names are as the harness spells them, so that the lists of the rows
  /// match; for `unittest` they are `test_x (module.Class)` under every version of Python.
  package func outcomes(in log: [UInt8]) -> Outcomes {
    LogText.reading(log) { outcomes(in: $0) }
  }

  func outcomes(in text: LogText) -> Outcomes {
    var table = OutcomeTable()
    switch form {
    case .unittest: UnittestLog.read(text, into: &table)
    case .django: DjangoLog.read(text, into: &table)
    case .sympy: SympyLog.read(text, into: &table)
    default: PytestLog(form: form, harness: harness).read(text, into: &table)
    }
    return table.outcomes
  }

  /// The statuses by test name in what a test command printed, whether it came from the harness or not.
  ///
  /// - Parameters:
  ///   - log: what the test command printed, without what was printed before and after it.
  ///   - runner: which program wrote it.
  ///   - repo: `owner/name`; under `pytest` some repositories have rules of their own.
  /// - Returns: one status for each name.
  package static func outcomes(in log: [UInt8], runner: TestRunner, repo: String) -> [String: TestStatus] {
    let parser = LogParser(runner: runner, repo: repo)
    let outcomes = parser.outcomes(in: log)
    // SymPy's tests may have been run by pytest instead.
    guard outcomes.isEmpty, parser.form == .sympy else { return outcomes.statuses }
    return LogParser(form: .pytest, harness: .v4).outcomes(in: log).statuses
  }
}

extension LogParser.Form {
  /// The reader called `name` by the harness, which has further names for some.
  package init?(named name: String) {
    if let form = LogParser.Form(rawValue: name), form != .unittest {
      self = form
      return
    }
    switch name {
    case "parse_log_astroid", "parse_log_flask", "parse_log_marshmallow", "parse_log_pvlib", "parse_log_pyvista",
      "parse_log_sqlfluff", "parse_log_xarray":
      self = .pytest
    case "parse_log_pydicom", "parse_log_requests", "parse_log_pylint": self = .pytestOptions
    case "parse_log_astropy", "parse_log_scikit", "parse_log_sphinx": self = .pytestV2
    default: return nil
    }
  }

  /// The reader that the harness has for the repository `owner/name`; nil for one it does not know.
  package init?(repo: String) {
    switch repo {
    case "django/django": self = .django
    case "sympy/sympy": self = .sympy
    case "matplotlib/matplotlib": self = .matplotlib
    case "mwaskom/seaborn": self = .seaborn
    case "astropy/astropy", "scikit-learn/scikit-learn", "sphinx-doc/sphinx": self = .pytestV2
    case "psf/requests", "pylint-dev/pylint", "pydicom/pydicom": self = .pytestOptions
    case "pallets/flask", "pydata/xarray", "pytest-dev/pytest", "marshmallow-code/marshmallow", "pvlib/pvlib-python",
      "pylint-dev/astroid", "pyvista/pyvista", "sqlfluff/sqlfluff":
      self = .pytest
    default: return nil
    }
  }
}
