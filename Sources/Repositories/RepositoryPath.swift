/// Which paths inside a repository ramp reads and which it writes.
package enum RepositoryPath {
  /// True where `path` is relative, in UTF-8 without control characters, and no part of it is empty, `.`, `..` or
  /// `.git`: what a tree may hold and a person can read.
  package static func isReadable(_ path: String) -> Bool {
    !path.isEmpty && path.utf8.count <= 4096 && !path.utf8.contains { $0 < 0x20 || $0 == 0x7F }
      && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part != "." && part != ".." && part.lowercased() != ".git"
      }
  }

  /// True where a model's edit or a row's patch may change `path`: readable, and no part of it begins with `.git`.
  package static func isWritable(_ path: String) -> Bool {
    isReadable(path)
      && path.split(separator: "/").allSatisfy { !$0.lowercased().hasPrefix(".git") && !$0.contains("\\") }
  }
}
