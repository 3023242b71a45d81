import CProcess
import Foundation
import Synchronization

/// A program that runs beside a test, with pipes to it. Foundation's `Process` is not used: it has crashed where many
/// tests start programs at once. Nor is `Processes`, which would tidy up what the tests look for.
///
/// What a child leaves behind is the test's own to look after; its pipes are closed with the last reference to it.
package final class Child: Sendable {
  /// Why a program did not start: the system's number for it.
  package struct Refused: Error {
    package let program: String
    package let code: Int32
  }

  /// Its process id.
  package let process: pid_t
  private let input: Mutex<Int32>
  private let output: Int32
  private let errors: Int32
  private let status = Mutex<Int32?>(nil)

  /// Starts `program`, a path or a name that is looked for along this process's `PATH`.
  ///
  /// - Parameters:
  ///   - program: what to start.
  ///   - arguments: what it gets.
  ///   - environment: all that it gets; nil is this process's own.
  ///   - folder: where it starts; nil is this process's own.
  ///   - readsOutput: false closes the reading end of its output before it starts.
  ///   - readsErrors: true keeps its standard error for `errors()`; else it goes where this process's own does.
  /// - Throws: `Refused`.
  package init(
    _ program: String, _ arguments: [String] = [], environment: [String: String]? = nil, folder: String? = nil,
    readsOutput: Bool = true, readsErrors: Bool = false
  ) throws {
    let pipes = [Child.pipe(), Child.pipe(), Child.pipe()]
    if !readsOutput { close(pipes[1].readEnd) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, pipes[0].readEnd, 0)
    posix_spawn_file_actions_adddup2(&actions, pipes[1].writeEnd, 1)
    if readsErrors { posix_spawn_file_actions_adddup2(&actions, pipes[2].writeEnd, 2) }
    if let folder { _ = cprocess_add_folder(&actions, folder) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A thread of Dispatch holds signals off, and tests ignore some.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let world = environment ?? ProcessInfo.processInfo.environment
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    var variables = world.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, program, &actions, &attributes, &words, &variables)
    for end in [pipes[0].readEnd, pipes[1].writeEnd, pipes[2].writeEnd] { close(end) }
    self.process = process
    input = Mutex(pipes[0].writeEnd)
    output = readsOutput ? pipes[1].readEnd : -1
    errors = pipes[2].readEnd
    if code != 0 { throw Refused(program: program, code: code) }
  }

  deinit {
    closeInput()
    if output >= 0 { close(output) }
    close(errors)
  }

  /// The first line that it prints, without its end; less where it ends before.
  package func line() async -> String {
    await Child.onThread { [output] in
      var line: [UInt8] = []
      while let byte = Child.next(output, most: 1).first, byte != 10 { line.append(byte) }
      return String(decoding: line, as: UTF8.self)
    }
  }

  /// What it prints until `text` was among it, or until it ends.
  package func output(until text: String) async -> String {
    await Child.onThread { [output] in
      var said: [UInt8] = []
      while !String(decoding: said, as: UTF8.self).contains(text) {
        let more = Child.next(output, most: 4096)
        if more.isEmpty { break }
        said += more
      }
      return String(decoding: said, as: UTF8.self)
    }
  }

  /// All that it prints from now on, up to its end.
  package func output() async -> [UInt8] { await Child.onThread { [output] in Child.rest(output) } }

  /// The same, blocking this thread.
  package func rest() -> [UInt8] { Child.rest(output) }

  /// All that it writes to standard error from now on, up to its end.
  package func errors() async -> [UInt8] { await Child.onThread { [errors] in Child.rest(errors) } }

  /// Gives it `bytes` to read. A child that reads nothing is waited for where they are more than a pipe holds.
  package func write(_ bytes: [UInt8]) {
    input.withLock { end in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(end, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Ends what it reads.
  package func closeInput() {
    input.withLock { end in
      if end >= 0 { close(end) }
      end = -1
    }
  }

  /// Sends it `signal`.
  package func send(_ signal: Int32) { kill(process, signal) }

  /// Waits for its end: its exit status, or 128 and the number of the signal that ended it. May be asked again.
  package func ended() async -> Int32 { await Child.onThread { self.wait() } }

  /// The same, blocking this thread: for what has to be known before a test begins.
  package func wait() -> Int32 {
    status.withLock { status in
      if let status { return status }
      var raw: Int32 = 0
      while waitpid(process, &raw, 0) < 0, errno == EINTR {}
      let signal = raw & 0x7F
      let ending = signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
      status = ending
      return ending
    }
  }

  /// True where bubblewrap is there, and this machine lets it make a sandbox.
  package static let hasSandbox: Bool = {
    let child = try? Child("bwrap", ["--unshare-all", "--ro-bind", "/", "/", "true"])
    return child?.wait() == 0
  }()

  /// The tasks of all tests share a few threads, so what blocks gets one of its own.
  private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: body()) }.start()
    }
  }

  private static func rest(_ descriptor: Int32) -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let more = next(descriptor, most: 64 << 10)
      if more.isEmpty { return all }
      all += more
    }
  }

  /// The bytes that come next, none at the end.
  private static func next(_ descriptor: Int32, most: Int) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: most)
    while true {
      let count = read(descriptor, &buffer, most)
      if count < 0, errno == EINTR { continue }
      return Array(buffer.prefix(max(0, count)))
    }
  }

  private static func pipe() -> (readEnd: Int32, writeEnd: Int32) {
    var ends: [Int32] = [-1, -1]
    _ = cprocess_pipe(&ends)
    return (ends[0], ends[1])
  }
}
