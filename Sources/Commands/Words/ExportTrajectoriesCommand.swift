import ArgumentParser
import Attempts
import Campaigns
import Foundation
import Sessions
import Terminal

/// `export trajectories FOLDER`: what was said in the attempts at each instance, a file of mini-swe-agent's for each.
package struct ExportTrajectoriesCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "trajectories",
    abstract: "Write the prompts and replies of each instance as mini-swe-agent's trajectories.",
    discussion: """
      Each instance gets a file `ID.traj.json`, as mini-swe-agent 1.1 writes and its inspector shows them: of the attempts \
      of this sitting, with `--batch` of the batch that was run last with this journal, and with a phase of that phase. \
      What a person steered is left out, as in predictions.
      """)
  package static let examples = ["export trajectories trajectories"]
  package static let completions: [Candidates] = [.file]

  @Argument(help: "The folder; it is made where it is not there.")
  var folder: String

  @Argument(help: "The phase, run last with this journal.", transform: PhaseCommand.phase)
  var phase: Phase?

  @Flag(help: "Of the batch or phase that was run last with this journal.")
  var batch = false

  @Flag(help: "Take the place of files that are no trajectories.")
  var force = false

  package init() {}

  package func validate() throws {
    if batch, phase != nil { throw ValidationError("name a phase, or say --batch") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let found = try await batch || phase != nil ? kept(in: session) : made(in: session)
    let names = found.files.map { "\(folder)/\($0.fileName)" }
    // Nothing is written where one of them may not be.
    for name in names {
      try await session.files.check(name)
      try await session.keepOther(name, force: force, word: "export trajectories", target: folder) { bytes in
        let old = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        return (old?["trajectory_format"] as? String)?.hasPrefix("mini-swe-agent") == true
      }
    }
    for (file, name) in zip(found.files, names) { _ = try await session.write(file.json, to: name, makesFolders: true) }
    return Done(
      TrajectoriesOutput(
        path: await session.path(folder), trajectories: found.files.count, steered: found.steered, open: found.open))
  }

  private struct Found {
    var files: [TrajectoryFile] = []
    /// Instances of which a person steered every take.
    var steered = 0
    /// Instances of a batch that have not come to an end.
    var open = 0
  }

  /// The attempts of this sitting.
  private func made(in session: Session) async throws -> Found {
    var found = Found()
    let settings = await session.settings
    for (id, takes) in await session.ownTakes.sorted(by: { $0.key < $1.key }) where takes.contains(where: \.isAsked) {
      let counted = Steering.counted(takes)
      guard counted.contains(where: \.isAsked) else {
        found.steered += 1
        continue
      }
      let stop = StopReason.after(counted, attempts: settings.attemptsMax, settings) ?? .cancelled
      found.files.append(
        TrajectoryFile(
          try await session.record(of: id, takes: counted, stop: stop), takes: counted, ramp: session.host.version))
    }
    if found.files.isEmpty { throw SessionError.nothingToExport(steered: found.steered) }
    return found
  }

  /// What the journal kept of a batch or a phase.
  private func kept(in session: Session) async throws -> Found {
    let journal = session.host.journal
    let campaign = await session.settings.campaign ?? "default"
    guard let batch = try journal.lastBatch(named: phase.map { PhaseRun.name($0, campaign: campaign) }) else {
      if let phase { throw CampaignError.notKept(phase.rawValue) }
      throw CampaignError.noBatch
    }
    var found = Found()
    for record in try journal.results(of: batch) {
      let takes = try batch.keys[record.instanceID].map { try journal.batchTakes($0, of: record.instanceID) } ?? []
      found.files.append(TrajectoryFile(record, takes: takes, ramp: session.host.version))
    }
    found.open = batch.keys.count - found.files.count
    if found.files.isEmpty { throw CampaignError.nothingEnded(batch.name) }
    return found
  }
}

extension Take {
  /// True where a model was asked.
  fileprivate var isAsked: Bool { chain.prompt != nil }
}

struct TrajectoriesOutput: Output {
  let path: String
  let trajectories: Int
  let steered: Int
  let open: Int

  func text(_ look: Look) -> String {
    var text = "\(Untrusted.cleanLine(path))   " + (trajectories == 1 ? "1 trajectory" : "\(trajectories) trajectories")
    if steered > 0 { text += "\n  \(Amount.of(steered, "instance")) left out: a person steered each of the takes" }
    if open > 0 { text += "\n  \(Amount.of(open, "instance")) left out: not come to an end" }
    return text + "\n"
  }

  func json() throws -> [String] {
    struct Line: Encodable { let path: String, trajectories, steered, open: Int }
    return [try JSONLine.of(Line(path: path, trajectories: trajectories, steered: steered, open: open))]
  }
}
