/// The paths of a tree, found by how they end.
struct PathTable: Sendable {
  private let byFile: [String: [String]]
  private let all: Set<String>

  init(_ paths: [String]) {
    all = Set(paths)
    byFile = Dictionary(grouping: paths) { String($0[PathTable.fileStart($0)...]) }
  }

  func contains(_ path: String) -> Bool { all.contains(path) }

  /// The paths that end as `path` does, by as many components as possible, sorted.
  ///
  /// `path` may begin with folders that the tree does not have (`/usr/lib/python3/site-packages/`). Two components must
  /// agree, or the only one where either side has no more; what agrees in the last alone of several is another file.
  func ending(like path: String) -> [String] {
    let parts = PathTable.parts(path)
    guard let file = parts.last, let same = byFile[String(file)] else { return [] }
    var best = 0
    var found: [String] = []
    for candidate in same {
      let theirs = PathTable.parts(candidate)
      var agreed = 0
      while agreed < min(parts.count, theirs.count),
        parts[parts.count - 1 - agreed] == theirs[theirs.count - 1 - agreed]
      {
        agreed += 1
      }
      guard agreed >= min(2, parts.count) || agreed == theirs.count && parts.count == 1 else { continue }
      if agreed > best {
        best = agreed
        found = []
      }
      if agreed == best { found.append(candidate) }
    }
    return found
  }

  /// The file of the module that the longest beginning of `parts` names (`django.forms.formsets.BaseFormSet` is
  /// `django/forms/formsets.py`), wherever the package lies in the tree, and how many parts it took; at least two.
  func module(_ parts: [String]) -> (path: String, used: Int)? {
    var count = parts.count
    while count >= 2 {
      let folder = parts[..<count].joined(separator: "/")
      for end in [".py", "/__init__.py"] {
        let wanted = folder + end
        let found = ending(like: wanted).filter { $0 == wanted || $0.hasSuffix("/" + wanted) }
        if let shortest = found.min(by: { ($0.utf8.count, $0) < ($1.utf8.count, $1) }) { return (shortest, count) }
      }
      count -= 1
    }
    return nil
  }

  private static func fileStart(_ path: String) -> String.Index {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
  }

  private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }
}
