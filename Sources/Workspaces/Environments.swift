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
  /// True where services of the machine could be reached while it was made. Nothing is known of an older ramp's.
  var sharedNetwork = false

  /// The file beside it that says so.
  static let sharedMark = "shared-network"
}

/// The environments at hand, one for each version of a repository, made where they are missing: in a sandbox, with the
/// network only then.
package actor Environments {
  /// The folder of the environments.
  package nonisolated let root: String
  private let world: InstallWorld
  private let environment: [String: String]
  private var underway: [String: Task<[MadeEnvironment.Part], any Error>] = [:]
  /// Who hears of those that are being made, and what was last told of each.
  private var listeners: [String: [Int: @Sendable (EnvironmentNews) async -> Void]] = [:]
  private var latest: [String: EnvironmentNews] = [:]
  private var lastListener = 0
  private var failures: [String: (error: WorkspaceError, until: ContinuousClock.Instant)] = [:]

  /// The environments in `root`, which is made when it is first needed. `environment` are the variables of the user,
  /// which tell where Pythons are and how registries are reached.
  package init(root: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.root = root
    self.environment = environment
    world = InstallWorld(environment)
  }

  /// An environment that is held, and what making it took when it was made for this.
  struct Held: Sendable {
    let environment: TestEnvironment
    let hold: CacheHold
    let made: MadeEnvironment?
  }

  /// The environment of `spec` for rows of `version`, made first where there is none, and held. `told` hears how the
  /// making goes on, whoever has begun it.
  ///
  /// - Throws: `WorkspaceError.noPythonVersion`, `.noVenv`, `.environmentFailed`, and what keeps a sandbox from being
  ///   made. `.environmentFailed` is told again for ten minutes without another try.
  func made(
    _ spec: EnvironmentSpec, version: String, with workshop: EnvironmentWorkshop,
    told: @escaping @Sendable (EnvironmentNews) async -> Void = { _ in }
  ) async throws -> Held {
    let start = ContinuousClock.now
    var parts: [MadeEnvironment.Part]?
    let base = try await workshop.pythons.python(for: spec.python, named: workshop.options.python)
    let key = try Environments.key(spec, version: version, base)
    while true {
      try Task.checkCancellation()
      if let failure = failures[key], failure.until > .now { throw failure.error }
      let folder = "\(root)/\(key)"
      if let hold = CacheHold(folder) {
        if access("\(folder)/environment", F_OK) == 0 {
          CacheShelf.touch(folder)
          let made = parts.map {
            MadeEnvironment(
              name: spec.name(version), python: base.version, executable: base.executable, parts: $0,
              duration: .now - start)
          }
          return Held(environment: Environments.found(spec, base, in: folder), hold: hold, made: made)
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
            spec, version: version, base: base, at: folder, world: world, environment: environment
          ) { news in await self.tell(news, of: key) }
        }
      underway[key] = task
      defer { if underway[key] == task { underway[key] = nil } }
      lastListener += 1
      let listener = lastListener
      listeners[key, default: [:]][listener] = told
      defer {
        listeners[key]?[listener] = nil
        if listeners[key]?.isEmpty == true { (listeners[key], latest[key]) = (nil, nil) }
      }
      do {
        if let news = latest[key] { await told(news) }
        parts = try await withTaskCancellationHandler {
          try await task.value
        } onCancel: {
          task.cancel()
        }
      } catch let error as WorkspaceError {
        // What a person installs is looked for at once.
        if case .environmentFailed = error { failures[key] = (error, .now + .seconds(600)) }
        throw error
      } catch is CancellationError {
        // Another asker may have been the one that was cancelled: then begin again.
      }
    }
  }

  private func tell(_ news: EnvironmentNews, of key: String) async {
    latest[key] = news
    for told in (listeners[key] ?? [:]).values { await told(news) }
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
      additions: access(additions, F_OK) == 0 ? additions : nil,
      sharedNetwork: access("\(folder)/\(TestEnvironment.sharedMark)", F_OK) == 0)
  }
}
