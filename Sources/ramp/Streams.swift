import Glibc
import Instances

/// Standard output and standard error, written at once. A reader that has gone away ends the program quietly.
enum Streams {
  @Sendable static func out(_ text: String) { write(text, to: STDOUT_FILENO) }

  @Sendable static func err(_ text: String) { write(text, to: STDERR_FILENO) }

  /// All of standard input.
  ///
  /// - Throws: `DatasetError.tooLarge` above `limit` bytes, as of a file.
  static func input(limit: Int) throws(DatasetError) -> [UInt8] {
    var all: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = block.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count == 0 { return all }
      guard count > 0 else {
        if errno == EINTR || errno == EAGAIN { continue }
        throw .unreadable(path: "standard input", reason: String(cString: strerror(errno)).lowercased())
      }
      all += block[..<count]
      if all.count > limit { throw .tooLarge(path: "standard input", limit: limit) }
    }
  }

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
