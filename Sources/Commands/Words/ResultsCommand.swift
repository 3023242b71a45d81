import ArgumentParser
import Attempts
import Campaigns
import Foundation
import Sessions
import Terminal

/// `results`: the five metrics of each phase.
package struct ResultsCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "results", abstract: "Show what the phases came to: success, attempts, errors, time, improvement.",
    discussion: """
      One line for each run of each phase, and below them how many instances were resolved by each attempt, and the \
      plan's three progressions beside the real one. With a phase, its instances too.
      """)
  package static let examples = ["results --out run", "results 1 --out run"]

  @Argument(help: "The phase.", transform: PhaseCommand.phase)
  var phase: Phase?

  @Option(help: "The folder that the results lie in.")
  var out: String = "."

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let folder = CampaignFolder(session: session, out: out)
    let runs = try await folder.all().filter { phase == nil || $0.phase == phase?.rawValue }
    guard !runs.isEmpty else {
      throw phase.map { CampaignError.notRun($0.rawValue, folder: out) } ?? CampaignError.nothingRun(folder: out)
    }
    return Done(ResultsOutput(runs: runs, showsInstances: phase != nil))
  }
}

struct ResultsOutput: Output {
  let runs: [RunFile]
  let showsInstances: Bool

  func text(_ look: Look) -> String {
    var previous: RunFile?
    let rows = runs.map { run -> [Table.Cell] in
      let before = previous
      previous = run
      let interval = Interval.wilson(successes: run.verified, total: run.total)
      func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))" }
      let errors = run.errorTypes.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
      return [
        .init("\(run.phase).\(run.look)"), .init("\(run.verified)/\(run.total)"),
        .init("\(percent(run.successRate)) % [\(percent(interval.low)), \(percent(interval.high))]"),
        .init(run.unsound == 0 ? "" : "\(run.unsound)"), .init(PhaseOutput.short(run.averageAttempts)),
        .init(Amount.milliseconds(Int(run.averageTime * 1000))),
        .init(improvement(from: before, to: run) ?? ""),
        .init(errors.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")),
        .init("\(run.config.model), \(run.isAssisted ? "assisted" : "clean")"), .init(run.because ?? ""),
      ]
    }
    var text = Table(
      columns: [
        .init("RUN"), .init("VERIFIED", alignment: .trailing), .init("SUCCESS RATE"),
        .init("UNSOUND", alignment: .trailing), .init("ATTEMPTS", alignment: .trailing),
        .init("TIME", alignment: .trailing), .init("CHANGE", alignment: .trailing), .init("ERRORS"), .init("BY"),
        .init("BECAUSE"),
      ], rows: rows
    ).rendered(style: look.style, width: look.width)
    if showsInstances, let last = runs.last { text += instances(last, look) }
    if let last = runs.last, last.config.attemptsMax > 0 {
      let curve = SolveCurve(
        resolvedBy: last.results.map(\.attemptsNeeded), attemptsMax: last.config.attemptsMax)
      text +=
        "  resolved by attempt: "
        + curve.resolved.enumerated().map { "\($0.offset + 1): \($0.element)" }.joined(separator: "  ") + "\n"
    }
    if !showsInstances { text += progressions(look) }
    return text
  }

  private func instances(_ run: RunFile, _ look: Look) -> String {
    Table(
      columns: [
        .init("INSTANCE", isWhole: true), .init("VERIFIED"), .init("ATTEMPTS", alignment: .trailing),
        .init("TIME", alignment: .trailing), .init("ERROR"),
      ],
      rows: run.results.map { record in
        [
          .init(record.instanceID),
          .init(
            record.verified ? "yes" : "no", meaning: Meaning(verdict: record.verified ? "resolved" : "unresolved")),
          .init("\(record.attempts)"), .init(Amount.milliseconds(Int(record.timeSeconds * 1000))),
          .init(record.finalError ?? ""),
        ]
      }
    ).rendered(style: look.style, width: look.width)
  }

  /// The plan's three progressions beside the real one: resolved of 5, 10, 30, 100, 300.
  private func progressions(_ look: Look) -> String {
    let real = Phase.allCases.map { phase in runs.last { $0.phase == phase.rawValue } }
    var rows = Progression.allCases.map { one -> [Table.Cell] in
      [.init(one.rawValue)] + one.resolved.map { .init("\($0)") }
    }
    rows.append(
      [.init("real")]
        + real.map { run in
          .init(run.map { "\($0.verified)" + ($0.total == $0.plan?.size ? "" : " of \($0.total)") } ?? "")
        })
    return Table(
      columns: [.init("RESOLVED OF")] + Phase.allCases.map { .init("\($0.size)", alignment: .trailing) }, rows: rows
    ).rendered(style: look.style, width: look.width)
  }

  func json() throws -> [String] {
    var previous: RunFile?
    return runs.flatMap { run -> [String] in
      let line = run.summaryLine(previous: previous).line
      previous = run
      return [line] + (showsInstances ? run.instanceLines.split(separator: "\n").map(String.init) : [])
    }
  }
}
