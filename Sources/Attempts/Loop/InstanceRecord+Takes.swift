import Content
import Grading
import Instances
import Models

extension AttemptRecord {
  /// The record of an attempt, by its first take.
  package init(_ take: Take) {
    let verdict = take.verdict
    let isResolved = verdict?.word == .resolved
    let sampling = take.settings.sampling(attempt: take.id.attempt)
    let asks = take.chain[.reply].map { $0.how == .made } ?? false
    self.init(
      instanceID: take.instanceID, attempt: take.id.attempt, verified: isResolved,
      errorType: isResolved ? nil : verdict?.failure.map(PlanErrorType.init) ?? .other,
      error: isResolved ? nil : verdict?.told ?? "no verdict was reached",
      timeSeconds: Double(take.milliseconds) / 1000, verdict: verdict?.word,
      failure: verdict?.failure, reached: take.reached, model: take.answering,
      escalated: take.settings.isEscalated == true, assisted: take.isAssisted, format: take.settings.format,
      template: take.settings.templateName, temperature: sampling.temperature, seed: sampling.seed,
      promptTokens: asks ? take.tokensRead : nil, replyTokens: asks ? take.tokensWritten : nil, cost: take.cost,
      patchSHA256: take.chain.patch.flatMap { $0.diff.isEmpty ? nil : $0.hash.hex }, repeats: verdict?.repeats,
      noCanary: verdict?.noCanary, environmentSeconds: take.environmentMilliseconds.map { Double($0) / 1000 })
  }
}

extension VerdictArtifact {
  /// The code and the reason in a line.
  fileprivate var told: String {
    let code = failure?.rawValue ?? word.rawValue
    return sentence.isEmpty ? code : "\(code): \(sentence)"
  }
}

extension InstanceRecord {
  /// The record of an instance, by those of its takes that are first takes of an attempt.
  ///
  /// - Parameters:
  ///   - instance: the row.
  ///   - dataset: the name of its set.
  ///   - takes: all of its takes.
  ///   - stop: why there are no more.
  ///   - error: what ended it when no take did: a server that cannot be reached.
  ///   - failure: the code of `error`; nil when no error ended it.
  package init(
    _ instance: Instance, dataset: String, takes: [Take], stop: StopReason, error: String? = nil,
    failure: FailureCode? = nil
  ) {
    let firsts = takes.filter { $0.id.take == 1 }
    let each = firsts.map(AttemptRecord.init)
    let solved = firsts.first { $0.verdict?.word == .resolved }
    let answering = solved ?? firsts.last { $0.answering != nil }
    let spent = Spent(firsts)
    let best = Take.best(of: firsts)
    let failed = solved == nil ? FailedAttempts(firsts, stop: stop) : nil
    let cause = failed.flatMap { InstanceRecord.cause($0, of: instance, firsts, stop: stop, error: error) }
    let code = solved == nil && (stop.isInfrastructure || firsts.isEmpty) ? failure ?? failed?.code : failed?.code
    let told = solved ?? failed?.takes.first { $0.id.attempt == cause?.attempt } ?? failed?.takes.first
    self.init(
      instanceID: instance.id, repository: instance.repo, dataset: dataset, practice: instance.isPractice,
      difficulty: instance.difficulty, verified: solved != nil, attempts: firsts.count,
      attemptsNeeded: solved?.id.attempt, reached: firsts.map(\.reached).max(),
      errorType: solved == nil ? code.map(PlanErrorType.init) ?? .other : nil,
      finalError: solved == nil ? error ?? each.last?.error ?? "no attempt was made" : nil,
      timeSeconds: each.reduce(0) { $0 + $1.timeSeconds },
      environmentSeconds: each.compactMap(\.environmentSeconds).reduce(nil) { ($0 ?? 0) + $1 },
      stop: solved == nil ? stop : .resolved,
      failure: code, cause: cause, model: answering?.answering,
      escalated: answering?.settings.isEscalated == true, models: ModelShare.shares(of: firsts),
      assisted: firsts.contains(where: \.isAssisted), promptTokens: spent.promptTokens,
      replyTokens: spent.replyTokens, cost: spent.cost, patch: best?.chain.patch?.diff ?? "",
      best: best?.id.attempt, goldShown: told.flatMap { CauseFinder($0, of: instance, earlier: []).goldShown() },
      each: each)
  }

