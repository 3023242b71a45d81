import ArgumentParser
import Attempts
import Sessions

/// `tweak STAGE`: a new take of the current attempt with one artifact replaced by hand.
package struct TweakCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "tweak", abstract: "Replace one artifact by hand and go on from there, as a new take.",
    discussion: """
      At a prompt it opens `$EDITOR`. Elsewhere the text comes from `--file`, or from the script's section \
      `-- tweak/INSTANCE/TAKE --` (`--section NAME` for `-- tweak/NAME --`). Its form is what `show STAGE --raw` prints. A tweaked take is marked and kept out of every \
      score. Stages: prompt, reply, patch, feedback.
      """)
  package static let examples = ["tweak reply --file reply.md", "tweak patch --file fix.patch"]
  package static let makesTakes = true
  package static let completions: [Candidates] = [.choice(["prompt", "reply", "patch", "feedback"])]

  @Argument(help: "The stage whose artifact is replaced.", transform: Stage.init(typed:))
  var stage: Stage

  @Option(help: "The file that holds the new text.")
  var file: String?

  @Option(help: "The section that holds it, without its `tweak/`.")
  var section: String?

  @Option(help: "The take that it is made of, e.g. 1.2; without one, the last.")
  var take: String?

  @Option(help: "The last stage to make. \(Stage.values(standard: .feedback))", transform: Stage.init(typed:))
  var through: Stage = .feedback

  package init() {}

  package func validate() throws {
    if file != nil, section != nil { throw ValidationError("--file and --section exclude each other") }
    if stage > through { throw ValidationError("\(through.rawValue) comes before \(stage.rawValue)") }
  }

  /// A saved session carries the text in its section `tweak/INSTANCE/TAKE`.
  private var savedWords: [String] {
    ["tweak", stage.rawValue] + (take.map { ["--take", $0] } ?? [])
      + (through == .feedback ? [] : ["--through", through.rawValue])
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    guard stage.isTweakable else { throw AttemptError.notTweakable(stage) }
    let (text, isTyped) = try await session.tweakText(stage, of: take, section: section, file: file)
    let tweak = Tweak(stage: stage, text: text)
    let take: Take
    do {
      try await session.check(tweak)
      take = try await session.rerun(
        from: nil, of: self.take, through: through, tweak: tweak, watching: [StageReporter(desk: desk)])
    } catch {
      if isTyped { await desk.keep(text, named: "\(stage.rawValue).txt", for: "tweak \(stage.rawValue)", in: session) }
      throw error
    }
    return Done(
      try await TakeOutput(take, session: session, showsStages: !desk.showsStages),
      .takes(instanceID: take.instanceID, ids: [take.id]), savedAs: savedWords)
  }
}
