import Foundation

/// Why git, or the repository asked for, could not give what was wanted.
package enum GitError: Error, Hashable, Sendable {
  /// There is no program of this name.
  case notInstalled(executable: String)
  /// A git command ended badly. `command` is its first word, `exit` its status (nil for a signal or a timeout), `line`
  /// the line of its standard error that says most.
  case failed(command: String, exit: Int32?, line: String)
  /// The repository has no such commit. `path` is where the repository is kept.
  case noSuchCommit(commit: String, repo: String, path: String)
  /// The folder is no git repository, or half of one. `isOurs` is true where ramp made it, in its cache.
  case notARepository(path: String, isOurs: Bool)
  /// The repository lacks a file of one of its commits: it is damaged, or a clone of a part.
  case missingObject(path: String, repository: String)
  /// The commit is the first of its repository, so that nothing is before it.
  case noParent(commit: String)
  /// Files that are wanted in memory at once are more than ramp takes.
  case tooLarge(bytes: Int, limit: Int)
  /// None of these folders holds the repository.
  case noMirror(repo: String, tried: [String])
  /// The name is not of the form `owner/name`.
  case badName(String)
}

extension GitError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .notInstalled(let executable): "\(executable) is not there"
    case .failed(let command, let exit, let line):
      "git \(command) ended with \(exit.map { "status \($0)" } ?? "no status")" + (line.isEmpty ? "" : ": \(line)")
    case .noSuchCommit(let commit, let repo, let path): "\(repo) has no commit \(commit) (\(path))"
    case .missingObject(let file, let path): "\(path) lacks the content of \(file): it is damaged, or a part of a clone"
    case .noParent(let commit): "\(commit.prefix(12)) has no commit before it in its repository"
    case .tooLarge(let bytes, let limit):
      "the files of the commit have \(bytes >> 20) MB, and ramp takes \(limit >> 20) MB at the most"
    case .notARepository(let path, _): "\(path) is not a whole git repository"
    case .noMirror(let repo, let tried):
      "there is no repository of \(repo): looked for \(tried.prefix(3).joined(separator: ", "))"
        + (tried.count > 3 ? " and \(tried.count - 3) more" : "")
    case .badName(let name): "'\(name)' is not the name of a repository"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .notInstalled: "`apt install git`"
    case .failed(_, _, let line) where GitError.namesTheNetwork(line):
      "check the network, or `set repositories FOLDER` with a folder of bare mirrors"
    case .failed: "run the command by hand, or `set repositories` to another place"
    case .noSuchCommit:
      "check the row's commit and `set repositories`; a mirror in a folder of yours may need `git fetch`"
    case .notARepository(let path, true): "remove \(path) and try again"
    case .notARepository(let path, false):
      "`git -C \(path) fsck` shows what is wrong, or `set repositories` to another place"
    case .missingObject(_, let path): "`git -C \(path) fsck` shows what is missing; clone it whole again"
    case .noParent: "choose a later commit"
    case .tooLarge: "go on with another instance: this repository is too large"
    case .noMirror(let repo, _): "`git clone --bare https://github.com/\(repo)` into that folder, or `set repositories`"
    case .badName: "write it as owner/name, as in django/django"
    }
  }

  private static func namesTheNetwork(_ line: String) -> Bool {
    ["resolve host", "unable to access", "onnect", "timed out", "Could not read from remote"].contains {
      line.contains($0)
    }
  }
}
