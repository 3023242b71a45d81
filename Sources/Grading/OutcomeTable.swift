/// Statuses by test name, bounded: a log that prints names without end does not fill the memory.
struct OutcomeTable {
  /// The most names kept; the largest real log has some ten thousand.
  static let mostNames = 500_000
  /// The longest name kept, in bytes; longer ones are not names.
  static let longestName = 4_000

  private(set) var statuses: [String: TestStatus] = [:]

  /// Sets the status of `name`, whatever it was.
  mutating func set(_ name: ArraySlice<UInt8>, _ status: TestStatus) {
    guard isTaken(name) else { return }
    set(name.text, status)
  }

  mutating func set(_ name: String, _ status: TestStatus) {
    guard statuses.count < Self.mostNames || statuses[name] != nil else { return }
    statuses[name] = status
  }

  /// Sets the status of `name`, or makes it worse.
  mutating func worsen(_ name: String, _ status: TestStatus) {
    set(name, statuses[name].map { $0.worse(status) } ?? status)
  }

  /// Sets the status of `name` where it has none.
  mutating func add(_ name: String, _ status: TestStatus) {
    if statuses[name] == nil { set(name, status) }
  }

  func isTaken(_ name: ArraySlice<UInt8>) -> Bool { !name.isEmpty && name.count <= Self.longestName }
}
