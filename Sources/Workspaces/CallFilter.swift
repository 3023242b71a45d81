import CLandlock
import Foundation

/// Which filter of system calls a program gets. There is one list for every sandbox that ramp makes; what differs is what
/// name spaces hold already. A container has that of its engine.
struct CallFilter: OptionSet, Sendable {
  let rawValue: Int32

  /// No name spaces: Landlock alone.
  static let shared = CallFilter(rawValue: Int32(CLANDLOCK_SHARED.rawValue))
  /// Files outside belong to the program's user.
  static let sharesUser = CallFilter(rawValue: Int32(CLANDLOCK_SHARES_USER.rawValue))
  /// Landlock does not hold `truncate`.
  static let truncates = CallFilter(rawValue: Int32(CLANDLOCK_TRUNCATES.rawValue))
  /// The network is the machine's: no unix sockets, whose abstract ones are reached by it.
  static let sharesNetwork = CallFilter(rawValue: Int32(CLANDLOCK_SHARES_NETWORK.rawValue))

  /// Puts the filter around this process for good. Returns 0, or -1 with errno set.
  func enter() -> Int32 { clandlock_filter_calls(rawValue) }

  /// The filter as bubblewrap reads it from a file; nil where there is none for this processor.
  var bytes: [UInt8]? {
    let room = MemoryLayout<clandlock_filter>.size
    var length = -1
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      length = clandlock_filter_bytes(rawValue, buffer.baseAddress, room)
      count = max(0, length)
    }
    return length > 0 ? bytes : nil
  }
}
