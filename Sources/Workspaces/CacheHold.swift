import Foundation

/// An entry of the cache that is in use: its folder is locked together with others that use it, by any ramp, until this
/// one is released or its process ends. Whoever trims the cache wants the folder alone, and leaves one that is held.
package struct CacheHold: Sendable {
  /// The folder.
  package let path: String
  /// Open as long as it is held; -1 where it cannot be opened, and then nobody removes it either.
  private let folder: Int32

  /// Holds the folder at `path`; nil where there is none, or where it is about to go.
  package init?(_ path: String) {
    self.path = path
    folder = CacheHold.opened(path)
    if folder < 0 {
      if errno == ENOENT { return nil }
      return
    }
    // Where a file system knows no locks, what is there is used all the same.
    let isLocked = flock(folder, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK
    if isLocked, CacheHold.isAt(path, folder) { return }
    close(folder)
    return nil
  }

  /// Lets it go.
  package func release() { if folder >= 0 { close(folder) } }

  /// The folder at `path`, locked for its removal until it is closed; nil where somebody uses it.
  static func alone(_ path: String) -> Int32? {
    let folder = opened(path)
    guard folder >= 0 else { return nil }
    if flock(folder, LOCK_EX | LOCK_NB) == 0, isAt(path, folder) { return folder }
    close(folder)
    return nil
  }

  private static func opened(_ path: String) -> Int32 { open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }

  /// True where the open folder is at `path` still: it may have been moved aside before it was locked.
  private static func isAt(_ path: String, _ folder: Int32) -> Bool {
    var (own, there) = (stat(), stat())
    return fstat(folder, &own) == 0 && lstat(path, &there) == 0 && own.st_ino == there.st_ino
      && own.st_dev == there.st_dev
  }
}
