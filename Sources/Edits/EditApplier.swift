import Content

/// Applies the edits of a reply to the files of a repository: all of them or none, and nothing is written.
package struct EditApplier {
  /// True for paths that must stay as they are.
  private let isTestFile: (String) -> Bool
  private let folders: Set<String>
  private let links: Set<String>
  private let paths: [String]
  private let others: [String: [UInt8]]
  private let rule: PlaceRule
  private let read: (String) throws -> [UInt8]?
  private var files: [String: EditedFile] = [:]

  private init(
    isTestFile: @escaping (String) -> Bool, folders: Set<String>, links: Set<String>, paths: [String],
    others: [String: [UInt8]], rule: PlaceRule, read: @escaping (String) throws -> [UInt8]?
  ) {
    self.isTestFile = isTestFile
    self.folders = folders
    self.links = links
    self.paths = paths
    self.others = others
    self.rule = rule
    self.read = read
  }

  /// The files as `edits` leave them.
  ///
  /// Edits of one file apply in order, each to the result of the one before; line numbers count in the old file,
  /// whatever the order. An edit that the reply repeats, once for each place where its SEARCH text stands, takes them in
  /// turn. A leading `a/` or `b/` is taken off where only the file without it exists, and a path that only ends like one
  /// of `paths` is that one. What was Python and is none afterwards is refused.
  ///
  /// - Parameters:
  ///   - edits: in the order of the reply.
  ///   - isTestFile: true for paths that must stay as they are.
  ///   - folders: the paths of the repository's folders.
  ///   - links: the paths of its symbolic links, which are never followed.
  ///   - paths: the paths of its files; empty where they are not known, and then a path is taken as it is.
  ///   - others: files, by path, in which a SEARCH text is looked for that is not in the file named.
  ///   - rule: which of several places is taken.
  ///   - read: the bytes of a file by its path, which is inside the repository as far as its spelling goes; nil where
  ///     there is none.
  /// - Returns: what the files were and are, and where each edit took hold.
  /// - Throws: `EditError`, or what `read` throws.
  package static func apply(
    _ edits: [Edit], isTestFile: (String) -> Bool, folders: Set<String> = [], links: Set<String> = [],
    paths: [String] = [], others: [String: [UInt8]] = [:], rule: PlaceRule = .only, read: (String) throws -> [UInt8]?
  ) throws -> Application {
    try examine(
      edits, isTestFile: isTestFile, folders: folders, links: links, paths: paths, others: others, rule: rule,
      read: read
    ).application()
  }

  /// What each of `edits` comes to by itself: one that fails is left out, and the next is tried on what there is.
  ///
  /// - Parameters:
  ///   - edits: in the order of the reply.
  ///   - isTestFile: true for paths that must stay as they are.
  ///   - folders: the paths of the repository's folders.
  ///   - links: the paths of its symbolic links.
  ///   - paths: the paths of its files, where they are known.
  ///   - others: files in which a SEARCH text is looked for that is not in the file named.
  ///   - rule: which of several places is taken.
  ///   - read: the bytes of a file by its path.
  /// - Returns: one result for each edit, and the files as all that hold leave them.
  /// - Throws: what `read` throws.
  package static func examine(
    _ edits: [Edit], isTestFile: (String) -> Bool, folders: Set<String> = [], links: Set<String> = [],
    paths: [String] = [], others: [String: [UInt8]] = [:], rule: PlaceRule = .only, read: (String) throws -> [UInt8]?
  ) throws -> Examination {
    try withoutActuallyEscaping(isTestFile) { isTestFile in
      try withoutActuallyEscaping(read) { read in
        var applier = EditApplier(
          isTestFile: isTestFile, folders: folders, links: links, paths: paths, others: others, rule: rule,
          read: read)
        return try applier.examine(edits)
      }
    }
  }

  private mutating func examine(_ edits: [Edit]) throws -> Examination {
    var results: [Result<AppliedEdit, EditError>] = []
    var repeats: [Request: Int] = [:]
    // The texts of a single edit need no hash.
    let isSeveral = edits.count > 1
    if isSeveral { for edit in edits { repeats[Request(edit), default: 0] += 1 } }
    for (index, edit) in edits.enumerated() {
      let request = Request(edit)
      do {
        results.append(
          .success(try apply(edit, index + 1, repeats: isSeveral ? repeats[request, default: 1] : 1)))
      } catch let error as EditError {
        if let there = error.alreadyThere(edit, isRepeated: edits[..<index].contains { Request($0) == request }) {
          results.append(.success(there))
        } else {
          results.append(.failure(error))
        }
      }
      if isSeveral { repeats[request, default: 1] -= 1 }
    }
    let changes = files.values.map { FileChange(path: $0.path, before: $0.before, after: $0.after) }
      .filter { EditApplier.differ($0.before, $0.after) }.sorted { $0.path < $1.path }
    return Examination(edits: edits, results: results, changes: changes, paths: files.keys.sorted())
  }

  private mutating func apply(_ edit: Edit, _ number: Int, repeats: Int) throws -> AppliedEdit {
    let path = try locate(edit, number)
    if isTestFile(path) { throw EditError.testFile(path: path, edit: number) }
    guard var file = try file(at: path) else { throw EditError.notText(path: path, edit: number) }
    if file.before == nil, files[path] == nil { try checkRoom(for: path, number) }
    do {
      let applied = try file.apply(edit.change, number, repeats: repeats)
      files[path] = file
      return applied
    } catch {
      guard let applied = try elsewhere(edit, number, error) else {
        if case .pathNotFound = error {
          throw EditError.pathNotFound(path: path, edit: number, nearest: nearestPaths(path))
        }
        // A file that was looked at is known: the message of an edit that changes nothing names it.
        throw error
      }
      return applied
    }
  }

  private static func differ(_ a: [UInt8]?, _ b: [UInt8]?) -> Bool {
    guard let a, let b else { return a != b }
    return !ByteSearch.areEqual(a, b)
  }

  private func file(at path: String) throws -> EditedFile? {
    if let known = files[path] { return known }
    return EditedFile(path: path, before: try read(path), rule: rule)
  }

  /// The edit in the only other file that holds its SEARCH text, which must be long enough to tell places apart.
  private mutating func elsewhere(_ edit: Edit, _ number: Int, _ error: EditError) throws -> AppliedEdit? {
    switch error {
    case .staleAnchor, .whitespaceOnly: break
    default: return nil
    }
    guard case .replace(let search, _) = edit.change else { return nil }
    if let near = inEdited(edit, search, number) { return near }
    guard !others.isEmpty else { return nil }
    let lines = LineSplit.lines(of: search).filter { !$0.isBlank }.map(\.withoutBlanks)
    let length = lines.reduce(0) { $0 + $1.count }
    guard length >= 60, lines.count >= 2, let longest = lines.max(by: { $0.count < $1.count }) else { return nil }
    let candidates = others.sorted { $0.key < $1.key }.lazy.compactMap { [files, isTestFile] path, bytes in
      path == edit.path || isTestFile(path) || !ByteSearch.contains(bytes, longest)
        ? nil : files[path] ?? EditedFile(path: path, before: bytes)
    }
    return inOnly(of: candidates, edit, number)
  }

  /// The edit in the only other file that the reply has edited before and that holds its SEARCH text.
  private mutating func inEdited(_ edit: Edit, _ search: String, _ number: Int) -> AppliedEdit? {
    guard search.utf8.count(where: \.isWord) >= 10 else { return nil }
    return inOnly(of: files.values.filter { $0.path != edit.path }, edit, number)
  }

  /// The edit in the only one of `candidates` that takes it by one of the strict steps; nil where none does, or several.
  private mutating func inOnly(
    of candidates: some Sequence<EditedFile>, _ edit: Edit, _ number: Int
  ) -> AppliedEdit? {
    var found: (file: EditedFile, applied: AppliedEdit)?
    for candidate in candidates {
      var file = candidate
      switch Result(catching: { () throws(EditError) in try file.apply(edit.change, number) }) {
      case .success(let applied):
        guard [.exact, .trailingBlanks, .indentation].contains(applied.step) else { continue }
        if found != nil { return nil }
        found = (file, applied)
      case .failure(.ambiguous): return nil
      case .failure: continue
      }
    }
    guard let found else { return nil }
    files[found.file.path] = found.file
    return AppliedEdit(path: found.file.path, firstLine: found.applied.firstLine, step: .otherFile)
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
  private func checkRoom(for path: String, _ number: Int) throws {
    let below = path + "/"
    if folders.contains(path) || links.contains(path) || files.keys.contains(where: { $0.hasPrefix(below) }) {
      throw EditError.notAFile(path: path, edit: number)
    }
    for folder in RepositoryPath.folders(above: path) {
      let isFile = try links.contains(folder) || files[folder] != nil || read(folder) != nil
      if isFile { throw EditError.belowFile(path: path, edit: number, file: folder) }
    }
  }

  // MARK: Paths

  /// The path inside the repository that `path` spells, without a leading `./`; nil where it leads out of it, into what
  /// git keeps for itself, or is longer than a file system takes.
  private static func inside(_ path: String) -> String? {
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    return RepositoryPath.isWritable(String(rest)) ? String(rest) : nil
  }

  /// The cleaned path of `edit`, inside the repository.
  private func locate(_ edit: Edit, _ number: Int) throws -> String {
    guard let path = EditApplier.inside(edit.path) else {
      throw EditError.outsideRepository(path: edit.path, edit: number)
    }
    if files[path] != nil { return path }
    guard try read(path) == nil else { return path }
    if path.hasPrefix("a/") || path.hasPrefix("b/"), let shorter = EditApplier.inside(String(path.dropFirst(2))),
      try files[shorter] != nil || read(shorter) != nil
    {
      return shorter
    }
    if edit.change.needsFile, let whole = ending(with: path) { return whole }
    return path
  }

  /// The only file whose path ends with `path`, or with `path` but for its first folder.
  private func ending(with path: String) -> String? {
    for end in [path, path.firstIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path]
    where end == path || end.contains("/") {
      let found = paths.filter { $0.hasSuffix("/" + end) || $0 == end }
      if !found.isEmpty { return found.count == 1 && !isTestFile(found[0]) ? found[0] : nil }
    }
    return nil
  }

  /// Files that are called so in other folders, else those whose path is nearly the same.
  private func nearestPaths(_ path: String) -> [String] {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let named = paths.filter { $0.hasSuffix("/" + name) && !isTestFile($0) }
    let shared = { (other: String) in
      zip(other.split(separator: "/"), path.split(separator: "/")).prefix { $0 == $1 }.count
    }
    if !named.isEmpty { return Array(named.sorted { shared($0) > shared($1) }.prefix(3)) }
    return Nearest.names(to: path, in: paths)
  }
}

extension Edit.Change {
  /// True where the change is of a file that exists.
  fileprivate var needsFile: Bool {
    switch self {
    case .replace(let search, _): !search.isEmpty
    case .hunk(let lines, _):
      lines.hasPrefix(" ") || lines.hasPrefix("-") || lines.contains("\n ") || lines.contains("\n-")
    case .lines, .function: true
    case .whole: false
    }
  }
}

extension EditError {
  /// The edit as one that is there already, where that is certain: the reply asks for it a second time, or what it brings
  /// is two lines or more.
  fileprivate func alreadyThere(_ edit: Edit, isRepeated: Bool) -> AppliedEdit? {
    guard case .alreadyApplied(let path, _, let line) = self else { return nil }
    let lines = LineSplit.lines(of: edit.change.text).count { !$0.isBlank }
    return isRepeated || lines > 1 ? AppliedEdit(path: path, firstLine: line, step: .alreadyThere) : nil
  }
}
