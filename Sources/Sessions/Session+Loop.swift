import Attempts
import Foundation
import Instances
import Models

/// What a line that makes several attempts came to.
package struct Solved: Sendable {
  /// The takes that it made.
  package let made: [Take]
  package let record: InstanceRecord
}

/// A line that made attempts before it failed or was stopped: they are there and count.
package struct LoopFailure: Error {
  package let made: [Take]
  package let underlying: any Error
}

extension Session {
  /// Makes attempts of an instance until one resolves it or there is a reason to stop.
  ///
  /// - Parameters:
  ///   - id: the instance.
  ///   - attempts: the most attempts that it may have, those made before counted.
  ///   - through: the last stage.
  ///   - watching: interceptors of this line alone.
  ///   - each: told of every take when it is made, and whether another follows.
  /// - Returns: the takes, and the record of the instance.
  /// - Throws: `LoopFailure` around what a stage throws.
  package func solve(
    _ id: String, attempts: Int, through: Stage, watching: [any Interceptor] = [],
    each: @Sendable (Take, _ isLast: Bool) async throws -> Void = { _, _ in }
  ) async throws -> Solved {
    let (instance, set) = try instance(id)
    var made: [Take] = []
    let settings = settings(of: id)
    var stop = openAttempt(of: id) == nil ? StopReason.after(takes[id] ?? [], attempts: attempts, settings) : nil
    // A server or an environment may be well again: who types the line wants to see.
    if stop?.isInfrastructure == true { stop = nil }
    var error: String?
    while stop == nil {
      do {
        let take = try await limited(by: secondsLeft(id)) { [self] in
          try await run(id, through: through, watching: watching)
        }
        guard let take else {
          stop = .budget
          isStopNew = false
          error = "an attempt was still going on when its \(settings.budgetSeconds) seconds were over (limit.seconds)"
          break
        }
        made.append(take)
        stop = StopReason.after(takes[id] ?? [], attempts: attempts, settings)
        try await each(take, stop != nil)
      } catch let spent as AttemptError where spent.isBudget && !(takes[id] ?? []).isEmpty {
        stop = .budget
        error = spent.errorDescription
      } catch {
        throw LoopFailure(made: made, underlying: error)
      }
    }
    return Solved(
      made: made,
      record: InstanceRecord(
        instance, dataset: set, takes: (takes[id] ?? []).filter { $0.id != openAttempt(of: id)?.id },
        stop: stop ?? .attemptsExhausted, error: error))
  }

  /// The record of an instance by the takes made so far.
  package func record(of id: String, stop: StopReason, error: String? = nil) throws -> InstanceRecord {
    try record(of: id, takes: takes[id] ?? [], stop: stop, error: error)
  }

  /// The record of an instance by some of its takes.
  package func record(
    of id: String, takes: [Take], stop: StopReason, error: String? = nil
  ) throws -> InstanceRecord {
    let (instance, set) = try instance(id)
    return InstanceRecord(instance, dataset: set, takes: takes, stop: stop, error: error)
  }

  /// How many seconds an instance has left; nil is no limit.
  private func secondsLeft(_ id: String) -> Double? {
    let settings = settings(of: id)
    guard settings.budgetSeconds > 0 else { return nil }
    return max(
      0.001, settings.budgetSeconds - Double(Spent((takes[id] ?? []).filter { $0.id.take == 1 }).milliseconds) / 1000)
  }

  /// The value of `body`, or nil where it takes longer than `seconds`.
  private func limited<Value: Sendable>(
    by seconds: Double?, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value? {
    guard let seconds else { return try await body() }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        try await Task.sleep(for: .seconds(seconds))
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }
}
