import Foundation
import Processes

/// The git program, called so that nothing but the arguments decides what it does: no system or user configuration, no
/// hooks, monitors, attributes or submodules of the repository, no prompt.
package struct Git: Sendable {
  /// The program: a path, or a name that is looked for along `PATH`.
  package let executable: String
  /// Counts every call, where given.
  package let count: Counter?
  /// What was read of repositories with this git.
  let blobs = BlobShelf()
  /// How many bytes of files are read at once, at the most.
  let readLimit: Int
  private let environment: [String: String]

  /// What git may know of the caller's world: where programs are, and how the network is reached.
  private static let inherited = [
    "PATH", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "SSH_AUTH_SOCK",
  ]

  private static let fixed = [
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0", "GIT_PAGER": "cat", "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent",
  ]

  private static let settings = [
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.attributesFile=/dev/null", "core.excludesFile=/dev/null",
    "core.alternateRefsCommand=true", "core.autocrlf=false", "core.quotePath=false", "safe.directory=*",
    "protocol.ext.allow=never", "submodule.recurse=false", "fetch.recurseSubmodules=false", "credential.helper=",
    "gc.auto=0", "maintenance.auto=false",
  ]

  /// The variable that holds a secret for a server of repositories: the URLs that begin so, a blank, and a header of
  /// HTTP, as in `https://git.example.org/ Authorization: Basic bWU6dG9rZW4=`. git gets it through its environment, and
  /// sends it to these URLs only.
  package static let headerVariable = "RAMP_GIT_HEADER"

  /// A git that takes `PATH`, the proxies and `RAMP_GIT_HEADER`, and nothing else, from `environment`. It reads files
  /// of `readLimit` bytes at once, at the most.
  package init(
    executable: String = "git", count: Counter? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment, readLimit: Int = 1 << 30
  ) {
    self.readLimit = readLimit
    self.executable = executable
    self.count = count
    self.environment = environment.filter { Git.inherited.contains($0.key) }.merging(Git.fixed) { $1 }
      .merging(Git.header(environment[Git.headerVariable] ?? "")) { $1 }
  }

  /// The variables that make git send the header that `text` names, none where it names none.
  private static func header(_ text: String) -> [String: String] {
    guard let blank = text.firstIndex(of: " "), text.hasPrefix("http"), !text.contains(where: \.isNewline) else {
      return [:]
    }
    return [
      "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.\(text[..<blank]).extraHeader",
      "GIT_CONFIG_VALUE_0": String(text[text.index(after: blank)...]),
    ]
  }

  /// What a call of git gave.
  package struct Answer: Sendable {
    /// Its exit status.
    package let exit: Int32
    /// Its standard output.
    package let output: [UInt8]
    /// Its standard error.
    package let errorOutput: [UInt8]
  }

  /// Runs git with `arguments` and gives its standard output, of which more than `outputLimit` bytes are an error.
  ///
  /// `repository` is the git directory; nil stands for a command that needs none, which then finds none. It runs in
  /// `directory`; nil means `/`.
  ///
  /// - Throws: `GitError.failed` for any status but 0, `.notInstalled`, `CancellationError`.
  package func run(
    _ arguments: [String], repository: String? = nil, directory: String? = nil, input: [UInt8] = [],
    outputLimit: Int = 1 << 28
  ) async throws -> [UInt8] {
    let answer = try await call(
      arguments, repository: repository, directory: directory, input: input, outputLimit: outputLimit)
    guard answer.exit == 0 else { throw failure(arguments, exit: answer.exit, answer.errorOutput) }
    return answer.output
  }

  /// Runs git with `arguments`, as `run` does, and gives its status too.
  package func call(
    _ arguments: [String], repository: String? = nil, directory: String? = nil, input: [UInt8] = [],
    outputLimit: Int = 1 << 28
  ) async throws -> Answer {
    count?.add()
    var environment = environment
    if repository == nil { environment["GIT_CEILING_DIRECTORIES"] = directory.map(Git.parent) ?? "/" }
    let command = Command(
      executable,
      Git.settings.flatMap { ["-c", $0] } + (repository.map { ["--git-dir=\($0)"] } ?? []) + arguments,
      environment: environment, directory: directory ?? "/", input: input, outputLimit: outputLimit)
    let done: Completion
    do { done = try await Launcher.run(command) } catch ProcessError.notFound { throw missing } catch ProcessError
      .notExecutable
    { throw missing }
    guard case .exited(let status) = done.ending else { throw failure(arguments, exit: nil, done.errorOutput) }
    if done.outputCut {
      throw GitError.failed(
        command: arguments.first ?? "", exit: status, line: "it gave more than \(outputLimit) bytes")
    }
    return Answer(exit: status, output: done.output, errorOutput: done.errorOutput)
  }

  /// The error of a call that ended with `exit` and said `errorOutput`.
  func failure(_ arguments: [String], exit: Int32?, _ errorOutput: [UInt8]) -> GitError {
    let lines = String(decoding: errorOutput, as: UTF8.self).split(whereSeparator: \.isNewline)
    let line = lines.first { $0.hasPrefix("fatal: ") || $0.hasPrefix("error: ") }.map { $0.dropFirst(7) } ?? lines.last
    return .failed(command: arguments.first ?? "", exit: exit, line: line.map(String.init) ?? "")
  }

  private var missing: GitError { .notInstalled(executable: executable) }

  private static func parent(_ path: String) -> String {
    let parts = path.split(separator: "/").dropLast()
    return "/" + parts.joined(separator: "/")
  }
}
