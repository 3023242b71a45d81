import Content
import Foundation

/// Why a rendered text is no prompt. Lines are 1-based and of that text.
package enum PromptError: Error, Hashable, Sendable {
  /// Text, and not only blank lines, stands above the first line that begins a message.
  case textBeforeRole(line: Int)
  /// A line looks like one that begins a message and names no role.
  case unknownRole(String, nearest: [String], line: Int)
  /// `[[role]]` stands in the template on a line that has more than it.
  case roleNotAlone(String, line: Int)
  /// Nothing is left to send.
  case empty

  /// The role names that look like `text`, brackets or not.
  static func roles(like text: String) -> [String] {
    let word = text.filter { $0.isLetter }
    return Nearest.names(to: word, in: Role.allCases.map(\.rawValue)).map { "[[\($0)]]" }
  }
}

extension PromptError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .textBeforeRole(let line): "line \(line) of the prompt stands above the first message"
    case .unknownRole(let text, let nearest, let line):
      "`\(text)` on line \(line) of the prompt names no role"
        + (nearest.isEmpty ? "" : "; nearest: " + nearest.joined(separator: ", "))
    case .roleNotAlone(let text, let line): "`\(text)` on line \(line) of the prompt does not stand alone on its line"
    case .empty: "the prompt is empty"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .textBeforeRole: "begin with a line [[system]] or [[user]]"
    case .unknownRole: "write [[system]], [[user]] or [[assistant]]; \\[[ begins a line that is meant as it stands"
    case .roleNotAlone: "give it a line of its own, or write it inside {% raw %}"
    case .empty: "`template show` prints what it was made from"
    }
  }
}
