import Dispatch
import Glibc
import Synchronization

/// Runs a program as a shell would: on the same terminal, in the same process group, so that Control-C and Control-Z
/// reach it. For pagers, editors and what a person types behind `!` and `|`; never for anything that is not trusted.
///
/// SIGTERM, which comes to ramp alone, is handed on to the program and what it has started; after a second they are
/// killed.
package enum Foreground {
  /// Runs `command` with `/bin/sh` and waits for its end.
  ///
  /// - Parameters:
  ///   - command: the shell's text.
  ///   - arguments: what `$1` and so on stand for in it.
  ///   - input: the bytes of its standard input; nil leaves it the terminal. A program that stops reading is no error.
  /// - Returns: its exit status, or 128 and the number of the signal that ended it.
  /// - Throws: `ProcessError.launch`.
  package static func shell(_ command: String, arguments: [String] = [], input: [UInt8]? = nil) async throws -> Int32 {
    let words = ["/bin/sh", "-c", command, "sh"] + arguments
    if words.contains(where: { $0.utf8.contains(0) }) { throw ProcessError.nulByte(name: "/bin/sh") }
    let result: Result<Int32, ProcessError> = await withCheckedContinuation { continuation in
      // A thread of its own: waiting for a person may take hours.
      DispatchQueue(label: "ramp.foreground").async {
        continuation.resume(returning: Result { () throws(ProcessError) in try run(words, input) })
      }
    }
    return try result.get()
  }

  private static func run(_ words: [String], _ input: [UInt8]?) throws(ProcessError) -> Int32 {
    func refuse(_ code: Int32) -> ProcessError {
      .launch(name: words[0], reason: String(cString: strerror(code)).lowercased())
    }
    var pipe: Pipe?
    if input != nil {
      do { pipe = try Pipe() } catch { throw refuse(error.code) }
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let pipe { posix_spawn_file_actions_adddup2(&actions, pipe.readEnd, STDIN_FILENO) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // ramp ignores or holds off some signals; the program gets them as it would from a shell.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGTSTP] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var texts = words.map { strdup($0) } + [nil]
    defer { for text in texts { free(text) } }
    let mark = Mark.next()
    var variables = environment(mark)
    defer { for text in variables { free(text) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, words[0], &actions, &attributes, &texts, &variables)
    let end = TreeEnd(Survivors(leader: process, mark: mark.text))
    let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
    if code == 0 {
      source.setEventHandler { @Sendable in end.begin() }
    }
    source.activate()
    defer { source.cancel() }
    if let pipe { close(pipe.readEnd) }
    if let pipe {
      if code == 0, let input { withoutBrokenPipeSignal { write(input, to: pipe.writeEnd) } }
      close(pipe.writeEnd)
    }
    guard code == 0 else { throw refuse(code) }
    var information = siginfo_t()
    while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    end.forget()
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  /// ramp's own environment with the mark in it, each as `NAME=VALUE`, ended by nil.
  private static func environment(_ mark: Mark) -> [UnsafeMutablePointer<CChar>?] {
    let name = "\(Survivors.variable)="
    var variables: [UnsafeMutablePointer<CChar>?] = []
    var next = environ
    while let variable = next.pointee {
      if strncmp(variable, name, name.utf8.count) != 0 { variables.append(strdup(variable)) }
      next += 1
    }
    return variables + [strdup(name + mark.value), nil]
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return }
    }
  }
}

/// Ends a program in the foreground, and what it has started, until it has ended by itself.
private final class TreeEnd: Sendable {
  private let tree: Mutex<Survivors?>

  init(_ tree: Survivors) { self.tree = Mutex(tree) }

  /// Asks it to end, and kills it a second later.
  func begin() {
    send(SIGTERM)
    DispatchQueue.global().asyncAfter(deadline: .now() + 1) { self.send(SIGKILL) }
  }

  /// Does nothing any more: the program's id may soon be another's.
  func forget() { tree.withLock { $0 = nil } }

  private func send(_ signal: Int32) { tree.withLock { $0?.send(signal) } }
}
