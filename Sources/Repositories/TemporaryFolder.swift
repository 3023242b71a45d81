import Foundation
import Processes
import Synchronization

/// A folder of its own that is gone when the work in it is done.
package enum TemporaryFolder {
  /// The result of `body`, which gets the absolute path of a new, empty folder that only this user may enter. The
  /// folder is removed with all that is in it, whatever `body` did to the modes of what it made there.
  /// It is made in `parent`; nil means the system's place for temporary files. What a ramp that was killed has left in
  /// `parent` is removed first. Where the program ends in the middle of `body`, the folder is removed too.
  @discardableResult package static func use<Value: Sendable>(
    in parent: String? = nil, _ body: (String) async throws -> Value
  ) async throws -> Value {
    let base = parent ?? NSTemporaryDirectory()
    if swept.withLock({ $0.insert(base).inserted }) { sweep(base) }
    let name = "ramp-\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    let path = base.hasSuffix("/") ? base + name : "\(base)/\(name)"
    if mkdir(path, 0o700) != 0 {
      if errno == ENOSPC || errno == EDQUOT { throw FullDisk(place: base) }
      throw NoTemporaryFolder(place: base, reason: String(cString: strerror(errno)))
    }
    // Held as long as the folder is in use, by whom is no matter: a process id tells nothing across namespaces.
    let lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if lock >= 0 { _ = flock(lock, LOCK_SH | LOCK_NB) }
    _ = atEnd
    live.withLock { _ = $0.insert(path) }
    defer {
      remove(path)
      live.withLock { _ = $0.remove(path) }
      if lock >= 0 { close(lock) }
    }
    do { return try await body(path) } catch  where FullDisk.isMeant(by: error) { throw FullDisk(place: base) }
  }

  /// The folders that are in use.
  private static let live = Mutex<Set<String>>([])
  /// The places that were looked through for what others have left.
  private static let swept = Mutex<Set<String>>([])

  /// Lets the program's end remove what is in use, behind the programs that use it.
  private static let atEnd: Void = {
    atexit {
      let paths = TemporaryFolder.live.withLock { $0 }
      if paths.isEmpty { return }
      Launcher.endAll()
      for path in paths { TemporaryFolder.remove(path) }
    }
  }()

  /// Removes the folders in `base` whose makers are no more.
  private static func sweep(_ base: String) {
    for name in names(in: base) {
      let parts = name.split(separator: "-")
      guard parts.count == 3, parts[0] == "ramp", let process = pid_t(parts[1]), process > 0, kill(process, 0) != 0,
        errno == ESRCH
      else { continue }
      let folder = open("\(base)/\(name)", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard folder >= 0 else { continue }
      defer { close(folder) }
      var status = stat()
      guard fstat(folder, &status) == 0, status.st_uid == geteuid(), flock(folder, LOCK_EX | LOCK_NB) == 0 else {
        continue
      }
      remove("\(base)/\(name)")
    }
  }

  /// The names in a folder that begin as ours do. A place for temporary files may hold thousands of others.
  private static func names(in base: String) -> [String] {
    guard let folder = opendir(base) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        if bytes.starts(with: "ramp-".utf8) { names.append(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)) }
      }
    }
    return names
  }

  /// Removes the tree at `path`. Symbolic links are removed, never followed; names need not be UTF-8, and folders may
  /// lie deeper in one another than a path can tell.
  ///
  /// - Returns: false where something was left that the system does not let this user remove.
  @discardableResult package static func remove(_ path: String) -> Bool {
    if unlink(path) == 0 || errno == ENOENT { return true }
    guard let root = openFolder(path, in: AT_FDCWD) else { return rmdir(path) == 0 }
    empty(root)
    close(root)
    return rmdir(path) == 0
  }

  /// Removes what is in the open folder `root`: a folder's folders are moved up into `root` before it is removed, so
  /// that neither descriptors nor calls pile up with the depth. Ends with the first round that gets no further.
  private static func empty(_ root: Int32) {
    var moved = 0
    var isGettingOn = true
    while isGettingOn {
      isGettingOn = false
      for name in names(in: root) {
        if unlinkat(root, name, 0) == 0 || unlinkat(root, name, AT_REMOVEDIR) == 0 {
          isGettingOn = true
          continue
        }
        guard let folder = openFolder(name, in: root) else { continue }
        defer { close(folder) }
        for inner in names(in: folder) {
          if unlinkat(folder, inner, 0) == 0 || unlinkat(folder, inner, AT_REMOVEDIR) == 0 {
            isGettingOn = true
            continue
          }
          // A folder that is moved must be writable, for it is told its new parent.
          if let child = openFolder(inner, in: folder) { close(child) }
          moved += 1
          if renameat(folder, inner, root, ".ramp-moved-\(moved)") == 0 { isGettingOn = true }
        }
        if unlinkat(root, name, AT_REMOVEDIR) == 0 { isGettingOn = true }
      }
    }
  }

  /// A descriptor of the folder `name` in the open folder `parent`, which this user may do anything in from now on; nil
  /// where there is no such folder.
  private static func openFolder(_ name: UnsafePointer<CChar>, in parent: Int32) -> Int32? {
    var status = stat()
    guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return nil
    }
    _ = fchmodat(parent, name, 0o700, 0)
    let folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    return folder < 0 ? nil : folder
  }

  /// The names in an open folder, each ended by a zero, without `.` and `..`.
  private static func names(in folder: Int32) -> [[CChar]] {
    let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { return [] }
    guard let listing = fdopendir(copy) else {
      close(copy)
      return []
    }
    defer { closedir(listing) }
    var names: [[CChar]] = []
    while let entry = readdir(listing) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { $0.prefix { $0 != 0 }.map(CChar.init(bitPattern:)) + [0] }
      if name != [46, 0], name != [46, 46, 0] { names.append(name) }
    }
    return names
  }
}

/// There is no room for a temporary folder, or no right to make one.
package struct NoTemporaryFolder: Error, Hashable, LocalizedError {
  /// Where it was to be.
  package let place: String
  /// The system's word.
  package let reason: String

  package var errorDescription: String? { "no temporary folder can be made in \(place): \(reason.lowercased())" }
  package var recoverySuggestion: String? { "`df -h \(place)` shows what is left; TMPDIR names another place" }
}

/// The disk of a folder is full.
package struct FullDisk: Error, Hashable, LocalizedError {
  /// The folder that was written to.
  package let place: String

  package init(place: String) {
    self.place = place.count > 1 && place.hasSuffix("/") ? String(place.dropLast()) : place
  }

  /// True for the system's word that no room is left.
  package static func isMeant(by error: any Error) -> Bool {
    (error as? POSIXError).map { $0.code == .ENOSPC || $0.code == .EDQUOT } ?? false
  }

  package var errorDescription: String? { "no room is left on the disk of \(place)" }
  package var recoverySuggestion: String? {
    "`df -h \(place)` shows what is left; free some, or name another place: TMPDIR"
  }
}
