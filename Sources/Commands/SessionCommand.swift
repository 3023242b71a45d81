import ArgumentParser
import Script
import Sessions
import Terminal

/// A word of the language: one type, which serves the prompt, a script line and the shell. It returns what it has to
/// say and never prints.
package protocol SessionCommand: ParsableCommand, Sendable {
  /// Lines that show how it is used. Each is run as a test.
  static var examples: [String] { get }

  /// True where everything behind the word is text: `--json` and `--help` in it are no options.
  static var takesText: Bool { get }

  /// True where it makes takes, which the journal keeps.
  static var makesTakes: Bool { get }

  /// What its arguments may be, in their order, for completion.
  static var completions: [Candidates] { get }

  /// Carries the line out.
  func run(in session: Session, at desk: Desk) async throws -> Done
}

extension SessionCommand {
  package static var completions: [Candidates] { [] }
}

/// What a line came to: what there is to say, and what a saved session has to know of it.
package struct Done: Sendable {
  package let output: any Output
  package let kind: Entry.Kind
  /// The words that a saved session has in place of those typed, where these would need something from outside it.
  package let savedAs: [String]?
  /// True where the sitting is to end.
  package let leaves: Bool

  package init(
    _ output: any Output, _ kind: Entry.Kind = .looks, savedAs: [String]? = nil, leaves: Bool = false
  ) {
    self.output = output
    self.kind = kind
    self.savedAs = savedAs
    self.leaves = leaves
  }
}

/// Where a command is carried out: how it may say something before it is done.
package struct Desk: Sendable {
  /// Says something now, before the line is done.
  package let say: @Sendable (any Output) async -> Void
  /// Says what long work comes to, one after the other: a script that is played shows it too.
  package let report: @Sendable (any Output) async -> Void
  /// A remark for the person, beside the results.
  package let warn: @Sendable (String) async -> Void
  /// Where waiting is shown; nil where nobody sees it.
  package let progress: WaitingLine?
  /// Carries out the lines of another script.
  package let interpreter: Interpreter
  /// True where the stages of a take are shown as they are made.
  package let showsStages: Bool
  /// True where a program reads the result.
  package let json: Bool
  /// What reports tell of the lines; nil where none was asked for.
  var cases: CaseLog?

  /// Keeps a text that a person wrote and that could not be used, and says where, and how `line` takes it up again.
  func keep(_ text: String, named name: String, for line: String, in session: Session) async {
    guard let path = session.host.keepText(text, name) else { return }
    await warn("what you wrote is in \(path): `\(line) --file \(LineParser.quoted(path))` takes it up again")
  }
}

/// What a command has to say, with two faces.
package protocol Output: Sendable {
  /// For people; lines end in a newline, and nothing at all is the empty string.
  func text(_ look: Look) -> String

  /// For a script's list of lines: a few words, without a newline.
  var summary: String { get }

  /// For programs: one JSON object per line.
  func json() throws -> [String]
}

/// A line whose result has been said already.
struct ReportedOutput: Output {
  let summary: String

  func text(_ look: Look) -> String { "" }

  func json() throws -> [String] { [] }
}

/// How a text is laid out.
package struct Look: Sendable {
  package let style: Style
  /// Columns of the terminal; nil where it is none, and nothing is cut.
  package let width: Int?

  package init(style: Style, width: Int?) {
    self.style = style
    self.width = width
  }
}

extension SessionCommand {
  package static var takesText: Bool { false }
  package static var makesTakes: Bool { false }
}

extension Output {
  package var summary: String { "" }
}
