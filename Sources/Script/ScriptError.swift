import Foundation

/// Why a script, or one line of it, cannot be read. Lines and columns are 1-based; a column counts Unicode scalars.
///
/// The description does not name the file: who reports it writes `file:line: ` in front.
package enum ScriptError: Error, Hashable, Sendable {
  /// The quote opened at `column` is not closed on its line.
  case unclosedQuote(line: Int, column: Int, quote: Character)
  /// Inside double quotes, a backslash stands before a character that it does not escape.
  case badEscape(line: Int, column: Int, character: Character)
  /// A backslash ends the last line, so there is nothing to go on with.
  case nothingContinues(line: Int, column: Int)
  /// `${` without a name and `}`.
  case unclosedParameter(line: Int, column: Int)
  /// `$name` where no such parameter exists; `nearest` are those that do and look like it.
  case unknownParameter(line: Int, column: Int, name: String, nearest: [String])
  /// A word that its parameters make longer than `limit` bytes.
  case tooLong(line: Int, column: Int, limit: Int)
  /// A second command where one line was wanted; it begins at `column`.
  case severalCommands(line: Int, column: Int)
  /// A `|` or `>` with nothing before or behind it, or a second one.
  case strayMark(line: Int, column: Int, mark: String)
  /// The commands hold a NUL byte.
  case nul(line: Int)
  /// The commands hold bytes that are not UTF-8.
  case notUTF8(line: Int)
  /// The first line asks for a session format newer than `supported`.
  case newerVersion(line: Int, found: Int, supported: Int)
  /// The first line begins as `# ramp session` and has no number, or one below 1.
  case unreadableVersion(line: Int, text: String)
  /// A line that begins as a section header is none.
  case malformedHeader(line: Int, fault: HeaderFault)
  /// Two sections have the same kind and name; the first header stands on line `first`.
  case duplicateSection(line: Int, first: Int, section: String)
  /// A section marked `base64` holds something else.
  case badBase64(line: Int, section: String)
  /// A section's body is not what its `sha256` says. `lineEnds` is true where the body fits once CRLF becomes LF.
  case hashMismatch(line: Int, section: String, expected: String, actual: String, lineEnds: Bool)

  /// What is wrong with a section header.
  package enum HeaderFault: Hashable, Sendable {
    /// It does not begin with `-- ` and end with ` --`.
    case frame
    /// Its kind is empty or has a character outside `A-Za-z0-9._+:@-`.
    case kind(String)
    /// Its name is empty after the `/` or has a character outside `A-Za-z0-9._/+:@-`.
    case name(String)
    /// An attribute is neither `key`, `key=value` nor `key="value"`.
    case attribute(String)
    /// An attribute stands there twice.
    case repeatedAttribute(String)
    /// The value of `sha256` is not 64 lower-case hexadecimal digits.
    case hash(String)
  }

  /// The 1-based line it is about.
  package var line: Int? {
    switch self {
    case .unclosedQuote(let line, _, _), .badEscape(let line, _, _), .nothingContinues(let line, _),
      .unclosedParameter(let line, _), .unknownParameter(let line, _, _, _), .severalCommands(let line, _),
      .strayMark(let line, _, _), .tooLong(let line, _, _), .nul(let line), .notUTF8(let line),
      .newerVersion(let line, _, _),
      .unreadableVersion(let line, _),
      .malformedHeader(let line, _), .duplicateSection(let line, _, _), .badBase64(let line, _),
      .hashMismatch(let line, _, _, _, _):
      line
    }
  }

  /// The 1-based column it is about, where one character is to blame.
  package var column: Int? {
    switch self {
    case .unclosedQuote(_, let column, _), .badEscape(_, let column, _), .nothingContinues(_, let column),
      .unclosedParameter(_, let column), .unknownParameter(_, let column, _, _), .severalCommands(_, let column),
      .strayMark(_, let column, _), .tooLong(_, let column, _):
      column
    case .nul, .notUTF8, .newerVersion, .unreadableVersion, .malformedHeader, .duplicateSection, .badBase64,
      .hashMismatch:
      nil
    }
  }
}

