import Glibc
import Synchronization

/// A pipe that wakes a thread out of `poll`. Ringing after it was closed does nothing.
final class Wake: Sendable {
  /// The end to poll; -1 once closed.
  let readEnd: Int32
  private let writeEnd: Mutex<Int32>

  init() throws(PipeRefused) {
    let pipe = try Pipe()
    makeNonblocking(pipe.writeEnd)
    readEnd = pipe.readEnd
    writeEnd = Mutex(pipe.writeEnd)
  }

  /// Makes `readEnd` readable, for good.
  func ring() {
    writeEnd.withLock { end in
      var byte: UInt8 = 1
      if end >= 0 { _ = write(end, &byte, 1) }
    }
  }

  /// Closes both ends. The one thread that polls `readEnd` must have stopped.
  func close() {
    writeEnd.withLock { end in
      if end >= 0 {
        _ = Glibc.close(end)
        _ = Glibc.close(readEnd)
      }
      end = -1
    }
  }
}
