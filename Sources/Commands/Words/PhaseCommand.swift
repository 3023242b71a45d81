import ArgumentParser
import Attempts
import Campaigns
import Content
import Context
import Edits
import Foundation
import Instances
import Models
import Sessions
import Terminal

/// `phase N`: runs one of the plan's five phases.
package struct PhaseCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "phase", abstract: "Run one of the five phases: 5, 10, 30, 100 or 300 instances, behind its gate.",
    discussion: """
      micro (1), small (2), medium (3), large (4) and full (5) are drawn from the loaded rows by repository and \
      difficulty, the same for the same seed, each contained in the next. A phase begins only where the gate before it \
      is open. The results are written to `phase_N_results.json` and two files beside it; exit status 3 says that its \
      own gate is shut.
      """)
  package static let examples = ["phase 1 --model practice --attempts 1 --out run"]
  package static let makesTakes = true

  @Argument(help: "1 to 5, or micro, small, medium, large, full.", transform: PhaseCommand.phase)
  var phase: Phase

  @Option(help: "The folder that the results are written to.")
  var out: String = "."

  @Option(help: "The seed of the draw, from 0.")
  var seed: UInt64 = 1

  @Flag(help: "Draw the phase by itself: it need not be contained in the next.")
  var apart = false

  @Flag(help: "Begin though the gate before is shut; the results say so.")
  var force = false

  @Option(help: "What is to be shown: it stands in the results.")
  var because: String?

  @OptionGroup var options: BatchOptions

  package init() {}

  static func phase(_ text: String) throws -> Phase {
    guard let phase = Phase(text) else {
      throw ValidationError(
        "no phase `\(text)`: it is 1 to 5, or one of \(Phase.allCases.map(\.name).joined(separator: ", "))")
    }
    return phase
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let sample = try await sample(in: session)
    let folder = CampaignFolder(session: session, out: out)
    if let refusal = phase.refusal(try await folder.all().compactMap(\.asLook)) {
      guard force else { throw refusal }
      await desk.warn("\(refusal.localizedDescription): it begins all the same, because of --force")
    }
    for (name, id) in sample.named.sorted(by: { $0.key < $1.key }) where name != id {
      await desk.warn("\(name) of the plan is \(id) here")
    }
    await warnOfHard(sample.ids, in: session, at: desk)
    return try await PhaseRun(
      phase: phase, ids: sample.ids, folder: folder, because: because, isForced: force, seed: seed,
      named: sample.named, options: options
    ).run(in: session, at: desk)
  }

  /// The phase's rows. Practice rows yield to real ones, and the two are never mixed.
  private func sample(in session: Session) async throws -> PhaseSample {
    let all = try await session.rows()
    let real = all.filter { $0.set != "practice" }
    let rows = try (real.isEmpty ? all : real).map { row, _ in
      PhaseSample.Row(id: row.id, repository: row.repo, difficulty: try row.instance().difficulty)
    }
    guard rows.count >= phase.size else { throw SessionError.tooFewRows(wanted: phase.size, found: rows.count) }
    return PhaseSample(phase, of: rows, seed: seed, isNested: !apart)
  }
}

/// `retry N --because TEXT`: the same rows again, after a change.
package struct RetryCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Run the rows of a phase again after a change, and keep the results before it.",
    discussion: """
      The results before it are kept as `phase_N_results.K.json`. Each retry is one more look, and spends of the error \
      that the phase may make: `gate` says how much is left. With nothing changed it refuses, but for `--again`, which \
      shows how far two equal runs differ.
      """)
  package static let examples = [
    "retry 1 --because \"the same once more\" --again --model practice --attempts 1 --out run"
  ]
  package static let makesTakes = true

  @Argument(help: "The phase.", transform: PhaseCommand.phase)
  var phase: Phase

  @Option(help: "What was changed, and what it should do.")
  var because: String

  @Option(help: "The folder that the results lie in.")
  var out: String = "."

  @OptionGroup var options: BatchOptions

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let folder = CampaignFolder(session: session, out: out)
    guard let last = try await folder.runs(of: phase.rawValue).last else {
      throw CampaignError.notRun(phase.rawValue, folder: out)
    }
    return try await PhaseRun(
      phase: phase, ids: last.results.map(\.instanceID), folder: folder, because: because, isForced: last.isForced,
      seed: last.seed, named: last.named, options: options, needsChange: true
    ).run(in: session, at: desk)
  }
}

