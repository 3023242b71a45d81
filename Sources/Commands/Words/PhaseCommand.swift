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
      is open. The results are written to `phase_N_results.json` and two files beside it (each attempt, and a line for each phase); exit status 3 says that its \
      own gate is shut.
      """)
  package static let examples = ["phase 1 --model gold --attempts 1 --out run"]
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

  @Flag(help: "Let no gate stop it, neither the one before nor its own: for the old way, which may solve nothing.")
  var ungated = false

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
    let folder = CampaignFolder(session: session, out: out)
    let runs = try await folder.all()
    let draw = PhaseCommand.draw(of: runs)
    let sample = try await sample(in: session, draw: draw)
    let refusal = phase.refusal(runs)
    if let refusal {
      guard force || ungated else { throw refusal }
      let flag = force ? "--force" : "--ungated"
      await desk.warn("\(refusal.localizedDescription): it begins all the same, because of \(flag)")
    }
    for (name, id) in sample.named.sorted(by: { $0.key < $1.key }) where name != id {
      await desk.warn("\(name) of the plan is \(id) here")
    }
    if phase == .micro, !sample.missing.isEmpty {
      await desk.warn(
        "of the plan's five instances \(sample.missing.count == 1 ? "one is" : "\(sample.missing.count) are") not among "
          + "the rows: \(sample.missing.joined(separator: ", ")); others were drawn")
    }
    await warnOfHard(sample.ids, in: session, at: desk)
    return try await PhaseRun(
      phase: phase, ids: sample.ids, folder: folder, because: because, isForced: refusal != nil, seed: seed,
      draw: draw, named: sample.named, options: options, isUngated: ungated
    ).run(in: session, at: desk)
  }

  /// How a campaign with these runs draws its rows: as it began, or in the present way.
  private static func draw(of runs: [PhaseResults]) -> PhaseSample.Draw {
    guard let first = runs.first(where: { !$0.isForeign }) else { return .inTurns }
    return first.config.draw.flatMap(PhaseSample.Draw.init) ?? .byShare
  }

  /// The phase's rows. Practice rows yield to real ones, and the two are never mixed.
  private func sample(in session: Session, draw: PhaseSample.Draw) async throws -> PhaseSample {
    let all = try await session.rows()
    let real = all.filter { !$0.row.isPractice }
    let rows = try (real.isEmpty ? all : real).map { row, _ in
      PhaseSample.Row(id: row.id, repository: row.repo, difficulty: try row.instance().difficulty)
    }
    guard rows.count >= phase.size else { throw SessionError.tooFewRows(wanted: phase.size, found: rows.count) }
    return PhaseSample(phase, of: rows, seed: seed, isNested: !apart, draw: draw)
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
    "retry 1 --because \"the same once more\" --again --model gold --attempts 1 --out run"
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
    guard let last = try await folder.runs(of: phase).last else {
      throw CampaignError.notRun(phase.rawValue, folder: out)
    }
    return try await PhaseRun(
      phase: phase, ids: last.results.map(\.instanceID), folder: folder, because: because, isForced: last.forced,
      seed: last.config.samplingSeed.flatMap { UInt64(exactly: $0) },
      draw: last.config.draw.flatMap(PhaseSample.Draw.init) ?? .byShare, named: last.config.named, options: options,
      needsChange: true
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
  let draw: PhaseSample.Draw
  let named: [String: String]
  let options: BatchOptions
  /// True where it is to be another run than the one before.
  var needsChange = false
  /// True where its own gate does not end the script.
  var isUngated = false

  func run(in session: Session, at desk: Desk) async throws -> Done {
    try await session.checkUnmixed(ids)
    try await folder.check(phase)
    let earlier = try await folder.runs(of: phase)
    let settings = try await options.settings(in: session)
    var config = try await config(settings, in: session)
    let attempts = options.attempts ?? settings.attemptsMax
    config.settings[PhaseConfig.runHash] = try await session.hash(
      of: BatchRequest(name: "", ids: ids, settings: settings, attempts: attempts, jobs: 1, models: 1)
    ).hex
    let isSame = earlier.last.map { $0.config.identity == config.identity } ?? false
    if needsChange, isSame, !options.again { throw CampaignError.nothingChanged(phase.rawValue) }
    let name = PhaseRun.name(phase, campaign: settings.campaign ?? "default")
    let repetition =
      options.again
      ? try await session.repetitions(of: name) : isSame ? earlier.last?.config.repetition ?? 0 : 0
    let start = ContinuousClock.now
    let run = try await options.run(ids, as: name, settings: settings, repetition: repetition, in: session, at: desk)
    if let failure = run.result.failure { throw failure }
    guard !run.result.isStopped else {
      await desk.report(BatchOutput(result: run.result, total: ids.count))
      throw BatchError.stopped(done: run.result.records.count, of: ids.count)
    }
    try refuseUnasked(run.result.records)
    if repetition > 0 { config.settings["repetition"] = "\(repetition)" }
    for (name, value) in run.passport { config.settings["passport.\(name)"] = value }
    config.model = PhaseRun.model(of: run.result.records) ?? config.model
    // The same run that goes on is one look; another is one more.
    let goesOn = isSame && !options.again
    let isAllKept = goesOn && run.result.kept == ids.count
    if goesOn, let before = earlier.last?.config.settings {
      config.settings.merge(before.filter { $0.key.hasPrefix("passport.") }) { new, _ in new }
    }
    let results = PhaseResults(
      label: .phase(phase), timestamp: (isAllKept ? earlier.last?.timestamp : nil) ?? Date.now.formatted(.iso8601),
      config: config, results: run.result.records,
      campaign: settings.campaign,
      // Of a run that goes on nobody knows the whole.
      wallSeconds: run.result.kept > 0
        ? goesOn ? earlier.last?.wallSeconds : nil : (ContinuousClock.now - start) / .seconds(1),
      look: goesOn ? earlier.last?.look ?? 1 : earlier.count + 1,
      forced: isAllKept ? earlier.last?.forced ?? isForced : isForced,
      hypothesis: because ?? (goesOn ? earlier.last?.hypothesis : nil), notes: await session.campaignNotes)
    let before = goesOn ? Array(earlier.dropLast()) : earlier
    let paths = try await folder.keep(results, behind: goesOn ? [] : earlier)
    await desk.cases?.add(results)
    let previous: PhaseResults? = if let phase = phase.previous { try await folder.runs(of: phase).last } else { nil }
    let output = PhaseOutput(results: results, previous: previous, before: before.last, paths: paths)
    await desk.report(output)
    let reason = Gate(results)?.reason
    if let reason, isUngated { await desk.warn("\(reason): it goes on all the same, because of --ungated") }
    guard let reason, !isUngated else {
      return Done(ReportedOutput(summary: output.summary), .changes(slot: nil))
    }
    throw BatchError.gateShut(reason)
  }

  /// Refuses a run in which no instance reached a model: it says nothing, and is no look.
  ///
  /// - Throws: `CampaignError.noModelAsked`.
  private func refuseUnasked(_ records: [InstanceRecord]) throws {
    let isUnasked = records.allSatisfy { record in
      record.stop.isInfrastructure && record.each.allSatisfy { $0.model == nil }
    }
    guard isUnasked, let first = records.first else { return }
    throw CampaignError.noModelAsked(phase.rawValue, reason: first.finalError ?? first.errorLabel)
  }

  /// What its batch is called in the journal.
  static func name(_ phase: Phase, campaign: String) -> String { "\(campaign)/phase \(phase.rawValue)" }

  /// What it is run with, as its file tells it.
  private func config(_ settings: Settings, in session: Session) async throws -> PhaseConfig {
    let attempts = options.attempts ?? settings.attemptsMax
    let name = try Session.modelName(settings)
    let way = settings.format == .lines ? "direct" : settings.format.rawValue
    var config = PhaseConfig(
      model: name.argument.isEmpty || !name.kind.isServer ? name.title : name.argument,
      approach: "\(way)_edits" + (settings.feedback == .none ? "" : "_plus_feedback_loop"), attemptsMax: attempts,
      filesContext: settings.context.strategy == .bm25
        ? .count(settings.context.files) : .text(settings.context.strategy.rawValue))
    config.settings = SettingTable.values(settings)
    config.settings["attempts_max"] = "\(attempts)"
    config.settings["model"] = settings.model ?? ModelName(.practice).description
    config.settings["template.sha256"] = try await session.template(settings.templateName).hash.hex
    config.ramp = session.host.version
    config.samplingSeed = seed.flatMap { Int(exactly: $0) }
    config.draw = draw.rawValue
    config.named = named
    return config
  }

  /// The model that answered for most instances, as its server calls it; nil where none did.
  private static func model(of records: [InstanceRecord]) -> String? {
    let names = records.filter { !$0.escalated }.compactMap(\.model)
    let counts = Dictionary(grouping: names) { $0 }.mapValues(\.count)
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}
