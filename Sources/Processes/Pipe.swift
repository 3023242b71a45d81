import CProcess
import Glibc

/// The two ends of a pipe, which no program inherits unless it is given one.
struct Pipe {
  let readEnd: Int32
  let writeEnd: Int32

  /// A new pipe, or the error of the system that refused it.
  init() throws(PipeRefused) {
    var ends: [Int32] = [-1, -1]
    guard cprocess_pipe(&ends) == 0 else { throw PipeRefused(code: errno) }
    readEnd = ends[0]
    writeEnd = ends[1]
  }
}

/// The system had no pipe to give; `code` is its errno.
struct PipeRefused: Error {
  let code: Int32
}

/// Makes reads and writes of `descriptor` return at once.
func makeNonblocking(_ descriptor: Int32) {
  _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
}
