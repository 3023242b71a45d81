import ArgumentParser
import Campaigns
import Sessions
import Terminal

/// `gate [N]`: whether the next phase may begin.
package struct GateCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "gate", abstract: "Say whether the gate after a phase is open, and what can honestly be concluded.",
    discussion: """
      The plan's criteria are taken literally. Beside them stands PROMOTE, HOLD or CANNOT DECIDE: whether the model's true \
      rate is the gate's, with one budget of error, 5 %, for all runs of all phases. `--strict` opens on PROMOTE alone, \
      `--detail` shows the statistics. After phase 5 it names the plan's aim that is reached. Exit status 3 says that the \
      gate is shut.
      """)
  package static let examples = ["gate 1 --out run"]

  @Argument(help: "The phase; without one, the last that was run.", transform: PhaseCommand.phase)
  var phase: Phase?

  @Flag(help: "Open on PROMOTE alone.")
  var strict = false

  @Flag(help: "Show the statistics behind the sentences.")
  var detail = false

  @Option(help: "The folder that the results lie in.")
  var out: String = "."

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let folder = CampaignFolder(session: session, out: out)
    let last = try await folder.all().last { phase == nil || $0.phase == phase }
    guard let gate = last.flatMap({ Gate($0, isStrict: strict) }) else {
      throw phase.map { CampaignError.notRun($0.rawValue, folder: out) } ?? CampaignError.nothingRun(folder: out)
    }
    let output = GateOutput(gate: gate, showsDetails: detail)
    guard let reason = gate.reason else { return Done(output, .expects) }
    await desk.report(output)
    throw BatchError.gateShut(reason)
  }
}
