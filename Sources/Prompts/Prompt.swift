import Content

/// Who says a message, as chat models name them.
package enum Role: String, CaseIterable, Codable, Sendable {
  case system, user, assistant
}

/// One part of a message, with where it came from and what it costs.
package struct PromptPart: Hashable, Codable, Sendable {
  /// The variable's dotted path, or what the template calls this part of its own text.
  package let name: String
  /// Where its text came from.
  package let origin: Origin
  /// The text as the model gets it.
  package let text: String
  /// The local estimate of its tokens.
  package let tokens: Int

  /// A part whose tokens are estimated with `ratio`.
  package init(name: String, origin: Origin, text: String, ratio: TokenRatio = 1) {
    self.name = name
    self.origin = origin
    self.text = text
    tokens = Tokens.estimate(text, ratio: ratio)
  }
}

/// One message of a prompt.
package struct PromptMessage: Hashable, Codable, Sendable {
  /// Who says it.
  package let role: Role
  /// Its parts in their order; the text is all of theirs, with nothing between.
  package let parts: [PromptPart]

  /// A message of `parts`.
  package init(role: Role, parts: [PromptPart]) {
    self.role = role
    self.parts = parts
  }

  /// What the model gets.
  package var text: String { parts.map(\.text).joined() }
}

/// What a model is asked, as messages whose every part carries its origin.
package struct Prompt: Hashable, Codable, Sendable {
  /// The name of the template.
  package let template: String
  /// The messages, at least one.
  package let messages: [PromptMessage]
  /// The local estimate for the whole: each message's text and what a message costs beside it.
  package let tokens: Int

  /// A prompt whose tokens are estimated with `ratio`.
  package init(template: String, messages: [PromptMessage], ratio: TokenRatio = 1) {
    self.template = template
    self.messages = messages
    tokens = messages.reduce(0) { $0 + Tokens.estimate($1.text, ratio: ratio) + Tokens.perMessage }
  }

  /// True where a part tells what only the judge should know.
  package var isTainted: Bool { messages.contains { $0.parts.contains(where: \.origin.isHidden) } }
}

/// Where skills stand in a prompt.
package enum SkillPosition: String, CaseIterable, Codable, Sendable {
  /// Before the files.
  case head
  /// Behind the issue, before the task.
  case tail
}

/// Whether a prompt shows skills, and how many of them.
package struct SkillOptions: Hashable, Codable, Sendable {
  package enum Switch: String, CaseIterable, Codable, Sendable { case on, off }

  package var skills = Switch.off
  package var position = SkillPosition.tail
  /// The most of the prompt's window that skills may take, in percent.
  package var share = 10

  package init() {}
}

/// The settings that the prompt stage reads.
package struct PromptOptions: Hashable, Codable, Sendable {
  /// The template's name.
  package var template: String
  /// What the local token estimate is multiplied by.
  package var tokensRatio: TokenRatio

  /// Options; the defaults are what a new session has.
  package init(template: String = "repair", tokensRatio: TokenRatio = 1) {
    self.template = template
    self.tokensRatio = tokensRatio
  }
}
