/// A template that ships inside the program.
package struct BuiltinTemplate: Hashable, Sendable {
  /// What it is called.
  package let name: String
  /// What it is for, in one line.
  package let summary: String
  /// The edit format it asks for, or nil where it asks for the one that the variable `format` names.
  package let format: String?
  /// Its text.
  package let source: String
  /// True for one that others include, and that makes no prompt by itself.
  package var isPart = false
}

/// The templates that ship inside the program.
///
/// Their variables, all given by the caller:
///
/// | variable | holds |
/// |---|---|
/// | `instance.id`, `instance.repo` | the row's id; its repository, `owner/name` |
/// | `issue` | the issue text |
/// | `files` | a list of objects: `path`, `first`, `last` (1-based lines), `text` (the lines, numbered `  40 \| code`) |
/// | `format` | the edit format: `search`, `whole`, `lines` or `function` |
/// | `skills` | a list of objects: `name`, `text`; empty where none are shown |
/// | `skill_position` | where they are to stand: `head` (before the files) or `tail` (before the task) |
/// | `feedback` | what was wrong with the attempt before, or none |
/// | `attempt` | the number of this attempt, from 1 |
/// | `reproduce` | true where a script that shows the bug is asked for |
/// | `reproduction` | the script of an attempt before, or none |
/// | `stacked` | the attempt whose change the files hold, or none |
///
/// What never changes stands first and what changes with every attempt last, so that a server can reuse the beginning.
package enum BuiltinTemplates {
  /// All of them; the first is the default.
  package static let all: [BuiltinTemplate] = [
    BuiltinTemplate(
      name: "repair", summary: "short rules and one worked example, in the edit format that is set", format: nil,
      source: repair),
    BuiltinTemplate(
      name: "direct-edit", summary: "as repair, edits by line numbers (FILE, LINES, REASONING)", format: "lines",
      source: "\(opening)\n\(lines)\n\(question)"),
    BuiltinTemplate(
      name: "whole", summary: "as repair, files written whole", format: "whole",
      source: "\(opening)\n\(whole)\n\(question)"),
    BuiltinTemplate(
      name: "function", summary: "as repair, whole functions by their names", format: "function",
      source: "\(opening)\n\(function)\n\(question)"),
    BuiltinTemplate(
      name: "feedback", summary: "what a next attempt is told; others include it", format: nil, source: feedback,
      isPart: true),
    BuiltinTemplate(
      name: "skills", summary: "how skills are shown; others include it", format: nil, source: skills, isPart: true),
    BuiltinTemplate(
      name: "baseline", summary: "the old generic prompt, for comparison", format: "lines", source: baseline),
  ]

  /// The texts of all of them, by name: what a template may include.
  package static let sources = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.source) })

  /// The template of this name.
  package static func named(_ name: String) -> BuiltinTemplate? { all.first { $0.name == name } }

  private static let repair = """
    \(opening)
    {%- if format == "search" %}
    \(search)
    {%- elif format == "whole" %}
    \(whole)
    {%- elif format == "function" %}
    \(function)
    {%- else %}
    \(lines)
    {%- endif %}
    \(question)
    """
}
