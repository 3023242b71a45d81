import ArgumentParser
import Attempts
import Campaigns
import Sessions
import Terminal

/// `results`: the five metrics of each phase.
package struct ResultsCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "results", abstract: "Show what the phases came to: success, attempts, errors, time, improvement.",
    discussion: """
      One line for each run of each phase, below them how many instances were resolved by each attempt, and the plan's \
      three progressions beside the real one. `pass@k` stands there where runs are independent samples: the same but \
      for `model.seed`, one attempt each. With a phase, its instances too.
      """)
  package static let examples = ["results --out run", "results 1 --out run"]

  @Argument(help: "The phase.", transform: PhaseCommand.phase)
  var phase: Phase?

  @Option(help: "The folder that the results lie in.")
  var out: String = "."

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let runs = try await CampaignFolder(session: session, out: out).all().filter { phase == nil || $0.phase == phase }
    guard !runs.isEmpty else {
      throw phase.map { CampaignError.notRun($0.rawValue, folder: out) } ?? CampaignError.nothingRun(folder: out)
    }
    return Done(ResultsOutput(runs: runs, showsInstances: phase != nil))
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
    let rows = beside.map { run, before -> [Table.Cell] in
      let rate = "\(percent(run.successRate)) % [\(percent(run.interval.low)), \(percent(run.interval.high))]"
      let assisted = run.results.contains(where: \.assisted) ? "assisted" : "clean"
      return [
        .init("\(run.label.name).\(run.look)"), .init("\(run.verified)/\(run.total)"), .init(rate),
        .init(run.unsound.isEmpty ? "" : "\(run.unsound.count)"),
        .init(run.averageAttempts.map(PhaseOutput.short) ?? ""),
        .init(Amount.milliseconds(Int(run.averageTime * 1000))),
        .init(before.map { PhaseSummary.points(from: $0.successRate, to: run.successRate) } ?? ""),
        .init(run.errorCounts.map { "\($0.label) \($0.count)" }.joined(separator: ", ")),
        .init("\(run.config.model ?? ""), \(assisted)"), .init(run.hypothesis ?? ""),
      ]
    }
    return Table(
      columns: [
        .init("RUN"), .init("VERIFIED", alignment: .trailing), .init("SUCCESS RATE"),
        .init("UNSOUND", alignment: .trailing), .init("ATTEMPTS", alignment: .trailing),
        .init("TIME", alignment: .trailing), .init("CHANGE", alignment: .trailing), .init("ERRORS"), .init("BY"),
        .init("BECAUSE"),
      ], rows: rows
    ).rendered(style: look.style, width: look.width)
  }

  private func instances(_ run: PhaseResults, _ look: Look) -> String {
    let rows = run.results.map { record -> [Table.Cell] in
      let meaning = Meaning(verdict: record.verified ? "resolved" : "unresolved")
      return [
        .init(record.instanceID), .init(record.verified ? "yes" : "no", meaning: meaning),
        .init("\(record.attempts)"), .init(Amount.milliseconds(Int(record.timeSeconds * 1000))),
        .init(record.finalError ?? ""),
      ]
    }
    return Table(
      columns: [
        .init("INSTANCE", isWhole: true), .init("VERIFIED"), .init("ATTEMPTS", alignment: .trailing),
        .init("TIME", alignment: .trailing), .init("ERROR"),
      ], rows: rows
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
