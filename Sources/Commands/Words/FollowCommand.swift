import ArgumentParser
import Attempts
import Sessions
import Terminal

/// `follow`: looks on at a batch that another ramp runs.
package struct FollowCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "follow", abstract: "Look on from a second terminal at a batch that another ramp runs.",
    discussion: """
      It shows each instance as it comes to its end, until the batch does. The two need one journal: prompts and shell \
      lines of one user have it; a script needs `--journal FILE`, and `ramp --journal FILE follow` here. Ctrl-C stops \
      looking, not the batch.
      """)
  package static let examples = ["follow --once"]

  @Flag(help: "Show what there is now, and end.")
  var once = false

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let journal = session.host.journal
    guard var batch = try journal.lastBatch() else { throw CampaignError.noBatch }
    var shown: Set<String> = []
    await desk.warn("\(batch.name): \(batch.line)")
    while true {
      for record in try journal.results(of: batch) where shown.insert(record.instanceID).inserted {
        await desk.report(BatchLine(record: record, number: shown.count, total: batch.keys.count, isKept: false))
      }
      if once || batch.state != .running { break }
      await desk.progress?.begin("\(shown.count) of \(batch.keys.count)")
      try await Task.sleep(for: .milliseconds(400))
      await desk.progress?.end()
      guard let now = try journal.lastBatch(named: batch.name) else { break }
      batch = now
    }
    return Done(
      MessageOutput(
        "\(batch.name): \(shown.count) of \(batch.keys.count) came to an end, \(batch.state.rawValue)",
        fields: [
          "batch": batch.name, "done": "\(shown.count)", "of": "\(batch.keys.count)", "state": batch.state.rawValue,
        ]))
  }
}
