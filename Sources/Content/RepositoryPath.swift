/// Which paths inside a repository ramp reads and which it writes.
package enum RepositoryPath {
  /// The most bytes of a path. Linux allows 4096 in all: the rest is left for where a copy of the repository lies.
  package static let limit = 2048
  /// The most bytes of one part of a path. Source: NAME_MAX of every file system of Linux's.
  package static let partLimit = 255

  /// True where `path` is relative, in UTF-8 without control characters, no longer than a file system takes, and no part
  /// of it is empty, `.`, `..` or `.git`: what a tree may hold and a person can read.
  package static func isReadable(_ path: String) -> Bool {
    !path.isEmpty && path.utf8.count <= limit && !path.utf8.contains { $0 < 0x20 || $0 == 0x7F }
      && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part != "." && part != ".." && part.lowercased() != ".git" && part.utf8.count <= partLimit
      }
  }

  /// True where a model's edit or a row's patch may change `path`: readable, without backslashes, and no part of it
  /// begins with `.git`.
  package static func isWritable(_ path: String) -> Bool {
    isReadable(path)
      && path.split(separator: "/").allSatisfy { !$0.lowercased().hasPrefix(".git") && !$0.contains("\\") }
  }

  /// The paths of the folders that `path` lies in, the innermost first.
  package static func folders(above path: String) -> [String] {
    var folders: [String] = []
    var above = path[...]
    while let slash = above.lastIndex(of: "/") {
      above = above[..<slash]
      folders.append(String(above))
    }
    return folders
  }
}
