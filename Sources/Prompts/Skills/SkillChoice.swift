import Content

/// The skills that a prompt shows, and why.
package struct SkillChoice: Hashable, Codable, Sendable {
  /// One skill that fits.
  package struct Item: Hashable, Codable, Sendable {
    package let skill: Skill
    /// The local estimate of its text.
    package let tokens: Int
    /// What held, such as `words formset`; `always` where it has no condition.
    package let reason: String
    /// False where the share of the budget was used up before it.
    package let isShown: Bool
  }

  /// Those that fit, in the order of their rank.
  package let items: [Item]

  /// The skills that are shown.
  package var shown: [Item] { items.filter(\.isShown) }

  /// Chooses by rule: every condition must hold; those with more conditions come first, then those of which more words
  /// are found, then by name. Of these as many whole skills are shown as `budget` has room for.
  ///
  /// - Parameters:
  ///   - skills: all there are.
  ///   - repository: the row's `owner/name`.
  ///   - issue: the issue text.
  ///   - paths: the files that the prompt shows.
  ///   - budget: the most tokens.
  ///   - ratio: for the token estimate.
  package init(
    from skills: [Skill], repository: String, issue: String, paths: [String], budget: Int, ratio: TokenRatio = 1
  ) {
    guard !skills.isEmpty else {
      items = []
      return
    }
    let folded = " " + SkillChoice.words(issue).joined(separator: " ") + " "
    var found: [(skill: Skill, reasons: [String], hits: Int)] = []
    for skill in skills {
      var reasons: [String] = []
      var hits = 0
      for condition in skill.conditions {
        let held = condition.values.filter {
          SkillChoice.holds(condition.kind, $0, repository, issue, folded, paths)
        }
        if held.isEmpty { break }
        hits += held.count
        reasons.append("\(condition.kind.rawValue) \(held.prefix(3).joined(separator: ", "))")
      }
      if reasons.count == skill.conditions.count { found.append((skill, reasons, hits)) }
    }
    found.sort {
      ($1.skill.conditions.count, $1.hits, $0.skill.name) < ($0.skill.conditions.count, $0.hits, $1.skill.name)
    }
    var left = budget
    var items: [Item] = []
    for one in found {
      let tokens = Tokens.estimate(one.skill.text, ratio: ratio)
      let fits = tokens <= left
      if fits { left -= tokens }
      items.append(
        Item(
          skill: one.skill, tokens: tokens,
          reason: one.reasons.isEmpty ? "always" : one.reasons.joined(separator: "; "), isShown: fits))
    }
    self.items = items
  }

  private static func holds(
    _ kind: Skill.Condition.Kind, _ value: String, _ repository: String, _ issue: String, _ folded: String,
    _ paths: [String]
  ) -> Bool {
    switch kind {
    case .repository: repository == value || repository.hasPrefix(value + "/")
    case .path: paths.contains { $0.hasPrefix(value) } || issue.contains(value)
    case .error: issue.contains(value)
    case .words: folded.contains(" " + words(value).joined(separator: " ") + " ")
    }
  }

  /// The runs of letters, digits and underscores of a text in small letters, as far as anybody writes an issue.
  private static func words(_ text: String) -> [Substring] {
    text.lowercased().prefix(100_000).split { !($0.isLetter || $0.isNumber || $0 == "_") }
  }
}
