/// What a piece of text means to the reader. The words say it too: colour never stands alone.
package enum Meaning: Hashable, Sendable {
  /// Resolved, passed, holds.
  case good
  /// Unresolved, failed, does not hold.
  case bad
  /// Worth a look, not yet wrong.
  case warning
  /// Of second rank: times, hints, what was kept.
  case dim
  /// A title or the head of a column.
  case heading
  /// A line that the new text has and the old one has not.
  case added
  /// A line that the old text has and the new one has not.
  case removed
  /// A word of an added line, or of a removed one, that its counterpart has not.
  case addedWord
  case removedWord
  case plain

  /// The number of the "select graphic rendition" sequence (ECMA-48, 8.3.117); nil for plain text.
  fileprivate var rendition: String? {
    switch self {
    case .good, .added: "32"
    case .bad, .removed: "31"
    case .warning: "33"
    case .dim: "2"
    case .heading: "1"
    case .addedWord: "32;7"
    case .removedWord: "31;7"
    case .plain: nil
    }
  }
}

/// When to colour: the values of `--color`.
package enum ColorOption: String, CaseIterable, Hashable, Sendable {
  /// On a terminal, unless the environment says otherwise.
  case auto
  case always
  case never
}

/// Whether text is coloured, and how.
package struct Style: Hashable, Sendable {
  package let color: Bool

  package init(color: Bool) {
    self.color = color
  }

  /// The text in the colour of its meaning, line by line, so that a pager which cuts at a newline loses no colour.
  /// The text is taken as it is: clean it before where it comes from outside.
  package func apply(_ meaning: Meaning, _ text: String) -> String {
    guard color, let rendition = meaning.rendition, !text.isEmpty else { return text }
    return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "\u{1B}[\(rendition)m\(String($0))\u{1B}[0m" }
      .joined(separator: "\n")
  }

  /// The style of one output. `--color` decides; then `NO_COLOR` (no-color.org), `CLICOLOR_FORCE` and `CLICOLOR`
  /// (bixense.com/clicolors), `TERM=dumb`, and whether the output is a terminal.
  package static func decide(option: ColorOption, environment: [String: String], isTerminal: Bool) -> Style {
    switch option {
    case .always: return Style(color: true)
    case .never: return Style(color: false)
    case .auto: break
    }
    if let refused = environment["NO_COLOR"], !refused.isEmpty { return Style(color: false) }
    if let forced = environment["CLICOLOR_FORCE"], !forced.isEmpty, forced != "0" { return Style(color: true) }
    guard isTerminal, environment["CLICOLOR"] != "0" else { return Style(color: false) }
    return Style(color: !Screen.isDumb(environment: environment))
  }
}
