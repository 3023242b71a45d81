import Content

/// What a template variable holds. Nothing inside a value is ever expanded.
package indirect enum Value: Hashable, Sendable {
  /// Text and where it came from; it keeps that origin through filters and loops.
  case text(String, Origin)
  case number(Int)
  case flag(Bool)
  case list([Value])
  case object([String: Value])
  /// Nothing: false in a condition, and an error where it is printed.
  case none
}

/// A piece of rendered text with where it came from.
package struct Segment: Hashable, Codable, Sendable {
  /// The text, never empty.
  package let text: String
  /// Its origin; `.template` for the template's own text and for numbers that it prints.
  package let origin: Origin
  /// What it belongs to: the variable's dotted path, such as `files[0].text`, or for the template's own text the name
  /// that the comment `{# part: NAME #}` above it gives, or `template`.
  package let name: String

  /// A piece of text.
  package init(text: String, origin: Origin, name: String) {
    self.text = text
    self.origin = origin
    self.name = name
  }
}

/// A segment while it is being rendered: one that stands in the template as it is (`isSource`) may hold a line that
/// begins a message, what a variable or an expression printed never does.
struct Piece {
  var text: String
  var origin: Origin
  var name: String
  var isSource: Bool
}
