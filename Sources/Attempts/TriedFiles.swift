import Content
import Context
import Edits
import Prompts

/// The files that the edits of a reply are tried on.
struct TriedFiles {
  /// The most files that are looked through for a text that is not where it should be, or for an import.
  private static let most = 6000

  /// A reply in one format, and what it comes to.
  struct Tried {
    let read: ReadReply
    var examination: Examination?
    var application: Application?
    var error: EditError?
    var notes: [EditNote] = []
  }

  private let setup: ReplyReading.Setup
  private let tree: any EditTree
  private let paths: [String]
  private let known: Set<String>
  private let links: Set<String>
  private let folders: Set<String>
  private let shown: [String: [ClosedRange<Int>]]

  init(_ setup: ReplyReading.Setup, on tree: any EditTree) async throws {
    self.setup = setup
    self.tree = tree
    paths = try await tree.paths()
    known = Set(paths)
    links = Set(try await tree.links())
    folders = Set(paths.flatMap(RepositoryPath.folders))
    shown = Dictionary(grouping: setup.shown, by: \.path).mapValues { $0.map { $0.first...max($0.first, $0.last) } }
  }

  // MARK: Formats

  /// The answer in the format asked for, else in the only other one that it holds.
  func tried(_ answer: String) async throws -> Tried {
    let isStrict = setup.options.strict == .on && !EditsStage.isDiff(answer)
    let format = !isStrict && EditReader.isDiff(answer, insteadOf: setup.format) ? .diff : setup.format
    let read = try await read(answer, as: format)
    if !read.edits.isEmpty { return try await tried(read) }
    let files = ReplyFiles(isFile: known.contains)
    if !isStrict {
      for other in EditReader.others(than: format, in: answer, files: files) {
        let tried = try await tried(try await self.read(answer, as: other.format))
        switch other.format {
        case .search, .lines, .diff: return tried
        case .whole, .function:
          // A block of code under a path may be an example: it must fit the file.
          if let application = tried.application, isLikely(tried.read, application) { return tried }
        }
      }
    }
    let error = read.faults.first ?? EditReader.absence(of: format, in: answer, files: files)
    return Tried(read: read, error: error)
  }

  /// The edits of a reply. Files that decide where a block of it ends are read, and then it is read again.
  private func read(_ text: String, as format: EditFormat) async throws -> ReadReply {
    var asked: [String] = []
    let first = EditReader.read(
      text, as: format,
      files: ReplyFiles(
        isFile: known.contains,
        bytes: { path in
          asked.append(path)
          return nil
        }))
    if asked.isEmpty { return first }
    var meant: [String: String] = [:]
    for path in asked {
      let found = known.contains(path) ? [path] : paths.filter { $0.hasSuffix("/" + path) }
      if found.count == 1 { meant[path] = found[0] }
    }
    let files = try await tree.read(Set(meant.values).sorted())
    return EditReader.read(
      text, as: format, files: ReplyFiles(isFile: known.contains, bytes: { meant[$0].flatMap { files[$0] } }))
  }

  /// True where code that was not asked for in this form is certainly meant so: whole files that keep most of what is
  /// there, and definitions that the file has.
  private func isLikely(_ read: ReadReply, _ application: Application) -> Bool {
    if read.format == .function { return application.edits.allSatisfy { $0.step == .function } }
    return application.changes.allSatisfy { change in
      guard let before = change.before, let after = change.after, Dropped.names([change]).isEmpty else { return false }
      let old = before.split(separator: 10).filter { line in line.contains { $0 > 32 } }
      let new = Set(after.split(separator: 10))
      return old.count(where: new.contains) * 3 >= old.count * 2
    }
  }

  // MARK: Edits

  private func tried(_ read: ReadReply) async throws -> Tried {
    let files = try await files(read.edits)
    var examination = try examine(read.edits, files, others: [:])
    if examination.results.contains(where: TriedFiles.isAbsent) {
      // Read only now: looking through all files takes longer than anything else here.
      let others = try await others(endings: read.edits.map(\.path))
      if !others.isEmpty { examination = try examine(read.edits, files, others: others) }
    }
    var tried = Tried(read: read, examination: examination)
    let isPartial = setup.options.partial == .on
    if let fault = read.faults.first, !isPartial {
      tried.error = fault
      return tried
    }
    let (dropsTests, each) = (setup.options.tests == .drop, examination)
    switch Result(catching: { () throws(EditError) in
      try each.application(dropsTests: dropsTests, isPartial: isPartial)
    }) {
    case .success(let application): tried.application = application
    case .failure(let refusal): tried.error = refusal
    }
    if tried.application != nil { tried.notes = notes(read, examination) }
    return tried
  }

