import Content
import Foundation

/// Makes small bare repositories from files, the same everywhere: equal commits have equal ids.
package struct FastImport: Sendable {
  /// One commit, on top of the one before it.
  package struct Commit: Hashable, Sendable {
    /// Its message.
    package let message: String
    /// Who wrote and committed it, as `Name <mail>`.
    package let author: String
    /// When, in seconds since 1970, in UTC.
    package let date: Int
    /// All files of the commit, by path; none is executable.
    package let files: [String: [UInt8]]

    /// A commit.
    package init(message: String, author: String, date: Int, files: [String: [UInt8]]) {
      self.message = message
      self.author = author
      self.date = date
      self.files = files
    }
  }

  private let git: Git

  /// An importer that uses `git`.
  package init(git: Git) { self.git = git }

  /// Makes the bare repository `path` with `commits`, oldest first, on the branch `main`, and gives their ids. The
  /// repository appears whole; where there is something at `path` already, that is left as it is and only the ids are
  /// given.
  ///
  /// - Throws: `PatchError.unsafePath` for a file that no tree may hold, `GitError`, `CocoaError`.
  package func make(_ commits: [Commit], at path: String) async throws -> [String] {
    for file in commits.lazy.flatMap(\.files.keys) where !RepositoryPath.isReadable(file) {
      throw PatchError.unsafePath(file)
    }
    let parent = PathText.folder(of: path)
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    return try await TemporaryFolder.use(in: parent) { folder in
      let made = "\(folder)/made"
      _ = try await git.run(["init", "--bare", "--quiet", "--template=", "--initial-branch=main", made])
      _ = try await git.run(
        ["fast-import", "--quiet", "--force", "--export-marks=\(folder)/marks"], repository: made,
        input: FastImport.stream(commits))
      let marks = try FileTree.read("marks", under: folder) ?? []
      var ids = [String](repeating: "", count: commits.count)
      for line in String(decoding: marks, as: UTF8.self).split(separator: "\n") {
        // :MARK SP ID
        let fields = line.dropFirst().split(separator: " ")
        if fields.count == 2, let mark = Int(fields[0]), ids.indices.contains(mark - 1) {
          ids[mark - 1] = String(fields[1])
        }
      }
      chmod(made, 0o755)
      do { try FileManager.default.moveItem(atPath: made, toPath: path) } catch {
        guard Mirrors.gitDirectory(path) != nil else { throw error }
      }
      return ids
    }
  }

  private static func stream(_ commits: [Commit]) -> [UInt8] {
    var stream: [UInt8] = []
    func line(_ text: String) { stream += Array("\(text)\n".utf8) }
    func data(_ bytes: some Collection<UInt8>) {
      line("data \(bytes.count)")
      stream += bytes
      line("")
    }
    for (index, commit) in commits.enumerated() {
      line("commit refs/heads/main")
      line("mark :\(index + 1)")
      let author = commit.author.filter { !$0.isNewline }
      line("author \(author) \(commit.date) +0000")
      line("committer \(author) \(commit.date) +0000")
      data(commit.message.utf8)
      if index > 0 { line("from :\(index)") }
      line("deleteall")
      for (path, bytes) in commit.files.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        let quoted = path.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
        line("M 100644 inline \"\(quoted)\"")
        data(bytes)
      }
      line("")
    }
    line("done")
    return stream
  }
}
