/// A repository to read commits from. Nothing is ever checked out of it, and only `fetch` writes to it.
package struct Mirror: Sendable {
  /// Whose it is, `owner/name`.
  package let repo: String
  /// Its git directory.
  package let path: String
  /// The URL to fetch a missing commit from; nil for a folder of the user's.
  package let origin: String?
  let git: Git
  private let isOurs: Bool

  /// A repository at `path`: one of the user's, or, where `isOurs`, one that ramp made and the user may remove.
  package init(repo: String, path: String, origin: String? = nil, isOurs: Bool = false, git: Git) {
    self.isOurs = isOurs || origin != nil
    self.repo = repo
    self.path = path
    self.origin = origin
    self.git = git
  }

  /// The files of `commit`, which is 40 (or, in a SHA-256 repository, 64) hexadecimal digits. Where it is missing and
  /// the mirror is a clone, it is fetched once.
  ///
  /// - Throws: `GitError`; `CancellationError`.
  package func tree(at commit: String) async throws -> Tree {
    let missing = GitError.noSuchCommit(commit: commit, repo: repo, path: path)
    guard [40, 64].contains(commit.utf8.count), commit.utf8.allSatisfy(Mirror.isDigit) else { throw missing }
    if let tree = try await list(commit) { return tree }
    guard let origin else { throw missing }
    try await fetch(commit, from: origin)
    guard let tree = try await list(commit) else { throw missing }
    return tree
  }

  /// The listing of `commit`, or nil where there is no such commit.
  private func list(_ commit: String) async throws -> Tree? {
    let arguments = ["ls-tree", "-r", "-l", "-z", "--full-tree", "\(commit)^{commit}"]
    let answer = try await git.call(arguments, repository: path)
    if answer.exit == 0 { return try Tree(commit: commit, listing: answer.output, mirror: self) }
    let check = try await git.call(["cat-file", "-e", "\(commit)^{commit}"], repository: path)
    if check.exit == 0 { throw git.failure(arguments, exit: answer.exit, answer.errorOutput) }
    if try await git.call(["rev-parse", "--git-dir"], repository: path).exit != 0 {
      throw GitError.notARepository(path: path, isOurs: isOurs)
    }
    return nil
  }

  /// Fetches every branch and tag, and then, where that did not bring it, the commit by its name.
  private func fetch(_ commit: String, from url: String) async throws {
    let options = ["fetch", "--quiet", "--no-recurse-submodules", "--no-write-fetch-head"]
    _ = try await git.run(options + ["--tags", "--", url, "+refs/heads/*:refs/heads/*"], repository: path)
    if try await git.call(["cat-file", "-e", "\(commit)^{commit}"], repository: path).exit == 0 { return }
    // Not every server gives a commit by its name: that it is missing is said by the caller.
    _ = try await git.call(options + ["--", url, "\(commit):refs/ramp/\(commit)"], repository: path)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...102).contains(byte) }
}
