import Content
import Foundation

/// Which instances of batches this ramp is at work on, told to others that have the same journal: none is run by two at
/// once.
///
/// A claim is a lock on one byte of a file beside the journal, at a place that the key of the instance's result gives. It
/// ends with the process, however that ends, and leaves nothing to tidy up. A journal in memory has no others.
final class BatchClaims: Sendable {
  /// Locks that belong to the open file and not to the process. Source: Linux, include/uapi/asm-generic/fcntl.h.
  private static let setLock: Int32 = 37

  /// -1 where there is no file: whoever cannot make one beside the journal goes on without.
  private let file: Int32

  init(beside journal: String?) {
    file = journal.map { open("\($0)-batches", O_RDWR | O_CREAT | O_CLOEXEC, 0o600) } ?? -1
  }

  deinit { if file >= 0 { close(file) } }

  /// False where another is at work under this key.
  func claim(_ key: Hash) -> Bool { lock(key, F_WRLCK) || errno != EAGAIN && errno != EACCES }

  func release(_ key: Hash) { _ = lock(key, F_UNLCK) }

  private func lock(_ key: Hash, _ type: Int32) -> Bool {
    guard file >= 0 else { return true }
    // 60 bits of the key; a byte need not be there to be locked.
    let place = Int(key.hex.prefix(15), radix: 16) ?? 0
    var lock = flock(l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: place, l_len: 1, l_pid: 0)
    return fcntl(file, BatchClaims.setLock, &lock) == 0
  }
}
