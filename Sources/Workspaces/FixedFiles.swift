import Foundation

/// A watch over files that a program could change and must not: those whose tests run, in a sandbox that cannot mount
/// them read-only.
///
/// Comparing bytes afterwards is not enough, for a test can put back what it changed. So each file must still be the
/// same inode with the same change time, which only the kernel sets, and no folder above may have been moved away, were
/// it only for a while: the kernel notes that when it is asked to.
final class FixedFiles: Sendable {
  private struct Seen: Hashable {
    let device: dev_t
    let inode: ino_t
    let changed: [Int]

    init?(_ path: String) {
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      device = status.st_dev
      inode = status.st_ino
      changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    }
  }

  private let root: String
  private let seen: [String: Seen]
  private let notes: Int32
  private let isWatched: Bool

  /// A watch over the plain files `files` below `root`, from now on.
  init(_ files: [String], under root: String) {
    self.root = root
    notes = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
    var isWatched = notes >= 0
    for folder in FixedFiles.folders(above: files) {
      let events = UInt32(IN_MOVE_SELF) | UInt32(IN_DELETE_SELF)
      if inotify_add_watch(notes, "\(root)/\(folder)", events) < 0 { isWatched = false }
    }
    self.isWatched = isWatched
    var seen: [String: Seen] = [:]
    for file in files { seen[file] = Seen("\(root)/\(file)") }
    self.seen = seen
  }

  deinit { if notes >= 0 { close(notes) } }

  /// What was touched since, in words; nil where nothing was. Asked when nothing of the program lives any more.
  func touched() -> String? {
    if let file = seen.keys.sorted().first(where: { Seen("\(root)/\($0)") != seen[$0] }) { return file }
    var buffer = [UInt8](repeating: 0, count: 4096)
    if isWatched, read(notes, &buffer, buffer.count) < 0 { return nil }
    return isWatched ? "a folder above the tests" : "no one knows what: the kernel gave no watch over the folders"
  }

  /// The folders that `files` lie in, those above them included, outer ones first; without the root.
  static func folders(above files: [String]) -> [String] {
    var folders: Set<String> = []
    for file in files {
      var parts = file.split(separator: "/").dropLast()
      while !parts.isEmpty {
        folders.insert(parts.joined(separator: "/"))
        parts = parts.dropLast()
      }
    }
    return folders.sorted()
  }
}
