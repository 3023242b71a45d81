import Attempts
import Content
import Synchronization

/// So many at once: whoever comes later waits, in the order of coming.
actor Permits {
  private var free: Int
  private var waiting: [(id: Int, resume: CheckedContinuation<Void, any Error>)] = []
  private var next = 0

  init(_ count: Int) { free = count }

  /// Waits for a permit.
  ///
  /// - Throws: `CancellationError`.
  func take() async throws {
    if free > 0 {
      free -= 1
      return
    }
    let id = next
    next += 1
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        if Task.isCancelled {
          continuation.resume(throwing: CancellationError())
          return
        }
        waiting.append((id, continuation))
      }
    } onCancel: {
      Task { await cancel(id) }
    }
  }

  func give() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume.resume() }
  }

  private func cancel(_ id: Int) {
    guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
    waiting.remove(at: index).resume.resume(throwing: CancellationError())
  }
}

/// Lets a take ask the model, and run tests, when it is its turn.
final class Turnstile: Interceptor {
  private let models: Permits
  private let tests: Permits
  private let held = Mutex<Permits?>(nil)

  init(models: Permits, tests: Permits) {
    self.models = models
    self.tests = tests
  }

  func willMake(_ stage: Stage, of plan: Plan) async throws {
    let permits: Permits
    switch stage {
    case .reply: permits = models
    case .baseline, .outcomes: permits = tests
    default: return
    }
    try await permits.take()
    held.withLock { $0 = permits }
  }

  func didRecord(_ record: StageRecord, in chain: Chain, of plan: Plan) async throws { await release() }

  /// Gives back what is held, at the latest when the take has ended.
  func release() async {
    let permits = held.withLock { held in
      defer { held = nil }
      return held
    }
    await permits?.give()
  }
}
