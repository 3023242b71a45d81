import Models

/// What ramp itself did in a take beside making its stages, in microseconds by the clock. Measured where it happens, so
/// that stages and these parts can be held against the clock of the whole take.
package struct OwnTime: Hashable, Codable, Sendable {
  /// Finding out which stages have to be made: their keys.
  package var keys = 0
  /// Writing down what was made, in the journal.
  package var journal = 0
  /// Telling whoever watches, before and after each stage: the screen, mostly.
  package var screen = 0

  package init() {}

  package var total: Int { keys + journal + screen }

  /// The parts by their names.
  package var parts: [(name: String, microseconds: Int)] {
    [("keys", keys), ("journal", journal), ("screen", screen)]
  }

  /// What `body` gives; how long it takes is counted under `part`.
  mutating func count<Value>(
    _ part: WritableKeyPath<OwnTime, Int>, _ body: () throws -> Value
  ) rethrows -> Value {
    let start = ContinuousClock.now
    defer { self[keyPath: part] += (ContinuousClock.now - start).microseconds }
    return try body()
  }
}
