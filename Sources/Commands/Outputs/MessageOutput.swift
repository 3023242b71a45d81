import Terminal

/// One sentence, and the same as fields.
struct MessageOutput: Output {
  let message: String
  let fields: [String: String]

  init(_ message: String, fields: [String: String]) {
    self.message = message
    self.fields = fields
  }

  var summary: String { message }

  func text(_ look: Look) -> String { message.isEmpty ? "" : Untrusted.clean(message) + "\n" }

  func json() throws -> [String] { fields.isEmpty ? [] : [try JSONLine.of(fields)] }
}
