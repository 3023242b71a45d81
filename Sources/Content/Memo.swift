import Synchronization

/// Values that were made before, by what they are made from; a few of them.
package final class Memo<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let made = Mutex<[Key: Value]>([:])
  private let limit: Int

  /// Keeps at most `limit` values: behind them it begins anew.
  package init(limit: Int = 32) { self.limit = limit }

  /// The value for `key`, made where it is not there; two at once may both make it.
  package func value<Failure: Error>(for key: Key, _ make: () throws(Failure) -> Value) throws(Failure) -> Value {
    if let value = made.withLock({ $0[key] }) { return value }
    let value = try make()
    made.withLock { made in
      if made.count >= limit { made = [:] }
      made[key] = value
    }
    return value
  }
}
