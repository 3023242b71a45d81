import Content

/// One file of a commit.
package struct TreeEntry: Hashable, Sendable {
  /// Its path, with `/` between the parts.
  package let path: String
  /// Its mode as git writes it in octal: 0o100644, 0o100755 (executable) or 0o120000 (symbolic link).
  package let mode: UInt32
  /// The object id of its content, in hexadecimal.
  package let blob: String
  /// Bytes of its content.
  package let size: Int

  /// True for a symbolic link, whose content is where it points.
  package var isLink: Bool { mode == 0o120000 }
  /// True for a file marked executable.
  package var isExecutable: Bool { mode == 0o100755 }
}

/// The files of one commit. Submodules are not among them.
package struct Tree: Sendable {
  /// The commit's object id.
  package let commit: String
  /// The files, sorted by the bytes of their paths.
  package let entries: [TreeEntry]
  /// How many paths were left out because they are not UTF-8, hold control characters, or mean something else to a file
  /// system (`..`, `.git`).
  package let oddPaths: Int
  private let positions: [String: Int]
  private let mirror: Mirror

  /// The tree that `git ls-tree -r -l -z` lists.
  ///
  /// - Throws: `GitError.missingObject` where a file's content is not in the repository.
  init(commit: String, listing: [UInt8], mirror: Mirror) throws(GitError) {
    var entries: [TreeEntry] = []
    var odd = 0
    for line in listing.split(separator: 0) {
      // MODE SP TYPE SP ID SP+ SIZE TAB PATH
      guard let tab = line.firstIndex(of: 9) else { continue }
      let fields = line[..<tab].split(separator: 32)
      guard fields.count == 4, fields[1].elementsEqual("blob".utf8),
        let mode = UInt32(String(decoding: fields[0], as: UTF8.self), radix: 8)
      else { continue }
      // git writes BAD where it has no such object.
      guard let size = Int(String(decoding: fields[3], as: UTF8.self)) else {
        throw .missingObject(path: String(decoding: line[(tab + 1)...], as: UTF8.self), repository: mirror.path)
      }
      guard let path = String(validating: line[(tab + 1)...], as: UTF8.self), RepositoryPath.isReadable(path) else {
        odd += 1
        continue
      }
      let blob = String(decoding: fields[2], as: UTF8.self)
      entries.append(TreeEntry(path: path, mode: mode, blob: blob, size: size))
    }
    entries.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    // Two spellings of one name (Unicode equivalence) would be one key: the second counts as odd.
    var positions: [String: Int] = [:]
    positions.reserveCapacity(entries.count)
    var distinct: [TreeEntry] = []
    distinct.reserveCapacity(entries.count)
    for entry in entries {
      if positions.updateValue(distinct.count, forKey: entry.path) == nil {
        distinct.append(entry)
      } else {
        positions[entry.path] = distinct.firstIndex { $0.path == entry.path }
        odd += 1
      }
    }
    self.commit = commit
    self.entries = distinct
    self.oddPaths = odd
    self.positions = positions
    self.mirror = mirror
  }

  /// The file at `path`, or nil where there is none.
  package subscript(path: String) -> TreeEntry? { positions[path].map { entries[$0] } }

  /// Whose the commit is, `owner/name`.
  package var repo: String { mirror.repo }

  /// The files in the folder at `path` and in those below it.
  package func entries(below path: String) -> ArraySlice<TreeEntry> {
    let start = path + "/"
    // The first entry that is not before `start`; those that begin with it follow one another.
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].path.utf8.lexicographicallyPrecedes(start.utf8) { low = middle + 1 } else { high = middle }
    }
    return entries[low...].prefix { $0.path.utf8.starts(with: start.utf8) }
  }

  /// The contents of the files at `paths`, by path; a path that is not in the tree is not in the answer. One call of
  /// git, or none where there is nothing to read.
  package func read(_ paths: [String]) async throws -> [String: [UInt8]] {
    let wanted = paths.compactMap { self[$0] }
    let blobs = try await mirror.read(wanted)
    return Dictionary(wanted.compactMap { entry in blobs[entry.blob].map { (entry.path, $0) } }) { first, _ in first }
  }
}
