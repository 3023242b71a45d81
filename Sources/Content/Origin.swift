/// Where a piece of text came from. Every part of a prompt carries one, so that nothing the hidden tests said can reach
/// a model unlabelled.
package enum Origin: Hashable, Sendable {
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

/// An object with a `kind` and what belongs to it: `{"kind": "template", "name": "repair"}`.
extension Origin: Codable {
  private enum Kind: String, Codable {
    case issue, repository, visibleTest, hiddenTest, gold, hints, skill, template, feedback, tweak
  }

  private enum CodingKeys: String, CodingKey {
    case kind, commit, path, firstLine, lastLine, name, attempt, of
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self =
      switch try fields.decode(Kind.self, forKey: .kind) {
      case .issue: .issue
      case .repository:
        .repository(
          commit: try fields.decode(String.self, forKey: .commit), path: try fields.decode(String.self, forKey: .path),
          firstLine: try fields.decode(Int.self, forKey: .firstLine),
          lastLine: try fields.decode(Int.self, forKey: .lastLine))
      case .visibleTest: .visibleTest
      case .hiddenTest: .hiddenTest
      case .gold: .gold
      case .hints: .hints
      case .skill: .skill(try fields.decode(String.self, forKey: .name))
      case .template: .template(try fields.decode(String.self, forKey: .name))
      case .feedback: .feedback(attempt: try fields.decode(Int.self, forKey: .attempt))
      case .tweak: .tweak(of: try fields.decode(Hash.self, forKey: .of))
      }
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(kind, forKey: .kind)
    switch self {
    case .issue, .visibleTest, .hiddenTest, .gold, .hints: break
    case .repository(let commit, let path, let firstLine, let lastLine):
      try fields.encode(commit, forKey: .commit)
      try fields.encode(path, forKey: .path)
      try fields.encode(firstLine, forKey: .firstLine)
      try fields.encode(lastLine, forKey: .lastLine)
    case .skill(let name), .template(let name): try fields.encode(name, forKey: .name)
    case .feedback(let attempt): try fields.encode(attempt, forKey: .attempt)
    case .tweak(let hash): try fields.encode(hash, forKey: .of)
    }
  }

  private var kind: Kind {
    switch self {
    case .issue: .issue
    case .repository: .repository
    case .visibleTest: .visibleTest
    case .hiddenTest: .hiddenTest
    case .gold: .gold
    case .hints: .hints
    case .skill: .skill
    case .template: .template
    case .feedback: .feedback
    case .tweak: .tweak
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
