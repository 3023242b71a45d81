import Content
import Foundation
import Instances
import Processes
import Repositories

/// A workspace on a commit of a repository: every run of tests gets a tree of its own, made from git's objects with no
/// help of git's, in a sandbox.
package struct RepositoryWorkspace: Workspace {
  private let tree: Tree
  private let options: WorkspaceOptions
  private let git: Git
  private let pythons: Pythons
  private let path: String
  private let scratch: String?
  private let checkouts: Checkouts?
  private let environment: Need?

  /// The environment that the tests need: its spec, the version it is for, and the tree it is made from.
  package struct Need: Sendable {
    let spec: EnvironmentSpec
    let version: String
    let tree: Tree
    let environments: Environments

    package init(_ spec: EnvironmentSpec, version: String, tree: Tree, in environments: Environments) {
      self.spec = spec
      self.version = version
      self.tree = tree
      self.environments = environments
    }
  }

  /// Trees of more files than these are layers over a checkout that all attempts share; a smaller one is written anew
  /// faster.
  private static let largeTree = 500

  /// A workspace on `tree`.
  ///
  /// `pythons` remembers what was asked of a Python, so it is worth sharing. `path` is where the sandbox is looked for.
  /// Trees are made in the folder `scratch`; nil means the system's place for temporary files. Without `checkouts` each
  /// is a copy of its own. Without an
  /// `environment` tests run in the Python of the options; outside a sandbox they always do.
  package init(
    _ tree: Tree, options: WorkspaceOptions, git: Git, pythons: Pythons,
    path: String = ProcessInfo.processInfo.environment["PATH"] ?? Launcher.defaultPath, scratch: String? = nil,
    checkouts: Checkouts? = nil, environment: Need? = nil
  ) {
    self.tree = tree
    self.options = options
    self.git = git
    self.pythons = pythons
    self.path = path
    self.scratch = scratch
    self.checkouts = checkouts
    self.environment = environment
  }

  /// A workspace on the commit of `instance`, with the repository cloned or the commit fetched first where needed.
  ///
  /// - Throws: `GitError`, `CancellationError`.
  package init(
    _ instance: Instance, mirrors: Mirrors, options: WorkspaceOptions, git: Git, pythons: Pythons,
    scratch: String? = nil
  ) async throws {
    let tree = try await mirrors.mirror(of: instance.repo).tree(at: instance.baseCommit)
    self.init(tree, options: options, git: git, pythons: pythons, scratch: scratch)
  }

  package var commit: String { tree.commit }

  package func paths() async throws -> [String] { tree.entries.lazy.filter { !$0.isLink }.map(\.path) }

  package func links() async throws -> [String] { tree.entries.lazy.filter(\.isLink).map(\.path) }

  package func read(_ paths: [String]) async throws -> [String: [UInt8]] {
    try await tree.read(paths.filter { tree[$0]?.isLink == false })
  }

  package func runTests(_ run: TestRun) async throws -> TestLog {
    let bubblewrap = options.sandbox ? try await pythons.sandbox(path: path) : nil
    let made = try await made()
    let python: Python
    if let made { python = made.base } else { python = try await pythons.python(options.python) }
    var changes = TreeChanges(tree)
    for change in run.changes { try changes.make(change) }
    try await changes.apply(testPatch: run.testPatch, git: git)
    let command = try TestCommand(
      run, python: made == nil ? python.executable : "\(EnvironmentSpec.place)/bin/python", usual: made?.spec.test,
      isThere: changes.holds)
    let fixed = Set(run.testFiles + command.files).filter(changes.holds).sorted()
    let prepared = changes
    let layers = bubblewrap == nil ? nil : try await layers(made?.additions)
    return try await TemporaryFolder.use(in: scratch) { folder in
      for name in ["testbed", "etc", "home", "tmp"] { try FileTree.makeFolder(name, under: folder) }
      let overlay = try await place(prepared, in: folder, over: layers, additions: made?.additions)
      let markers = Markers()
      let limits = Limits(options, path: path)
      let done: Completion
      var what: String
      if let bubblewrap {
        for (name, text) in Bubblewrap.standIns {
          try FileTree.write(Array(text.utf8), to: "etc/\(name)", under: folder)
        }
        let group = ControlGroup(options)
        defer { group?.remove() }
        let request = SandboxRequest(
          tree: "\(folder)/testbed", fixed: fixed, stands: "\(folder)/etc", python: python,
          readable: made.map { [.init(from: $0.folder, at: EnvironmentSpec.place)] } ?? [],
          environment: variables(python, made, home: Bubblewrap.home, temporary: "/tmp"), memoryMB: options.memoryMB,
          program: limits.words + ["/bin/sh"])
        let sandbox = [bubblewrap.executable] + bubblewrap.arguments(request)
        let words = (group?.words ?? []) + (overlay.map { $0 + sandbox } ?? sandbox)
        done = try await launch(
          words, environment: ["PATH": Launcher.defaultPath], in: folder, input: markers.script(command.text))
        what = describe("bwrap (network off, files read-only", limits, group != nil)
      } else {
        let environment = variables(python, nil, home: "\(folder)/home", temporary: "\(folder)/tmp")
        let words = limits.words + ["/bin/sh"]
        done = try await launch(
          words, environment: environment, in: "\(folder)/testbed", input: markers.script(command.text))
        what = describe("off (network on, files of the user's writable", limits, false)
      }
      return try log(done, markers, python: python, sandbox: what, folder: folder)
    }
  }

  /// The layers that the tree of a run lies over, and how they are mounted; nil where a copy is made instead.
  private func layers(_ additions: String?) async throws -> (lower: [String], maker: Overlay.Maker)? {
    guard let checkouts, tree.entries.count > RepositoryWorkspace.largeTree,
      let maker = try await pythons.overlay(in: scratch, path: path)
    else { return nil }
    return ([additions].compactMap(\.self) + [try await checkouts.folder(of: tree)], maker)
  }

  /// The environment, made first where it is not there; nil where none is needed.
  private func made() async throws -> TestEnvironment? {
    guard options.sandbox, let environment else { return nil }
    return try await environment.environments.made(
      environment.spec, version: environment.version,
      with: EnvironmentWorkshop(
        tree: environment.tree, options: options, pythons: pythons, checkouts: checkouts, path: path, scratch: scratch))
  }

  /// Makes the tree of `changes` in `folder/testbed`. Over `layers` only what differs is written, and the answer is the
  /// words that run a program where the layers are seen there.
  private func place(
    _ changes: TreeChanges, in folder: String, over layers: (lower: [String], maker: Overlay.Maker)?,
    additions: String?
  ) async throws -> [String]? {
    do {
      if let layers {
        let overlay = Overlay(
          lower: layers.lower, upper: "\(folder)/upper", work: "\(folder)/work", merged: "\(folder)/testbed",
          removed: changes.removed)
        if let words = overlay.words(layers.maker, []) {
          for name in ["upper", "work"] { try FileTree.makeFolder(name, under: folder) }
          try changes.write(to: "\(folder)/upper")
          return words
        }
      }
      try await Checkout.write(tree, to: "\(folder)/testbed")
      if let additions { try FileTree.copy(additions, to: "\(folder)/testbed") }
      for path in changes.removed { FileTree.remove(path, under: "\(folder)/testbed") }
      try changes.write(to: "\(folder)/testbed")
      return nil
    } catch let error as POSIXError {
      throw WorkspaceError.notWritten(reason: String(cString: strerror(error.code.rawValue)))
    }
  }

  /// What the tests' world is told: the same everywhere.
  private func variables(
    _ python: Python, _ made: TestEnvironment?, home: String, temporary: String
  ) -> [String: String] {
    let folder = made == nil ? PathText.folder(of: python.executable) : "\(EnvironmentSpec.place)/bin"
    return [
      "PATH": "\(folder):\(Launcher.defaultPath)", "HOME": home, "TMPDIR": temporary, "TZ": "UTC", "LANG": "C.UTF-8",
      "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
    ].merging(made?.spec.variables ?? [:]) { $1 }
  }

  private func launch(
    _ words: [String], environment: [String: String], in directory: String, input: [UInt8]
  ) async throws -> Completion {
    try await Launcher.run(
      Command(
        words[0], Array(words.dropFirst()), environment: environment, directory: directory, input: input,
        timeout: .seconds(options.timeoutSeconds), outputLimit: options.outputMB << 20, mergesErrorIntoOutput: true))
  }

  private func describe(_ kind: String, _ limits: Limits, _ hasGroup: Bool) -> String {
    let memory = limits.words.isEmpty && !hasGroup ? "no memory limit" : "\(options.memoryMB) MB"
    let processes = limits.countsProcesses || hasGroup ? "\(options.processes) processes" : "no process limit"
    return "\(kind), \(memory), \(processes), \(options.timeoutSeconds) s)"
  }

  private func log(
    _ done: Completion, _ markers: Markers, python: Python, sandbox: String, folder: String
  ) throws -> TestLog {
    var (log, started, ended) = markers.contents(of: done.output)
    if !started, options.sandbox, done.ending != .timedOut {
      let last = String(decoding: log, as: UTF8.self).split(whereSeparator: \.isNewline).last
      throw Bubblewrap.refusal(log) ?? .sandboxFailed(reason: last.map(String.init) ?? "it said nothing")
    }
    if !options.sandbox { log = RepositoryWorkspace.hiding(folder, in: log) }
    var exit: Int32?
    if case .exited(let status) = done.ending { exit = status }
    return TestLog(
      log: log, exit: exit, timedOut: done.ending == .timedOut, outputCut: done.outputCut, sandbox: sandbox,
      python: python.version, started: started, ended: ended)
  }

  /// `log` with `/testbed`, `/tmp` and the home in place of the copy's own paths, as in the sandbox.
  private static func hiding(_ folder: String, in log: [UInt8]) -> [UInt8] {
    let text = String(decoding: log, as: UTF8.self)
    guard text.utf8.count == log.count else { return log }
    return Array(
      text.replacingOccurrences(of: "\(folder)/testbed", with: "/testbed")
        .replacingOccurrences(of: "\(folder)/home", with: Bubblewrap.home)
        .replacingOccurrences(of: "\(folder)/tmp", with: "/tmp").utf8)
  }
}
