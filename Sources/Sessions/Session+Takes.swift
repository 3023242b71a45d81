import Attempts
import Content
import Context
import Instances
import Models
import Prompts
import Script
import Synchronization

extension Take {
  /// The last stage that it has.
  fileprivate var reached: Stage { records.last?.stage ?? .workspace }
}

extension Session {
  /// Makes the next attempt of an instance; the last one goes on where its model was not asked, or where it was stopped.
  ///
  /// - Parameters:
  ///   - id: the instance.
  ///   - through: the last stage.
  ///   - watching: interceptors of this line alone.
  /// - Returns: the finished take, which is now the current one.
  /// - Throws: what a stage throws; `SessionError.diverged` where a recording does not fit.
  package func run(_ id: String, through: Stage, watching: [any Interceptor] = []) async throws -> Take {
    if let open = openAttempt(of: id) { return try await goOn(with: open, through: through, watching: watching) }
    let (instance, _) = try instance(id)
    let made = takes[id] ?? []
    let last = made.last
    let attempt = (made.map(\.id.attempt).max() ?? 0) + 1
    var plan = try plan(instance, TakeID(attempt: attempt, take: 1), through: through)
    plan.base = last
    // Whatever the prompt, an attempt asks the model.
    plan.from = last == nil ? nil : .reply
    try direct(&plan, behind: made)
    return try await make(plan, watching: watching)
  }

  /// Makes a new take of an attempt: from `stage` on, or every stage whose key has changed. One that came to no verdict
  /// goes on where nothing has changed.
  ///
  /// - Parameters:
  ///   - stage: the first stage that is made anew whatever its key.
  ///   - number: the take that it is made of, as typed; nil is the last one.
  ///   - through: the last stage.
  ///   - tweak: an artifact in place of the one that a stage made.
  ///   - watching: interceptors of this line alone.
  /// - Returns: the finished take, which is now the current one.
  /// - Throws: as `run`.
  package func rerun(
    from stage: Stage?, of number: String? = nil, through: Stage, tweak: Tweak? = nil,
    watching: [any Interceptor] = []
  ) async throws -> Take {
    let base = try take(number)
    let isLast = base.id == takes[base.instanceID]?.last?.id
    if stage == nil, tweak == nil, base.verdict == nil, isLast,
      !pending.contains(where: { Session.shows($0, base.instanceID) }), through > base.reached
    {
      return try await goOn(with: base, through: through, watching: watching)
    }
    let (instance, _) = try instance(base.instanceID)
    let id = nextTake(of: base)
    var plan = try plan(instance, id, through: through)
    plan.base = base
    plan.from = stage
    plan.tweak = tweak
    try direct(&plan, behind: takes[base.instanceID] ?? [])
    if let tweak { plan.changes.append("\(tweak.stage.rawValue) tweaked") }
    if let stage, plan.changes.isEmpty { plan.changes.append("\(stage.rawValue) again") }
    if !isLast { plan.changes.append("from \(base.id)") }
    return try await make(plan, watching: watching)
  }

  /// Goes on with the current take behind the last stage that it has. It stays the same take: nothing that the model
  /// could see was changed after an outcome.
  ///
  /// - Throws: `SessionError.finished` for a take with a verdict, `.answered` where something was changed after the model
  ///   had answered.
  package func goOn(through: Stage, watching: [any Interceptor] = []) async throws -> Take {
    let take = try take(nil)
    guard take.verdict == nil else { throw SessionError.finished(take.id.description, instance: take.instanceID) }
    let changes = pending.filter { Session.shows($0, take.instanceID) }.map(\.text)
    if take.chain.reply != nil, !changes.isEmpty {
      throw SessionError.answered(take.id.description, changes: changes)
    }
    guard through > take.reached else { throw SessionError.isThere(through, take: take.id.description) }
    return try await goOn(with: take, through: through, watching: watching)
  }

  private func goOn(with take: Take, through: Stage, watching: [any Interceptor]) async throws -> Take {
    let id = take.instanceID
    let (instance, _) = try instance(id)
    let before = (takes[id] ?? []).filter { $0.id != take.id }
    let paused = paused[id].flatMap { $0.id == take.id ? $0 : nil }
    var plan = try plan(instance, take.id, through: through)
    plan.changes = take.changes + plan.changes.filter { !take.changes.contains($0) }
    plan.base =
      paused.map { paused in before.first { $0.id == paused.base } } ?? before.last { $0.id < take.id } ?? before.last
    plan.from = paused.map(\.from) ?? (plan.base == nil || take.id.take > 1 ? nil : .reply)
    try direct(&plan, behind: before)
    return try await make(plan, goesOn: true, watching: watching)
  }

