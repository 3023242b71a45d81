import Attempts
import Content
import Edits
import Foundation
import Glibc
import Instances
import Journal
import Models
import Repositories
import Sessions
import Synchronization
import Terminal
import Transfer
import Workspaces

/// The live world: the one file in which the effects of the program are named.
enum Live {
  /// The host of this program's sessions.
  static func host(journal: Journal, environment: [String: String]) -> SessionHost {
    let calls = Counter()
    let git = Git(count: calls, environment: environment)
    let cache = Places.cache(environment)
    let pythons = Pythons(
      environment: environment,
      // The running program itself, wherever its file has gone, also behind an `exec` of another.
      launcher: "/proc/\(getpid())/exe", marks: "\(cache)/images")
    let transfer = Transfer()
    let servers = ModelServers(environment: environment, transfer: transfer)
    let secrets = servers.secrets
    let shelf = MirrorShelf(cache: cache, git: git)
    let checkouts = Checkouts(root: "\(cache)/checkouts")
    let pool = TreePool(root: "\(cache)/trees")
    let shelfOfAll = CacheShelf(root: cache, pythons: pythons, path: environment["PATH"])
    let trimmer = Trimmer(shelfOfAll)
    let environments = Environments(root: "\(cache)/environments", environment: environment)
    var host = SessionHost(
      workspace: { instance, settings in
        trimmer.trim(to: settings.cacheLimitMB)
        let mirror = try await shelf.mirror(of: instance, settings)
        let tree = try await shelf.tree(mirror, instance.baseCommit)
        var environment: RepositoryWorkspace.Need?
        if let spec = try settings.workspace.environments.spec(for: instance) {
          // One commit for all rows of a version.
          let setup = instance.environmentSetupCommit
          environment = RepositoryWorkspace.Need(
            spec, version: instance.version, tree: setup.isEmpty ? tree : try await shelf.tree(mirror, setup),
            in: environments)
        }
        return RepositoryWorkspace(
          tree, options: settings.workspace, git: git, pythons: pythons, checkouts: checkouts, pool: pool,
          environment: environment)
      },
      makePatch: { try await PatchMaker.patch($0, git: git) },
      applyPatch: { patch, workspace in
        try await PatchApplier.apply(patch, to: { try await workspace.read([$0])[$0] }, git: git)
      },
      journal: journal, effects: Effects(gitCalls: { calls.value }), practice: PracticeSet.dataset,
      practiceIDs: { PracticeSet.ids },
      practiceReplies: { id in
        PracticeSet.replies(of: id).map { PracticeReply(needs: $0.needs, text: $0.text) }
      },
      servers: servers, readFile: { secrets.hidden(in: try Files.read($0)) },
      writeFile: { try Files.write($0, secrets.hidden(in: $1)) },
      hub: { name, server, mayFetch, progress in
        let hub = Hub(server: server, cache: "\(cache)/datasets", token: environment["HF_TOKEN"], transfer: transfer)
        return mayFetch ? try await hub.dataset(name, progress: progress) : try hub.cached(name)
      },
      shell: TerminalTools.shell, keepText: { Places.keep(secrets.hidden(in: $0), named: $1, environment) },
      history: { (try? HistoryFile.lines(Places.history(environment))) ?? [] })
    host.secrets = secrets
    host.cache = shelfOfAll
    host.ownTexts = { kind in
      Places.ownTexts(kind, environment).map {
        OwnText(name: $0.name, path: $0.path, text: secrets.hidden(in: $0.text))
      }
    }
    host.commit = { repo, name, settings in
      let source = settings.repositories
      return try await Mirrors(cache: "\(cache)/mirrors", source: source, git: git).mirror(of: repo).change(of: name)
    }
    return host
  }

  /// Writes a file that the person named: all of it or none.
  static func write(_ path: String, _ bytes: [UInt8]) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Files.write(path, bytes)
  }

  /// Opens the journal at `path`; nil keeps it in memory.
  static func journal(at path: String?) throws -> Journal {
    try Journal(at: path, migrations: SessionTables.migrations)
  }
}

/// Trims the cache once per program, beside its work.
private final class Trimmer: Sendable {
  private let shelf: CacheShelf
  private let isDone = Atomic(false)

  init(_ shelf: CacheShelf) { self.shelf = shelf }

  /// `limit` is in megabytes; nil is none.
  func trim(to limit: Int?) {
    guard let limit, !isDone.exchange(true, ordering: .relaxed) else { return }
    Task.detached(priority: .background) { [shelf] in _ = try? await shelf.trim(to: limit * 1_000_000, rest: 26 * 3600)
    }
  }
}

/// Repositories and the trees of their commits, looked up once per program.
private actor MirrorShelf {
  private let cache: String
  private let git: Git
  private var sources: [RepositorySource: Mirrors] = [:]
  private var trees: [String: Tree] = [:]

  init(cache: String, git: Git) {
    self.cache = cache
    self.git = git
  }

  /// The practice set's own repository, or that of the place the settings name.
  func mirror(of instance: Instance, _ settings: Settings) async throws -> Mirror {
    let practice = try await PracticeSet.repository(
      of: instance.id, commit: instance.baseCommit, in: "\(cache)/practice", git: git)
    if let practice { return practice }
    let source = settings.repositories
    let mirrors = sources[source] ?? Mirrors(cache: "\(cache)/mirrors", source: source, git: git)
    sources[source] = mirrors
    return try await mirrors.mirror(of: instance.repo)
  }

  func tree(_ mirror: Mirror, _ commit: String) async throws -> Tree {
    let key = "\(mirror.path) \(commit)"
    if let tree = trees[key] { return tree }
    let tree = try await mirror.tree(at: commit)
    trees[key] = tree
    return tree
  }
}

