/// The paths of a tree, found by how they end.
struct PathTable: Sendable {
  private let byFile: [String: [String]]
  /// By the file and the folder that it lies in: many folders have an `__init__.py`, few of them one name.
  private let byFolder: [String: [String]]
  private let all: Set<String>

  init(_ paths: [String]) {
    all = Set(paths)
    byFile = Dictionary(grouping: paths) { PathTable.end(of: $0, components: 1) }
    byFolder = Dictionary(grouping: paths) { PathTable.end(of: $0, components: 2) }
  }

  func contains(_ path: String) -> Bool { all.contains(path) }

  /// The paths that end as `path` does, by as many components as possible, sorted.
  ///
  /// `path` may begin with folders that the tree does not have (`/usr/lib/python3/site-packages/`). Two components must
  /// agree, or the only one where either side has no more; what agrees in the last alone of several is another file.
  func ending(like path: String) -> [String] {
    let parts = PathTable.parts(path)
    guard let file = parts.last else { return [] }
    let end = parts.count > 1 ? "\(parts[parts.count - 2])/\(file)" : String(file)
    guard let same = parts.count > 1 ? byFolder[end] : byFile[end] else { return [] }
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
  /// `django/forms/formsets.py`), wherever the package lies in the tree, and how many parts it took; at least two, and
  /// no more than ``Mentions/partLimit``.
  func module(_ parts: [String]) -> (path: String, used: Int)? {
    var count = min(parts.count, Mentions.partLimit)
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

  /// The last components of `path`, or all where it has fewer.
  private static func end(of path: String, components: Int) -> String {
    var left = components
    let bytes = path.utf8
    var start = bytes.endIndex
    while start > bytes.startIndex {
      let before = bytes.index(before: start)
      if bytes[before] == UInt8(ascii: "/") { left -= 1 }
      if left == 0 { break }
      start = before
    }
    return String(path[start...])
  }

  private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }
}
