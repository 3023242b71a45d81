import Content
import Repositories

/// The files of a commit with changes laid over them: what is written is decided before the first byte is, so no link
/// that a commit or a patch brings is ever followed.
struct TreeChanges: Sendable {
  /// What stands at a path in place of the commit's file.
  struct Replacement: Sendable {
    /// Nil where the file is gone.
    let bytes: [UInt8]?
    let isExecutable: Bool
  }

  /// The commit's files.
  let tree: Tree
  /// The paths that are not as in the commit.
  private(set) var replacements: [String: Replacement] = [:]

  /// A commit without changes.
  init(_ tree: Tree) { self.tree = tree }

  /// True where there is a plain file at `path`.
  func holds(_ path: String) -> Bool {
    if let replacement = replacements[path] { return replacement.bytes != nil }
    return tree[path].map { !$0.isLink } ?? false
  }

  /// Puts the model's change in.
  mutating func make(_ change: FileChange) throws(WorkspaceError) {
    let path = change.path
    guard RepositoryPath.isWritable(path), !passesFile(path), !isFolder(path) else { throw .unsafePath(path) }
    replacements[path] = Replacement(bytes: change.after, isExecutable: tree[path]?.isExecutable ?? false)
  }

  /// Puts other bytes in place of those of the plain file at `path`.
  mutating func replace(_ path: String, _ bytes: [UInt8]) {
    let isExecutable = replacements[path]?.isExecutable ?? tree[path]?.isExecutable ?? false
    replacements[path] = Replacement(bytes: bytes, isExecutable: isExecutable)
  }

  /// Restores the files that `patch` names to the commit's and applies it to them.
  mutating func apply(testPatch patch: [UInt8], git: Git) async throws {
    let headers = PatchHeader.headers(in: patch)
    for path in headers.flatMap(\.paths) { replacements[path] = nil }
    let now = self
    do {
      let changes = try await TestPatches.changes(patch, tree) {
        try await PatchApplier.apply(patch, to: { try await now.bytes(at: $0) }, git: git)
      }
      for change in changes { try make(change) }
    } catch let error as PatchError {
      throw WorkspaceError.testPatchRefused(error)
    }
    for header in headers {
      guard let mode = header.mode, let path = header.paths.first, holds(path) else { continue }
      let bytes = try await bytes(at: path)
      replacements[path] = Replacement(bytes: bytes, isExecutable: mode == "100755")
    }
  }

  /// Writes what is not as in the commit to `root`, for `owner`. Files that are gone are not there and have nothing in
  /// `root`.
  func write(to root: String, owner: UInt32? = nil) throws {
    for (path, replacement) in replacements {
      guard let bytes = replacement.bytes else { continue }
      try FileTree.write(bytes, to: path, under: root, isExecutable: replacement.isExecutable, owner: owner)
    }
  }

  /// What is not as in the commit, as an archive.
  var archive: TarArchive {
    var archive = TarArchive()
    for (path, replacement) in replacements.sorted(by: { $0.key < $1.key }) {
      guard let bytes = replacement.bytes else { continue }
      archive.add(path, bytes, isExecutable: replacement.isExecutable)
    }
    return archive
  }

  /// The paths of the commit at which nothing is any more.
  var removed: [String] {
    replacements.filter { path, replacement in
      replacement.bytes == nil && tree[path] != nil && !isFolder(path)
    }.keys.sorted()
  }

  /// The bytes of the plain file at `path`; nil where there is none.
  func bytes(at path: String) async throws -> [UInt8]? {
    if let replacement = replacements[path] { return replacement.bytes }
    return holds(path) ? try await tree.read([path])[path] : nil
  }

  /// True where a part of `path` above the last is a file or a link.
  private func passesFile(_ path: String) -> Bool {
    var above = path[...]
    while let slash = above.lastIndex(of: "/") {
      above = above[..<slash]
      let name = String(above)
      if let replacement = replacements[name] {
        if replacement.bytes != nil { return true }
      } else if tree[name] != nil {
        return true
      }
    }
    return false
  }

  /// True where something lies below `path`.
  private func isFolder(_ path: String) -> Bool {
    let start = path + "/"
    if replacements.contains(where: { $1.bytes != nil && $0.utf8.starts(with: start.utf8) }) { return true }
    return tree.entries(below: path).contains { replacements[$0.path].map { $0.bytes != nil } ?? true }
  }
}
