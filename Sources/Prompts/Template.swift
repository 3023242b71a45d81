import Content
import Synchronization

/// A prompt template in a strict subset of Jinja2: what it renders, Jinja2 with `StrictUndefined` renders the same.
///
/// - `{{ name.field[0] | filter("x") }}` prints. Literals are strings, integers, true, false, none and lists.
/// - `{% if %}`, `{% elif %}`, `{% else %}`, `{% endif %}`, with `and`, `or`, `not`, `==`, `!=`, `<`, `<=`, `>`, `>=`,
///   `in`, `not in`, `is defined` and `is none`.
/// - `{% for x in xs %}`, `{% else %}`, `{% endfor %}`, with loop.index, index0, first, last and length.
/// - `{% set x = ... %}`, `{% include "name" %}`, `{% raw %}`, `{# ... #}`, and `-` at the inner side of a mark to take the white space away.
/// - Filters: upper, lower, trim, length, join, indent, default, first, last.
///
/// Stricter than Jinja2: printing a list, an object or none is an error, and so is an unknown name anywhere. `indent`
/// breaks lines at LF only. `{# part: NAME #}` names the template's own text after it.
package struct Template: Sendable {
  /// What it is called.
  package let name: String
  /// Its text as it was given.
  package let source: String

  let nodes: [Node]

  /// The template that `source` spells. Time is linear in its length.
  ///
  /// - Parameters:
  ///   - name: what it is called.
  ///   - source: its text.
  ///   - includes: the templates that it may include, by name.
  /// - Returns: the template, with those that it includes.
  /// - Throws: `TemplateError`.
  package static func parse(
    name: String, source: String, includes: [String: String] = [:]
  ) throws(TemplateError) -> Template {
    let text = Spelt(name: name, source: source, includes: includes)
    if let known = known.withLock({ $0[text] }) { return known }
    let template = try parse(name: name, source: source, within: Includes(sources: includes, open: [name]))
    known.withLock { known in
      if known.count >= 16 { known = [:] }
      known[text] = template
    }
    return template
  }

  private struct Spelt: Hashable {
    let name: String
    let source: String
    let includes: [String: String]
  }

  /// The last that were read: every attempt of a batch has the same.
  private static let known = Mutex<[Spelt: Template]>([:])

  static func parse(name: String, source: String, within includes: Includes) throws(TemplateError) -> Template {
    let text = TemplateSource(source)
    var lexer = TemplateLexer(text)
    var parser = TemplateParser(text, try lexer.tokens(), includes)
    return Template(name: name, source: source, nodes: try parser.template())
  }

  /// The names that `source` includes, in their order, as far as it can be read.
  package static func included(by source: String) -> [String] {
    var lexer = TemplateLexer(TemplateSource(source))
    guard let tokens = try? lexer.tokens() else { return [] }
    return tokens.indices.compactMap { index in
      guard tokens[index].kind == .name("include"), index > 0, tokens[index - 1].kind == .blockBegin,
        index + 1 < tokens.count, case .string(let name) = tokens[index + 1].kind
      else { return nil }
      return name
    }
  }

  /// The text for `values`, as segments; neighbours of one origin and name are one segment.
  package func render(_ values: [String: Value]) throws(TemplateError) -> [Segment] {
    Template.merged(try pieces(values))
  }

  /// The text for `values`, in the pieces it was printed in.
  func pieces(_ values: [String: Value]) throws(TemplateError) -> [Piece] {
    var renderer = Renderer(name: name, source: source, values: values)
    try renderer.render(nodes)
    return renderer.pieces
  }

  static func merged(_ pieces: [Piece]) -> [Segment] {
    var segments: [Segment] = []
    var run: Piece?
    for piece in pieces where !piece.text.isEmpty {
      if run?.origin == piece.origin, run?.name == piece.name {
        run?.text += piece.text
        continue
      }
      if let run { segments.append(Segment(text: run.text, origin: run.origin, name: run.name)) }
      run = piece
    }
    if let run { segments.append(Segment(text: run.text, origin: run.origin, name: run.name)) }
    return segments
  }
}

/// The bytes of a template as Jinja2 reads them: every line end is LF, and one at the very end is dropped.
struct TemplateSource {
  let bytes: [UInt8]

  init(_ source: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.utf8.count)
    var last: UInt8 = 0
    for byte in source.utf8 {
      if byte == 13 || (byte == 10 && last != 13) { bytes.append(10) } else if byte != 10 { bytes.append(byte) }
      last = byte
    }
    if bytes.last == 10 { bytes.removeLast() }
    self.bytes = bytes
  }

  /// The text between two offsets.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The place of a byte offset.
  func position(_ offset: Int) -> TemplateError.Position {
    var line = 1
    var column = 1
    for byte in bytes.prefix(offset) {
      if byte == 10 {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return TemplateError.Position(line: line, column: column)
  }
}
