import Dispatch
import Synchronization

/// The models that a server has, for completion: asked for when a key wants them, and kept for a few seconds.
final class ServedModels: Sendable {
  private struct State {
    var names: [String] = []
    var asked: ContinuousClock.Instant?
  }

  /// How long an answer counts as new.
  private static let fresh = Duration.seconds(10)
  /// How long a key waits for one; what comes later is there for the next key.
  private static let patience = DispatchTimeInterval.milliseconds(150)

  private let ask: @Sendable () async -> [String]
  private let state = Mutex(State())

  /// - Parameter ask: gives the names; empty where there is no server.
  init(ask: @escaping @Sendable () async -> [String]) {
    self.ask = ask
  }

  /// The names, which may be old ones or none where the server takes its time. Blocks for 150 ms at most: call it on a
  /// thread of one's own, such as the line editor's.
  func names() -> [String] {
    let now = ContinuousClock.now
    let isOld = state.withLock { state in
      if let asked = state.asked, now - asked < ServedModels.fresh { return false }
      state.asked = now
      return true
    }
    if isOld {
      let answered = DispatchSemaphore(value: 0)
      Task { [self] in
        let names = await ask()
        state.withLock { $0.names = names }
        answered.signal()
      }
      _ = answered.wait(timeout: .now() + ServedModels.patience)
    }
    return state.withLock { $0.names }
  }
}
