import ArgumentParser
import Attempts
import Sessions

/// `rerun [TAKE] [STAGE]`: a new take of an attempt, from STAGE on or from the first stage whose key has changed.
package struct RerunCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rerun", abstract: "Make a new take of the current attempt, or of the take named.",
    discussion: """
      Alone it redoes every stage whose inputs or options have changed and keeps the others. With a stage it forces that \
      one and what follows. A take without a verdict goes on where nothing has changed, and stays the same take. A take \
      of a batch (`open ID`) is made again with the settings of the batch; what you `set` after the batch was run, or \
      after it was first opened, is applied on top of them. The new take is steered, and the batch's own stay as they are.
      """)
  package static let examples = ["rerun", "rerun reply", "rerun edits --through patch", "rerun 1.1"]
  package static let makesTakes = true
  package static let completions: [Candidates] = [.stage]

  @Argument(help: "The take that it is made of, e.g. 1.2, the stage to begin with, or both. \(Stage.values())")
  var words: [String] = []

  @Option(help: "The last stage to make. \(Stage.values(standard: .feedback))", transform: Stage.init(typed:))
  var through: Stage = .feedback

  package init() {}

  /// The take that is typed; nil is the last.
  private var number: String? { words.first { TakeID($0) != nil } }

  /// The stage that is typed.
  private func stage() throws -> Stage? { try words.first { TakeID($0) == nil }.map(Stage.init(typed:)) }

  package func validate() throws {
    if words.count > 2 || words.count == 2 && (number == nil || words.allSatisfy { TakeID($0) != nil }) {
      throw ValidationError("it takes one take and one stage at most: `rerun 1.1 reply`")
    }
    if let stage = try stage(), stage > through {
      throw ValidationError(
        "\(through.rawValue) comes before \(stage.rawValue): `rerun \(through.rawValue) --through \(stage.rawValue)`")
    }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let take = try await session.rerun(
      from: try stage(), of: number, through: through, watching: [StageReporter(desk: desk)])
    return Done(
      try await TakeOutput(take, session: session, showsStages: !desk.showsStages),
      .takes(instanceID: take.instanceID, ids: [take.id]))
  }
}
