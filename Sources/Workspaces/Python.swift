import Content
import Foundation
import Processes

/// A Python as it really is, behind shims, links and virtual environments.
package struct Python: Hashable, Sendable {
  /// What to run: an absolute path that is no shim.
  package let executable: String
  /// Its version, `3.11.7`.
  package let version: String
  /// The folders it needs, absolute: its prefix, that of the Python it is an environment of, and where its links lead.
  let folders: [String]
  /// Links on the way from `executable` to the real program that lie in none of `folders`, and where they lead.
  let links: [String: String]

  /// What it answers about itself, as a JSON array of texts.
  private static let question = """
    import json, os, sys
    print(json.dumps([sys.executable, sys.prefix, sys.base_prefix, '%d.%d.%d' % sys.version_info[:3]]))
    """

  /// Asks the Python `name`, a path or a name along the caller's `PATH`.
  ///
  /// - Throws: `WorkspaceError.noPython`, `.pythonUnusable`.
  static func ask(_ name: String, environment: [String: String]) async throws -> Python {
    guard let found = Launcher.find(name, path: environment["PATH"]) else { throw WorkspaceError.noPython(name: name) }
    let unswayed = environment.filter { !$0.key.hasPrefix("PYTHON") }
    let command = Command(
      // Nothing of the current folder's is imported.
      found, ["-I", "-c", question], environment: unswayed, directory: "/", timeout: .seconds(30),
      outputLimit: 64 << 10)
    let done: Completion
    do { done = try await Launcher.run(command) } catch let error as ProcessError {
      throw WorkspaceError.pythonUnusable(name: name, reason: ErrorText.of(error))
    }
    guard done.succeeded, let answer = try? JSONDecoder().decode([String].self, from: Data(done.output)),
      answer.count == 4, answer[0].hasPrefix("/")
    else {
      let lines = String(decoding: done.errorOutput, as: UTF8.self).split(whereSeparator: \.isNewline)
      throw WorkspaceError.pythonUnusable(name: name, reason: lines.last.map(String.init) ?? "it does not answer")
    }
    return try Python(
      name: name, executable: answer[0], prefixes: [answer[1], answer[2]], version: answer[3],
      home: environment["HOME"] ?? "")
  }

  private init(name: String, executable: String, prefixes: [String], version: String, home: String) throws {
    self.executable = executable
    self.version = version
    var folders: [String] = []
    func isCovered(_ path: String) -> Bool { folders.contains { path == $0 || path.hasPrefix($0 + "/") } }
    for prefix in prefixes + prefixes.map(Python.resolved) where !isCovered(prefix) {
      guard prefix != "/", !(home + "/").hasPrefix(prefix + "/") else {
        throw WorkspaceError.pythonUnusable(name: name, reason: "its prefix \(prefix) holds your home folder")
      }
      folders.append(prefix)
    }
    let real = Python.resolved(executable)
    var links: [String: String] = [:]
    var step = executable
    for _ in 0..<16 {
      if !isCovered(step), !step.hasPrefix("/usr/") { links[step] = real }
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: step) else { break }
      let folder = PathText.folder(of: step)
      step = ((target.hasPrefix("/") ? target : "\(folder)/\(target)") as NSString).standardizingPath
    }
    self.folders = folders.filter { $0 != "/usr" && !$0.hasPrefix("/usr/") }
    self.links = links
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}

/// The Pythons that were asked already, and the sandboxes that were tried: asking takes as long as a start of each, and
/// a shim makes that slow.
package actor Pythons {
  private var known: [String: Task<Python, any Error>] = [:]
  /// The sandboxes.
  nonisolated let ladder: Ladder
  private var overlays: [String?: Overlay.Maker?] = [:]
  private let environment: [String: String]

  /// The Pythons along the `PATH` of `environment`. `launcher` is the path of ramp itself, which it starts anew to shut
  /// tests in where there is no bubblewrap; nil leaves that out.
  package init(
    environment: [String: String] = ProcessInfo.processInfo.environment, launcher: String? = nil, marks: String? = nil
  ) {
    self.environment = environment
    ladder = Ladder(launcher: launcher, environment: environment, marks: marks)
  }

  /// The Python `name`, asked at its first use only.
  package func python(_ name: String) async throws -> Python {
    while true {
      try Task.checkCancellation()
      let task = known[name] ?? Task { [environment] in try await Python.ask(name, environment: environment) }
      known[name] = task
      do {
        return try await withTaskCancellationHandler {
          try await task.value
        } onCancel: {
          task.cancel()
        }
      } catch {
        if known[name] == task { known[name] = nil }
        // Another asker may have been the one that was cancelled: then it is asked again.
        guard error is CancellationError else { throw error }
      }
    }
  }

  /// A Python of the version `wanted` (`3.9`), along `PATH`, among those of pyenv, and among those of uv. The Python
  /// `name` instead where that is not the usual one: then a person chose it.
  ///
  /// - Throws: `WorkspaceError.noPythonVersion`, and what asking the one that was chosen throws.
  func python(for wanted: String, named name: String) async throws -> Python {
    if name != WorkspaceOptions().python { return try await python(name) }
    for candidate in PythonPlaces(environment).candidates(wanted) {
      guard let found = try? await python(candidate) else { continue }
      if found.version == wanted || found.version.hasPrefix(wanted + ".") { return found }
    }
    try Task.checkCancellation()
    throw WorkspaceError.noPythonVersion(wanted)
  }

  /// How layers are mounted in the folder `scratch`, tried at its first use; nil where they cannot be.
  func overlay(in scratch: String?, path: String?) async throws -> Overlay.Maker? {
    if let known = overlays[scratch] { return known }
    let maker = try await Overlay.Maker.probe(in: scratch, path: path)
    overlays[scratch] = .some(maker)
    return maker
  }
}
