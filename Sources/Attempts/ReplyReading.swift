import Content
import Edits
import Repositories
import Workspaces

/// The files that a reply's edits are tried on.
package protocol EditTree: Sendable {
  /// The paths of plain files.
  func paths() async throws -> [String]

  /// The paths of symbolic links.
  func links() async throws -> [String]

  /// The contents of files, by path; what is none of `paths()` is not in the answer.
  func read(_ paths: [String]) async throws -> [String: [UInt8]]
}

/// A workspace as the files that edits are tried on.
struct WorkspaceFiles: EditTree {
  let workspace: any Workspace

  func paths() async throws -> [String] { try await workspace.paths() }

  func links() async throws -> [String] { try await workspace.links() }

  func read(_ paths: [String]) async throws -> [String: [UInt8]] { try await workspace.read(paths) }
}

extension FolderTree: EditTree {
  package func paths() async throws -> [String] { paths }

  package func links() async throws -> [String] { links }

  package func read(_ paths: [String]) async throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for path in paths { found[path] = try read(path) }
    return found
  }
}

/// A reply read in one format and tried on files: what each edit comes to, and all of them together.
package struct ReplyReading: Sendable {
  /// The format it was read in: that asked for, or `diff` where the reply is one.
  package let format: EditFormat
  package let edits: [Edit]
  /// What each edit comes to by itself; nil where the reply could not be read.
  package let examination: Examination?
  /// All edits applied, or nil.
  package let application: Application?
  /// Why they are not.
  package let error: EditError?

  /// Reads `text` and tries its edits.
  ///
  /// - Parameters:
  ///   - text: the reply.
  ///   - format: the format it was asked for in.
  ///   - tree: the files.
  ///   - rule: which of several places is taken.
  ///   - isTest: true for paths that must stay as they are.
  /// - Throws: what reading the files throws.
  package init(
    _ text: String, format: EditFormat, on tree: any EditTree, rule: PlaceRule = .only,
    isTest: @escaping @Sendable (String) -> Bool
  ) async throws {
    let format = EditReader.isDiff(text, insteadOf: format) ? .diff : format
    self.format = format
    switch try await ReplyReading.read(text, format, on: tree) {
    case .failure(let error): (edits, examination, application, self.error) = ([], nil, nil, error)
    case .success(let edits):
      self.edits = edits
      let files = try await Files(edits, on: tree, rule: rule, isTest: isTest)
      var examination = try files.examine(edits, others: [:])
      if examination.results.contains(where: ReplyReading.isAbsent) {
        // Read only now: looking through all files takes longer than anything else here.
        let others = try await files.others(than: edits, on: tree)
        if !others.isEmpty { examination = try files.examine(edits, others: others) }
      }
      self.examination = examination
      switch Result(catching: { () throws(EditError) in try examination.application() }) {
      case .success(let application): (self.application, error) = (application, nil)
      case .failure(let refusal): (application, error) = (nil, refusal)
      }
    }
  }

  /// The edits of a reply. Files that decide where a block of it ends are read, and then it is read again.
  private static func read(
    _ text: String, _ format: EditFormat, on tree: any EditTree
  ) async throws -> Result<[Edit], EditError> {
    var asked: [String] = []
    let first = Result { () throws(EditError) in
      try EditReader.edits(
        in: text, format: format,
        file: { path in
          asked.append(path)
          return nil
        })
    }
    if asked.isEmpty { return first }
    let paths = try await tree.paths()
    var meant: [String: String] = [:]
    for path in asked {
      let found = paths.contains(path) ? [path] : paths.filter { $0.hasSuffix("/" + path) }
      if found.count == 1 { meant[path] = found[0] }
    }
    let files = try await tree.read(Set(meant.values).sorted())
    return Result { () throws(EditError) in
      try EditReader.edits(in: text, format: format, file: { meant[$0].flatMap { files[$0] } })
    }
  }

  private static func isAbsent(_ result: Result<AppliedEdit, EditError>) -> Bool {
    switch result {
    case .failure(.staleAnchor), .failure(.whitespaceOnly): true
    default: false
    }
  }

  /// The files that edits may mean, read.
  private struct Files {
    /// The most files, and the most bytes of one, that are looked through for a text that is not where it should be.
    static let most = 6000

    let paths: [String]
    let links: Set<String>
    let folders: Set<String>
    let read: [String: [UInt8]]
    let rule: PlaceRule
    let isTest: @Sendable (String) -> Bool

    init(
      _ edits: [Edit], on tree: any EditTree, rule: PlaceRule, isTest: @escaping @Sendable (String) -> Bool
    ) async throws {
      self.rule = rule
      let paths = try await tree.paths()
      links = Set(try await tree.links())
      self.isTest = isTest
      folders = Set(paths.flatMap(RepositoryPath.folders))
      self.paths = paths
      // The applier reads files one by one and git gives them all at once: every path an edit may mean is asked for.
      let asked = Set(edits.flatMap { Files.meant(by: $0.path, among: paths) })
      read = try await tree.read(asked.union(asked.flatMap(RepositoryPath.folders)).intersection(paths).sorted())
    }

    /// The paths that the applier may look up for one that a reply names: without `./`, without `a/` or `b/`, or the end
    /// of a longer one.
    private static func meant(by path: String, among paths: [String]) -> [String] {
      var rest = path[...]
      while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
      let name = "/" + (rest.split(separator: "/").last ?? "")
      return [String(rest)] + (rest.hasPrefix("a/") || rest.hasPrefix("b/") ? [String(rest.dropFirst(2))] : [])
        + paths.filter { $0.hasSuffix(name) }.prefix(200)
    }

    func examine(_ edits: [Edit], others: [String: [UInt8]]) throws -> Examination {
      try EditApplier.examine(
        edits, isTestFile: isTest, folders: folders, links: links, paths: paths, others: others, rule: rule,
        read: { others[$0] ?? read[$0] })
    }

    /// The files of the kinds that the edits name, but for tests.
    func others(than edits: [Edit], on tree: any EditTree) async throws -> [String: [UInt8]] {
      let endings = Set(edits.compactMap { $0.path.split(separator: ".").last.map { "." + $0 } })
      let likely = paths.filter { path in endings.contains { path.hasSuffix($0) } && !isTest(path) }
      return likely.count > Files.most ? [:] : try await tree.read(likely)
    }
  }
}