  /// The last attempt of an instance where it is not at its end and no reply of a model decides anything yet: the model
  /// was not asked, or it was stopped. Nil for none.
  package func openAttempt(of id: String) -> Take? {
    guard let last = takes[id]?.last, last.verdict == nil else { return nil }
    let isStopped = stopped?.instanceID == id && stopped?.id == last.id
    return last.chain.reply == nil && last.id.take == 1 || isStopped ? last : nil
  }

  /// The number that a rerun of a take will have.
  package func nextTake(of base: Take) -> TakeID {
    let numbers = (takes[base.instanceID] ?? []).filter { $0.id.attempt == base.id.attempt }.map(\.id.take)
    return TakeID(attempt: base.id.attempt, take: (numbers.max() ?? base.id.take) + 1)
  }

  /// The take that `text` names (`2.3`, `2`, or nil for the last) of an instance (nil for the current one).
  package func take(_ text: String?, of id: String? = nil) throws -> Take {
    guard let instance = id ?? current, let made = takes[instance], let last = made.last else {
      guard let id = id ?? current else { throw nothingCurrent() }
      _ = try self.instance(id)
      throw SessionError.noTake(text ?? "", instance: id, takes: [])
    }
    guard let text else { return last }
    let names = made.map(\.id.description)
    guard let wanted = TakeID(text), let take = made.first(where: { $0.id == wanted }) else {
      throw SessionError.noTake(text, instance: instance, takes: names)
    }
    return take
  }

  private func plan(_ instance: Instance, _ id: TakeID, through: Stage) throws -> Plan {
    let settings = opened.settings(of: instance.id, now: settings)
    return Plan(
      instance: instance, id: id, settings: settings, template: try template(settings.templateName, of: instance.id),
      added: added[instance.id] ?? [], dropped: dropped[instance.id] ?? [], through: through,
      changes: pending.filter { Session.shows($0, instance.id) }.map(\.text))
  }

  /// The settings that the next take of an instance is made with.
  package func settings(of id: String) -> Settings { opened.settings(of: id, now: settings) }

  /// The template called `name` for a take of an instance: of a batch's takes it may be known to the batch alone.
  private func template(_ name: String, of id: String) throws -> TemplateText {
    let kept = opened.origins[id]?.templates.first { $0.name == name }
    if let kept, !templates().contains(where: { $0.name == name }) { return kept }
    return try template(name)
  }

  /// The next attempt of an instance in a batch: nothing that a person added to its context or changed since plays a
  /// part in it.
  func batchPlan(_ instance: Instance, behind takes: [Take], _ settings: Settings) throws -> Plan {
    let last = takes.last
    var plan = Plan(
      instance: instance, id: TakeID(attempt: (last?.id.attempt ?? 0) + 1, take: 1), settings: settings,
      template: try template(settings.templateName))
    plan.base = last
    plan.from = last == nil ? nil : .reply
    try direct(&plan, behind: takes)
    return plan
  }

  /// Makes of the settings what the attempt's rung of the ladder says, with what the attempts before it came to.
  private func direct(_ plan: inout Plan, behind takes: [Take]) throws {
    let attempt = plan.id.attempt
    // A take of an earlier attempt may have been made after those of later ones.
    let earlier = takes.filter { $0.id.attempt < attempt }.sorted { $0.id < $1.id }
    plan.memory = Memory(earlier, before: attempt)
    let directive = try Directive(
      attempt: attempt, instanceID: plan.instance.id, settings: plan.settings, memory: plan.memory,
      shown: earlier.last?.chain, behind: earlier
    ) { name, value, settings in try SettingTable.setting(name).set(value, in: &settings) }
    plan.settings = directive.settings
    plan.settings.tokensRatio = try tokenRatio(directive.settings, of: plan.instance.id, plan.id, behind: takes)
    plan.template = try template(directive.settings.templateName, of: plan.instance.id)
    plan.skills =
      directive.settings.skills?.skills == .on ? try skills().map(\.skill).sorted { $0.name < $1.name } : []
    plan.strategy = directive.words
    plan.widened = directive.spans
    plan.stack = directive.stack
    let mode = directive.settings.feedback
    let isTold = directive.settings.reproduce == .on && directive.tells
    plan.reproduction = isTold ? ReproductionScript(in: earlier.filter { mode == .hidden || !$0.chain.isTainted }) : nil
    // What a stricter mode would not have told is not told any more.
    let told = directive.tells ? earlier.last { $0.id.attempt == attempt - 1 }?.chain.feedback : nil
    plan.earlier = told.flatMap { $0.mode <= directive.settings.feedback ? $0 : nil }
    plan.modelFile = modelFile(plan.settings)
    if settings.budgetTokens > 0 {
      let spent = Spent(earlier.filter { $0.id.take == 1 })
      plan.tokensLeft = settings.budgetTokens - spent.promptTokens - spent.replyTokens
    }
  }

  static func shows(_ change: Change, _ id: String) -> Bool { change.instanceID.map { $0 == id } ?? true }

