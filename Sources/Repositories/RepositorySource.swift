import Foundation

/// Where repositories come from: the setting `repositories`.
///
/// Its pattern is one of: a URL with `{owner}` and `{name}`; a path with them; a folder of repositories, bare or with a
/// `.git` inside, under one of the names that people give to mirrors; one repository, which is then that of every row.
package struct RepositorySource: Hashable, Codable, Sendable {
  /// The pattern as it was set.
  package var pattern: String

  /// GitHub.
  package static let gitHub = RepositorySource(pattern: "https://github.com/{owner}/{name}")

  /// A source with the given pattern.
  package init(pattern: String) { self.pattern = pattern }

  /// Where one repository may be.
  enum Place: Hashable {
    /// To be cloned from there.
    case url(String)
    /// To be used where it is: the first of these folders that is a repository.
    case folders([String])
  }

  /// True where the pattern is a URL that holds a password, or an `http` URL that holds any user: it would be kept
  /// wherever the setting is. The user of an ssh URL is no secret.
  package var holdsSecret: Bool {
    guard let start = pattern.range(of: "://") else { return false }
    let authority = pattern[start.upperBound...].prefix { !"/?#\\".contains($0) }
    guard let at = authority.lastIndex(of: "@") else { return false }
    return pattern.lowercased().hasPrefix("http") || authority[..<at].contains(":")
  }

  /// Where the repository `repo` (`owner/name`) may be. A relative folder is one below the working directory: git is
  /// started elsewhere.
  ///
  /// - Throws: `GitError.badName` for anything but two plain names.
  func place(of repo: String) throws(GitError) -> Place {
    let parts = repo.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy(RepositorySource.isPlain) else { throw .badName(repo) }
    let (owner, name) = (parts[0], parts[1])
    let filled = pattern.replacing("{owner}", with: owner).replacing("{name}", with: name)
    if pattern.contains("://") || pattern.hasPrefix("git@") { return .url(filled) }
    let folder =
      filled.hasPrefix("~/")
      ? NSHomeDirectory() + filled.dropFirst(1)
      : filled.hasPrefix("/") ? filled : "\(FileManager.default.currentDirectoryPath)/\(filled)"
    if filled != pattern { return .folders([folder]) }
    return .folders(
      [
        "\(owner)/\(name).git", "\(owner)/\(name)", "\(owner)__\(name).git", "\(owner)__\(name)", "\(owner)+\(name)",
        "\(name).git", name,
      ].map { "\(folder)/\($0)" } + [folder])
  }

  /// True for a name of letters, digits, `.`, `_` and `-` that is no way up and no option.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.hasPrefix("-")
      && name.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
      }
  }
}

extension RepositorySource: CustomStringConvertible {
  package var description: String { pattern }
}
