import Content
import Foundation
import Processes
import Repositories

/// An environment that was made: read-only from then on, for every tree of its repository's version.
package struct TestEnvironment: Hashable, Sendable {
  /// How it was made.
  let spec: EnvironmentSpec
  /// The Python it is an environment of.
  let base: Python
  /// The folder that is at `EnvironmentSpec.place` in a sandbox.
  let folder: String
  /// A folder with the files that the installation put into the tree, as a layer over a commit's; nil where there are
  /// none.
  let additions: String?
}

/// The environments at hand, one for each version of a repository, made where they are missing: in a sandbox, with the
/// network only then.
package actor Environments {
  /// The folder of the environments.
  package nonisolated let root: String
  private let world: InstallWorld
  private let environment: [String: String]
  private var underway: [String: Task<Void, any Error>] = [:]
  private var failures: [String: (error: WorkspaceError, until: ContinuousClock.Instant)] = [:]

  /// The environments in `root`, which is made when it is first needed. `environment` are the variables of the user,
  /// which tell where Pythons are and how registries are reached.
  package init(root: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.root = root
    self.environment = environment
    world = InstallWorld(environment)
  }

  /// The environment of `spec` for rows of `version`, made first where there is none, and held.
  ///
  /// - Throws: `WorkspaceError.noPythonVersion`, `.environmentFailed`, and what keeps a sandbox from being made. A
  ///   failure is told again for ten minutes without another try.
  func made(_ spec: EnvironmentSpec, version: String, with workshop: EnvironmentWorkshop) async throws
    -> (environment: TestEnvironment, hold: CacheHold)
  {
    let base = try await workshop.pythons.python(for: spec.python, named: workshop.options.python)
    let key = try Environments.key(spec, version: version, base)
    while true {
      try Task.checkCancellation()
      if let failure = failures[key], failure.until > .now { throw failure.error }
      let folder = "\(root)/\(key)"
      if let hold = CacheHold(folder) {
        if access("\(folder)/environment", F_OK) == 0 {
          CacheShelf.touch(folder)
          return (Environments.found(spec, base, in: folder), hold)
        }
        hold.release()
      } else if access("\(folder)/environment", F_OK) == 0 {
        // Another ramp is about to remove it.
        try await Task.sleep(for: CacheShelf.moment)
        continue
      }
      let task =
        underway[key]
        ?? Task { [world, environment] in
          try await workshop.make(
            spec, version: version, base: base, at: folder, world: world, environment: environment)
        }
      underway[key] = task
      defer { if underway[key] == task { underway[key] = nil } }
      do {
        try await withTaskCancellationHandler {
          try await task.value
        } onCancel: {
          task.cancel()
        }
      } catch let error as WorkspaceError {
        failures[key] = (error, .now + .seconds(600))
        throw error
      } catch is CancellationError {
        // Another asker may have been the one that was cancelled: then begin again.
      }
    }
  }

  /// A folder's name: readable, and another for anything else that is installed.
  private static func key(_ spec: EnvironmentSpec, version: String, _ base: Python) throws -> String {
    var own = spec
    own.versions = [version]
    own.test = ""
    own.variables = [:]
    let hash = Hash(of: try Canonical.bytes(own) + Array("\(base.executable) \(base.version)".utf8))
    let name = spec.repo.replacingOccurrences(of: "/", with: "__")
    let plain = "\(name)-\(version)".filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    return "\(plain)-\(hash.hex.prefix(10))"
  }

  private static func found(_ spec: EnvironmentSpec, _ base: Python, in folder: String) -> TestEnvironment {
    let additions = "\(folder)/additions"
    return TestEnvironment(
      spec: spec, base: base, folder: "\(folder)/environment",
      additions: access(additions, F_OK) == 0 ? additions : nil)
  }
}
