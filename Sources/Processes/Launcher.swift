import Dispatch
import Glibc
import Subprocess
import SystemPackage

/// Runs programs, each in a session of its own, and leaves nothing of them behind.
package enum Launcher {
  /// Where programs are looked for when the environment has no `PATH`.
  package static let defaultPath = "/usr/local/bin:/usr/bin:/bin"

  /// Runs `command` to its end.
  ///
  /// Whatever the end (exit, timeout, cancellation, flood of output), no process of its tree is alive when this
  /// returns or throws; a process that the program leaves behind does not delay it.
  ///
  /// - Throws: `ProcessError` when the program cannot be started, `CancellationError` when the task is cancelled.
  package static func run(_ command: Command) async throws -> Completion {
    try await withTaskExecutorPreference(LaunchExecutor.shared) { try await launch(command) }
  }

  private static func launch(_ command: Command) async throws -> Completion {
    try Task.checkCancellation()
    let start = ContinuousClock.now
    let executable = try resolve(command)
    try check(command)
    let mark = Mark.next()
    var environment: [Environment.Key: String] = [:]
    for (name, value) in command.environment { environment[Environment.Key(stringLiteral: name)] = value }
    environment[Environment.Key(stringLiteral: Survivors.variable)] = mark.value
    var options = PlatformOptions()
    options.createSession = true

    let ends: Ends
    do { ends = try Ends(command) } catch {
      throw ProcessError.launch(name: command.executable, reason: Errno(rawValue: error.code).description)
    }
    defer {
      ends.closeOurs()
      ends.wake.close()
    }
    do {
      let result = try await Subprocess.run(
        .path(FilePath(executable)), arguments: Arguments(command.arguments), environment: .custom(environment),
        workingDirectory: command.directory.map { FilePath($0) }, platformOptions: options,
        input: .fileDescriptor(FileDescriptor(rawValue: ends.input.readEnd), closeAfterSpawningProcess: true),
        output: .fileDescriptor(FileDescriptor(rawValue: ends.output.writeEnd), closeAfterSpawningProcess: true),
        error: .fileDescriptor(FileDescriptor(rawValue: ends.errors.writeEnd), closeAfterSpawningProcess: true)
      ) { execution in
        let process = execution.processIdentifier
        let tree = Survivors(leader: process.value, mark: mark.text)
        Running.add(tree)
        defer { Running.remove(tree) }
        let supervisor = Supervisor(
          process: process.value, processDescriptor: process.processDescriptor,
          deadline: command.timeout.map { start + $0 }, floodLimit: floodLimit(command), wake: ends.wake,
          survivors: tree, look: command.watch)
        return await watch(supervisor, ends, command)
      }
      let report = result.closureResult
      // A cancellation kills the program by its own way too, so the loop may have seen only the end of it.
      if case .cancelled = report.stop { throw CancellationError() }
      try Task.checkCancellation()
      return Completion(
        ending: ending(report.stop, result.terminationStatus), output: report.output,
        errorOutput: report.errorOutput, outputCut: report.outputCut, duration: ContinuousClock.now - start)
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      throw ProcessError.launch(
        name: command.executable, reason: error.underlyingError?.description ?? error.description)
    }
  }

  /// Kills every program that runs now, with its tree: for a ramp that ends in the middle of them, which does this by
  /// itself at its end.
  package static func endAll() { Running.end() }

  /// The absolute path of the program `name` along `path` (nil means `defaultPath`), or nil where there is none.
  package static func find(_ name: String, path: String?) -> String? {
    guard !name.isEmpty else { return nil }
    if name.contains("/") { return isExecutable(name) ? name : nil }
    for folder in (path ?? defaultPath).split(separator: ":") where folder.hasPrefix("/") {
      let candidate = "\(folder)/\(name)"
      if isExecutable(candidate) { return candidate }
    }
    return nil
  }

  private static func resolve(_ command: Command) throws(ProcessError) -> String {
    let name = command.executable
    if let path = find(name, path: command.environment["PATH"]) { return path }
    if name.contains("/"), access(name, F_OK) == 0 { throw .notExecutable(path: name) }
    throw .notFound(
      name: name,
      suggestion: name.contains("/") ? "name another program" : "install \(name), or put its folder on PATH")
  }

  private static func check(_ command: Command) throws(ProcessError) {
    let texts = command.arguments + command.environment.flatMap { [$0.key, $0.value] }
    if texts.contains(where: { $0.utf8.contains(0) }) { throw .nulByte(name: command.executable) }
    if let folder = command.directory, !isFolder(folder) { throw .noFolder(path: folder) }
  }

  private static func ending(_ stop: Supervisor.Stop, _ status: TerminationStatus) -> Completion.Ending {
    if case .timedOut = stop { return .timedOut }
    if case .watched = stop { return .stopped }
    switch status {
    case .exited(let code): return .exited(code)
    case .signaled(let signal): return .signalled(signal)
    }
  }

  private static func floodLimit(_ command: Command) -> Int {
    let (product, overflow) = max(1, command.outputLimit).multipliedReportingOverflow(by: Command.floodFactor)
    return overflow ? .max : product
  }

  /// Runs the supervisor's loop on a thread of its own, and rings it out of its sleep when the task is cancelled.
  private static func watch(_ supervisor: Supervisor, _ ends: Ends, _ command: Command) async -> Supervisor.Report {
    let ours = ends.takeOurs() ?? (-1, -1, -1)
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue(label: "ramp.process").async {
          continuation.resume(
            returning: supervisor.watch(
              feed: Feed(ours.input, command.input),
              output: Stream(ours.output, limit: command.outputLimit, told: command.told),
              errorOutput: Stream(ours.errors, limit: command.outputLimit)))
        }
      }
    } onCancel: {
      ends.wake.ring()
    }
  }

  private static func isExecutable(_ path: String) -> Bool {
    var status = stat()
    return access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
