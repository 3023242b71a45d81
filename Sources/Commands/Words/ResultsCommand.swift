import ArgumentParser
import Attempts
import Campaigns
import Sessions
import Terminal

/// `results`: the five metrics of each phase.
package struct ResultsCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "results", abstract: "Show the results of the phases: success, attempts, errors, time, improvement.",
    discussion: """
      One line for each run of each phase, with a column for each model: what it resolved by its own attempts, of what \
      it was asked. Below them how many instances were resolved by each attempt, and the plan's three progressions \
      beside the real one. `pass@k` is shown when runs are independent samples: the same but for `model.seed`, one \
      attempt each. With a phase, its instances too; with a phase and `--by`, its last run by groups of instances.
      """)
  package static let examples = ["results --out run", "results 1 --out run", "results 1 --by repository --out run"]

  @Argument(help: "The phase.", transform: PhaseCommand.phase)
  var phase: Phase?

  @Option(help: "Groups of a phase's instances: repository, difficulty, cause or gold-shown.")
  var by: Breakdown.Grouping?

  @Option(help: "The folder that the results lie in.")
  var out: String = "."

  package init() {}

  package func validate() throws {
    if let by, phase == nil { throw ValidationError("--by is of one phase: `results 1 --by \(by.rawValue)`") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let runs = try await CampaignFolder(session: session, out: out).all().filter { phase == nil || $0.phase == phase }
    guard !runs.isEmpty else {
      throw phase.map { CampaignError.notRun($0.rawValue, folder: out) } ?? CampaignError.nothingRun(folder: out)
    }
    if let by, let last = runs.last { return Done(BreakdownOutput(run: last, breakdown: Breakdown(last, by: by))) }
    return Done(ResultsOutput(runs: runs, showsInstances: phase != nil))
  }
}

extension Breakdown.Grouping: ExpressibleByArgument {}

/// A run by groups of its instances.
struct BreakdownOutput: Output {
  let run: PhaseResults
  let breakdown: Breakdown

  var summary: String { "\(breakdown.groups.count) groups" }

  func text(_ look: Look) -> String {
    let rows = breakdown.groups.map { group -> [Table.Cell] in
      let percent = { (share: Double) in "\(Int((share * 100).rounded()))" }
      let rate = "\(percent(group.interval.low)) to \(percent(group.interval.high)) %"
      return [
        .init(group.name), .init("\(group.resolved)/\(group.total)"),
        .init(run.notOfModel == nil && breakdown.grouping != .cause ? rate : ""), .init(group.mostly ?? ""),
        .init(group.failed.prefix(3).joined(separator: ", ") + (group.failed.count > 3 ? ", ..." : "")),
      ]
    }
    return look.style.apply(.heading, run.label.title) + "\n"
      + Table(
        columns: [
          .init(breakdown.grouping.rawValue.uppercased(), isWhole: true), .init("RESOLVED", alignment: .trailing),
          .init("95 % INTERVAL"), .init("MOSTLY"), .init("FAILED"),
        ], rows: rows
      ).rendered(style: look.style, width: look.width)
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let by, group: String
      let resolved, total: Int
      let low, high: Double
      let failed: [String]
      let mostly: String?
    }
    return try breakdown.groups.map { group in
      try JSONLine.of(
        Line(
          by: breakdown.grouping.rawValue, group: group.name, resolved: group.resolved, total: group.total,
          low: group.interval.low, high: group.interval.high, failed: group.failed, mostly: group.mostly))
    }
  }
}

struct ResultsOutput: Output {
  let runs: [PhaseResults]
  let showsInstances: Bool

  private var samples: IndependentSamples? { IndependentSamples(runs) }

  /// Each run with the one before it.
  private var beside: [(run: PhaseResults, before: PhaseResults?)] {
    zip(runs, [nil] + runs.dropLast().map(Optional.some)).map { ($0, $1) }
  }

  func text(_ look: Look) -> String {
    var text = table(look)
    if showsInstances, let last = runs.last { text += instances(last, look) }
    if let curve = runs.last?.curve.resolved, !curve.isEmpty {
      text +=
        "  resolved by attempt: "
        + curve.enumerated().map { "\($0.offset + 1): \($0.element)" }.joined(separator: "  ") + "\n"
    }
    if let samples { text += "  \(samples.sentence)\n" }
    if !showsInstances { text += progressions(look) }
    return text
  }

