import Glibc

/// Keeps other prompts from writing a file for as long as it lives. It locks a file of its own beside that one, since a
/// file that is replaced takes its lock along; where that cannot be made nothing is locked.
struct FileLock: ~Copyable {
  private let descriptor: Int32

  /// Waits for the lock of the file at `path`: a file with `.lock` behind its name, readable by its owner alone.
  init(beside path: String) {
    descriptor = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 { while flock(descriptor, LOCK_EX) != 0, errno == EINTR {} }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}
