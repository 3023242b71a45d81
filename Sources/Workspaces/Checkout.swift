import Content
import Foundation
import Processes
import Repositories

/// The plain files of a commit, written into a folder from git's objects with no help of git's.
enum Checkout {
  /// How many bytes are read from git at once.
  private static let portion = 32 << 20

  /// Writes the files of `tree` into the empty folder `root` with the modes 644 and 755, then its links that stay
  /// inside. They belong to `owner`; nil is ramp's user.
  static func write(_ tree: Tree, to root: String, owner: UInt32? = nil) async throws {
    try await write(tree.entries, of: tree, to: root, owner: owner)
  }

  /// Writes some files of `tree`.
  static func write(_ entries: [TreeEntry], of tree: Tree, to root: String, owner: UInt32? = nil) async throws {
    var waiting: [TreeEntry] = []
    var size = 0
    for entry in entries {
      waiting.append(entry)
      size += entry.size
      if size < portion { continue }
      try await writePortion(waiting, of: tree, to: root, owner: owner)
      (waiting, size) = ([], 0)
    }
    try await writePortion(waiting, of: tree, to: root, owner: owner)
  }

  private static func writePortion(
    _ entries: [TreeEntry], of tree: Tree, to root: String, owner: UInt32?
  ) async throws {
    let contents = try await tree.read(entries.map(\.path))
    do {
      for entry in entries {
        try Task.checkCancellation()
        guard let bytes = contents[entry.path] else { continue }
        if !entry.isLink {
          try FileTree.write(bytes, to: entry.path, under: root, isExecutable: entry.isExecutable, owner: owner)
          continue
        }
        let target = String(decoding: bytes, as: UTF8.self)
        if staysInside(target, from: entry.path) {
          try FileTree.link(target, at: entry.path, under: root, owner: owner)
        }
      }
    } catch let error as POSIXError where !FullDisk.isMeant(by: error) {
      throw WorkspaceError.notWritten(reason: String(cString: strerror(error.code.rawValue)))
    }
  }

  /// True where a link at `path` to `target`, followed by its letters, leads to a place in the tree.
  static func staysInside(_ target: String, from path: String) -> Bool {
    guard !target.isEmpty, !target.hasPrefix("/"), !target.utf8.contains(0) else { return false }
    var depth = path.utf8.count { $0 == UInt8(ascii: "/") }
    for part in target.split(separator: "/") {
      switch part {
      case ".": break
      case "..":
        depth -= 1
        if depth < 0 { return false }
      default: depth += 1
      }
    }
    return true
  }
}

/// Commits written out once, each in a folder of its own: the layer that every attempt's tree lies over. Nothing that
/// runs ever gets to write there.
package actor Checkouts {
  /// The folder of the checkouts: `owner/name/COMMIT` each.
  package nonisolated let root: String
  private var underway: [String: Task<String, any Error>] = [:]

  /// The checkouts in `root`, which is made when it is first needed.
  package init(root: String) { self.root = root }

  /// The folder with the files of `tree`, written first where it is not there yet, and held. It appears whole or not at
  /// all. What is made for another user than ramp's, `owner`, has a place of its own.
  func folder(of tree: Tree, owner: UInt32? = nil) async throws -> CacheHold {
    let path = "\(root)/\(tree.repo)/\(tree.commit)\(TestUser.suffix(owner))"
    while true {
      try Task.checkCancellation()
      if let hold = CacheHold(path) {
        CacheShelf.touch(path)
        return hold
      }
      if access(path, F_OK) == 0 {
        // Another ramp is about to remove it.
        try await Task.sleep(for: CacheShelf.moment)
        continue
      }
      let task = underway[path] ?? Task { try await Checkouts.make(tree, at: path, owner: owner) }
      underway[path] = task
      defer { if underway[path] == task { underway[path] = nil } }
      do {
        _ = try await withTaskCancellationHandler {
          try await task.value
        } onCancel: {
          task.cancel()
        }
      } catch is CancellationError {
        // Another asker may have been the one that was cancelled: then begin again.
      }
    }
  }

  private static func make(_ tree: Tree, at path: String, owner: UInt32?) async throws -> String {
    let parent = PathText.folder(of: path)
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    } catch {
      throw WorkspaceError.notWritten(reason: "\(parent): \(ErrorText.of(error))")
    }
    return try await TemporaryFolder.use(in: parent) { folder in
      let partial = "\(folder)/tree"
      try FileTree.makeFolder("tree", under: folder, owner: owner)
      try await Checkout.write(tree, to: partial, owner: owner)
      Disk.sync(partial)
      // Another ramp may have put its own there meanwhile.
      if rename(partial, path) != 0, access(path, F_OK) != 0 {
        throw WorkspaceError.notWritten(reason: String(cString: strerror(errno)))
      }
      return path
    }
  }
}
