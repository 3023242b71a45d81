/// Which of the paths that a reply names an edit may touch.
enum RepositoryPath {
  /// `path` without a leading `./`, or nil where it does not stay inside the repository: absolute, with `..`, `.` or
  /// empty components, backslashes or control characters, or with a component named `.git*` in any case.
  static func inside(_ path: String) -> String? {
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    guard !rest.isEmpty, rest.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 && $0 != "\\" }) else {
      return nil
    }
    for part in rest.split(separator: "/", omittingEmptySubsequences: false) {
      if part.isEmpty || part == "." || part == ".." || part.lowercased().hasPrefix(".git") { return nil }
    }
    return String(rest)
  }
}
