import Foundation

/// Why a template cannot be read or rendered. The description names no template and no place: who reports it writes
/// `template repair:3:14: ` in front, from `position`.
package enum TemplateError: Error, Hashable, Sendable {
  /// A place in a template's source, 1-based; columns count Unicode scalars.
  package struct Position: Hashable, Sendable {
    /// The line.
    package let line: Int
    /// The column.
    package let column: Int

    /// The place at `line` and `column`.
    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  /// A `{{`, `{%`, `{#`, string or `{% raw %}` without its end.
  case unclosed(String, at: Position)
  /// Something that cannot stand where it stands.
  case unexpected(found: String, expected: String, at: Position)
  /// `{% name %}` is none of the tags of a template.
  case unknownTag(String, nearest: [String], at: Position)
  /// `| name` is none of the filters.
  case unknownFilter(String, nearest: [String], at: Position)
  /// An `if` or `for` without its end.
  case unclosedBlock(String, at: Position)
  /// Blocks or expressions nested deeper than anybody writes them.
  case tooDeep(at: Position)
  /// A name that stands for nothing. `nearest` look like it, `known` are all that exist there.
  case undefined(String, nearest: [String], known: [String], at: Position)
  /// An operation that its operand does not allow.
  case wrongType(operation: String, found: String, at: Position)
  /// A filter was given arguments that it does not take.
  case badArguments(filter: String, usage: String, at: Position)

  /// No template has the name that is included.
  case unknownTemplate(String, nearest: [String], at: Position)
  /// A template includes itself, perhaps by way of others.
  case includesItself(String, at: Position)
  /// The included template is at fault; its own place is that of the error within.
  indirect case included(String, TemplateError, at: Position)

  /// Rendering was given up: it went on too long, for this reason.
  case tooLong(String, at: Position)
  /// The task that renders was cancelled.
  case cancelled(at: Position)

  /// Where in the source.
  package var position: Position {
    switch self {
    case .unclosed(_, let at), .unexpected(_, _, let at), .unknownTag(_, _, let at), .unknownFilter(_, _, let at),
      .unclosedBlock(_, let at), .tooDeep(let at), .undefined(_, _, _, let at), .wrongType(_, _, let at),
      .badArguments(_, _, let at), .tooLong(_, let at), .cancelled(let at), .unknownTemplate(_, _, let at),
      .includesItself(_, let at),
      .included(_, _, let at):
      at
    }
  }
}

extension TemplateError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .unclosed(let tag, _): "\(tag) is not closed"
    case .unexpected(let found, let expected, _): "\(found) where \(expected) should stand"
    case .unknownTag(let name, let nearest, _): "no tag `\(name)`" + list("; nearest: ", nearest)
    case .unknownFilter(let name, let nearest, _): "no filter `\(name)`" + list("; nearest: ", nearest)
    case .unclosedBlock(let name, _): "this `\(name)` has no `end\(name)`"
    case .tooDeep: "this is nested too deep"
    case .undefined(let name, let nearest, _, _): "`\(name)` is not defined" + list("; nearest: ", nearest)
    case .wrongType(let operation, let found, _): "\(operation) does not go with \(found)"
    case .unknownTemplate(let name, let nearest, _): "no template `\(name)`" + list("; nearest: ", nearest)
    case .includesItself(let name, _): "`\(name)` includes itself"
    case .included(let name, let error, _):
      "in `\(name)`, \(error.position.line):\(error.position.column): \(error.errorDescription ?? "")"
    case .tooLong(let reason, _): "the template \(reason)"
    case .cancelled: "the rendering was stopped"
    case .badArguments(let filter, _, _): "`\(filter)` does not take these arguments"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .unclosed: "close it, or write {% raw %}...{% endraw %} round text that is meant as it stands"
    case .unexpected: "`help template` shows what a template may hold"
    case .unknownTag: "there are if, elif, else, endif, for, endfor, set, include, raw and endraw"
    case .unknownFilter: "there are " + Filter.allCases.map(\.rawValue).joined(separator: ", ")
    case .unclosedBlock(let name, _): "add {% end\(name) %}"
    case .tooDeep: "take it apart with {% set %}"
    case .undefined(_, _, let known, _):
      known.isEmpty
        ? "give it a value with `| default(\"...\")`"
        : list("there are ", known) + "; `| default(\"...\")` stands in where one may be missing"
    case .wrongType(_, "nothing", _): "ask for it with {% if ... %} first"
    case .wrongType: "print a list with `| join(\", \")`, an object by its fields"
    case .unknownTemplate: "`template list` shows the templates there are"
    case .includesItself: "take the `include` out, or what both need into a third template"
    case .included(_, let error, _): error.recoverySuggestion
    case .tooLong: "look at its loops: one within another takes as many steps as their lengths multiplied"
    case .cancelled: nil
    case .badArguments(_, let usage, _): "write `\(usage)`"
    }
  }

  private func list(_ before: String, _ names: [String]) -> String {
    names.isEmpty ? "" : before + names.joined(separator: ", ")
  }
}
