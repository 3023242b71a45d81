import Foundation
import Processes

/// A Python with packages from PyPI: the one that `RAMP_STATISTICS_PYTHON` names, or `python3` where it has them, or else
/// one in an environment that is made once in the temporary folder, where PyPI is in reach.
package enum Python {
  private static let packages = [
    "scipy", "statsmodels", "nbclient", "nbformat", "ipykernel", "matplotlib", "junitparser",
  ]
  private static let named = ProcessInfo.processInfo.environment["RAMP_STATISTICS_PYTHON"]
  private static let folder = FileManager.default.temporaryDirectory.appending(path: "ramp-python-\(getuid())").path
  private static let made = Task { await make() }

  /// True where all of these can be imported.
  package static func has(_ modules: String...) async -> Bool {
    let script = "import \(modules.joined(separator: ", "))"
    if await succeeds(named ?? "python3", ["-c", script]) { return true }
    guard named == nil, await made.value else { return false }
    return await succeeds("\(folder)/bin/python", ["-c", script])
  }

  /// Makes the environment; whether it is there.
  private static func make() async -> Bool {
    let program = "\(folder)/bin/python"
    let script = "import \(packages.joined(separator: ", "))"
    if await succeeds(program, ["-c", script]) { return true }
    guard await succeeds("python3", ["-m", "venv", folder]) else { return false }
    return await succeeds(program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + packages)
  }

  private static func succeeds(_ program: String, _ arguments: [String]) async -> Bool {
    (try? await run(program, arguments, ""))?.succeeded ?? false
  }

  private static func run(_ program: String, _ arguments: [String], _ input: String) async throws -> Completion {
    try await Launcher.run(
      Command(
        program, arguments, environment: ProcessInfo.processInfo.environment, input: Array(input.utf8),
        timeout: .seconds(600), outputLimit: 16 << 20))
  }

  /// The program that has the packages.
  private static func program() async -> String {
    if let named { return named }
    return await succeeds("\(folder)/bin/python", ["--version"]) ? "\(folder)/bin/python" : "python3"
  }

  /// The lines that a script prints; nil where it ends with anything but 0, whose reason is printed.
  package static func lines(_ script: String, _ input: String, arguments: [String] = []) async throws -> [String]? {
    let done = try await run(await program(), ["-c", script] + arguments, input)
    guard done.succeeded else {
      print(String(decoding: done.errorOutput.suffix(4000), as: UTF8.self))
      return nil
    }
    return String(decoding: done.output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The numbers of each line.
  package static func numbers(_ script: String, _ input: String) async throws -> [[Double]]? {
    try await lines(script, input)?.map { $0.split(separator: " ").compactMap { Double($0) } }
  }
}
