import Content
import Foundation

/// Applies a patch strictly, by git: every hunk at its place with its context, or nothing at all.
package enum PatchApplier {
  /// What `patch` makes of the files it names, sorted by path. Nothing is written but into a temporary folder that holds
  /// these files alone. `patch` is a unified diff; one without any byte changes nothing. `files` gives the bytes of a
  /// file by its path, or nil where there is no such file.
  ///
  /// - Throws: `PatchError`, `GitError`, and what `files` throws.
  package static func apply(
    _ patch: [UInt8], to files: (String) async throws -> [UInt8]?, git: Git
  ) async throws -> [FileChange] {
    guard patch.contains(where: { ![9, 10, 13, 32].contains($0) }) else { return [] }
    let headers = PatchHeader.headers(in: patch)
    // git leaves a submodule out and says nothing.
    if let header = headers.first(where: { $0.mode == "160000" }) {
      throw PatchError.notAFile(path: header.paths.first ?? "")
    }
    let paths = PatchHeader.paths(in: patch)
    if let unsafe = paths.first(where: { !RepositoryPath.isWritable($0) }) { throw PatchError.unsafePath(unsafe) }
    var before: [String: [UInt8]] = [:]
    for path in paths { before[path] = try await files(path) }
    let contents = before
    return try await TemporaryFolder.use { folder in
      for (path, bytes) in contents { try FileTree.write(bytes, to: path, under: folder) }
      let arguments = ["apply", "--whitespace=nowarn", "-p1", "-"]
      let answer = try await git.call(arguments, directory: folder, input: patch)
      guard answer.exit == 0 else {
        // A full disk refuses what git would have taken.
        try FileTree.write([UInt8](repeating: 0, count: patch.count + 4096), to: "ramp-room", under: folder)
        throw refusal(answer.errorOutput, paths)
      }
      var changes: [FileChange] = []
      for path in try Set(contents.keys).union(written(folder)).sorted() {
        guard RepositoryPath.isWritable(path) else { throw PatchError.unsafePath(path) }
        let after = try FileTree.read(path, under: folder)
        if after != contents[path] { changes.append(FileChange(path: path, before: contents[path], after: after)) }
      }
      return changes
    }
  }

  /// The paths of everything in `folder` that is no folder, or the error of what is no plain file.
  private static func written(_ folder: String) throws -> [String] {
    var paths: [String] = []
    guard let names = FileManager.default.enumerator(atPath: folder) else { return [] }
    for case let name as String in names {
      var status = stat()
      guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: continue
      case S_IFREG: paths.append(name)
      default: throw PatchError.notAFile(path: name)
      }
    }
    return paths
  }

  /// What git said, as an error: `error: patch failed: PATH:LINE`, `error: PATH: REASON`, or another line.
  private static func refusal(_ errorOutput: [UInt8], _ paths: [String]) -> PatchError {
    let lines = String(decoding: errorOutput, as: UTF8.self).split(whereSeparator: \.isNewline).map { line in
      String(line.hasPrefix("error: ") || line.hasPrefix("fatal: ") ? line.dropFirst(7) : line)
    }
    let failed = "patch failed: "
    if let line = lines.first(where: { $0.hasPrefix(failed) }), let colon = line.lastIndex(of: ":") {
      let path = String(line[..<colon].dropFirst(failed.count))
      return .doesNotApply(path: path, line: Int(line[line.index(after: colon)...]), reason: "")
    }
    for line in lines {
      for path in paths where line.hasPrefix("\(path): ") {
        return .doesNotApply(path: path, line: nil, reason: String(line.dropFirst(path.count + 2)))
      }
    }
    return .malformed(reason: lines.first ?? "git gave no reason")
  }
}