  /// What was left out of a reply of which edits were applied.
  private func notes(_ read: ReadReply, _ examination: Examination) -> [EditNote] {
    var tests: [String] = []
    var failures = read.faults
    for case .failure(let error) in examination.results {
      if case .testFile(let path, _) = error, setup.options.tests == .drop {
        if !tests.contains(path) { tests.append(path) }
      } else {
        failures.append(error)
      }
    }
    let partial = failures.map { error in
      EditNote(
        kind: .partial, message: "left out: \(error.errorDescription ?? error.code)",
        feedback: "One of your edits was left out. \(error.feedback)")
    }
    return (tests.isEmpty ? [] : [EditNote.tests(tests)]) + partial
  }

  private static func isAbsent(_ result: Result<AppliedEdit, EditError>) -> Bool {
    switch result {
    case .failure(.staleAnchor), .failure(.whitespaceOnly), .failure(.pathNotFound): true
    case .failure(.unreadable(_, .noPath)): true
    default: false
    }
  }

  /// The applier reads files one by one and git gives them all at once: every file that an edit may mean is asked for.
  private func files(_ edits: [Edit]) async throws -> [String: [UInt8]] {
    let asked = Set(edits.flatMap(meant))
    return try await tree.read(asked.union(asked.flatMap(RepositoryPath.folders)).intersection(known).sorted())
  }

  /// The paths that the applier may look up for one that a reply names: all that end with its name.
  private func meant(by edit: Edit) -> [String] {
    var spelled = [edit.path]
    if case .rename(let new) = edit.change { spelled.append(new) }
    return spelled.flatMap { path -> [String] in
      let plain = path.replacing("\\", with: "/").prefix { $0 != "#" }
      guard let last = plain.split(separator: "/").last else { return [] }
      let name = String(last.prefix { $0 != ":" })
      let parts = plain.split(separator: "/")
      let ends = parts.indices.map { (parts[$0..<(parts.count - 1)] + [Substring(name)]).joined(separator: "/") }
      return ends + paths.filter { $0.hasSuffix("/" + name) || $0 == name }.prefix(200)
    }
  }

  private func examine(
    _ edits: [Edit], _ files: [String: [UInt8]], others: [String: [UInt8]]
  ) throws -> Examination {
    try EditApplier.examine(
      edits, isTestFile: setup.isTest, folders: folders, links: links, paths: paths, others: others, rule: setup.rule,
      shown: shown, read: { others[$0] ?? files[$0] })
  }

  /// The files that end like one of `paths`, or, for one without an ending, in `.py`; no tests.
  private func others(endings paths: [String]) async throws -> [String: [UInt8]] {
    let endings = Set(
      paths.map { path -> String in
        guard let name = path.split(separator: "/").last, let dot = name.lastIndex(of: ".") else { return ".py" }
        return String(name[dot...].prefix { $0 != ":" && $0 != "#" })
      })
    let likely = self.paths.filter { path in endings.contains { path.hasSuffix($0) } && !setup.isTest(path) }
    return likely.count > TriedFiles.most ? [:] : try await tree.read(likely)
  }

  // MARK: Imports

  /// Adds the imports that the changed lines need, or says that they are missing.
  func mend(_ application: inout Application) async throws -> [EditNote] {
    let rule = setup.imports
    guard rule != .off else { return [] }
    let search = ImportSearch(application.changes)
    var missing = search.removed
    if !search.needs.isEmpty {
      missing += search.found(in: try await others(endings: [".py"]), paths: known)
    }
    guard !missing.isEmpty else { return [] }
    guard rule == .add else {
      return missing.map { one in
        let told = "\(one.path) uses `\(one.name)`, which it does not import"
        return EditNote(
          kind: .imports, message: "missing import: \(told); the repository has `\(one.statement)`",
          feedback: "\(told). The project imports it as `\(one.statement)`.")
      }
    }
    application.changes = ImportSearch.adding(missing, to: application.changes)
    application.edits += missing.map {
      AppliedEdit(path: $0.path, firstLine: max(1, $0.line), step: .missingImport)
    }
    return missing.map { one in
      EditNote(
        kind: .imports, message: "missing import: `\(one.statement)` was added to \(one.path)",
        feedback: "`\(one.statement)` was missing in \(one.path) and was added for you.")
    }
  }
}
