import Glibc
import Synchronization

/// Messages to a thread that waits for input, and the wait itself: `poll` on the input and on a pipe.
final class Wakeup: Sendable {
  /// Why a waiting reader is woken.
  struct Reasons: OptionSet, Sendable {
    let rawValue: Int
    static let interrupted = Reasons(rawValue: 1)
    static let cancelled = Reasons(rawValue: 2)
    static let resized = Reasons(rawValue: 4)
  }

  /// How a wait ended.
  enum Event: Equatable {
    /// The input has bytes, or has ended.
    case readable
    case woken(Reasons)
    /// `errno` of `poll`.
    case failed(Int32)
  }

  /// The raw value of the reasons that are not yet taken.
  private let pending = Atomic<Int>(0)
  /// Descriptors of the pipe; -1 where none could be had, and then a wait ends at the next key.
  private let reading: Int32
  private let writing: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
    }
    reading = ends[0]
    writing = ends[1]
  }

  deinit {
    guard reading >= 0 else { return }
    close(reading)
    close(writing)
  }

  /// Wakes the reader, now or at its next wait. Safe from every thread.
  func post(_ reasons: Reasons) {
    let before = pending.bitwiseOr(reasons.rawValue, ordering: .acquiringAndReleasing).oldValue
    if before == 0 { _ = write(writing, [1], 1) }
  }

  /// Forgets what was posted.
  func clear() {
    _ = take()
  }

  /// Waits until the descriptor can be read or something is posted. What is posted comes first.
  func wait(for descriptor: Int32) -> Event {
    while true {
      var polled = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&polled, 2, -1)
      let code = errno
      // Without a pipe it has to be asked each time.
      let reasons = polled[1].revents != 0 || reading < 0 ? take() : []
      if !reasons.isEmpty { return .woken(reasons) }
      if count < 0, code != EINTR { return .failed(code) }
      if count > 0, polled[0].revents != 0 { return .readable }
    }
  }

  /// Empties the pipe first: what is posted in between is taken, and its byte only wakes once for nothing.
  private func take() -> Reasons {
    var bytes: (UInt64, UInt64) = (0, 0)
    _ = read(reading, &bytes, MemoryLayout.size(ofValue: bytes))
    return Reasons(rawValue: pending.exchange(0, ordering: .acquiringAndReleasing))
  }
}
