import Foundation

/// Why a command could not be started. Nothing has run when one is thrown.
package enum ProcessError: Error, Hashable, Sendable {
  /// There is no program of this name along `PATH`, or no file at this path. `suggestion` says what to do about it.
  case notFound(name: String, suggestion: String)
  /// The file is there and cannot be run: not marked executable, or not a regular file.
  case notExecutable(path: String)
  /// The folder to start in is not there.
  case noFolder(path: String)
  /// An argument or a variable holds a NUL byte, which no program can be given.
  case nulByte(name: String)
  /// The system refused to start it; `reason` is the system's word.
  case launch(name: String, reason: String)
}

extension ProcessError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .notFound(let name, _): "\(name) is not there"
    case .notExecutable(let path): "\(path) cannot be run"
    case .noFolder(let path): "there is no folder \(path) to run in"
    case .nulByte(let name): "an argument or variable of \(name) holds a NUL byte"
    case .launch(let name, let reason): "\(name) did not start: \(reason)"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .notFound(_, let suggestion): suggestion
    case .notExecutable(let path): "`chmod +x \(path)`, or name another program"
    case .noFolder: "make the folder, or name another one"
    case .nulByte: "take the byte out of the text it came from"
    case .launch: "`ulimit -a` and `free -h` show what the machine has left"
    }
  }
}
