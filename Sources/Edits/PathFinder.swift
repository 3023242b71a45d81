import Content

/// Which file of a repository a path means that a reply spells in its own way: with backslashes, from the root of a
/// sandbox or of an installed package, with a folder too many, or short.
struct PathFinder {
  enum Found {
    case file(String)
    /// It ends like each of these.
    case several([String])
    case none
  }

  /// The paths of the files; empty where they are not known.
  let paths: [String]
  let isTest: (String) -> Bool
  let exists: (String) throws -> Bool

  /// The file that `spelled` means.
  ///
  /// - Parameters:
  ///   - spelled: the path as the reply has it.
  ///   - skipped: how many folders in front may be wrong.
  /// - Returns: the only such file, or those between which nothing decides.
  /// - Throws: what `exists` throws.
  func find(_ spelled: String, skipping skipped: Int) throws -> Found {
    let (path, isRooted) = PathFinder.cleaned(spelled)
    let parts = path.split(separator: "/").map(String.init)
    guard !parts.isEmpty, !parts.contains("..") else { return .none }
    for start in parts.indices where start == 0 || parts.count - start > 1 || isRooted {
      // From `/etc/passwd` no `passwd` follows.
      if start > 0, parts.count - start == 1, !PathFinder.isRoot(parts[..<start]) { continue }
      let end = parts[start...].joined(separator: "/")
      if RepositoryPath.isWritable(end), try exists(end) { return .file(end) }
    }
    for start in parts.indices.prefix(skipped + 1) where start == 0 || parts.count - start > 1 {
      let end = "/" + parts[start...].joined(separator: "/")
      let found = paths.filter { $0.hasSuffix(end) }
      if found.isEmpty { continue }
      let sources = found.filter { !isTest($0) }
      if sources.count == 1 { return .file(sources[0]) }
      if sources.isEmpty, found.count == 1 { return .file(found[0]) }
      return .several(sources.isEmpty ? found : sources)
    }
    return .none
  }

  /// The path without what no path of a repository has, and whether it began at a root.
  static func cleaned(_ spelled: String) -> (path: String, isRooted: Bool) {
    var path = spelled.contains("\\") ? spelled.replacing("\\", with: "/") : spelled
    if path.hasPrefix("file://") { path.removeFirst(7) }
    // `path:12`, `path#L12`
    if let mark = path.lastIndex(where: { $0 == ":" || $0 == "#" }), mark != path.startIndex {
      let rest = path[path.index(after: mark)...].drop { $0 == "L" }
      if !rest.isEmpty, rest.allSatisfy({ $0.isNumber || $0 == "-" || $0 == "L" }) { path = String(path[..<mark]) }
    }
    if path.dropFirst().hasPrefix(":/"), path.first?.isLetter == true { path.removeFirst(2) }
    while path.hasPrefix("./") { path.removeFirst(2) }
    var isRooted = path.hasPrefix("/")
    for folder in ["/site-packages/", "/dist-packages/"] {
      if let range = path.ranges(of: folder).last {
        path = String(path[range.upperBound...])
        isRooted = false
      }
    }
    return (path, isRooted)
  }

  /// True for the folders that a repository is put into to be worked on.
  private static func isRoot(_ parts: ArraySlice<String>) -> Bool {
    guard let first = parts.first else { return false }
    return [
      "testbed", "workspace", "workspaces", "repo", "app", "code", "src", "project", "home", "root", "tmp", "mnt",
      "usr",
      "work", "data", "Users",
    ].contains(first)
  }

  /// A rooted path without its root, as the path of a new file; nil for one that leads elsewhere.
  static func below(_ spelled: String) -> String? {
    let (path, isRooted) = cleaned(spelled)
    guard isRooted else { return path == spelled ? nil : path }
    let parts = path.split(separator: "/").map(String.init)
    guard parts.count > 1, ["testbed", "workspace", "repo"].contains(parts[0]) else { return nil }
    return parts.dropFirst().joined(separator: "/")
  }
}