  /// The most frequent cause of the failed attempts, of equally frequent ones the first.
  private static func cause(
    _ failed: FailedAttempts, of instance: Instance, _ takes: [Take], stop: StopReason, error: String?
  ) -> FailureCause? {
    if let error {
      switch stop {
      case .environmentError:
        return FailureCause(
          stage: .workspace, kind: .environment, sentence: "the tests cannot be judged: \(error)",
          next: "`preflight \(instance.id)`")
      case .modelError:
        return FailureCause(stage: .reply, kind: .model, sentence: "no reply came: \(error)", next: "`model check`")
      case .attemptsExhausted where takes.isEmpty, .budget where takes.isEmpty:
        return FailureCause(stage: .prompt, kind: .window, sentence: error, next: "`set context.budget 4000`")
      case .resolved, .attemptsExhausted, .budget, .stuck, .cancelled: break
      }
    }
    let causes = failed.takes.compactMap { take in
      CauseFinder(take, of: instance, earlier: takes.filter { $0.id.attempt < take.id.attempt }).cause().map {
        FailureCause($0, attempt: take.id.attempt)
      }
    }
    guard let kind = causes.map(\.kind).mostFrequent else { return nil }
    return causes.first { $0.kind == kind }
  }
}

/// The attempts whose failure is the failure of an instance that is not resolved.
///
/// Rule: those that reached the furthest stage; among them those with the most frequent failure, of equally frequent ones
/// the one that came first. When the infrastructure ended the instance, its last attempt alone.
struct FailedAttempts {
  let takes: [Take]
  /// Nil when no attempt had a verdict.
  let code: FailureCode?

  init(_ all: [Take], stop: StopReason) {
    if stop == .environmentError || stop == .modelError {
      takes = Array(all.suffix(1))
      code = all.last?.verdict?.failure
      return
    }
    let furthest = all.map(\.reached).max()
    let far = all.filter { $0.reached == furthest }
    // A patch that is suspect has no code, and is a failure of its own.
    let code = far.map { $0.verdict?.failure }.mostFrequent ?? nil
    takes = far.filter { $0.verdict?.failure == code }
    self.code = code
  }
}

extension Take {
  /// The last stage that had something to work on: `reply` when none came or it was cut, `edits` when no edit could be
  /// applied, `outcomes` when tests ran or their result was known from the same change before.
  package var reached: Stage {
    if chain.outcomes != nil || verdict?.repeats != nil { return .outcomes }
    let stages: [Stage] = [.patch, .edits, .reply, .prompt, .context, .baseline]
    if verdict?.word == .environmentError, chain.reply == nil { return chain.baseline == nil ? .workspace : .baseline }
    return stages.first { stage in
      stage == .patch ? !(chain.patch?.changes.isEmpty ?? true) : chain[stage] != nil
    } ?? .workspace
  }
}

extension ModelShare {
  /// What each model did in these attempts. An attempt without a reply is its model's all the same.
  fileprivate static func shares(of takes: [Take]) -> [ModelShare] {
    // A setting says which model was asked, a reply which one answered.
    let answering = Dictionary(
      takes.compactMap { take in take.answering.map { (take.settings.model, $0) } }, uniquingKeysWith: { $1 })
    return shares(
      takes.map { take in
        let asked = take.settings.model
        return Asked(
          model: take.answering ?? answering[asked] ?? asked ?? ModelName(.practice).title,
          resolved: take.verdict?.word == .resolved, escalated: take.settings.isEscalated == true,
          assisted: take.isAssisted)
      })
  }
}

extension Collection where Element: Hashable {
  /// The element that comes most often, of equally frequent ones the one that comes first; nil for none.
  var mostFrequent: Element? {
    var counts: [Element: Int] = [:]
    for element in self { counts[element, default: 0] += 1 }
    let most = counts.values.max()
    return first { counts[$0] == most }
  }
}

extension Take {
  /// The take whose patch is the best: that which resolves the row, or else one that breaks nothing and with which the
  /// fewest target tests fail, or else the one that breaks the least; of equals the earliest. One that may have made the
  /// tests pass itself is the last of all. Nil where none has a patch.
  package static func best(of takes: [Take]) -> Take? {
    takes.filter { !($0.chain.patch?.changes.isEmpty ?? true) }.min { $0.place < $1.place }
  }

  private var place: Place {
    let tally = verdict?.tally
    let broken = tally?.passToPass.failure.count ?? 0
    // Where FAIL_TO_PASS alone was run, nobody knows what is broken.
    let isKnown = chain.outcomes?.targetsOnly != true
    return Place(
      numbers: [
        verdict?.word == .resolved ? 0 : 1, verdict?.word == .suspect ? 1 : 0, tally == nil ? 1 : 0,
        broken == 0 && isKnown ? 0 : 1,
        tally?.failToPass.failure.count ?? 0, broken, id.attempt, id.take,
      ])
  }

  /// Compared number by number.
  private struct Place: Comparable {
    let numbers: [Int]

    static func < (left: Place, right: Place) -> Bool { left.numbers.lexicographicallyPrecedes(right.numbers) }
  }
}
