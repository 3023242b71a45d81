import Content
import Foundation

/// A piece of advice for bugs of one kind, with an example: a Markdown text under a small header.
///
/// ```
/// ---
/// name: django-forms
/// when: repository django/django
/// when: path django/forms/
/// when: words form, formset, widget
/// ---
/// ```
///
/// Each `when` names a kind of condition (`repository`, `path`, `error` or `words`) and values parted by commas, one of
/// which must hold. All conditions must hold; a skill without any is for every bug.
package struct Skill: Hashable, Codable, Sendable {
  /// One line of `when`.
  package struct Condition: Hashable, Codable, Sendable {
    /// What is looked at.
    package enum Kind: String, CaseIterable, Codable, Sendable {
      /// `owner/name` of the row, or its owner alone.
      case repository
      /// The beginning of the path of a file that is shown, or a path that the issue names.
      case path
      /// An exception that the issue names.
      case error
      /// A word or some words of the issue, whatever their case.
      case words
    }

    package let kind: Kind
    package let values: [String]
  }

  package let name: String
  package let conditions: [Condition]
  /// The Markdown below the header, without blank lines at its ends.
  package let text: String
  /// The file as it was read.
  package let source: String

  /// The most bytes of a skill: it is to be short.
  package static let limit = 16 << 10

  /// The skill that `source` spells.
  package init(parsing source: String, place: String) throws(SkillError) {
    guard source.utf8.count <= Skill.limit else { throw .tooLong(place) }
    let lines = source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    guard lines.first?.trimmed == "---", let end = lines.dropFirst().firstIndex(where: { $0.trimmed == "---" }) else {
      throw .noHeader(place)
    }
    var name = ""
    var conditions: [Condition] = []
    for (number, line) in lines[1..<end].enumerated() where !line.trimmed.isEmpty {
      let parts = line.split(separator: ":", maxSplits: 1).map { String($0).trimmed }
      switch parts.first {
      case "name" where parts.count == 2: name = parts[1]
      case "when" where parts.count == 2:
        let words = parts[1].split(separator: " ", maxSplits: 1).map(String.init)
        guard words.count == 2, let kind = Condition.Kind(rawValue: words[0]) else {
          throw .badLine(place, line: number + 2)
        }
        let values = words[1].split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
        conditions.append(Condition(kind: kind, values: values))
      default: throw .badLine(place, line: number + 2)
      }
    }
    guard !name.isEmpty, name.utf8.allSatisfy({ Skill.isNameByte($0) }) else { throw .noName(place) }
    let body = lines[(end + 1)...].drop { $0.trimmed.isEmpty }
    let kept = body.reversed().drop { $0.trimmed.isEmpty }.reversed()
    guard !kept.isEmpty else { throw .empty(place) }
    (self.name, self.conditions, self.source) = (name, conditions, source)
    text = kept.joined(separator: "\n")
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 95
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}

/// Why a file is no skill.
package enum SkillError: Error, Hashable, Sendable {
  case noHeader(String)
  case badLine(String, line: Int)
  case noName(String)
  case empty(String)
  case tooLong(String)
}

extension SkillError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .noHeader(let place): "\(place) has no header"
    case .badLine(let place, let line): "line \(line) of \(place) is no line of a skill's header"
    case .noName(let place): "\(place) has no name of letters, digits, `-` and `_`"
    case .empty(let place): "\(place) has a header and nothing below it"
    case .tooLong(let place): "\(place) is longer than \(Skill.limit >> 10) kB"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .noHeader, .noName: "begin it with `---`, `name: NAME`, lines such as `when: words form, widget`, and `---`"
    case .badLine:
      "it is `name: NAME`, or `when:` with repository, path, error or words, and values parted by commas"
    case .empty: "write the advice below the header, with an example"
    case .tooLong: "a skill is a page at most: split it"
    }
  }
}