/// Where things are kept, by the XDG base directory rules.
enum Places {
  static func cache(_ environment: [String: String]) -> String {
    base("XDG_CACHE_HOME", ".cache", environment) + "/ramp"
  }

  static func state(_ environment: [String: String]) -> String {
    base("XDG_STATE_HOME", ".local/state", environment) + "/ramp"
  }

  /// The journal: `.ramp/` in the current folder where that is there and ours, else below the state folder.
  static func journal(_ environment: [String: String]) -> String {
    let attributes = try? FileManager.default.attributesOfItem(atPath: ".ramp")
    let isOurs = (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value == getuid()
    if isOurs, attributes?[.type] as? FileAttributeType == .typeDirectory { return ".ramp/journal.sqlite" }
    return state(environment) + "/journal.sqlite"
  }

  static func configuration(_ environment: [String: String]) -> String {
    base("XDG_CONFIG_HOME", ".config", environment) + "/ramp"
  }

  /// The user's own templates (`templates/NAME.jinja`) or skills (`skills/NAME.md`), by name. What cannot be read is left
  /// out.
  static func ownTexts(_ kind: OwnText.Kind, _ environment: [String: String]) -> [OwnText] {
    let folder = "\(configuration(environment))/\(kind.rawValue)s"
    let ending = kind == .template ? ".jinja" : ".md"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().compactMap { file in
      guard file.hasSuffix(ending), !file.hasPrefix("."), file.utf8.count > ending.utf8.count,
        let bytes = try? Files.read("\(folder)/\(file)"), bytes.count <= 1 << 20
      else { return nil }
      return OwnText(
        name: String(file.dropLast(ending.count)), path: "\(folder)/\(file)",
        text: String(decoding: bytes, as: UTF8.self))
    }
  }

  /// The file of the lines typed; its folder is made where it is missing.
  static func history(_ environment: [String: String]) -> String {
    let folder = state(environment)
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return folder + "/history"
  }

  /// Keeps a text in a new file of the user's own, below the state folder or where temporary files are; gives its path,
  /// or nil where neither can be written.
  static func keep(_ text: String, named name: String, _ environment: [String: String]) -> String? {
    for folder in [state(environment), NSTemporaryDirectory()] {
      let place = "\(folder)/texts"
      try? FileManager.default.createDirectory(
        atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let path = "\(place)/\(UUID().uuidString.prefix(8).lowercased())-\(name)"
      let isKept = FileManager.default.createFile(
        atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
      if isKept { return path }
    }
    return nil
  }

  private static func base(_ variable: String, _ fallback: String, _ environment: [String: String]) -> String {
    if let path = environment[variable], path.hasPrefix("/") { return path }
    return (environment["HOME"] ?? "/") + "/" + fallback
  }
}

/// Whole files.
private enum Files {
  /// The most that is read of one file, in bytes: a log may be long.
  private static let longest = 4 << 30

  @Sendable static func read(_ path: String) throws -> [UInt8] {
    switch Result(catching: { () throws(DatasetError) in try FileBytes.read(path, limit: longest) }) {
    case .success(let bytes): return bytes
    case .failure(.noSuchFile): throw SessionError.noFile(path)
    case .failure(.unreadable(_, let reason)): throw SessionError.unreadable(path, reason: reason)
    case .failure(let error): throw error
    }
  }

  /// Writes beside the file and takes its place, so that a reader sees all of it or none. Its permissions stay where it
  /// is there already.
  @Sendable static func write(_ path: String, _ bytes: [UInt8]) throws {
    func refuse() -> SessionError {
      errno == ENOSPC || errno == EDQUOT ? .noRoom(path) : .unwritable(path, reason: reason(errno))
    }
    var status = stat()
    var isThere = lstat(path, &status) == 0
    // A link stays one: what it means is written.
    var place = path
    if isThere, status.st_mode & S_IFMT == S_IFLNK {
      if let found = realpath(path, nil) {
        place = String(cString: found)
        free(found)
      }
      isThere = stat(place, &status) == 0
    }
    if isThere, status.st_mode & S_IFMT != S_IFREG { return try overwrite(place, bytes) }
    let beside = "\(place).ramp-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw refuse() }
    do {
      try fill(file, bytes)
      if isThere { fchmod(file, status.st_mode & 0o7777) }
      guard close(file) == 0, rename(beside, place) == 0 else { throw refuse() }
    } catch {
      unlink(beside)
      throw (error as? SessionError) ?? refuse()
    }

    func fill(_ file: Int32, _ bytes: [UInt8]) throws {
      var done = 0
      while done < bytes.count {
        let wrote = bytes.withUnsafeBytes { buffer in
          Glibc.write(file, buffer.baseAddress?.advanced(by: done), bytes.count - done)
        }
        if wrote < 0, errno == EINTR { continue }
        if wrote <= 0 {
          let error = refuse()
          close(file)
          throw error
        }
        done += wrote
      }
    }

    // A pipe or a terminal cannot be taken the place of.
    func overwrite(_ path: String, _ bytes: [UInt8]) throws {
      guard status.st_mode & S_IFMT != S_IFDIR else { throw SessionError.unwritable(path, reason: "it is a folder") }
      let file = open(path, O_WRONLY | O_CLOEXEC)
      guard file >= 0 else { throw refuse() }
      try fill(file, bytes)
      close(file)
    }
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}
