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
      failure: verdict?.failure, model: take.answering, assisted: take.isAssisted, format: take.settings.format,
      template: take.settings.templateName, temperature: sampling.temperature, seed: sampling.seed,
      promptTokens: asks ? take.tokensRead : nil, replyTokens: asks ? take.tokensWritten : nil, cost: take.cost,
      patchSHA256: take.chain.patch.flatMap { $0.diff.isEmpty ? nil : $0.hash.hex }, repeats: verdict?.repeats,
      noCanary: verdict?.noCanary)
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
  ///   - error: what ended it where no take did: a server that cannot be reached.
  package init(_ instance: Instance, dataset: String, takes: [Take], stop: StopReason, error: String? = nil) {
    let firsts = takes.filter { $0.id.take == 1 }
    let each = firsts.map(AttemptRecord.init)
    let solved = firsts.first { $0.verdict?.word == .resolved }
    let answering = solved ?? firsts.last { $0.answering != nil }
    let spent = Spent(firsts)
    let best = Take.best(of: firsts)
    self.init(
      instanceID: instance.id, repository: instance.repo, dataset: dataset, verified: solved != nil,
      attempts: firsts.count, attemptsNeeded: solved?.id.attempt,
      errorType: solved == nil ? each.last?.errorType ?? .other : nil,
      finalError: solved == nil ? error ?? each.last?.error ?? "no attempt was made" : nil,
      timeSeconds: each.reduce(0) { $0 + $1.timeSeconds }, stop: solved == nil ? stop : .resolved,
      failure: solved == nil ? each.last?.failure : nil, model: answering?.answering,
      escalated: answering?.settings.isEscalated == true, assisted: firsts.contains(where: \.isAssisted),
      promptTokens: spent.promptTokens, replyTokens: spent.replyTokens, cost: spent.cost,
      patch: best?.chain.patch?.diff ?? "", best: best?.id.attempt, each: each)
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
