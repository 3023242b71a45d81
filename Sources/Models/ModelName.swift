import Foundation

/// A model as it is typed and recorded: `KIND` or `KIND:NAME`, e.g. `gold`, `scripted:replies.jsonl`.
package struct ModelName: Hashable, Sendable, CustomStringConvertible {
  /// The kinds there are. Servers come with a later version.
  package enum Kind: String, CaseIterable, Sendable {
    /// The hand-written replies of the practice set.
    case practice
    /// The row's own gold patch, to try everything but the model.
    case gold
    /// Replies read from a file or from the script's sections, in order.
    case scripted
    /// The replies of a session file, found by what was asked.
    case recorded

    /// One line for `model list`.
    package var summary: String {
      switch self {
      case .practice: "hand-written replies of the practice set"
      case .gold: "answers with the row's gold patch, to try everything but the model"
      case .scripted: "replies from a file (`scripted:FILE`) or the script's own sections, in order"
      case .recorded: "replies of a session file (`recorded:FILE`), found by what was asked"
      }
    }
  }

  package let kind: Kind
  /// What follows the colon; empty where there is none.
  package let argument: String

  package init(_ kind: Kind, _ argument: String = "") {
    self.kind = kind
    self.argument = argument
  }

  /// - Throws: `ModelError.unknownKind` where the part before the colon is no kind.
  package init(parsing text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let kind = Kind(rawValue: parts[0]) else { throw ModelError.unknownKind(parts[0]) }
    self.init(kind, parts.count > 1 ? parts[1] : "")
    if kind == .recorded, argument.isEmpty { throw ModelError.needsFile(kind) }
  }

  package var description: String { argument.isEmpty ? kind.rawValue : "\(kind.rawValue):\(argument)" }

  /// As people and results read it: practice replies always say that nobody's model wrote them.
  package var title: String { kind == .practice ? "practice (hand-written)" : description }
}
