import Attempts
import Content
import Context
import Instances
import Models
import Prompts
import Script
import Synchronization

extension Session {
  /// Makes the next attempt of an instance.
  ///
  /// - Parameters:
  ///   - id: the instance.
  ///   - through: the last stage.
  ///   - watching: interceptors of this line alone.
  /// - Returns: the finished take, which is now the current one.
  /// - Throws: what a stage throws; `SessionError.diverged` where a recording does not fit.
  package func run(_ id: String, through: Stage, watching: [any Interceptor] = []) async throws -> Take {
    let (instance, _) = try instance(id)
    let made = takes[id] ?? []
    let last = made.last
    var plan = try plan(instance, TakeID(attempt: (last?.id.attempt ?? 0) + 1, take: 1), through: through)
    plan.base = last
    // Whatever the prompt, an attempt asks the model.
    plan.from = last == nil ? nil : .reply
    try direct(&plan, behind: made, settings)
    return try await make(plan, watching: watching)
  }

  /// Makes a new take of the current attempt: from `stage` on, or every stage whose key has changed.
  package func rerun(
    from stage: Stage?, through: Stage, tweak: Tweak? = nil, watching: [any Interceptor] = []
  ) async throws -> Take {
    let base = try take(nil)
    let (instance, _) = try instance(base.instanceID)
    let id = nextTake(of: base)
    var plan = try plan(instance, id, through: through)
    plan.base = base
    plan.from = stage
    plan.tweak = tweak
    try direct(&plan, behind: takes[base.instanceID] ?? [], settings)
    if let tweak { plan.changes.append("\(tweak.stage.rawValue) tweaked") }
    if let stage, plan.changes.isEmpty { plan.changes.append("\(stage.rawValue) again") }
    return try await make(plan, watching: watching)
  }

  /// The number that a rerun of the current take will have.
  package func nextTake(of base: Take) -> TakeID { TakeID(attempt: base.id.attempt, take: base.id.take + 1) }

  /// The take that `text` names (`2.3`, `2`, or nil for the last) of an instance (nil for the current one).
  package func take(_ text: String?, of id: String? = nil) throws -> Take {
    guard let instance = id ?? current, let made = takes[instance], let last = made.last else {
      guard let id = id ?? current else { throw SessionError.noCurrentInstance }
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
    Plan(
      instance: instance, id: id, settings: settings, template: try template(settings.templateName),
      added: added[instance.id] ?? [], dropped: dropped[instance.id] ?? [], through: through,
      changes: pending.filter { Session.shows($0, instance.id) }.map(\.text))
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
    try direct(&plan, behind: takes, settings)
    return plan
  }

  /// Makes of the settings what the attempt's rung of the ladder says, with what the attempts before it came to.
  private func direct(_ plan: inout Plan, behind takes: [Take], _ settings: Settings) throws {
    let attempt = plan.id.attempt
    let earlier = takes.filter { $0.id.attempt < attempt }
    plan.memory = Memory(earlier, before: attempt)
    let directive = try Directive(
      attempt: attempt, instanceID: plan.instance.id, settings: settings, memory: plan.memory,
      shown: earlier.last?.chain, behind: earlier
    ) { name, value, settings in try SettingTable.setting(name).set(value, in: &settings) }
    plan.settings = directive.settings
    plan.settings.tokensRatio = try tokenRatio(directive.settings, of: plan.instance.id, plan.id, behind: takes)
    plan.template = try template(directive.settings.templateName)
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

  private static func shows(_ change: Change, _ id: String) -> Bool { change.instanceID.map { $0 == id } ?? true }

  private func make(_ plan: Plan, watching: [any Interceptor]) async throws -> Take {
    let witness = Witness()
    let runner = try runner(for: plan, watching: watching + [witness])
    let take: Take
    do {
      take = try await runner.make(plan)
    } catch let error as ModelError {
      guard case .notRecorded(_, _, _, let nearest) = error, recordMode != nil else { throw error }
      throw SessionError.diverged(divergence(witness.chain, plan, nearest: nearest))
    } catch let error as CancellationError {
      stopped = witness.stopped(plan)
      current = plan.instance.id
      throw error
    }
    stopped = nil
    try learn(from: take)
    markUsed(take)
    pin(plan, reachesPrompt: take.chain.prompt != nil)
    takes[plan.instance.id, default: []].append(take)
    made.append(take)
    current = plan.instance.id
    pending.removeAll { Session.shows($0, plan.instance.id) }
    return take
  }

  /// Keeps what a take was made of. A session file has room for one content under each name.
  private func pin(_ plan: Plan, reachesPrompt: Bool) {
    let (instance, template) = (plan.instance, plan.template)
    if let old = used.updateValue(instance, forKey: instance.id), old != instance {
      ambiguous.append("row \(instance.id)")
      keptItems.rows.remove(instance.id)
    }
    guard reachesPrompt else { return }
    if let old = usedTemplates.updateValue(template, forKey: template.name), old != template {
      ambiguous.append("template \(template.name)")
    }
  }

  /// The sections that a replayed take stands for have been used.
  private func markUsed(_ take: Take) {
    let name = "\(take.instanceID)/\(take.id)"
    for kind in ["prompt", "reply", "tweak"] where script?.section(kind, name) != nil {
      usedSections.insert("\(kind)/\(name)")
    }
  }
}

/// A take that was stopped before its end: it has no number in the sitting and counts for nothing.
package struct Stopped: Hashable, Sendable {
  package let instanceID: String
  /// The number that the next take will have.
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
