/// The tracked files of a repository at one commit, and nothing of its history.
package protocol SourceTree: Sendable {
  /// The commit that the files are of, as 40 hexadecimal digits.
  var commit: String { get }

  /// The paths of all tracked regular files, sorted, with `/` between folders and relative to the repository's root.
  func paths() async throws -> [String]

  /// The bytes of `paths`. A path that is not there (any more) is left out of the answer and is no error.
  func read(_ paths: [String]) async throws -> [String: [UInt8]]
}
