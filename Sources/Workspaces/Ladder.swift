import Foundation
import Processes
import Repositories

/// One way to hold tests, of those that were asked for and work here.
enum Rung: Sendable {
  case bubblewrap(Bubblewrap)
  /// Landlock, and why it is not bubblewrap; nil where it was asked for by name.
  case landlock(Landlock, instead: WorkspaceError?)
  /// Nothing holds them: `set sandbox off` was typed.
  case none

  /// Who trees belong to from their making on; nil is ramp's user.
  var owner: UInt32? { if case .bubblewrap(let bubblewrap) = self { bubblewrap.owner } else { nil } }
}

/// The ways to hold tests from the best to none, each tried by running something in it: versions and settings of a
/// kernel tell too little. What works is remembered; what does not is tried again, for what its error says to type may
/// have been typed.
actor Ladder {
  private struct Place: Hashable {
    let scratch: String?
    let python: Python
  }

  private let launcher: String?
  private let environment: [String: String]
  private let marks: String?
  private var engines: [String: ContainerEngine] = [:]
  private var bubblewraps: [String: [Place: Bubblewrap]] = [:]
  private var landlocks: [Place: Landlock] = [:]

  /// A ladder on which `launcher` is ramp itself; nil leaves the rung out that it is needed for. Engines of containers
  /// live in `environment`; the use of an image is noted in the folder `marks`.
  init(launcher: String?, environment: [String: String] = [:], marks: String? = nil) {
    self.launcher = launcher
    self.environment = environment
    self.marks = marks
  }

  /// The best rung of `choice`, for trees in `scratch` and tests of `python`; programs are looked for along `path`.
  ///
  /// - Throws: `WorkspaceError`, of the best rung that there could be.
  func rung(_ choice: SandboxChoice, python: Python, scratch: String?, path: String?) async throws -> Rung {
    switch choice {
    case .off: return .none
    // An image brings its own Python, so it has a way of its own. Never nothing.
    case .container: throw WorkspaceError.noEngine(name: nil)
    case .bwrap: return .bubblewrap(try await bubblewrap(python, scratch, path: path))
    case .landlock: return .landlock(try await landlock(python, scratch), instead: nil)
    case .on:
      do { return .bubblewrap(try await bubblewrap(python, scratch, path: path)) } catch let missing as WorkspaceError {
        do { return .landlock(try await landlock(python, scratch), instead: missing) } catch is WorkspaceError {
          throw missing
        }
      }
    }
  }

  /// The engine `name`, or the first that is there along `path`. At its first use what ramps that were killed have left
  /// is removed.
  ///
  /// - Throws: `WorkspaceError.noEngine`, `.containerFailed`.
  func engine(_ name: String?, path: String?) async throws -> ContainerEngine {
    let names = name.map { [$0] } ?? ContainerEngine.names
    guard let found = names.lazy.compactMap({ Launcher.find($0, path: path) }).first else {
      throw WorkspaceError.noEngine(name: name)
    }
    if let known = engines[found] { return known }
    let engine = ContainerEngine(executable: found, environment: environment, marks: marks)
    try await engine.sweep()
    engines[found] = engine
    return engine
  }

  private func bubblewrap(_ python: Python, _ scratch: String?, path: String?) async throws -> Bubblewrap {
    guard let found = Launcher.find("bwrap", path: path) else { throw WorkspaceError.noSandbox }
    let place = Place(scratch: scratch, python: python)
    if let known = bubblewraps[found]?[place] { return known }
    let any: Bubblewrap
    if let known = bubblewraps[found]?.first?.value { any = known } else { any = try await Bubblewrap.ask(found) }
    let bubblewrap = try await any.identified(python, scratch: scratch)
    bubblewraps[found, default: [:]][place] = bubblewrap
    return bubblewrap
  }

  private func landlock(_ python: Python, _ scratch: String?) async throws -> Landlock {
    let place = Place(scratch: scratch, python: python)
    if let known = landlocks[place] { return known }
    let landlock = try await Landlock.probe(launcher: launcher, python: python, scratch: scratch)
    landlocks[place] = landlock
    return landlock
  }
}
