import Attempts
import Content
import Foundation
import Grading
import Instances
import Journal
import Models
import Prompts
import Repositories
import Synchronization

/// The work of a batch: as many instances at once as keep models and tests busy.
struct BatchWork: Sendable {
  let session: Session
  let request: BatchRequest
  /// Its number in the journal.
  let batch: Int
  let stop: BatchStop
  let watching: @Sendable (String) -> [any Interceptor]
  let told: @Sendable (BatchEvent) async -> Void
  let underway = Underway()

  /// How many instances in a row may find no model before the batch gives up: the server is not there.
  private static let mostWithoutModel = 3

  private enum Outcome: Sendable {
    case kept(InstanceRecord)
    case finished(InstanceRecord, (any Error)?)
    case failed(any Error)
    /// Another ramp is at work on it.
    case taken
    /// It was stopped before the other ramp had ended.
    case left
  }

  func run(_ entries: [BatchEntry]) async -> BatchResult {
    let (models, tests) = (Permits(request.models), Permits(request.jobs))
    var records: [Int: InstanceRecord] = [:]
    var kept = 0
    var failure: (any Error)?
    var withoutModel = 0
    // One more than can be asked or tested at once, so that neither waits for the rest of an attempt.
    let most = request.models + request.jobs + 1
    let claims = BatchClaims(beside: session.host.journal.path)
    await withTaskGroup(of: (Int, Outcome).self) { group in
      var next = 0
      // What another ramp runs is waited for when nothing else is left to begin.
      var taken: [Int] = []
      var isWaiting = false
      func begin() {
        guard !stop.isSoft, failure == nil else { return }
        if next < entries.count {
          let index = next
          next += 1
          group.addTask { (index, await solve(entries[index], models, tests, claims, waits: false)) }
        } else if let index = taken.popLast() {
          group.addTask { (index, await solve(entries[index], models, tests, claims, waits: true)) }
        }
      }
      for _ in 0..<most { begin() }
      for await (index, outcome) in group {
        switch outcome {
        case .kept(let record):
          kept += 1
          records[index] = record
          await told(.kept(record))
        case .finished(let record, let error):
          records[index] = record
          // What was cancelled in the middle is no result.
          if record.stop != .cancelled { await told(.finished(record)) }
          withoutModel = record.stop == .modelError && record.each.allSatisfy { $0.model == nil } ? withoutModel + 1 : 0
          if withoutModel >= BatchWork.mostWithoutModel, failure == nil { failure = error }
        case .failed(let error):
          failure = failure ?? error
        case .taken:
          taken.insert(index, at: 0)
          if next >= entries.count, !isWaiting, !stop.isSoft {
            isWaiting = true
            await told(.waiting)
          }
        case .left: break
        }
        begin()
      }
    }
    let ended = entries.indices.compactMap { records[$0] }.filter { $0.stop != .cancelled }
    return BatchResult(records: ended, kept: kept, isStopped: stop.isSoft, failure: failure)
  }

  /// How often it is looked whether another ramp has come to its end with an instance.
  private static let pace = Duration.milliseconds(100)

  private func solve(
    _ entry: BatchEntry, _ models: Permits, _ tests: Permits, _ claims: BatchClaims, waits: Bool
  ) async -> Outcome {
    let journal = session.host.journal
    let id = entry.instance.id
    do {
      if let record = try journal.result(entry.key) { return .kept(record) }
      while !claims.claim(entry.key) {
        guard waits else { return .taken }
        guard !stop.isSoft, (try? await Task.sleep(for: BatchWork.pace)) != nil else { return .left }
      }
      defer { claims.release(entry.key) }
      underway.add(id)
      defer { underway.remove(id) }
      // The other may have come to its end in between.
      if let record = try journal.result(entry.key) { return .kept(record) }
      let name = Journal.batchSitting(entry.key.hex)
      let kept = try journal.takes(of: name)[id] ?? []
      var takes = BatchWork.sound(kept)
      for lost in kept.dropFirst(takes.count) { try journal.forget(lost, of: name) }
      var end = StopReason.after(takes, attempts: request.attempts, request.settings)
      var trouble: (any Error)?
      while end == nil {
        do {
          let plan = try await session.batchPlan(entry.instance, behind: takes, request.settings)
          let turnstile = Turnstile(models: models, tests: tests)
          let witness = Witness()
          let runner = try await session.runner(
            for: plan, batch: name, watching: watching(id) + [turnstile, witness])
          let take: Take
          do { take = try await runner.make(plan) } catch {
            await turnstile.release()
            throw await session.explained(error, witness.chain, plan, batch: batch)
          }
          await turnstile.release()
          takes.append(take)
          try await session.learn(from: take)
          await told(.attempt(take))
          end = StopReason.after(takes, attempts: request.attempts, request.settings)
        } catch {
          guard let reason = BatchWork.reason(of: error) else { return .failed(error) }
          (end, trouble) = (reason, error)
        }
      }
      let stop = end ?? .cancelled
      var record = InstanceRecord(
        entry.instance, dataset: entry.dataset, takes: takes, stop: stop,
        error: trouble.map(ErrorText.of), failure: BatchWork.code(of: trouble, stop))
      if takes.isEmpty { record.assisted = request.settings.feedback == .hidden }
      if !stop.isInfrastructure { try journal.keep(record, key: entry.key, batch: request.name) }
      return .finished(record, trouble)
    } catch {
      return .failed(error)
    }
  }

  /// The takes without those at the end that say nothing about the model: they are made again.
  private static func sound(_ takes: [Take]) -> [Take] {
    var takes = takes
    while let last = takes.last,
      last.verdict?.word == .environmentError || last.verdict?.failure == .modelError
        || last.chain.reply?.window?.state == .truncated
    {
      takes.removeLast()
    }
    return takes
  }

  /// What an error says of the instance; nil where it is of the whole batch.
  private static func reason(of error: any Error) -> StopReason? {
    switch error {
    case is CancellationError: .cancelled
    case is ServerError: .modelError
    case AttemptError.tokensSpent: .budget
    // A prompt that cannot be made to fit is the fault of what was set.
    case AttemptError.promptTooLong: .attemptsExhausted
    case is JournalError, is AttemptError, is SessionError, is ModelError, is TemplateError, is LadderError,
      is EscalationError, is FullDisk, is NoTemporaryFolder:
      nil
    default: .environmentError
    }
  }

  private static func code(of error: (any Error)?, _ stop: StopReason) -> FailureCode? {
    if case AttemptError.promptTooLong? = error { return .contextTruncated }
    switch stop {
    case .environmentError: return .environmentError
    case .modelError: return .modelError
    default: return nil
    }
  }
}

/// The instances that run, in the order in which they were begun.
final class Underway: Sendable {
  private let running = Mutex<[String]>([])

  var ids: [String] { running.withLock { $0 } }

  func add(_ id: String) { running.withLock { $0.append(id) } }

  func remove(_ id: String) { running.withLock { $0.removeAll { $0 == id } } }
}
