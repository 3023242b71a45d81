import ArgumentParser
import Script
import Sessions

/// `source FILE`: carries out a script's lines in this sitting.
package struct SourceCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "source", abstract: "Carry out the lines of a script in this sitting; the first error stops it.",
    discussion: """
      Its replies are not used: the model in use answers. `replay` runs a session by itself. Its lines may do what a \
      script may: `!`, pipes, files outside its folder and `set sandbox off` need the flags of `ramp`.
      """)
  package static let examples = ["source steps.ramp"]
  package static let makesTakes = true
  package static let completions: [Candidates] = [.file]

  @Argument(help: "The script.")
  var file: String

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let leaves = try await desk.interpreter.source(file, showing: desk.showsStages ? .full : .list)
    // Its lines have been remembered one by one.
    return Done(MessageOutput("", fields: [:]), leaves: leaves)
  }
}
