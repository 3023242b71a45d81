import Content
import Foundation
import Instances
import Processes
import Repositories

/// A workspace on a commit of a repository: every run of tests gets a tree of its own, made from git's objects with no
/// help of git's, in a sandbox.
package struct RepositoryWorkspace: Workspace {
  let tree: Tree
  let options: WorkspaceOptions
  let git: Git
  let pythons: Pythons
  let path: String
  private let scratch: String?
  private let checkouts: Checkouts?
  private let pool: TreePool?
  let environment: Need?

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
  /// is a copy of its own, or one of the `pool`, which is used where no layers can be mounted. Without an `environment` tests run in the Python of the options; outside a sandbox they always
  /// do.
  package init(
    _ tree: Tree, options: WorkspaceOptions, git: Git, pythons: Pythons,
    path: String = ProcessInfo.processInfo.environment["PATH"] ?? Launcher.defaultPath, scratch: String? = nil,
    checkouts: Checkouts? = nil, pool: TreePool? = nil, environment: Need? = nil
  ) {
    self.tree = tree
    self.options = options
    self.git = git
    self.pythons = pythons
    self.path = path
    self.scratch = scratch
    self.checkouts = checkouts
    self.pool = pool
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

  package func prepare(_ told: @escaping @Sendable (EnvironmentNews) async -> Void) async throws -> MadeEnvironment? {
    guard let environment, options.sandbox != .off, options.sandbox != .container else { return nil }
    let python = try await pythons.python(for: environment.spec.python, named: options.python)
    let rung = try await pythons.ladder.rung(options.sandbox, python: python, scratch: scratch, path: path)
    let held = try await held(environment, on: rung, told: told)
    held?.hold.release()
    return held?.made
  }

  package func runTests(_ run: TestRun) async throws -> TestLog {
    if options.sandbox == .container { return try await runInContainer(run) }
    if options.sandbox != .off { ControlGroup.announce() }
    let need = options.sandbox == .off ? nil : environment
    let python: Python
    if let need {
      python = try await pythons.python(for: need.spec.python, named: options.python)
    } else {
      python = try await pythons.python(options.python)
    }
    let rung = try await pythons.ladder.rung(options.sandbox, python: python, scratch: scratch, path: path)
    let held = try await held(need, on: rung)
    defer { held?.hold.release() }
    let made = held?.environment
    var changes = TreeChanges(tree)
    for change in run.changes { try changes.make(change) }
    try await changes.apply(testPatch: run.testPatch, git: git)
    let command = try TestCommand(
      run, python: made == nil ? python.executable : "\(EnvironmentSpec.place)/bin/python", usual: made?.spec.test,
      isThere: changes.holds)
    let fixed = Set(run.testFiles + command.files + command.scripts).filter(changes.holds).sorted()
    let canaries = try await planted(run, command, in: &changes)
    let prepared = changes
    var layers: Layers?
    if case .bubblewrap = rung { layers = try await self.layers(made?.additions, owner: rung.owner) }
    let below = layers
    defer { below?.hold.release() }
    let parent = if case .landlock(let landlock, _) = rung { landlock.trees } else { scratch }
    return try await TemporaryFolder.use(in: parent) { folder in
      for name in ["testbed", "home", "tmp"] { try FileTree.makeFolder(name, under: folder, owner: rung.owner) }
      func run(in tree: String, over overlay: [String]?) async throws -> TestLog {
        let job = Job(
          folder: folder, tree: tree, python: python, made: made, command: command.text, fixed: fixed,
          canaries: canaries)
        return switch rung {
        case .bubblewrap(let bubblewrap): try await self.run(job, in: bubblewrap, over: overlay)
        case .landlock(let landlock, let missing): try await self.run(job, in: landlock, instead: missing)
        case .none: try await self.run(job)
        }
      }
      if below == nil, let pool, pool.isTold, isPooled(rung) {
        return try await pool.use(tree, owner: rung.owner) { testbed in
          try lay(prepared, additions: made?.additions, in: testbed, owner: rung.owner)
          return try await run(in: testbed, over: nil)
        }
      }
      let overlay = try await place(
        prepared, in: folder, over: below, additions: made?.additions, owner: rung.owner)
      return try await run(in: "\(folder)/testbed", over: overlay)
    }
  }

  /// Adds the canaries that `run` asks for to the tests that `command` runs.
  func planted(
    _ run: TestRun, _ command: TestCommand, in changes: inout TreeChanges
  ) async throws -> PlantedCanaries {
    guard let request = run.canaries else { return PlantedCanaries() }
    let made = try await changes.plant(request, in: command.files, runner: run.runner, command: command.text)
    return PlantedCanaries(made.canaries, none: made.none)
  }

  /// True where a tree that is used again is worth it, and can be told from what tests made of it: nothing of bubblewrap's
  /// lives any more when it is looked at, and no two of its names are one to Unicode.
  private func isPooled(_ rung: Rung) -> Bool {
    guard case .bubblewrap = rung, tree.entries.count > RepositoryWorkspace.largeTree else { return false }
    return tree.entries.allSatisfy { $0.path.utf8.allSatisfy { $0 < 128 } }
  }

  /// A run whose tree is written.
  private struct Job {
    /// The folder with the temporary folders.
    let folder: String
    /// The folder with the tree.
    let tree: String
    let python: Python
    /// The environment of that Python; nil where it is used as it is.
    let made: TestEnvironment?
    let command: String
    /// The files that stay as they are.
    let fixed: [String]
    let canaries: PlantedCanaries
    let markers = Markers()

    var input: [UInt8] { markers.script(command) }
  }

  private func run(_ job: Job, in bubblewrap: Bubblewrap, over overlay: [String]?) async throws -> TestLog {
    try bubblewrap.writeStandIns(under: job.folder)
    let limits = Limits(options, path: path)
    let group = ControlGroup(options)
    defer { group?.remove() }
    let request = SandboxRequest(
      tree: job.tree, fixed: job.fixed, stands: "\(job.folder)/etc", python: job.python,
      readable: job.made.map { [.init(from: $0.folder, at: EnvironmentSpec.place)] } ?? [],
      environment: variables(job, home: Bubblewrap.home, temporary: "/tmp"), memoryMB: options.memoryMB,
      program: limits.words + ["/bin/sh"])
    let bounds = RunWatch.Bounds(options, hasGroup: group != nil, countsProcesses: limits.countsProcesses)
    let watch = RunWatch(
      [overlay == nil ? job.tree : "\(job.folder)/upper"], holding: overlay == nil ? use : DiskUse(), bounds: bounds,
      places: ["/testbed"], memories: ["/tmp", "/home", "/dev/shm"])
    let written = TouchedTests(job.fixed, in: job.folder)
    let done = try await launch(
      try bubblewrap.words(request, in: job.folder, group: group, overlay: overlay),
      environment: ["PATH": Launcher.defaultPath], in: job.folder, input: job.input, watch: watch.watch)
    let found = job.markers.contents(of: done.output)
    if !found.started, done.ending != .timedOut, done.ending != .stopped {
      throw Bubblewrap.error(behind: found.log)
    }
    var what = describe(
      "bwrap (network off, files read-only",
      memory: group != nil || bounds.memory != nil ? .all : limits.words.isEmpty ? .none : .each,
      hasProcesses: limits.countsProcesses || group != nil || bounds.processes != nil)
    let gaps =
      bubblewrap.gaps + (job.made?.sharedNetwork == true ? ["environment made on this machine's own network"] : [])
    if !gaps.isEmpty { what += ": " + gaps.joined(separator: ", ") }
    let reached = (group?.limits ?? []).union(watch.reached)
    let touched = written.paths(under: overlay == nil ? job.tree : "\(job.folder)/upper")
    return log(
      done, found, python: job.python.version, sandbox: what, limits: reached, canaries: job.canaries, touched: touched)
  }

  private func run(_ job: Job, in landlock: Landlock, instead missing: WorkspaceError?) async throws -> TestLog {
    let own = ["\(job.folder)/home", "\(job.folder)/tmp"]
    let user = landlock.user()
    if let user {
      Landlock.open(job.folder, to: user)
      Landlock.give(job.tree, to: user, keeping: job.fixed)
      for folder in own { Landlock.give(folder, to: user, keeping: []) }
    }
    let group = ControlGroup(options)
    defer {
      // What left its session and emptied its environment is in the group still.
      group?.end()
      group?.remove()
    }
    let request = SandboxRequest(
      tree: job.tree, fixed: job.fixed, stands: "", python: job.python,
      environment: variables(job, home: own[0], temporary: own[1]), memoryMB: options.memoryMB,
      program: ["/bin/sh"])
    let words = landlock.words(request, writable: own, user: user, options: options)
    let fixed = FixedFiles(job.fixed, under: job.tree)
    let bounds = RunWatch.Bounds(options, hasGroup: group != nil, countsProcesses: landlock.countsProcesses)
    let watch = RunWatch([job.tree] + own, holding: use, bounds: bounds, places: [job.tree, job.folder])
    let written = TouchedTests(job.fixed, in: job.folder)
    let done = try await launch(
      (group?.words ?? []) + words, environment: request.environment, in: job.tree, input: job.input,
      watch: watch.watch)
    group?.end()
    var found = job.markers.contents(of: done.output)
    if !found.started, done.ending != .timedOut, done.ending != .stopped {
      throw WorkspaceError.landlockUnusable(reason: Landlock.complaint(found.log) ?? "it said nothing")
    }
    var what = describe(
      "landlock only (network off, files of yours out of reach",
      memory: group != nil || bounds.memory != nil ? .all : .each,
      hasProcesses: landlock.countsProcesses || group != nil || bounds.processes != nil)
    what += ": " + landlock.gaps.joined(separator: ", ") + (missing?.remedy.map { "; \($0)" } ?? "")
    // A log of tests that were changed while they ran tells of no tests of the row's. It counts as one that did not come
    // to its end: nothing is a repair by it, and no baseline is red by it. What happened stands beside it.
    if let touched = fixed.touched() {
      found.ended = false
      what += "; the tests changed \(touched), so their log is not to be trusted"
    }
    found.log = RepositoryWorkspace.hiding(job, in: found.log)
    let reached = (group?.limits ?? []).union(watch.reached)
    return log(
      done, found, python: job.python.version, sandbox: what, limits: reached, canaries: job.canaries,
      touched: written.paths(under: job.tree))
  }

  private func run(_ job: Job) async throws -> TestLog {
    let limits = Limits(options, path: path)
    let (home, temporary) = ("\(job.folder)/home", "\(job.folder)/tmp")
    let bounds = RunWatch.Bounds(options, hasGroup: false, countsProcesses: limits.countsProcesses)
    let watch = RunWatch([job.tree, home, temporary], holding: use, bounds: bounds, places: [job.tree, job.folder])
    let done = try await launch(
      limits.words + ["/bin/sh"], environment: variables(job, home: home, temporary: temporary), in: job.tree,
      input: job.input, watch: watch.watch)
    var found = job.markers.contents(of: done.output)
    found.log = RepositoryWorkspace.hiding(job, in: found.log)
    let what = describe(
      "off (network on, files of the user's writable",
      memory: bounds.memory != nil ? .all : limits.words.isEmpty ? .none : .each,
      hasProcesses: limits.countsProcesses || bounds.processes != nil)
    return log(
      done, found, python: job.python.version, sandbox: what, limits: watch.reached, canaries: job.canaries)
  }

  /// The layers that the tree of a run lies over, and how they are mounted; nil where a copy is made instead.
  private func layers(_ additions: String?, owner: UInt32?) async throws -> Layers? {
    guard let checkouts, tree.entries.count > RepositoryWorkspace.largeTree,
      let maker = try await pythons.overlay(in: scratch, path: path)
    else { return nil }
    if let additions {
      // An older ramp made them as another user than the one the tests are.
      if let owner { try TestUser.give(additions, to: owner) }
      var status = stat()
      guard lstat(additions, &status) == 0, status.st_uid == owner ?? geteuid() else { return nil }
    }
    let checkout = try await checkouts.folder(of: tree, owner: owner)
    return Layers(lower: [additions].compactMap(\.self) + [checkout.path], maker: maker, hold: checkout)
  }

  /// What a tree lies over.
  private struct Layers {
    let lower: [String]
    let maker: Overlay.Maker
    /// Keeps the checkout from being trimmed.
    let hold: CacheHold
  }

  /// The environment that is needed, made first where it is not there. It has a place of its own in the sandbox, which
  /// takes mounts.
  private func held(
    _ need: Need?, on rung: Rung, told: @escaping @Sendable (EnvironmentNews) async -> Void = { _ in }
  ) async throws -> Environments.Held? {
    guard let need else { return nil }
    guard case .bubblewrap(let bubblewrap) = rung else {
      if case .landlock(_, let missing?) = rung { throw missing }
      throw WorkspaceError.environmentFailed(
        name: "\(need.spec.repo) \(need.version)", lines: ["it takes bubblewrap: `set sandbox on`"], log: nil)
    }
    return try await need.environments.made(
      need.spec, version: need.version,
      with: EnvironmentWorkshop(
        tree: need.tree, options: options, pythons: pythons, bubblewrap: bubblewrap, path: path), told: told)
  }

  /// Makes the tree of `changes` in `folder/testbed`. Over `layers` only what differs is written, and the answer is the
  /// words that run a program where the layers are seen there.
  private func place(
    _ changes: TreeChanges, in folder: String, over layers: Layers?, additions: String?, owner: UInt32?
  ) async throws -> [String]? {
    do {
      if let layers {
        let overlay = Overlay(
          lower: layers.lower, upper: "\(folder)/upper", work: "\(folder)/work", merged: "\(folder)/testbed",
          removed: changes.removed)
        if let words = overlay.words(layers.maker, []) {
          for name in ["upper", "work"] { try FileTree.makeFolder(name, under: folder, owner: owner) }
          try changes.write(to: "\(folder)/upper", owner: owner)
          return words
        }
      }
      try await Checkout.write(tree, to: "\(folder)/testbed", owner: owner)
      try lay(changes, additions: additions, in: "\(folder)/testbed", owner: owner)
      return nil
    } catch let error as POSIXError where !FullDisk.isMeant(by: error) {
      throw WorkspaceError.notWritten(reason: String(cString: strerror(error.code.rawValue)))
    }
  }

  /// Lays what an installation added, and `changes`, over the commit's files in `testbed`.
  private func lay(_ changes: TreeChanges, additions: String?, in testbed: String, owner: UInt32?) throws {
    do {
      if let additions { try FileTree.copy(additions, to: testbed, owner: owner) }
      for path in changes.removed { FileTree.remove(path, under: testbed) }
      try changes.write(to: testbed, owner: owner)
    } catch let error as POSIXError where !FullDisk.isMeant(by: error) {
      throw WorkspaceError.notWritten(reason: String(cString: strerror(error.code.rawValue)))
    }
  }

  /// What the tests' world is told: the same everywhere.
  private func variables(_ job: Job, home: String, temporary: String) -> [String: String] {
    let folder = job.made == nil ? PathText.folder(of: job.python.executable) : "\(EnvironmentSpec.place)/bin"
    return [
      "PATH": "\(folder):\(Launcher.defaultPath)", "HOME": home, "TMPDIR": temporary, "TZ": "UTC", "LANG": "C.UTF-8",
      "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
    ].merging(job.made?.spec.variables ?? [:]) { $1 }
  }

  private func launch(
    _ words: [String], environment: [String: String], in directory: String, input: [UInt8], watch: Watch
  ) async throws -> Completion {
    try await Launcher.run(
      Command(
        words[0], Array(words.dropFirst()), environment: environment, directory: directory, input: input,
        timeout: .seconds(options.timeoutSeconds), outputLimit: options.outputMB << 20, mergesErrorIntoOutput: true,
        watch: watch))
  }

  /// What the commit's files take of a disk.
  private var use: DiskUse { DiskUse(sizes: tree.entries.lazy.map(\.size)) }

  /// Whose memory is limited.
  enum MemoryLimit {
    /// That of all processes together.
    case all
    /// That of each.
    case each
    case none
  }

  func describe(_ kind: String, memory limit: MemoryLimit, hasProcesses: Bool) -> String {
    let memory =
      switch limit {
      case .all: "\(options.memoryMB) MB"
      case .each: "\(options.memoryMB) MB per process"
      case .none: "no memory limit"
      }
    let processes = hasProcesses ? "\(options.processes) processes" : "no process limit"
    return "\(kind), \(memory), \(processes), \(options.timeoutSeconds) s)"
  }

  func log(
    _ done: Completion, _ found: (log: [UInt8], started: Bool, ended: Bool), python: String, sandbox: String,
    limits: Set<TestLimit> = [], canaries: PlantedCanaries, touched: [String] = []
  ) -> TestLog {
    var exit: Int32?
    if case .exited(let status) = done.ending { exit = status }
    return TestLog(
      log: found.log, exit: exit, timedOut: done.ending == .timedOut, outputCut: done.outputCut, sandbox: sandbox,
      python: python, started: found.started, ended: found.ended, limits: limits, canaries: canaries,
      touched: touched)
  }

  /// `log` with `/testbed`, `/tmp` and the home in place of the copy's own paths, as in the sandbox.
  private static func hiding(_ job: Job, in log: [UInt8]) -> [UInt8] {
    let text = String(decoding: log, as: UTF8.self)
    guard text.utf8.count == log.count else { return log }
    return Array(
      text.replacingOccurrences(of: job.tree, with: "/testbed")
        .replacingOccurrences(of: "\(job.folder)/home", with: Bubblewrap.home)
        .replacingOccurrences(of: "\(job.folder)/tmp", with: "/tmp").utf8)
  }
}
