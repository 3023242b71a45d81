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
  private let shown: [String: [ClosedRange<Int>]]
  private let read: (String) throws -> [UInt8]?
  private var files: [String: EditedFile] = [:]
  /// The lines, by path, where edits that are certain took hold.
  private var certain: [String: [Int]] = [:]

  private init(
    isTestFile: @escaping (String) -> Bool, folders: Set<String>, links: Set<String>, paths: [String],
    others: [String: [UInt8]], rule: PlaceRule, shown: [String: [ClosedRange<Int>]],
    read: @escaping (String) throws -> [UInt8]?
  ) {
    self.shown = shown
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
  ///   - shown: the 1-based lines of each file that the model was shown: of several places the only one among them is taken.
  ///   - read: the bytes of a file by its path, which is inside the repository as far as its spelling goes; nil where
  ///     there is none.
  /// - Returns: what the files were and are, and where each edit took hold.
  /// - Throws: `EditError`, or what `read` throws.
  package static func apply(
    _ edits: [Edit], isTestFile: (String) -> Bool, folders: Set<String> = [], links: Set<String> = [],
    paths: [String] = [], others: [String: [UInt8]] = [:], rule: PlaceRule = .only,
    shown: [String: [ClosedRange<Int>]] = [:], read: (String) throws -> [UInt8]?
  ) throws -> Application {
    try examine(
      edits, isTestFile: isTestFile, folders: folders, links: links, paths: paths, others: others, rule: rule,
      shown: shown, read: read
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
  ///   - shown: the 1-based lines of each file that the model was shown.
  ///   - read: the bytes of a file by its path.
  /// - Returns: one result for each edit, and the files as all that hold leave them.
  /// - Throws: what `read` throws.
  package static func examine(
    _ edits: [Edit], isTestFile: (String) -> Bool, folders: Set<String> = [], links: Set<String> = [],
    paths: [String] = [], others: [String: [UInt8]] = [:], rule: PlaceRule = .only,
    shown: [String: [ClosedRange<Int>]] = [:], read: (String) throws -> [UInt8]?
  ) throws -> Examination {
    try withoutActuallyEscaping(isTestFile) { isTestFile in
      try withoutActuallyEscaping(read) { read in
        var applier = EditApplier(
          isTestFile: isTestFile, folders: folders, links: links, paths: paths, others: others, rule: rule,
          shown: shown, read: read)
        let first = try applier.examine(edits)
        guard edits.count > 1, applier.note(first) else { return first }
        // What is certain tells where the rest belongs.
        return try applier.examine(edits)
      }
    }
  }

  /// Notes where edits that are certain took hold. True where that may decide between the places of another.
  private mutating func note(_ examination: Examination) -> Bool {
    let isOpen = examination.results.contains { if case .failure(.ambiguous) = $0 { true } else { false } }
    guard isOpen else { return false }
    for case .success(let applied) in examination.results where applied.step.hasPlace {
      certain[applied.path, default: []].append(applied.firstLine)
    }
    files = [:]
    return !certain.isEmpty
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
    if case .rename(let new) = edit.change { return try rename(path, to: new, edit, number) }
    guard var file = try file(at: path) else { throw EditError.notText(path: path, edit: number) }
    if file.before == nil, files[path] == nil, !path.isEmpty { try checkRoom(for: path, number) }
    do {
      if path.isEmpty { throw EditError.pathNotFound(path: path, edit: number) }
      let applied = try file.apply(edit.change, number, repeats: repeats)
      files[path] = file
      return applied
    } catch let error as EditError {
      switch try elsewhere(edit, at: path, number, error) {
      case .applied(let applied): return applied
      case .place(let place):
        // A file that was looked at is known: the message of an edit that changes nothing names it.
        guard case .staleAnchor(let path, _, let nearest, let corrections, _) = error else { throw error }
        throw EditError.staleAnchor(
          path: path, edit: number, nearest: nearest, corrections: corrections, elsewhere: place)
      case .nowhere:
        if path.isEmpty { throw EditError.unreadable(line: edit.line, reason: .noPath) }
        if case .pathNotFound = error {
          throw EditError.pathNotFound(path: path, edit: number, nearest: nearestPaths(path))
        }
        throw error
      }
    }
  }

  /// Moves a file. What later edits of the reply say of the new path is of its content.
  private mutating func rename(_ path: String, to new: String, _ edit: Edit, _ number: Int) throws -> AppliedEdit {
    guard let target = EditApplier.inside(new) else { throw EditError.outsideRepository(path: new, edit: number) }
    if isTestFile(target) { throw EditError.testFile(path: target, edit: number) }
    guard var old = try file(at: path) else { throw EditError.notText(path: path, edit: number) }
    guard let moved = old.moved(to: target) else {
      throw EditError.pathNotFound(path: path, edit: number, nearest: nearestPaths(path))
    }
    try checkRoom(for: target, number)
    if try files[target] != nil || read(target) != nil { throw EditError.notAFile(path: target, edit: number) }
    files[path] = old
    files[target] = moved
    return AppliedEdit(path: target, firstLine: 1, step: .renamed)
  }

  private static func differ(_ a: [UInt8]?, _ b: [UInt8]?) -> Bool {
    guard let a, let b else { return a != b }
    return !ByteSearch.areEqual(a, b)
  }

  private func file(at path: String) throws -> EditedFile? {
    if let known = files[path] { return known }
    return EditedFile(
      path: path, before: path.isEmpty ? nil : try read(path), rule: rule, shown: shown[path] ?? [],
      certain: certain[path] ?? [])
  }

  /// What looking for a text in other files comes to.
  private enum Elsewhere {
    case applied(AppliedEdit)
    /// It is there, and too short to be taken.
    case place(FilePlace)
    case nowhere
  }

  /// The edit in the only other file that holds its text, which must be long enough to tell places apart; in a file that
  /// is called like one that does not exist a shorter text is enough.
  private mutating func elsewhere(
    _ edit: Edit, at path: String, _ number: Int, _ error: EditError
  ) throws -> Elsewhere {
    var isMissing = path.isEmpty
    switch error {
    case .staleAnchor, .whitespaceOnly: break
    case .pathNotFound: isMissing = true
    default: return .nowhere
    }
    var edit = edit
    let search: [ArraySlice<UInt8>]
    switch edit.change {
    case .replace(let text, _): search = LineSplit.lines(of: text)
    case .hunk(let lines, _):
      search = Hunk(LineSplit.lines(of: lines)).old
      // Its numbers are of the file that it names.
      edit.change = .hunk(lines: lines, firstLine: nil)
    default: return .nowhere
    }
    let words = search.reduce(0) { $0 + $1.count(where: \.isWord) }
    guard words >= 10 else { return .nowhere }
    let edited = files.values.filter { $0.path != path && $0.after != nil }
    if let near = inOnly(of: edited, edit, number) {
      return .applied(near)
    }
    guard !others.isEmpty else { return .nowhere }
    let lines = search.filter { !$0.isBlank }.map(\.withoutBlanks)
    guard let longest = lines.max(by: { $0.count < $1.count }) else { return .nowhere }
    let name = path.split(separator: "/").last.map(String.init)
    let candidates = { [files, others, isTestFile] (isMeant: (String) -> Bool) -> [EditedFile] in
      others.sorted { $0.key < $1.key }.compactMap { other, bytes in
        other == path || !isMeant(other) || isTestFile(other) || !ByteSearch.contains(bytes, longest)
          ? nil : files[other] ?? EditedFile(path: other, before: bytes)
      }
    }
    if isMissing, let name,
      let near = inOnly(of: candidates({ $0 == name || $0.hasSuffix("/" + name) }), edit, number)
    {
      return .applied(near)
    }
    let isTelling = lines.reduce(0) { $0 + $1.count } >= 60 && lines.count >= 2
    let before = files
    guard let found = inOnly(of: candidates { _ in true }, edit, number) else { return .nowhere }
    if isTelling { return .applied(found) }
    files = before
    return .place(FilePlace(path: found.path, line: found.firstLine))
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

  /// The cleaned path of `edit`, inside the repository; empty for a hunk that names none.
  private func locate(_ edit: Edit, _ number: Int) throws -> String {
    if edit.path.isEmpty { return "" }
    let plain = EditApplier.inside(edit.path)
    if let plain {
      if try files[plain] != nil || read(plain) != nil { return plain }
      if plain.hasPrefix("a/") || plain.hasPrefix("b/"), let shorter = EditApplier.inside(String(plain.dropFirst(2))),
        try files[shorter] != nil || read(shorter) != nil
      {
        return shorter
      }
    }
    let finder = PathFinder(
      paths: edit.change.needsFile || edit.change.isWhole ? paths : [], isTest: isTestFile,
      exists: { [files, read] path in try files[path] != nil || read(path) != nil })
    switch try finder.find(edit.path, skipping: edit.change.foldersSkipped) {
    case .file(let file): return file
    case .several(let found):
      if edit.change.isWhole || plain == nil {
        throw EditError.pathNotFound(path: edit.path, edit: number, nearest: Array(found.prefix(3)))
      }
    case .none:
      if case .whole(let content) = edit.change, let other = try alike(edit.path, content, finder) { return other }
    }
    if let plain, !plain.contains("\\") { return plain }
    if let below = PathFinder.below(edit.path).flatMap(EditApplier.inside) { return below }
    throw EditError.outsideRepository(path: edit.path, edit: number)
  }

  /// The file that a whole file under a wrong path must be meant for: the only one that ends so but for some folders, and
  /// most of whose lines are kept.
  private func alike(_ path: String, _ content: String, _ finder: PathFinder) throws -> String? {
    guard case .file(let found) = try finder.find(path, skipping: 20), let bytes = try read(found) else { return nil }
    let old = LineSplit.lines(of: bytes).filter { !$0.isBlank }.map(\.withoutBlanks)
    let new = Set(LineSplit.lines(of: content).map(\.withoutBlanks))
    return old.count >= 3 && old.count(where: new.contains) * 5 >= old.count * 3 ? found : nil
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
    case .lines, .function, .delete, .rename: true
    case .whole: false
    }
  }

  fileprivate var isWhole: Bool { if case .whole = self { true } else { false } }

  /// How many folders in front of a path may be wrong: any where the text itself shows that the file is meant.
  fileprivate var foldersSkipped: Int {
    switch self {
    case .replace, .hunk, .delete: 20
    case .lines, .function, .rename: 1
    case .whole: 0
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
