import Content

/// Applies the edits of a reply to the files of a repository: all of them or none, and nothing is written.
package enum EditApplier {
  /// The files as `edits` leave them.
  ///
  /// Edits of one file apply in order, each to the result of the one before; line numbers count in the old file,
  /// whatever the order. An edit that the reply repeats, once for each place where its SEARCH text stands, takes them in
  /// turn. A leading `a/` or `b/` is taken off where only the file without it exists.
  ///
  /// - Parameters:
  ///   - edits: in the order of the reply.
  ///   - isTestFile: true for paths that must stay as they are.
  ///   - folders: the paths of the repository's folders.
  ///   - links: the paths of its symbolic links, which are never followed.
  ///   - read: the bytes of a file by its path, which is inside the repository as far as its spelling goes; nil where
  ///     there is none.
  /// - Returns: what the files were and are, and where each edit took hold.
  /// - Throws: `EditError`, or what `read` throws.
  package static func apply(
    _ edits: [Edit], isTestFile: (String) -> Bool, folders: Set<String> = [], links: Set<String> = [],
    read: (String) throws -> [UInt8]?
  ) throws -> Application {
    var files: [String: EditedFile] = [:]
    var applied: [AppliedEdit] = []
    var repeats: [Request: Int] = [:]
    for edit in edits { repeats[Request(edit), default: 0] += 1 }
    for (index, edit) in edits.enumerated() {
      let number = index + 1
      let path = try locate(edit, number, known: files, read: read)
      if isTestFile(path) { throw EditError.testFile(path: path, edit: number) }
      var file: EditedFile
      if let known = files[path] {
        file = known
      } else if let made = EditedFile(path: path, before: try read(path)) {
        if made.before == nil { try checkRoom(for: path, number, known: files, folders, links, read: read) }
        file = made
      } else {
        throw EditError.notText(path: path, edit: number)
      }
      applied.append(try file.apply(edit.change, number, repeats: repeats[Request(edit), default: 1]))
      repeats[Request(edit), default: 1] -= 1
      files[path] = file
    }
    let changes = files.values.map { FileChange(path: $0.path, before: $0.before, after: $0.after) }
      .filter { $0.before != $0.after }.sorted { $0.path < $1.path }
    if changes.isEmpty { throw EditError.noChange(paths: files.keys.sorted()) }
    return Application(changes: changes, edits: applied)
  }

  /// What an edit asks for, wherever it stands in the reply.
  private struct Request: Hashable {
    let path: String
    let change: Edit.Change

    init(_ edit: Edit) {
      path = edit.path
      change = edit.change
    }
  }

  /// Throws where no file can be made at `path`: a folder stands there, or what should be a folder above it is a file,
  /// in the repository or by an edit before this one.
  private static func checkRoom(
    for path: String, _ number: Int, known: [String: EditedFile], _ folders: Set<String>, _ links: Set<String>,
    read: (String) throws -> [UInt8]?
  ) throws {
    let below = path + "/"
    if folders.contains(path) || links.contains(path) || known.keys.contains(where: { $0.hasPrefix(below) }) {
      throw EditError.notAFile(path: path, edit: number)
    }
    for folder in RepositoryPath.folders(above: path) {
      let isFile = try links.contains(folder) || known[folder] != nil || read(folder) != nil
      if isFile { throw EditError.belowFile(path: path, edit: number, file: folder) }
    }
  }

  /// The path inside the repository that `path` spells, without a leading `./`; nil where it leads out of it, into what
  /// git keeps for itself, or is longer than a file system takes.
  private static func inside(_ path: String) -> String? {
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    return RepositoryPath.isWritable(String(rest)) ? String(rest) : nil
  }

  /// The cleaned path of `edit`, inside the repository.
  private static func locate(
    _ edit: Edit, _ number: Int, known: [String: EditedFile], read: (String) throws -> [UInt8]?
  ) throws -> String {
    guard let path = inside(edit.path) else {
      throw EditError.outsideRepository(path: edit.path, edit: number)
    }
    guard path.hasPrefix("a/") || path.hasPrefix("b/"), known[path] == nil,
      let shorter = inside(String(path.dropFirst(2))), try read(path) == nil
    else { return path }
    if known[shorter] != nil { return shorter }
    return try read(shorter) == nil ? path : shorter
  }
}
