import ArgumentParser
import Instances
import Sessions
import Terminal

/// `unload NAME`: takes a set of rows away.
package struct UnloadCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "unload", abstract: "Take a loaded set of rows away; takes that were made of it stay.")
  package static let examples = ["load rows.jsonl; unload rows"]
  package static let completions: [Candidates] = [.dataset]

  @Argument(help: "The set's name or file.")
  var set: String

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let gone = try await session.unload(set)
    return Done(
      MessageOutput("\(gone.name) unloaded", fields: ["dataset": gone.name]),
      .undoes(slot: "load \(gone.source)"))
  }
}
