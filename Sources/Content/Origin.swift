/// Where a piece of text came from. Every part of a prompt carries one, so that nothing the hidden tests said can reach
/// a model unlabelled.
package enum Origin: Hashable, Sendable, Codable {
  /// The issue text of the row (`problem_statement`).
  case issue
  /// Lines of a file at a commit; lines are 1-based and inclusive.
  case repository(commit: String, path: String, firstLine: Int, lastLine: Int)
  /// Output of a test that exists at the base commit.
  case visibleTest
  /// Output of FAIL_TO_PASS or PASS_TO_PASS tests, or text of the test patch.
  case hiddenTest
  /// The row's gold patch.
  case gold
  /// The row's `hints_text`.
  case hints
  /// A skill, by its name.
  case skill(String)
  /// A template, by its name.
  case template(String)
  /// What ramp itself says of an earlier attempt without quoting a hidden test.
  case feedback(attempt: Int)
  /// Text replaced by hand; `of` is the content it took the place of.
  case tweak(of: Hash)

  /// True where the text tells what only the judge should know. A prompt with such a part makes its attempt assisted.
  package var isHidden: Bool {
    switch self {
    case .hiddenTest, .gold, .hints: true
    case .issue, .repository, .visibleTest, .skill, .template, .feedback, .tweak: false
    }
  }
}

extension Origin: CustomStringConvertible {
  package var description: String {
    switch self {
    case .issue: "issue"
    case .repository(let commit, let path, let first, let last):
      "repository@\(commit.prefix(7)):\(path):\(first)-\(last)"
    case .visibleTest: "visible test"
    case .hiddenTest: "hidden test"
    case .gold: "gold"
    case .hints: "hints"
    case .skill(let name): "skill \(name)"
    case .template(let name): "template \(name)"
    case .feedback(let attempt): "feedback on attempt \(attempt)"
    case .tweak(let hash): "tweak of \(hash.short)"
    }
  }
}
