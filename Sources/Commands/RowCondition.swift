import Attempts
import Foundation
import Grading

/// What stands behind `--where`: `repo = django/django and last = apply_failed`.
struct RowCondition {
  /// A row as conditions see it.
  struct Subject {
    let id, repository, set: String
    let difficulty: String?
    /// What its last take that counts came to; nil without one.
    let verdict: String?
    let failure: String?
  }

  private struct Term {
    let field: String
    let isEqual: Bool
    let isPart: Bool
    let value: String
  }

  private static let fields = ["id", "repo", "set", "difficulty", "verdict", "last"]
  private let terms: [Term]

  /// - Throws: `BatchError.badCondition`.
  init(_ text: String) throws {
    terms = try text.split(separator: " and ").map { part in
      let words = part.split(separator: " ", maxSplits: 2).map(String.init)
      guard words.count == 3 else { throw BatchError.badCondition(text, reason: "`\(part)` is not FIELD = VALUE") }
      guard RowCondition.fields.contains(words[0]) else {
        throw BatchError.badCondition(text, reason: "there is no field `\(words[0])`")
      }
      guard ["=", "!=", "~", "!~"].contains(words[1]) else {
        throw BatchError.badCondition(text, reason: "`\(words[1])` is none of = != ~ !~")
      }
      let value = words[2].trimmingCharacters(in: .whitespaces)
      guard value != "and", !value.hasSuffix(" and") else {
        throw BatchError.badCondition(text, reason: "nothing stands behind `and`")
      }
      let known = VerdictWord.allCases.map(\.rawValue) + FailureCode.allCases.map(\.rawValue) + ["none"]
      if ["verdict", "last"].contains(words[0]), words[1].hasSuffix("="), !known.contains(value) {
        throw BatchError.badCondition(text, reason: "`\(value)` is no verdict and no failure code")
      }
      return Term(field: words[0], isEqual: !words[1].hasPrefix("!"), isPart: words[1].hasSuffix("~"), value: value)
    }
    if terms.isEmpty { throw BatchError.badCondition(text, reason: "it is empty") }
  }

  func holds(_ row: Subject) -> Bool {
    terms.allSatisfy { term in
      let values: [String] =
        switch term.field {
        case "id": [row.id]
        case "repo": [row.repository]
        case "set": [row.set]
        case "difficulty": [row.difficulty ?? "none"]
        case "verdict": [row.verdict ?? "none"]
        default:
          [row.failure, row.verdict].compactMap(\.self).isEmpty
            ? ["none"] : [row.failure, row.verdict].compactMap(\.self)
        }
      let isMet = values.contains { term.isPart ? $0.contains(term.value) : $0 == term.value }
      return isMet == term.isEqual
    }
  }
}
