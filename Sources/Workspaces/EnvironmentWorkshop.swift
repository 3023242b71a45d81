import Content
import Foundation
import Processes
import Repositories

/// What making an environment takes beside its spec: the tree that is installed, and a sandbox.
struct EnvironmentWorkshop: Sendable {
  let tree: Tree
  let options: WorkspaceOptions
  let pythons: Pythons
  let bubblewrap: Bubblewrap
  let path: String

  /// How long an installation may take.
  private static let patience = Duration.seconds(3600)

  /// Makes the environment of `spec` in the new folder `place`, which appears whole or not at all: `environment`,
  /// `additions` where the installation left files in the tree, and `setup.log`. `told` is called as it goes on.
  ///
  /// - Returns: how long each step took.
  func make(
    _ spec: EnvironmentSpec, version: String, base: Python, at place: String, world: InstallWorld,
    environment: [String: String], told: @escaping @Sendable (EnvironmentNews) async -> Void = { _ in }
  ) async throws -> [MadeEnvironment.Part] {
    let root = PathText.folder(of: place)
    do {
      try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    } catch {
      throw WorkspaceError.notWritten(reason: "\(root): \(ErrorText.of(error))")
    }
    // On the file system where it will stay.
    return try await TemporaryFolder.use(in: root) { folder in
      let owner = bubblewrap.owner
      try FileTree.makeFolder("made", under: folder)
      for name in ["made/environment", "testbed"] { try FileTree.makeFolder(name, under: folder, owner: owner) }
      let network = try await BuildNetwork.probe(bubblewrap, world: world, python: base, in: root, path: path)
      try bubblewrap.writeStandIns(under: folder, network: network)
      try await Checkout.write(tree, to: "\(folder)/testbed", owner: owner)
      let uv = spec.takesUv ? EnvironmentWorkshop.uv(environment) : nil
      let listener = InstallationListener(
        EnvironmentNews(
          name: spec.name(version), python: base.version, executable: base.executable, step: .venv, line: ""),
        told: told)
      let done: Completion
      do {
        done = try await run(
          spec.script(python: base.executable, version: version, uv: uv), uv: uv, base: base, in: folder, world: world,
          network: network, told: listener.hear)
      } catch {
        await listener.end()
        throw error
      }
      let parts = await listener.end()
      let held = Array("== sandbox: bwrap (\(network.told))\n".utf8)
      try FileTree.write(held + done.output, to: "made/setup.log", under: folder)
      if case .shared = network { try FileTree.write([], to: "made/\(TestEnvironment.sharedMark)", under: folder) }
      guard done.succeeded else {
        if done.ending == .exited(EnvironmentSpec.hasNoVenv), parts.count == 1 {
          throw WorkspaceError.noVenv(python: base.executable, version: base.version)
        }
        throw try failure(done, spec, version: version, log: place + ".log")
      }
      try keepAdditions(of: folder)
      Disk.sync(folder)
      // Another ramp may have made the same meanwhile.
      if rename("\(folder)/made", place) != 0, access(place, F_OK) != 0 {
        throw WorkspaceError.notWritten(reason: String(cString: strerror(errno)))
      }
      return parts
    }
  }

  /// The uv on `PATH`; nil where there is none. It goes into the sandbox alone, so that a script in its place (a shim of
  /// pyenv's) would find nothing that it needs there.
  static func uv(_ environment: [String: String]) -> String? {
    for folder in (environment["PATH"] ?? "").split(separator: ":") {
      guard let uv = Launcher.find("uv", path: String(folder)), let file = FileHandle(forReadingAtPath: uv) else {
        continue
      }
      defer { try? file.close() }
      if (try? file.read(upToCount: 4)).map({ Array($0) }) == [0x7F, 0x45, 0x4C, 0x46] { return uv }
    }
    return nil
  }

