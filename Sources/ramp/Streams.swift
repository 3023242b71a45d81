import Glibc

/// Standard output and standard error, written at once. A reader that has gone away ends the program quietly.
enum Streams {
  @Sendable static func out(_ text: String) { write(text, to: STDOUT_FILENO) }

  @Sendable static func err(_ text: String) { write(text, to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EPIPE, descriptor == STDOUT_FILENO {
        exit(0)
      } else if errno != EINTR, errno != EAGAIN {
        return
      }
    }
  }
}
