import ArgumentParser
import Sessions

/// `quit`: ends the sitting.
package struct QuitCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "quit", abstract: "End the sitting; the journal keeps what was made.", aliases: ["exit"])
  package static let examples = ["quit"]

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    Done(MessageOutput("", fields: [:]), leaves: true)
  }
}