  private func run(
    _ script: String, uv: String?, base: Python, in folder: String, world: InstallWorld, network: BuildNetwork,
    told: @escaping @Sendable ([UInt8]) -> Void
  ) async throws -> Completion {
    var wide = options
    wide.memoryMB = max(options.memoryMB, 16 << 10)
    wide.processes = max(options.processes, 4096)
    wide.diskMB = max(options.diskMB, 32 << 10)
    wide.timeoutSeconds = Int(EnvironmentWorkshop.patience.components.seconds)
    let group = ControlGroup(wide)
    defer { group?.remove() }
    var variables = world.variables
    variables["PATH"] = "\(PathText.folder(of: base.executable)):\(Launcher.defaultPath)"
    variables["HOME"] = Bubblewrap.home
    variables["LANG"] = "C.UTF-8"
    variables["TZ"] = "UTC"
    let isElsewhere = uv.map { !$0.hasPrefix("/usr/") } ?? false
    let request = SandboxRequest(
      tree: "\(folder)/testbed", stands: "\(folder)/etc", python: base,
      readable: try readable(world.mounts(for: network), in: folder)
        + (isElsewhere ? [uv].compactMap { $0.map { .init(from: $0, at: $0) } } : []),
      writable: [.init(from: "\(folder)/made/environment", at: EnvironmentSpec.place)], environment: variables,
      memoryMB: wide.memoryMB, network: network, program: Limits(wide, path: path).words + ["/bin/bash"])
    let words = try bubblewrap.words(request, in: folder, group: group)
    let watch = RunWatch(
      ["\(folder)/made/environment", "\(folder)/testbed"],
      bounds: RunWatch.Bounds(wide, hasGroup: group != nil, countsProcesses: true),
      places: ["/testbed", EnvironmentSpec.place],
      memories: ["/tmp", "/home", "/dev/shm"])
    return try await Launcher.run(
      Command(
        words[0], Array(words.dropFirst()), environment: ["PATH": Launcher.defaultPath], directory: folder,
        input: Array(script.utf8), timeout: EnvironmentWorkshop.patience, outputLimit: 16 << 20,
        mergesErrorIntoOutput: true, told: told, watch: watch.watch))
  }

  /// `mounts`, with copies in `folder` in place of files that the sandbox's user could not read: a pip.conf with a
  /// password, say.
  private func readable(
    _ mounts: [SandboxRequest.Mount], in folder: String
  ) throws -> [SandboxRequest.Mount] {
    guard let owner = bubblewrap.owner else { return mounts }
    return try mounts.enumerated().map { number, mount in
      var status = stat()
      guard stat(mount.from, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & S_IROTH == 0,
        let bytes = FileManager.default.contents(atPath: mount.from)
      else { return mount }
      let copy = "world/\(number)"
      try FileTree.write(Array(bytes), to: copy, under: folder, owner: owner)
      chmod("\(folder)/\(copy)", 0o400)
      return .init(from: "\(folder)/\(copy)", at: mount.at)
    }
  }

  private func failure(
    _ done: Completion, _ spec: EnvironmentSpec, version: String, log: String
  ) throws -> WorkspaceError {
    if let refusal = Bubblewrap.refusal(done.output) { return refusal }
    try? FileManager.default.removeItem(atPath: log)
    let isKept = FileManager.default.createFile(atPath: log, contents: Data(done.output))
    let lines = String(decoding: done.output, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    let errors = lines.filter { $0.hasPrefix("ERROR") || $0.hasPrefix("error") || $0.contains("Error: ") }
    var last = Array((errors.isEmpty ? lines : errors).suffix(3))
    if done.ending == .timedOut { last.append("it took longer than an hour") }
    if done.ending == .stopped { last.append("it took more memory or disk than an installation may") }
    return .environmentFailed(
      name: spec.name(version), lines: last, log: isKept ? log : nil)
  }

  /// Moves what the installation left in the tree, and no commit brings, to `made/additions`.
  private func keepAdditions(of folder: String) throws {
    let testbed = "\(folder)/testbed"
    guard let names = FileManager.default.enumerator(atPath: testbed) else { return }
    for case let name as String in names {
      guard tree[name] == nil, RepositoryPath.isReadable(name), !name.contains("__pycache__"), !name.hasSuffix(".pyc")
      else { continue }
      var status = stat()
      guard lstat("\(testbed)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      let target = "made/additions/\(name)"
      try FileTree.makeFolder(PathText.folder(of: target), under: folder, owner: bubblewrap.owner)
      if rename("\(testbed)/\(name)", "\(folder)/\(target)") != 0 {
        throw WorkspaceError.notWritten(reason: String(cString: strerror(errno)))
      }
    }
  }
}

extension EnvironmentSpec {
  /// `owner/name VERSION`.
  func name(_ version: String) -> String { [repo, version].filter { !$0.isEmpty }.joined(separator: " ") }

  /// True where uv knows the Python.
  var takesUv: Bool {
    let parts = python.split(separator: ".").compactMap { Int($0) }
    return parts.count < 2 || parts[0] > 3 || (parts[0] == 3 && parts[1] >= 8)
  }
}
