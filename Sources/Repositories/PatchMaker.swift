import Content

/// Makes the patch of some changes, by git.
package enum PatchMaker {
  /// The unified diff of `changes`, with whole object ids and three lines around each change, as `git apply` takes it.
  /// Equal changes give equal bytes; where nothing changed it is empty.
  ///
  /// Every file counts as one without the executable bit: `git apply` says so of one that has it, and applies.
  ///
  /// - Throws: `PatchError.unsafePath`, `GitError`, `POSIXError`.
  package static func patch(_ changes: [FileChange], git: Git) async throws -> [UInt8] {
    let changes = changes.filter { $0.before != $0.after }
    guard !changes.isEmpty else { return [] }
    for change in changes where !RepositoryPath.isWritable(change.path) { throw PatchError.unsafePath(change.path) }
    return try await TemporaryFolder.use { folder in
      // A side without files must still be a folder.
      for side in ["a", "b"] { try FileTree.makeFolder(side, under: folder) }
      for change in changes {
        if let before = change.before { try FileTree.write(before, to: change.path, under: "\(folder)/a") }
        if let after = change.after { try FileTree.write(after, to: change.path, under: "\(folder)/b") }
      }
      let arguments = [
        "diff", "--no-index", "--no-prefix", "--full-index", "--no-renames", "--no-color", "--no-ext-diff",
        "--no-textconv", "--binary", "--diff-algorithm=myers", "-U3", "a", "b",
      ]
      let answer = try await git.call(arguments, directory: folder)
      guard answer.exit == 1, !answer.output.isEmpty else {
        throw git.failure(arguments, exit: answer.exit, answer.errorOutput)
      }
      return namingBothSides(answer.output)
    }
  }

  /// The patch with `a/` and `b/` in each `diff --git` line, where git, comparing two folders, writes the side that a
  /// made or removed file is on twice.
  private static func namingBothSides(_ patch: [UInt8]) -> [UInt8] {
    let mark = Array("diff --git ".utf8)
    var result = patch
    var start = 0
    while start < patch.count {
      let end = patch[start...].firstIndex(of: 10) ?? patch.count
      if patch[start..<end].starts(with: mark) {
        // Both names are written alike, so they are of one length: NAME SP NAME.
        let first = start + mark.count
        let second = first + (end - first + 1) / 2
        let quote = patch[first] == UInt8(ascii: "\"") ? 1 : 0
        result[first + quote] = UInt8(ascii: "a")
        result[second + quote] = UInt8(ascii: "b")
      }
      start = end + 1
    }
    return result
  }
}
