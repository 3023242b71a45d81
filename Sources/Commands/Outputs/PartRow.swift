import Content
import Prompts

/// A line of `show prompt --parts`: all pieces of one origin and name together, where the first of them stands.
struct PartRow {
  var name: String
  var origin: String
  var isHidden: Bool
  var tokens: Int

  static func rows(of prompt: Prompt) -> [PartRow] {
    var rows: [PartRow] = []
    for message in prompt.messages {
      for part in message.parts {
        let row = PartRow(part, role: message.role)
        if let known = rows.firstIndex(where: { $0.name == row.name && $0.origin == row.origin }) {
          rows[known].tokens += row.tokens
        } else {
          rows.append(row)
        }
      }
    }
    return rows
  }

  private init(_ part: PromptPart, role: Role) {
    switch part.origin {
    case .template: name = "\(role.rawValue): \(part.name)"
    case .repository(_, let path, let first, let last): name = "\(path):\(first)-\(last)"
    default: name = part.name
    }
    origin = part.origin.description
    if case .repository(let commit, _, _, _) = part.origin { origin = "repository@\(commit.prefix(7))" }
    isHidden = part.origin.isHidden
    tokens = part.tokens
  }
}
