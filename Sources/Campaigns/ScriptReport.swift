import Attempts

/// What a run of a script resulted in, case by case: for JUnit's readers, GitHub's runners and the page.
package struct ScriptReport: Sendable {
  /// One expectation, one instance, or a line that could not be carried out.
  package struct Case: Hashable, Sendable {
    /// How it ended. What the model did not solve, and an expectation that does not hold, is a failure; what kept it
    /// from being judged is an error. Each says its kind in a word.
    package enum End: Hashable, Sendable {
      case passed
      case failure(String)
      case error(String)
      /// It was not reached, or a person stopped it.
      case skipped
    }

    /// The script, or the repository of an instance.
    package let group: String
    package let name: String
    package let end: End
    /// Why it ended so; empty where it passed.
    package let message: String
    package let seconds: Double
    /// The script's line, from 1; nil of an instance.
    package let line: Int?

    package init(
      group: String, name: String, end: End, message: String = "", seconds: Double = 0, line: Int? = nil
    ) {
      self.group = group
      self.name = name
      self.end = end
      self.message = message
      self.seconds = seconds
      self.line = line
    }
  }

  /// Cases that belong together.
  package struct Suite: Hashable, Sendable {
    package let name: String
    package let cases: [Case]

    package init(name: String, cases: [Case]) {
      self.name = name
      self.cases = cases
    }
  }

  /// The script's name, as it was typed.
  package let name: String
  /// ISO-8601.
  package let timestamp: String
  package let seconds: Double
  /// Those without a case are left out.
  package let suites: [Suite]
  /// The phases that were run, in their order.
  package let phases: [PhaseResults]
  /// The instances with what was said in their attempts.
  package let stories: [InstanceStory]

  package init(
    name: String, timestamp: String, seconds: Double, suites: [Suite], phases: [PhaseResults] = [],
    stories: [InstanceStory] = []
  ) {
    self.name = name
    self.timestamp = timestamp
    self.seconds = seconds
    self.suites = suites.filter { !$0.cases.isEmpty }
    self.phases = phases
    self.stories = stories
  }

  package var cases: [Case] { suites.flatMap(\.cases) }

  /// `3 of 5 expectations and instances passed, 1 failure, 1 error`.
  package var sentence: String {
    let cases = cases
    guard !cases.isEmpty else { return "nothing was expected and no instance was run" }
    let passed = cases.count { $0.end == .passed }
    var parts = ["\(passed) of \(cases.count) passed"]
    for (count, word) in [
      (cases.count { $0.isFailure }, "failure"), (cases.count { $0.isError }, "error"),
    ] where count > 0 { parts.append("\(count) \(word)\(count == 1 ? "" : "s")") }
    let skipped = cases.count { $0.end == .skipped }
    if skipped > 0 { parts.append("\(skipped) not reached") }
    return parts.joined(separator: ", ")
  }
}

extension ScriptReport.Case {
  /// The case of an instance.
  package init(_ record: InstanceRecord) {
    let told = record.finalError ?? record.errorLabel
    let end: End =
      if record.verified { .passed } else if record.stop == .cancelled { .skipped } else {
        record.stop.isInfrastructure ? .error(record.stop.rawValue) : .failure(record.errorLabel)
      }
    self.init(
      group: record.repository, name: record.instanceID, end: end, message: record.verified ? "" : told,
      seconds: record.timeSeconds)
  }

  var isFailure: Bool { if case .failure = end { true } else { false } }
  var isError: Bool { if case .error = end { true } else { false } }
}
