import Synchronization

/// How often something was done: git calls, say, so that a stage that was kept can show that it made none.
package final class Counter: Sendable {
  private let count = Mutex(0)

  /// A counter at 0.
  package init() {}

  /// How often so far.
  package var value: Int { count.withLock { $0 } }

  /// Counts one more.
  package func add() { count.withLock { $0 += 1 } }
}
