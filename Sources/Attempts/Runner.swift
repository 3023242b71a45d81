import Content
import Instances
import Journal
import Models

/// Makes takes: walks the stages, keeps what has not changed, makes what has, journals each before it is shown.
package struct Runner: Sendable {
  private let world: World
  private let interceptors: [any Interceptor]
  private let sitting: String
  private let resumes: Bool

  /// `sitting` is the name under which the journal keeps the stages. With `resumes`, stages of a take that was begun
  /// under that name and never finished are used as they are.
  package init(world: World, sitting: String, resumes: Bool = false, interceptors: [any Interceptor] = []) {
    self.resumes = resumes
    self.world = world
    self.sitting = sitting
    self.interceptors = interceptors
  }

  /// Makes the take that `plan` describes. A stage is kept where the base take has it under the same key and no earlier
  /// or equal stage is forced; everything else is made anew. Throws what a stage or an interceptor throws; the stages
  /// made before stay in the journal.
  package func make(_ plan: Plan) async throws -> Take {
    let interceptors = interceptors
    let start = ContinuousClock.now
    let workshop = Workshop(
      world: world, plan: plan,
      replied: { text in for interceptor in interceptors { await interceptor.replied(text, in: plan) } },
      retrying: { retry in for interceptor in interceptors { await interceptor.retrying(retry, in: plan) } },
      watcher: EnvironmentWatcher(
        told: { news in for interceptor in interceptors { await interceptor.preparing(news, in: plan) } },
        made: { made in for interceptor in interceptors { await interceptor.prepared(made, in: plan) } }))
    let old = plan.base?.chain ?? Chain()
    let begun = resumes ? Chain(try world.journal.begun(plan, sitting: sitting)) : Chain()
    var chain = Chain()
    var own = OwnTime()
    for stage in Stage.allCases where stage <= plan.through {
      try Task.checkCancellation()
      guard let key = own.count(\.keys, { stage.maker.key(plan, chain)?.hash }) else {
        // A tweak is never lost in silence: here nothing would be made that it could take the place of.
        if stage == plan.tweak?.stage { throw AttemptError.missing(stage) }
        continue
      }
      let record: StageRecord
      if let there = begun[stage], there.key == key, !there.artifact.isLost {
        record = there
      } else {
        record = try await self.record(stage, key: key, plan, chain, old, workshop, &own)
      }
      chain.add(record)
      let told = ContinuousClock.now
      for interceptor in interceptors { try await interceptor.didRecord(record, in: chain, of: plan) }
      own.screen += (ContinuousClock.now - told).microseconds
    }
    let take = Take(
      instanceID: plan.instance.id, id: plan.id, settings: plan.settings, records: chain.records,
      changes: plan.changes, strategy: plan.strategy,
      wallMilliseconds: Runner.milliseconds(ContinuousClock.now - start),
      own: own)
    try world.journal.keep(take, sitting: sitting)
    return take
  }

  private func record(
    _ stage: Stage, key: Hash, _ plan: Plan, _ chain: Chain, _ old: Chain, _ workshop: Workshop, _ own: inout OwnTime
  ) async throws -> StageRecord {
    let before = old[stage]
    let forced = plan.from.map { stage >= $0 } ?? false
    if let tweak = plan.tweak, tweak.stage == stage {
      guard let before else { throw AttemptError.missing(stage) }
      var seen = chain
      seen.add(before)
      let artifact = try await stage.maker.tweaked(tweak.text, plan, seen, in: workshop)
      return try own.count(\.journal) {
        try keep(artifact, stage, key, .tweaked(of: before.content), milliseconds: 0, plan: plan)
      }
    }
    if let before, before.key == key, !forced, !before.artifact.isFleeting {
      try own.count(\.journal) { try world.journal.keep(before.kept, of: plan, sitting: sitting, bytes: nil) }
      return before.kept
    }
    let told = ContinuousClock.now
    for interceptor in interceptors { try await interceptor.willMake(stage, of: plan) }
    let start = ContinuousClock.now
    own.screen += (start - told).microseconds
    let made: Made
    if let recorded = world.recorded, stage == .baseline || stage == .outcomes {
      made = Made(artifact: try recorded(stage, key, plan.instance))
    } else {
      made = try await stage.maker.make(plan, chain, in: workshop)
    }
    let preparation = await workshop.takePreparation()
    let milliseconds = Runner.milliseconds(ContinuousClock.now - start - (preparation ?? .zero))
    return try own.count(\.journal) {
      try keep(
        made.artifact, stage, key, .made, milliseconds: milliseconds, attachments: made.attachments,
        writing: made.writing, preparation: preparation, plan: plan)
    }
  }

  private func keep(
    _ artifact: Artifact, _ stage: Stage, _ key: Hash, _ how: StageRecord.How, milliseconds: Int,
    attachments: [String: [UInt8]] = [:], writing: Duration? = nil, preparation: Duration? = nil,
    plan: Plan
  ) throws -> StageRecord {
    let bytes = try artifact.bytes()
    let record = StageRecord(
      stage: stage, key: key, content: Hash(of: bytes), artifact: artifact, how: how, milliseconds: milliseconds,
      attachments: try attachments.mapValues { try world.journal.keep($0) },
      writingMilliseconds: writing.map(Runner.milliseconds),
      environmentMilliseconds: preparation.map(Runner.milliseconds))
    try world.journal.keep(record, of: plan, sitting: sitting, bytes: bytes)
    return record
  }

  /// Rounded, so that the parts of a take add up to it.
  private static func milliseconds(_ duration: Duration) -> Int {
    (duration.microseconds + 500) / 1000
  }
}