/// A phase that is run, and what is made of it.
struct PhaseRun {
  let phase: Phase
  let ids: [String]
  let folder: CampaignFolder
  let because: String?
  let isForced: Bool
  let seed: UInt64?
  let named: [String: String]
  let options: BatchOptions
  /// True where it is to be another run than the one before.
  var needsChange = false

  func run(in session: Session, at desk: Desk) async throws -> Done {
    try await session.checkUnmixed(ids)
    try await session.files.check(folder.path(RunFile.name(phase.rawValue)), inFolder: false)
    let earlier = try await folder.runs(of: phase.rawValue)
    let settings = try await options.settings(in: session)
    let values = try await values(settings, in: session)
    let isSame = earlier.last.map { $0.identity == values } ?? false
    if needsChange, isSame, !options.again { throw CampaignError.nothingChanged(phase.rawValue) }
    let campaign = settings.campaign ?? "default"
    let name = "\(campaign)/phase \(phase.rawValue)"
    let repetition =
      options.again ? try await session.repetitions(of: name) : isSame ? earlier.last?.repetition ?? 0 : 0
    let run = try await options.run(ids, as: name, settings: settings, repetition: repetition, in: session, at: desk)
    if let failure = run.result.failure { throw failure }
    guard !run.result.isStopped else {
      await desk.report(BatchOutput(result: run.result, total: ids.count))
      throw BatchError.stopped(done: run.result.records.count, of: ids.count)
    }
    // The same run that goes on is one look; another is one more.
    let goesOn = isSame && !options.again
    var values2 = values
    values2["repetition"] = repetition == 0 ? nil : "\(repetition)"
    for (name, value) in run.passport { values2["passport.\(name)"] = value }
    let file = RunFile(
      phase: phase.rawValue, timestamp: Date.now.formatted(.iso8601),
      config: config(run.result.records, settings, attempts: run.attempts, values2), results: run.result.records,
      campaign: settings.campaign, look: goesOn ? earlier.last?.look ?? 1 : earlier.count + 1,
      because: because ?? (goesOn ? earlier.last?.because : nil), notes: await session.campaignNotes,
      isForced: isForced, seed: seed, named: named, rampVersion: session.host.version)
    let before = goesOn ? Array(earlier.dropLast()) : earlier
    let previous: RunFile? =
      if let phase = phase.previous { try await folder.runs(of: phase.rawValue).last } else { nil }
    let paths = try await folder.keep(file, behind: before, previous: previous)
    let looks = (before + [file]).compactMap(\.asLook)
    let output = PhaseOutput(
      file: file, previous: previous, before: before.last, gate: Gate(looks), paths: paths,
      others: try await folder.latest())
    await desk.report(output)
    guard let reason = output.gate?.reason else {
      return Done(ReportedOutput(summary: output.summary), .changes(slot: nil))
    }
    throw BatchError.gateShut(reason)
  }

  /// The settings that play a part, by their names.
  private func values(_ settings: Settings, in session: Session) async throws -> [String: String] {
    var values = SettingTable.values(settings)
    values["attempts_max"] = "\(options.attempts ?? settings.attemptsMax)"
    values["model"] = settings.model ?? "practice"
    values["template.sha256"] = try await session.template(settings.templateName).hash.hex
    return values
  }

  private func config(
    _ records: [InstanceRecord], _ settings: Settings, attempts: Int, _ values: [String: String]
  ) -> RunFile.Config {
    let names = records.filter { !$0.escalated }.compactMap(\.model)
    let counts = Dictionary(grouping: names) { $0 }.mapValues(\.count)
    let asked = settings.model.flatMap { try? ModelName(parsing: $0) }.map {
      $0.argument.isEmpty ? $0.title : $0.argument
    }
    let model = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? asked ?? ModelName(.practice).title
    let way = settings.format == .lines ? "direct" : settings.format.rawValue
    let loop = settings.feedback == .none ? "" : "_plus_feedback_loop"
    return RunFile.Config(
      model: model, approach: "\(way)_edits\(loop)", attemptsMax: attempts,
      filesContext: settings.context.strategy == .bm25
        ? "\(settings.context.files)" : settings.context.strategy.rawValue,
      settings: values)
  }
}

extension RunFile {
  /// Which run with the same settings it is, from 0.
  var repetition: Int { config.settings["repetition"].flatMap { Int($0) } ?? 0 }
}
