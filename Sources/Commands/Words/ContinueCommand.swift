import ArgumentParser
import Attempts
import Sessions

/// `continue`: goes on with a take that has no verdict.
package struct ContinueCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "continue", abstract: "Go on with the current take after its last stage.",
    discussion: """
      It stays the same take, with its own sampling, and is not steered: after `run ID --through prompt`, or after Ctrl-C, \
      it makes the stages that are missing. What was changed before the model answered goes into it. After the model has \
      answered, a change makes a new take: `rerun`.
      """)
  package static let examples = [
    "run flask__flask-5063 --through prompt; continue",
    "run flask__flask-5063 --through context; continue --through patch",
  ]
  package static let makesTakes = true

  @Option(help: "The last stage to make. \(Stage.values(standard: .feedback))", transform: Stage.init(typed:))
  var through: Stage = .feedback

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let take = try await session.goOn(through: through, watching: [StageReporter(desk: desk)])
    return Done(
      try await TakeOutput(take, session: session, showsStages: !desk.showsStages),
      .takes(instanceID: take.instanceID, ids: [take.id]))
  }
}