  private func table(_ look: Look) -> String {
    func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))" }
    var models: [ModelTally] = []
    for tally in runs.flatMap(\.models)
    where !models.contains(where: { $0.model == tally.model && $0.escalated == tally.escalated }) {
      models.append(tally)
    }
    models.sort { ($0.escalated ? 1 : 0, $0.model) < ($1.escalated ? 1 : 0, $1.model) }
    let rows = beside.map { run, before -> [Table.Cell] in
      let rate =
        run.notOfModel.map { "none: \($0)" }
        ?? "\(percent(run.successRate)) % [\(percent(run.interval.low)), \(percent(run.interval.high))]"
      let assisted = Rate.word(assisted: run.isForeign ? nil : run.results.contains(where: \.assisted))
      let own = models.map { model in
        run.models.first { $0.model == model.model && $0.escalated == model.escalated }
      }
      let first: [Table.Cell] = [
        .init("\(run.label.name).\(run.look)"), .init("\(run.verified)/\(run.total)"), .init(rate),
        .init(run.unsound.isEmpty ? "" : "\(run.unsound.count)"),
        .init(run.averageAttempts.map(PhaseOutput.short) ?? ""),
        .init(Amount.milliseconds(Int(run.averageTime * 1000))),
        .init(before.map { PhaseSummary.points(from: $0.successRate, to: run.successRate) } ?? ""),
        .init(run.errorCounts.map { "\($0.label) \($0.count)" }.joined(separator: ", ")),
      ]
      let cells = own.map { tally -> Table.Cell in .init(tally.map { "\($0.resolved)/\($0.asked)" } ?? "") }
      return first + cells + [.init(assisted), .init(run.hypothesis ?? "")]
    }
    let head: [Table.Column] = [
      .init("RUN"), .init("VERIFIED", alignment: .trailing), .init("SUCCESS RATE"),
      .init("UNSOUND", alignment: .trailing), .init("ATTEMPTS", alignment: .trailing),
      .init("TIME", alignment: .trailing), .init("CHANGE", alignment: .trailing), .init("ERRORS"),
    ]
    let own = models.map { model -> Table.Column in
      .init(model.model + (model.escalated ? " (escalate)" : ""), alignment: .trailing, isWhole: true)
    }
    let tail: [Table.Column] = [.init("HIDDEN TESTS"), .init("BECAUSE")]
    return Table(columns: head + own + tail, rows: rows).rendered(style: look.style, width: look.width)
  }

  private func instances(_ run: PhaseResults, _ look: Look) -> String {
    return Table(
      columns: [
        .init("INSTANCE", isWhole: true), .init("VERDICT"), .init("REACHED"), .init("CAUSE"),
        .init("ATTEMPTS", alignment: .trailing), .init("TIME", alignment: .trailing), .init("ERROR"),
      ], rows: run.results.map { InstanceList.cells($0) + [.init($0.finalError ?? "")] }
    ).rendered(style: look.style, width: look.width)
  }

  /// The plan's three progressions beside the real one: resolved of 5, 10, 30, 100, 300.
  private func progressions(_ look: Look) -> String {
    let real = Phase.allCases.map { phase in runs.last { $0.phase == phase } }
    let planned = Progression.allCases.map { one -> [Table.Cell] in
      [.init(one.rawValue)] + one.resolved.map { .init("\($0)") }
    }
    let own: [Table.Cell] = real.map { run in
      guard let run else { return .init("") }
      return .init(run.total == run.phase?.size ? "\(run.verified)" : "\(run.verified) of \(run.total)")
    }
    return Table(
      columns: [.init("RESOLVED OF")] + Phase.allCases.map { .init("\($0.size)", alignment: .trailing) },
      rows: planned + [[.init("real")] + own]
    ).rendered(style: look.style, width: look.width)
  }

  func json() throws -> [String] {
    struct Line: Encodable {
      let phase: String
      /// pass@1, pass@2, ...
      let passAtK: [Double]
      let instances: Int
      let assisted: Bool
      let told: String
    }
    let samples = try samples.map { samples in
      try JSONLine.of(
        Line(
          phase: samples.label.name, passAtK: samples.passAt, instances: samples.instances,
          assisted: samples.assisted, told: samples.sentence))
    }
    return beside.flatMap { run, before in
      [PhaseSummary(run, previous: before).line]
        + (showsInstances
          ? String(decoding: run.instanceLines, as: UTF8.self).split(separator: "\n").map(String.init) : [])
    } + (samples.map { [$0] } ?? [])
  }
}
