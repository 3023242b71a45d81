import Foundation

/// Why a patch was refused. Nothing has been written when one is thrown.
package enum PatchError: Error, Hashable, Sendable {
  /// It does not fit the files. `line` is the 1-based line of the old file where the first hunk that does not fit was to
  /// go, where git names one.
  case doesNotApply(path: String, line: Int?, reason: String)
  /// It would write outside the repository or into `.git*`.
  case unsafePath(String)
  /// It would make or change a symbolic link or a submodule.
  case notAFile(path: String)
  /// It is no patch that git can read.
  case malformed(reason: String)
}

extension PatchError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .doesNotApply(let path, let line, let reason):
      "the patch does not fit \(path)" + (line.map { " at line \($0)" } ?? "") + (reason.isEmpty ? "" : ": \(reason)")
    case .unsafePath(let path): "the patch may not touch \(path)"
    case .notAFile(let path): "\(path) is a link or a submodule in the patch"
    case .malformed(let reason): "not a patch: \(reason)"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .doesNotApply: "check that the patch was made against this commit"
    case .unsafePath: "only files inside the repository can be changed, and none whose name begins with .git"
    case .notAFile: "only plain files can be changed: leave it out of the patch"
    case .malformed: "it must be a unified diff as `git diff` writes it"
    }
  }
}
