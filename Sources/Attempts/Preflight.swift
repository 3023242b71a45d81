import Content
import Foundation
import Grading
import Instances
import Journal
import Prompts
import Workspaces

/// What a row comes to here without any model: whether its tests can judge a repair.
package struct Preflight: Hashable, Codable, Sendable {
  package enum Result: String, Codable, CaseIterable, Sendable {
    /// The tests fail before any repair and pass with the gold patch, every time.
    case sound
    /// The same, but for PASS_TO_PASS tests that fail here whatever is done.
    case partial
    /// A named test passes in one run with the gold patch and fails in another.
    case flaky
    /// The gold patch does not resolve the row.
    case goldFails = "gold_fails"
    /// The tests pass with the gold patch, and a run with it would be called suspect.
    case suspect
    /// The tests are not red before any repair, or cannot run.
    case notRed = "not_red"

    /// True where a right repair would be called resolved.
    package var isUsable: Bool { self == .sound }
  }

  package let instanceID: String
  /// The row, by the hash of its canonical bytes.
  package let row: Hash
  package let result: Result
  /// What the tests said before any repair, in words.
  package let baseline: String
  /// What they said with the gold patch; nil where it was not tried.
  package let gold: Resolution?
  /// How often the tests ran with the gold patch.
  package let runs: Int
  /// PASS_TO_PASS tests that fail before the repair and with the gold patch: the environment's.
  package let environment: [String]
  /// Named tests that fail with the gold patch in any run, and are none of the environment's.
  package let failing: [String]
  /// Named tests that ended differently in two runs.
  package let flaky: [String]
  package let milliseconds: Int
  /// The verdict that `run` gives the gold patch; nil where it was not tried, and in what an older ramp kept.
  package var verdict: VerdictWord?
  /// The verdict's own words; nil where it has none.
  package var why: String?
}

extension World {
  /// Tries a row without any model: its tests before any repair, then `runs` times with the gold patch. Each run is in
  /// a copy of its own.
  ///
  /// `watcher` hears of an environment that is made first, whose time is no part of the preflight's.
  ///
  /// - Throws: what the workspace throws; a row that cannot be tried at all has no preflight.
  package func preflight(
    _ instance: Instance, settings: Settings, runs: Int, watcher: EnvironmentWatcher = EnvironmentWatcher()
  ) async throws -> Preflight {
    let start = ContinuousClock.now
    let plan = Plan(
      instance: instance, id: TakeID(attempt: 1, take: 1), settings: settings,
      template: TemplateText(name: "", source: ""))
    let workshop = Workshop(world: self, plan: plan, replied: { _ in }, watcher: watcher)
    let before = try await workshop.runTests(of: instance, changes: []).report
    let baseline = BaselineArtifact(before, of: instance)
    var tallies: [Tally] = []
    var verdicts: [VerdictArtifact] = []
    if case .red(_, _, let failing) = baseline.judgement {
      let changes = try await applyPatch(Array(instance.patch.utf8), try await workshop.workspace())
      let patch = PatchArtifact(diff: instance.patch, changes: changes)
      for _ in 0..<max(1, runs) {
        try Task.checkCancellation()
        let run = try await workshop.runTests(of: instance, changes: changes)
        let outcomes = OutcomesArtifact(run.report, of: instance)
        tallies.append(outcomes.tally)
        verdicts.append(
          VerdictStage.judge(
            instance, before, failing, patch, outcomes, TestTargets.scripts(of: instance, settings.workspace)))
      }
    }
    let preparation = await workshop.takePreparation() ?? .zero
    let spent = (ContinuousClock.now - start - preparation).components
    return Preflight(
      instance, baseline, tallies, verdicts.first { $0.word != .resolved } ?? verdicts.first,
      milliseconds: Int(spent.seconds) * 1000 + Int(spent.attoseconds / 1_000_000_000_000_000))
  }
}

extension Preflight {
  /// Judges the runs with the gold patch; none where the baseline is not red.
  init(
    _ instance: Instance, _ baseline: BaselineArtifact, _ tallies: [Tally], _ gold: VerdictArtifact?,
    milliseconds: Int
  ) {
    let known: Set<String> =
      if case .red(_, _, let failing) = baseline.judgement { Set(failing) } else { [] }
    let failures = tallies.map { Set($0.failToPass.failure + $0.passToPass.failure) }
    let always = failures.dropFirst().reduce(failures.first ?? []) { $0.intersection($1) }
    let ever = failures.reduce(into: Set<String>()) { $0.formUnion($1) }
    let environment = always.intersection(known)
    instanceID = instance.id
    row = instance.hash
    self.baseline = baseline.sentence
    self.gold = tallies.first?.resolution
    verdict = gold?.word
    why = gold.flatMap { $0.sentence.isEmpty ? nil : $0.sentence }
    runs = tallies.count
    self.environment = environment.sorted()
    failing = ever.subtracting(environment).sorted()
    flaky = ever.subtracting(always).sorted()
    self.milliseconds = milliseconds
    result =
      if tallies.isEmpty { .notRed } else if !flaky.isEmpty { .flaky } else if !failing.isEmpty { .goldFails } else {
        gold?.word == .suspect ? .suspect : environment.isEmpty ? .sound : .partial
      }
  }
}

extension Journal {
  /// Keeps a preflight under the options that its tests ran with.
  package func keep(_ preflight: Preflight, settings: Settings) throws {
    let value = String(decoding: try Canonical.bytes(preflight), as: UTF8.self)
    try write { transaction in
      try transaction.execute(
        "INSERT OR REPLACE INTO preflight VALUES (?, ?, ?, ?, ?)",
        [
          .text(preflight.row.hex), .text(Preflight.options(settings)), .text(preflight.result.rawValue), .text(value),
          .text(Date.now.formatted(.iso8601)),
        ])
    }
  }

  /// The last preflight of a row under these options; nil where there is none.
  package func preflight(of row: Hash, settings: Settings) throws -> Preflight? {
    let found = try rows(
      "SELECT value FROM preflight WHERE row = ? AND options = ?",
      [.text(row.hex), .text(Preflight.options(settings))])
    return try found.first?["value"]?.text.map { try Canonical.value(Preflight.self, from: Array($0.utf8)) }
  }
}

extension Preflight {
  /// The options that decide how tests run, by hash.
  static func options(_ settings: Settings) -> String {
    (try? Canonical.hash(settings.workspace))?.hex ?? ""
  }
}
