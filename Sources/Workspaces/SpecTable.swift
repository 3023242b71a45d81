import Content
import Foundation
import Instances
import Synchronization

/// Where the specs of environments come from: the setting `tests.environments`.
package enum SpecSource: Hashable, Codable, Sendable {
  /// Those that ramp brings.
  case builtin
  /// None: tests run in the Python of `tests.python`.
  case off
  /// A file, before those that ramp brings; the hash of its bytes.
  case file(path: String, hash: Hash)

  /// The source that the setting's text means.
  ///
  /// - Throws: `WorkspaceError.badSpecs` where a file is none of specs.
  package init(_ text: String) throws(WorkspaceError) {
    switch text {
    case "auto": self = .builtin
    case "off": self = .off
    default: self = .file(path: text, hash: try SpecTable.file(text).hash)
    }
  }

  /// The setting's text.
  package var text: String {
    switch self {
    case .builtin: "auto"
    case .off: "off"
    case .file(let path, _): path
    }
  }

  /// The spec for `instance`; nil where there is none. One of a file is for rows with a test command of their own too.
  ///
  /// - Throws: `WorkspaceError.badSpecs` where the file is another by now.
  package func spec(for instance: Instance) throws(WorkspaceError) -> EnvironmentSpec? {
    let (repo, version, hasCommand) = (instance.repo, instance.version, instance.testCommand != nil)
    let find = { (specs: [EnvironmentSpec]) in
      specs.first { $0.repo == repo && ($0.versions.isEmpty || $0.versions.contains(version)) }
    }
    switch self {
    case .off: return nil
    case .builtin: return hasCommand ? nil : find(BuiltinSpecs.all)
    case .file(let path, let hash):
      let file = try SpecTable.file(path)
      guard file.hash == hash else {
        throw .badSpecs(path: path, reason: "it is another since it was set; `set tests.environments \(path)` takes it")
      }
      return find(file.specs) ?? (hasCommand ? nil : find(BuiltinSpecs.all))
    }
  }
}

extension WorkspaceOptions {
  /// What stands for the environment of `instance` in a stage's key; nil where tests run in the Python of the options.
  package func environmentKey(of instance: Instance) -> String? {
    guard sandbox != .off else { return nil }
    switch Result(catching: { () throws(WorkspaceError) in try environments.spec(for: instance) }) {
    case .success(let spec?): return (try? Canonical.hash(spec))?.hex
    case .success(nil): return nil
    case .failure: return environments.text
    }
  }
}

/// Files of specs.
enum SpecTable {
  private static let read = Mutex<[Hash: [EnvironmentSpec]]>([:])

  /// The specs of the file at `path`: a list of ramp's, or the table of SWE-bench's harness.
  static func file(_ path: String) throws(WorkspaceError) -> (specs: [EnvironmentSpec], hash: Hash) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .badSpecs(path: path, reason: "it cannot be read")
    }
    let hash = Hash(of: Array(data))
    if let specs = read.withLock({ $0[hash] }) { return (specs, hash) }
    let specs: [EnvironmentSpec]
    if let own = try? JSONDecoder().decode([EnvironmentSpec].self, from: data) {
      specs = own
    } else if let table = try? JSONDecoder().decode([String: [String: OfficialSpec]].self, from: data) {
      specs = table.flatMap { repo, versions in versions.map { $1.spec(repo: repo, version: $0) } }
    } else {
      throw .badSpecs(path: path, reason: "it is neither a list of specs nor SWE-bench's table of them")
    }
    // It becomes a part of a program's name.
    if let wrong = specs.first(where: { $0.python.wholeMatch(of: /[0-9]+(\.[0-9]+)*/) == nil }) {
      throw .badSpecs(path: path, reason: "`\(wrong.python)` is no version of Python, as 3.9 is")
    }
    read.withLock { $0[hash] = specs }
    return (specs, hash)
  }
}

/// One entry of the table of SWE-bench's harness, `MAP_REPO_VERSION_TO_SPECS` as JSON.
private struct OfficialSpec: Decodable {
  let python: String?
  let packages: String?
  let install: String?
  let preInstall: [String]?
  let pipPackages: [String]?
  let testCommand: String?

  private enum CodingKeys: String, CodingKey {
    case python, packages, install
    case preInstall = "pre_install"
    case pipPackages = "pip_packages"
    case testCommand = "test_cmd"
  }

  func spec(repo: String, version: String) -> EnvironmentSpec {
    let isDjango = repo == "django/django"
    var requirements: [String] = []
    var named: [String] = []
    switch packages {
    case "requirements.txt"?:
      requirements =
        isDjango
        ? ["tests/requirements/py3.txt"] : ["requirements.txt", "requirements-dev.txt", "requirements_test.txt"]
    case "environment.yml"?, nil: break
    case let words?:
      named = words.split(separator: " ").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "'\"")) }
    }
    // Nothing of the system's can be installed here, and a tree is installed by pip alone.
    let prepare = (preInstall ?? []).filter { $0.hasPrefix("sed ") }
    var test = testCommand ?? "pytest -rA"
    if test.hasPrefix("tox ") { test = "python -X dev -m pytest -rA" }
    if test.hasPrefix("./") { test = "python \(test)" }
    return EnvironmentSpec(
      repo: repo, versions: [version], python: python ?? "3", requirements: requirements,
      leaveOut: isDjango ? ["pylibmc", "memcache", "psycopg", "mysql", "redis"] : [],
      packages: named + (pipPackages ?? []) + (test.contains("pytest") ? ["pytest"] : []), prepare: prepare,
      install: OfficialSpec.arguments(install ?? ""), test: "\(test) \(isDjango ? "{modules}" : "{files}")")
  }

  /// What follows `pip install` in a command; `-e .` where pip is not what installs the tree.
  private static func arguments(_ command: String) -> String {
    guard let found = command.range(of: "pip install ") else { return command.isEmpty ? "" : "-e ." }
    return command[found.upperBound...].split(separator: " ").filter { $0 != "--verbose" && $0 != "-v" }
      .joined(separator: " ")
  }
}
