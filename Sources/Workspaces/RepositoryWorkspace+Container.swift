import Content
import Foundation
import Processes
import Repositories

extension RepositoryWorkspace {
  /// Runs tests in a container of the row's image, whose `/testbed` is at the row's commit and whose Python it is.
  ///
  /// The row's own script is not run: what runs is the test command, as in the other sandboxes.
  func runInContainer(_ run: TestRun) async throws -> TestLog {
    let engine = try await pythons.ladder.engine(options.container, path: path)
    let image = try ContainerEngine.image(of: run)
    var changes = TreeChanges(tree)
    for change in run.changes { try changes.make(change) }
    try await changes.apply(testPatch: run.testPatch, git: git)
    let command = try TestCommand(
      run, python: "python", usual: environment?.spec.test, isThere: changes.holds)
    let fixed = Set(run.testFiles + command.files + command.scripts).filter(changes.holds).sorted()
    let canaries = try await planted(run, command, in: &changes)
    let prepared = changes
    return try await engine.withContainer(of: image, options: options) { container, hasQuota in
      // Images of the harness have a commit of its own over the row's.
      let heads = try await engine.tell([
        "exec", container, "git", "-c", "safe.directory=/testbed", "-C", "/testbed", "rev-list", "-n", "2", "HEAD",
      ])
      guard heads.split(whereSeparator: \.isNewline).contains(Substring(tree.commit)) else {
        throw WorkspaceError.containerFailed(
          engine: engine.name, reason: "/testbed of \(image) is not at the row's commit")
      }
      let archive = prepared.archive
      if !archive.isEmpty {
        _ = try await engine.tell(
          ["exec", "--interactive", container, "tar", "-x", "-f", "-", "-C", "/testbed"], input: archive.bytes)
      }
      let markers = Markers()
      let script =
        RepositoryWorkspace.preparation(
          removing: prepared.removed, telling: environment?.spec.variables ?? [:], options: options)
        + markers.script(command.text)
      // Where the engine's file system counts nothing, ramp looks at the folder that takes what is written.
      let layer = hasQuota ? nil : await engine.layer(of: container)
      let watch = layer.map { layer in
        RunWatch(
          [layer], bounds: RunWatch.Bounds(options, hasGroup: true, countsProcesses: true), places: [])
      }
      let done = try await Launcher.run(
        Command(
          engine.executable, ["exec", "--interactive", container, "/bin/bash", "--noprofile", "--norc"],
          environment: engine.environment, input: script, timeout: .seconds(options.timeoutSeconds),
          outputLimit: options.outputMB << 20, mergesErrorIntoOutput: true, watch: watch?.watch))
      // The end of the client is not the end of what it started.
      _ = try await engine.ask(["kill", container])
      var found = markers.contents(of: done.output)
      if !found.started, done.ending != .timedOut, done.ending != .stopped {
        let last = String(decoding: found.log, as: UTF8.self).split(whereSeparator: \.isNewline).last
        throw WorkspaceError.containerFailed(engine: engine.name, reason: last.map(String.init) ?? "it said nothing")
      }
      let said = String(decoding: done.output.prefix { $0 != 10 }, as: UTF8.self)
      let version = said.hasPrefix("Python ") ? String(said.dropFirst(7)) : "unknown"
      var what = describe("\(engine.name) (\(image), network off", memory: .all, hasProcesses: true)
      what += hasQuota || watch != nil ? "; \(options.diskMB) MB of disk" : "; no limit of disk but 1 GB a file"
      // Who is root in there can change any file. A file that was put back is not found out.
      for file in fixed where found.ended {
        if try await engine.read("/testbed/\(file)", of: container) == prepared.bytes(at: file) { continue }
        found.ended = false
        what += "; the tests changed \(file), so their log is not to be trusted"
      }
      return log(
        done, found, python: version, sandbox: what, limits: watch?.reached ?? [], canaries: canaries)
    }
  }

  /// What a shell in the container does before the tests: what is not as in the bubblewrap's world is made so, and the
  /// harness's environment of the row is entered. The first line that it prints is the Python's version.
  private static func preparation(
    removing removed: [String], telling variables: [String: String], options: WorkspaceOptions
  ) -> [UInt8] {
    let told = variables.sorted { $0.key < $1.key }.map { " \(TestCommand.quoted("\($0.key)=\($0.value)"))" }.joined()
    let removal =
      removed.isEmpty ? "" : "rm -f -- \(removed.map { TestCommand.quoted("./\($0)") }.joined(separator: " "))"
    let text = """
      exec 2>&1
      source /opt/miniconda3/bin/activate testbed || exit 125
      python --version
      export TZ=UTC LANG=C.UTF-8 PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1\(told)
      ulimit -c 0 -f \(Limits.fileSize(options) / 1024)
      cd /testbed || exit 125
      \(removal)

      """
    return Array(text.utf8)
  }
}