extension ScriptError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .unclosedQuote(_, let column, let quote): "the \(quote) in column \(column) is not closed on its line"
    case .badEscape(_, let column, let character): "\\\(character) in column \(column) means nothing in double quotes"
    case .nothingContinues(_, let column): "the backslash in column \(column) is followed by no line"
    case .unclosedParameter(_, let column): "the ${ in column \(column) has no name and closing brace"
    case .unknownParameter(_, let column, let name, let nearest):
      "no parameter `\(name)` (column \(column))"
        + (nearest.isEmpty ? "" : "; nearest: " + nearest.joined(separator: ", "))
    case .tooLong(_, let column, let limit):
      "the word with the parameter in column \(column) is longer than \(limit >> 20) MB"
    case .severalCommands(_, let column): "a second command begins in column \(column), and only one fits here"
    case .strayMark(_, let column, let mark): "the \(mark) in column \(column) connects nothing"
    case .nul: "the commands hold a NUL byte"
    case .notUTF8: "the commands are not UTF-8"
    case .newerVersion(_, let found, let supported):
      "this is a session of version \(found), and this ramp reads versions up to \(supported)"
    case .unreadableVersion(_, let text): "`\(text)` does not end in a version number"
    case .malformedHeader(_, let fault): fault.description
    case .duplicateSection(_, let first, let section): "section \(section) stands here and on line \(first)"
    case .badBase64(_, let section): "section \(section) is marked base64 and its body is not"
    case .hashMismatch(_, let section, let expected, let actual, let lineEnds):
      "section \(section) has sha256 \(actual.prefix(12)) and its header says \(expected.prefix(12))"
        + (lineEnds ? "; only its line ends have changed" : "")
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .unclosedQuote(_, _, let quote): "close it, or write \\\(quote) for the character itself"
    case .badEscape: "\\\" \\\\ \\$ \\n and \\t exist; write \\\\ for a backslash, or use single quotes"
    case .nothingContinues: "remove the backslash, or write \\\\ for the character itself"
    case .unclosedParameter: "write ${name}, or \\$ for the character itself"
    case .unknownParameter(_, _, let name, _):
      "`param \(name) VALUE` on a line above, `-p \(name)=VALUE`, or \\$ for the character itself"
    case .tooLong: "keep long texts in files"
    case .severalCommands: "quote the `;`, or give one command at a time"
    case .strayMark(_, _, let mark):
      "`show prompt \(mark) \(mark == "|" ? "COMMAND" : "FILE")`, or quote it for the character itself"
    case .nul, .notUTF8: "save the file as UTF-8 text; bytes of any kind belong in a section marked base64"
    case .newerVersion: "update ramp"
    case .unreadableVersion: "write `# ramp session 1`, or leave that line out"
    case .malformedHeader(_, .hash): "remove `sha256=...` from the header"
    case .malformedHeader: "write `-- kind/name key=value --`; a body line that begins so is written with a \\ in front"
    case .duplicateSection: "remove one of them, or give it another name"
    case .badBase64: "write the body again, or remove `base64` from the header"
    case .hashMismatch(_, _, _, _, true):
      "save the file with LF line ends, or remove `sha256=...` from the header to accept it as it is"
    case .hashMismatch: "to accept the edit, remove `sha256=...` from the header"
    }
  }
}

extension ScriptError.HeaderFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .frame: "a section header begins with `-- ` and ends with ` --`"
    case .kind(let text): "`\(text)` is no kind of a section"
    case .name(let text): "`\(text)` is no name of a section"
    case .attribute(let text): "`\(text)` is no attribute of a section"
    case .repeatedAttribute(let key): "attribute `\(key)` stands in the header twice"
    case .hash(let text): "`\(text.prefix(80))` is no SHA-256: 64 lower-case hexadecimal digits are"
    }
  }
}
