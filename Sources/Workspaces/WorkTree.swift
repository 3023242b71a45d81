import Content
import Foundation
import Repositories

/// The files of a commit in memory, changed, and then written: what is written is decided before the first byte is, so
/// no link that a commit or a patch brings is ever followed.
struct WorkTree {
  private var files: [String: [UInt8]] = [:]
  private var executables: Set<String> = []
  private var links: [String: String] = [:]
  private let base: [String: [UInt8]]

  /// The plain files of `tree`, and its links that stay inside. One call of git.
  init(_ tree: Tree) async throws {
    let contents = try await tree.read(tree.entries.map(\.path))
    var base = contents
    for entry in tree.entries where entry.isLink {
      guard let bytes = base.removeValue(forKey: entry.path) else { continue }
      let target = String(decoding: bytes, as: UTF8.self)
      if WorkTree.staysInside(target, from: entry.path) { links[entry.path] = target }
    }
    executables = Set(tree.entries.lazy.filter(\.isExecutable).map(\.path))
    self.base = base
    files = base
  }

  /// True where there is a plain file at `path`.
  func holds(_ path: String) -> Bool { files[path] != nil }

  /// Puts the model's change in.
  mutating func make(_ change: FileChange) throws(WorkspaceError) {
    guard RepositoryPath.isWritable(change.path), !passesFile(change.path) else { throw .unsafePath(change.path) }
    links[change.path] = nil
    files[change.path] = change.after
  }

  /// Restores the files that `patch` names to the commit's and applies it to them.
  mutating func apply(testPatch patch: [UInt8], git: Git) async throws {
    let headers = PatchHeader.headers(in: patch)
    for path in headers.flatMap(\.paths) { files[path] = base[path] }
    let files = files
    do {
      for change in try await PatchApplier.apply(patch, to: { files[$0] }, git: git) { try make(change) }
    } catch let error as PatchError {
      throw WorkspaceError.testPatchRefused(error)
    }
    for header in headers {
      guard let mode = header.mode, let path = header.paths.first else { continue }
      if mode == "100755" { executables.insert(path) } else { executables.remove(path) }
    }
  }

  /// Writes all into the empty folder `root`: files with the modes 644 and 755, then links.
  func write(to root: String) throws {
    do {
      for (path, bytes) in files {
        try Task.checkCancellation()
        try FileTree.write(bytes, to: path, under: root, isExecutable: executables.contains(path))
      }
      for (path, target) in links.sorted(by: { $0.key < $1.key }) where !passesFile(path) {
        try FileTree.link(target, at: path, under: root)
      }
    } catch let error as POSIXError {
      throw WorkspaceError.notWritten(reason: String(cString: strerror(error.code.rawValue)))
    }
  }

  /// True where a part of `path` above the last is a file or a link.
  private func passesFile(_ path: String) -> Bool {
    var above = path[...]
    while let slash = above.lastIndex(of: "/") {
      above = above[..<slash]
      if files[String(above)] != nil || links[String(above)] != nil { return true }
    }
    return false
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
