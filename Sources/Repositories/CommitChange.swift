import Content
import Foundation

/// What one commit changes, against its first parent.
package struct CommitChange: Hashable, Sendable {
  package let commit: String
  /// Its first parent.
  package let base: String
  package let message: String
  /// When it was written, as ISO 8601 in UTC.
  package let date: String
  /// The plain files it changes, in the order of their paths. Links and submodules are not among them.
  package let changes: [FileChange]
}

extension Mirror {
  /// What the commit that `name` means (a hash, a branch, a tag) changes.
  ///
  /// - Throws: `GitError.noSuchCommit` where there is none, `.noParent` where nothing is before it.
  package func change(of name: String) async throws -> CommitChange {
    let missing = GitError.noSuchCommit(commit: name, repo: repo, path: path)
    guard !name.hasPrefix("-"), let commit = try await line(["rev-parse", "--verify", "--quiet", "\(name)^{commit}"])
    else { throw missing }
    guard let base = try await line(["rev-parse", "--verify", "--quiet", "\(commit)^1"]) else {
      throw GitError.noParent(commit: commit)
    }
    let message = try await git.run(["log", "-1", "--format=%B", commit], repository: path)
    let date = try await line(["log", "-1", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", "--format=%ad", commit]) ?? ""
    let (old, new) = (try await tree(at: base), try await tree(at: commit))
    let listing = try await git.run(
      ["diff-tree", "-r", "-z", "--no-renames", "--name-only", base, commit], repository: path)
    let names = listing.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    func plain(_ tree: Tree) -> [String] { names.filter { tree[$0]?.isLink == false } }
    let (before, after) = (try await old.read(plain(old)), try await new.read(plain(new)))
    return CommitChange(
      commit: commit, base: base, message: String(decoding: message, as: UTF8.self), date: date,
      changes: names.sorted().compactMap { name in
        before[name] == nil && after[name] == nil
          ? nil : FileChange(path: name, before: before[name], after: after[name])
      })
  }

  /// The one line that a command of git prints; nil where it fails.
  private func line(_ arguments: [String]) async throws -> String? {
    let answer = try await git.call(arguments, repository: path)
    guard answer.exit == 0 else { return nil }
    let text = String(decoding: answer.output, as: UTF8.self).split(separator: "\n").first.map(String.init)
    return text?.isEmpty == false ? text : nil
  }
}
