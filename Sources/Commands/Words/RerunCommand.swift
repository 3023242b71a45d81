import ArgumentParser
import Attempts
import Sessions

/// `rerun [STAGE]`: a new take of the current attempt, from STAGE on or from the first stage whose key has changed.
package struct RerunCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rerun", abstract: "Make a new take of the current attempt.",
    discussion: """
      Alone it redoes every stage whose inputs or options have changed and keeps the others. With a stage it forces that \
      one and what follows.
      """)
  package static let examples = ["rerun", "rerun reply", "rerun edits --through patch"]
  package static let makesTakes = true
  package static let completions: [Candidates] = [.stage]

  @Argument(
    help: "The stage to begin with; earlier stages keep their artifacts. \(Stage.values())",
    transform: Stage.init(typed:))
  var stage: Stage?

  @Option(help: "The last stage to make. \(Stage.values(standard: .feedback))", transform: Stage.init(typed:))
  var through: Stage = .feedback

  package init() {}

  package func validate() throws {
    if let stage, stage > through {
      throw ValidationError(
        "\(through.rawValue) comes before \(stage.rawValue): `rerun \(through.rawValue) --through \(stage.rawValue)`")
    }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let take = try await session.rerun(from: stage, through: through, watching: [StageReporter(desk: desk)])
    return Done(
      try await TakeOutput(take, session: session, showsStages: !desk.showsStages),
      .takes(instanceID: take.instanceID, ids: [take.id]))
  }
}