  private func make(_ plan: Plan, goesOn: Bool = false, watching: [any Interceptor]) async throws -> Take {
    let witness = Witness()
    let id = plan.instance.id
    let runner = try runner(for: plan, goesOn: goesOn, watching: watching + [witness])
    let take: Take
    do {
      take = try await runner.make(plan)
    } catch let error as ModelError {
      guard case .notRecorded(_, _, _, let nearest) = error, recordMode != nil else { throw error }
      throw SessionError.diverged(divergence(witness.chain, plan, nearest: nearest))
    } catch let error as CancellationError {
      try stop(plan, witness)
      throw error
    }
    stopped = nil
    try learn(from: take)
    markUsed(take)
    pin(plan, reachesPrompt: take.chain.prompt != nil)
    add(take, madeBy: plan)
    pending.removeAll { Session.shows($0, id) }
    return take
  }

  /// The stages of a take that was stopped are there to be looked at, and it goes on behind them.
  private func stop(_ plan: Plan, _ witness: Witness) throws {
    let chain = witness.chain
    if !chain.records.isEmpty {
      let take = Take(
        instanceID: plan.instance.id, id: plan.id, settings: plan.settings, records: chain.records,
        changes: plan.changes, strategy: plan.strategy)
      try host.journal.keep(take, sitting: journalName(of: plan.instance.id))
      pin(plan, reachesPrompt: chain.prompt != nil)
      add(take, madeBy: plan)
    }
    stopped = witness.stopped(plan)
    isStopNew = true
    current = plan.instance.id
  }

  /// Puts a take among those of its instance, in the place of what it was before it went on.
  private func add(_ take: Take, madeBy plan: Plan) {
    let id = take.instanceID
    let batch = opened.origins[id]?.batch
    takes[id, default: []].removeAll { $0.id == take.id }
    takes[id, default: []].append(take)
    if let index = made.firstIndex(where: { $0.take.instanceID == id && $0.take.id == take.id && $0.batch == batch }) {
      made.remove(at: index)
    }
    made.append(MadeTake(take: take, batch: batch))
    paused[id] = take.verdict == nil ? Paused(id: take.id, base: plan.base?.id, from: plan.from) : nil
    current = id
  }

  /// Keeps what a take was made of. A session file has room for one content under each name.
  private func pin(_ plan: Plan, reachesPrompt: Bool) {
    let template = plan.template
    pin(plan.instance)
    guard reachesPrompt else { return }
    if let old = usedTemplates.updateValue(template, forKey: template.name), old != template {
      ambiguous.append("template \(template.name)")
    }
  }

  /// Keeps a row that takes were made of.
  func pin(_ instance: Instance) {
    if let old = used.updateValue(instance, forKey: instance.id), old != instance {
      ambiguous.append("row \(instance.id)")
      keptItems.rows.remove(instance.id)
    }
  }

  /// The sections that the takes of a replayed batch stand for have been used.
  func markUsed(batch: Int) {
    guard let script, let number = opened.number(of: batch) else { return }
    for section in script.sections where section.name.hasSuffix("/batch-\(number)") {
      usedSections.insert(section.title)
    }
  }

  /// The sections that a replayed take stands for have been used.
  private func markUsed(_ take: Take) {
    let name = exchangeName(take.instanceID, take.id)
    for kind in ["prompt", "reply", "tweak"] where script?.section(kind, name) != nil {
      usedSections.insert("\(kind)/\(name)")
    }
  }
}

/// A take that came to no verdict: what it goes on with.
struct Paused: Sendable {
  let id: TakeID
  /// The take that it is made of; nil for a first one.
  let base: TakeID?
  /// The first stage that is made anew whatever its key.
  let from: Stage?
}

/// Where a take was stopped before its end.
package struct Stopped: Hashable, Sendable {
  package let instanceID: String
  package let id: TakeID
  /// The stage that was being made.
  package let stage: Stage
  /// The reply as far as it came; empty where none did.
  package let reply: String
}

/// Remembers how far a take came.
final class Witness: Interceptor {
  private struct State {
    var chain = Chain()
    var stage = Stage.workspace
    var reply = ""
  }

  private let state = Mutex(State())

  var chain: Chain { state.withLock { $0.chain } }

  func stopped(_ plan: Plan) -> Stopped {
    state.withLock { Stopped(instanceID: plan.instance.id, id: plan.id, stage: $0.stage, reply: $0.reply) }
  }

  func willMake(_ stage: Stage, of plan: Plan) async throws { state.withLock { $0.stage = stage } }

  func replied(_ text: String, in plan: Plan) async { state.withLock { $0.reply += text } }

  func didRecord(_ record: StageRecord, in chain: Chain, of plan: Plan) async throws {
    state.withLock { $0.chain = chain }
  }
}
