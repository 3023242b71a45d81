import Glibc

/// The standard input of a program as it is written. A program that stops reading is no error.
struct Feed {
  /// The pipe's end; -1 once all is written or the program has closed its own.
  private(set) var descriptor: Int32
  private let bytes: [UInt8]
  private var written = 0

  init(_ descriptor: Int32, _ bytes: [UInt8]) {
    self.descriptor = descriptor
    self.bytes = bytes
    if descriptor >= 0 { makeNonblocking(descriptor) }
  }

  /// Writes what the pipe takes now. SIGPIPE must be blocked in the calling thread.
  mutating func give() {
    while descriptor >= 0, written < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        write(descriptor, all.baseAddress.map { $0 + written }, all.count - written)
      }
      if count > 0 {
        written += count
      } else if errno == EINTR {
        continue
      } else {
        if errno != EAGAIN { close() }
        return
      }
    }
    close()
  }

  /// Ends the input.
  mutating func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }
}

/// Runs `body` with SIGPIPE held off from this thread, and takes back the one that `body` may have caused, so that no
/// handler of the process is changed.
func withoutBrokenPipeSignal<Value>(_ body: () -> Value) -> Value {
  var pipes = sigset_t()
  var before = sigset_t()
  sigemptyset(&pipes)
  sigaddset(&pipes, SIGPIPE)
  pthread_sigmask(SIG_BLOCK, &pipes, &before)
  let value = body()
  var now = timespec()
  while sigtimedwait(&pipes, nil, &now) == SIGPIPE {}
  pthread_sigmask(SIG_SETMASK, &before, nil)
  return value
}
