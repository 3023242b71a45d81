import Instances

/// Reads what became of each test from a test log, by the rules of SWE-bench's harness (version 4.1.0).
package enum LogParser {
  /// The statuses by test name. Names are as the harness spells them, so that the lists of the rows match; for
  /// `unittest` they are `test_x (module.Class)` under every version of Python. An unreadable log has none.
  ///
  /// - Parameters:
  ///   - log: what the test command printed, without what was printed before and after it.
  ///   - runner: which program wrote it.
  ///   - repo: `owner/name`; under `pytest` some repositories have rules of their own.
  /// - Returns: one status for each name.
  package static func outcomes(in log: [UInt8], runner: TestRunner, repo: String) -> [String: TestStatus] {
    switch runner {
    case .unittest: return UnittestLog.outcomes(in: log)
    case .django: return DjangoLog.outcomes(in: log)
    case .pytest:
      guard repo == "sympy/sympy" else { return PytestLog.outcomes(in: log, form: PytestLog.Form(repo: repo)) }
      let outcomes = SympyLog.outcomes(in: log)
      return outcomes.isEmpty ? PytestLog.outcomes(in: log, form: .first) : outcomes
    }
  }

  /// The statuses in a log of the official harness, which holds the set-up too: read between the harness's marks, or
  /// from the whole log where nothing was read there. Empty where a mark is missing.
  package static func outcomes(inOfficial log: [UInt8], runner: TestRunner, repo: String) -> [String: TestStatus] {
    let start: StaticString = ">>>>> Start Test Output"
    guard let begin = log[...].index(of: start), log[...].index(of: ">>>>> End Test Output") != nil else { return [:] }
    let inner = begin + start.utf8CodeUnitCount
    let end = log[...].index(of: ">>>>> End Test Output", from: inner) ?? log.count
    let outcomes = outcomes(in: Array(log[inner..<end]), runner: runner, repo: repo)
    return outcomes.isEmpty ? self.outcomes(in: log, runner: runner, repo: repo) : outcomes
  }
}
