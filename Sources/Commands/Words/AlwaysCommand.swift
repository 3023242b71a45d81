import ArgumentParser
import Foundation
import Sessions

/// `always LINE`: a line of a script that is carried out at its end, whatever happened.
package struct AlwaysCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "always", abstract: "Carry out a line at the end of the script, whatever happened.",
    discussion: """
      In a script, `-c` or standard input: after a shut gate, a failed expectation, an error, Ctrl-C and SIGTERM too. The \
      lines are carried out in their order when the others have ended, wherever they stand, and with the values that \
      parameters have then. What is wrong with one of them is told; it stops nothing and never changes the exit status.
      """)
  package static let examples = [
    "always export results junit junit.xml --out run", "always report --out run > report.txt",
  ]
  package static let takesText = true
  package static let completions: [Candidates] = [.word]

  @Argument(parsing: .captureForPassthrough, help: "The line.")
  var line: [String]

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done { throw AlwaysError.notInScript(line) }
}

/// Why `always` is not understood where it stands.
enum AlwaysError: Error, Hashable, Sendable {
  /// A person types it, and nothing has an end.
  case notInScript([String])
  /// No line follows it, or another `always`.
  case nothing
}

extension AlwaysError: LocalizedError {
  var errorDescription: String? {
    switch self {
    case .notInScript: "`always` is for scripts: its line is carried out when the script ends"
    case .nothing: "`always` needs a line after it"
    }
  }

  var recoverySuggestion: String? {
    switch self {
    case .notInScript(let line): line.isEmpty ? "`help always` shows how it is used" : "type the line without `always`"
    case .nothing: "`always report --html report.html`"
    }
  }
}
