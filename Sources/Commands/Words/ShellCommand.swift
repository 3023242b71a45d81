import ArgumentParser
import Sessions

/// `! COMMAND`: a line for the shell.
package struct ShellCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "!", abstract: "Give the rest of the line to the shell.",
    discussion: """
      Any line that shows something can also end in `| COMMAND` or `> FILE`. A script may do so only with \
      `ramp --allow-shell`, and write files only below its own folder.
      """)
  package static let examples = ["! true", "show prompt | wc -l", "show prompt --raw > prompt.txt"]
  package static let takesText = true

  @Argument(parsing: .captureForPassthrough, help: "The command and everything behind it.")
  var command: [String]

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    try await session.shell(command.joined(separator: " "))
    return Done(MessageOutput("", fields: [:]))
  }
}
