import ArgumentParser
import Attempts
import Journal
import Models
import Sessions

/// `replay FILE`: runs a session file by itself, beside this sitting.
package struct ReplayCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Run a session file by itself and say whether it still holds.",
    discussion: """
      As `ramp FILE`: with a journal of its own, its replies in place of the model, its tests really run. This sitting \
      is not touched.
      """)
  package static let examples = ["save saved.ramp; replay saved.ramp"]
  package static let completions: [Candidates] = [.file]

  @Argument(help: "The session file.")
  var file: String

  @Option(help: "none, once, new_episodes or all: whether the model may be asked.")
  var record: RecordMode?

  @Flag(help: "Ask the model whatever is recorded.")
  var live = false

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let journal = try Journal(at: nil, migrations: AttemptTables.migrations)
    let player = Player(
      host: session.host.with(journal: journal), permissions: await session.permissions, desk: desk)
    return Done(try await player.play(path: await session.files.readable(file), mode: record, live: live))
  }
}

extension RecordMode: ExpressibleByArgument {}
