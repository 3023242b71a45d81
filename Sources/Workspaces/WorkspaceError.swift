import Foundation
import Repositories

/// Why tests could not be run at all: never the model's fault. No test has run when one is thrown.
package enum WorkspaceError: Error, Hashable, Sendable {
  /// bubblewrap is not installed.
  case noSandbox
  /// The system forbids bubblewrap what it needs. `setting` is the kernel setting that does, where it is known.
  case sandboxForbidden(reason: String, setting: String?)
  /// bubblewrap did not start for another reason.
  case sandboxFailed(reason: String)
  /// The kernel's Landlock did not hold a trial.
  case landlockUnusable(reason: String)
  /// There is no engine of containers; `name` is the one that was asked for.
  case noEngine(name: String?)
  /// The row has neither an image of its own nor an id that names one.
  case noImage
  /// The row's image is not on this machine.
  case imageMissing(engine: String, image: String)
  /// The engine did not do its part; `reason` is its word.
  case containerFailed(engine: String, reason: String)
  /// There is no Python of this name.
  case noPython(name: String)
  /// The Python does not start, or lies where a sandbox would have to show the whole home folder.
  case pythonUnusable(name: String, reason: String)
  /// There is no Python of this version, `3.6`.
  case noPythonVersion(String)
  /// The Python at this path has nothing to make a virtual environment with.
  case noVenv(python: String, version: String)
  /// The environment called `name`, `owner/name VERSION`, could not be made; the last lines of its log, and where all of
  /// it is.
  case environmentFailed(name: String, lines: [String], log: String?)
  /// A file of specs cannot be used.
  case badSpecs(path: String, reason: String)
  /// The row's test patch does not fit its commit.
  case testPatchRefused(PatchError)
  /// The test patch names no file whose tests could run.
  case noTestFiles
  /// A change would write outside the repository, into `.git*`, or through a file or link as if it were a folder.
  case unsafePath(String)
  /// The copy of the commit could not be written; `reason` is the system's word.
  case notWritten(reason: String)
}

extension WorkspaceError {
  /// What to type for a bubblewrap that works, as it is told beside what holds tests instead; nil where that is not
  /// known.
  var remedy: String? {
    switch self {
    case .noSandbox: "`apt install bubblewrap`"
    case .sandboxForbidden(_, let setting?): "`sudo sysctl -w \(setting)` lets bubblewrap work"
    case .sandboxForbidden(let reason, nil), .sandboxFailed(let reason): "bubblewrap does not start: \(reason)"
    default: nil
    }
  }
}

extension WorkspaceError {
  /// True where a row's tests cannot be begun on this machine as it is, and those of other rows may be.
  package var isOfEnvironment: Bool {
    switch self {
    case .environmentFailed, .noPythonVersion, .noVenv, .imageMissing: true
    default: false
    }
  }
}

extension WorkspaceError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .noSandbox: "bubblewrap (bwrap), which keeps tests away from your files, is not there"
    case .sandboxForbidden(let reason, let setting):
      "the system forbids bubblewrap to make a sandbox: \(reason)" + (setting.map { " (\($0))" } ?? "")
    case .sandboxFailed(let reason): "bubblewrap did not start: \(reason)"
    case .landlockUnusable(let reason): "the kernel's Landlock cannot hold tests: \(reason)"
    case .noEngine(let name): name.map { "\($0) is not there" } ?? "neither docker nor podman is there"
    case .noImage: "the row names no container image"
    case .imageMissing(_, let image): "the image \(image) is not on this machine"
    case .containerFailed(let engine, let reason): "\(engine) ran no tests: \(reason)"
    case .noPython(let name): "there is no Python called \(name)"
    case .pythonUnusable(let name, let reason): "the Python \(name) cannot run tests: \(reason)"
    case .noPythonVersion(let version): "there is no Python \(version) here, which the row's environment needs"
    case .noVenv(let python, let version):
      "the row's environment needs a virtual environment, and \(python) (Python \(version)) cannot make one: "
        + "it has no ensurepip module"
    case .environmentFailed(let name, let lines, _):
      "the environment of \(name) could not be made" + (lines.isEmpty ? "" : ": \(lines.joined(separator: " | "))")
    case .badSpecs(let path, let reason): "the specs in \(path) cannot be used: \(reason)"
    case .testPatchRefused(let error): "the row's test patch was refused: \(error.localizedDescription)"
    case .noTestFiles: "the test patch names no file with tests"
    case .unsafePath(let path): "a change may not touch \(path)"
    case .notWritten(let reason): "the copy of the commit could not be written: \(reason)"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .noSandbox: "`apt install bubblewrap`, or `set sandbox off` to run tests with all your rights"
    case .sandboxForbidden(_, let setting?):
      "`sudo sysctl -w \(setting)`, or an AppArmor profile for bwrap, or `set sandbox off` to run tests with all your rights"
    case .sandboxForbidden(_, nil), .sandboxFailed:
      "try `bwrap --unshare-all --ro-bind / / true`; `set sandbox off` runs tests with all your rights"
    case .landlockUnusable:
      "`cat /sys/kernel/security/lsm` should name landlock, and the kernel's `lsm=` decides; `set sandbox bwrap` needs none"
    case .noEngine: "`apt install podman`, or `set sandbox on`, which needs none"
    case .noImage: "`set sandbox on` needs none"
    case .imageMissing(let engine, let image): "`\(engine) pull \(image)` gets it; it may take gigabytes"
    case .containerFailed(let engine, _):
      "try `\(engine) run --rm --network none IMAGE true`; `set sandbox on` needs no container"
    case .noPython: "`apt install python3`, or `set python PATH`"
    case .pythonUnusable: "`set python PATH` to another one, in a virtual environment say"
    case .noPythonVersion(let version):
      "`uv python install \(version)` or `pyenv install \(version)` gets one; `set tests.python PATH` takes another"
    case .noVenv(let python, let version):
      (python.hasPrefix("/usr/bin/")
        ? "`apt install python\(version.split(separator: ".").prefix(2).joined(separator: "."))-venv` brings it"
        : "a Python that was built whole brings it") + ", and uv along `PATH` does without; then type the line again"
    case .environmentFailed(_, _, let log?):
      "the whole log is \(log); `set tests.environments FILE` takes other packages, `set tests.python PATH` another Python"
    case .environmentFailed(_, _, nil):
      "`set tests.environments FILE` takes other packages, `set tests.python PATH` another Python"
    case .badSpecs:
      "`set tests.environments auto` takes those that ramp brings; docs/environments.md tells what a file holds"
    case .testPatchRefused: "the row does not belong to this commit: `info` shows both"
    case .noTestFiles: "give the row a test_command"
    case .unsafePath: "only plain files of the repository can be changed"
    case .notWritten: "`df -h` and `ulimit -a` show what is left; TMPDIR names another place"
    }
  }
}
