import ArgumentParser
import Script
import Sessions
import Terminal

/// `resume`: goes on with the batch or phase that was stopped last.
package struct ResumeCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with the batch or phase that was stopped or killed last.",
    discussion: """
      It carries out the line that began it once more: what came to an end is kept, a take that was begun goes on behind \
      its last finished stage. The rows and the settings have to be those of then: `load` and `set` first, or \
      `ramp --continue`.
      """)
  package static let examples = ["resume"]
  package static let makesTakes = true

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    guard let last = try session.host.journal.lastBatch() else { throw CampaignError.noBatch }
    // A line that was carried out again since came to its end under the same keys.
    guard let batch = try session.host.journal.lastBatch(isOpen: true), try !session.host.journal.isDone(batch) else {
      return Done(MessageOutput("\(last.name) came to its end: nothing is left to do", fields: ["batch": last.name]))
    }
    await desk.warn("going on with: \(batch.line)")
    guard let line = try LineParser.commands(batch.line).first else { throw CampaignError.noBatch }
    let leaves = try await desk.interpreter.run(try line.line(parameters: [:]), showing: .full)
    return Done(ReportedOutput(summary: batch.line), leaves: leaves)
  }
}
