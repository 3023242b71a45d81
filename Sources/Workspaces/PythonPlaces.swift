import Foundation

/// Where Pythons of a version may be: along `PATH`, and where pyenv and uv keep theirs.
struct PythonPlaces {
  private let environment: [String: String]

  init(_ environment: [String: String]) { self.environment = environment }

  /// Names and paths to ask, the likeliest first. Shims of pyenv come last: they are slow, and mean what is chosen now.
  func candidates(_ version: String) -> [String] {
    let home = environment["HOME"] ?? "/nonexistent"
    let program = "python\(version)"
    let pyenv = environment["PYENV_ROOT"] ?? "\(home)/.pyenv"
    let uv =
      environment["UV_PYTHON_INSTALL_DIR"] ?? "\(environment["XDG_DATA_HOME"] ?? "\(home)/.local/share")/uv/python"
    let kept =
      folders(in: "\(pyenv)/versions", of: version, after: "").map { "\($0)/bin/\(program)" }
      + folders(in: uv, of: version, after: "cpython-").map { "\($0)/bin/\(program)" }
    let along = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
    let isShim = { (path: String) in path.contains("/shims/") }
    return (along.filter { !isShim($0) } + kept + along.filter(isShim) + ["python3"]).filter {
      !$0.hasPrefix("/") || access($0, X_OK) == 0
    }
  }

  /// The folders in `root` called after a release of `version`, the newest first.
  private func folders(in root: String, of version: String, after prefix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    let start = prefix + version
    return names.filter { $0 == start || $0.hasPrefix(start + ".") || $0.hasPrefix(start + "-") }
      .sorted { $0.compare($1, options: .numeric) == .orderedDescending }.map { "\(root)/\($0)" }
  }
}
