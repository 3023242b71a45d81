import Glibc

/// Reads a whole file, or says why not.
package enum FileBytes {
  /// The most that is read of one file of rows, in bytes.
  package static let limit = 1 << 30

  /// The most that is read of a pipe or a device, in bytes.
  private static let streamLimit = 512 << 20
  /// How many seconds a pipe may give nothing.
  private static let patience = 60

  /// The bytes of the file at `path`, or of what a pipe gives until it ends.
  ///
  /// - Throws: `noSuchFile`; `unreadable`, for a folder too; `tooLarge` above `limit` bytes.
  package static func read(_ path: String, limit: Int = FileBytes.limit) throws(DatasetError) -> [UInt8] {
    // A pipe by name would wait for ever for one who writes to it.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .noSuchFile(path: path) }
      throw .unreadable(path: path, reason: reason(errno))
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .unreadable(path: path, reason: reason(errno)) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .unreadable(path: path, reason: "it is a folder") }
    let isFile = status.st_mode & S_IFMT == S_IFREG
    // What has no size is not read to such a length.
    let limit = isFile ? limit : min(limit, FileBytes.streamLimit)
    guard status.st_size <= limit else { throw .tooLarge(path: path, limit: limit) }
    var bytes: [UInt8] = []
    var hasWaited = false
    var room = Int(status.st_size) + 1
    while true {
      // The size is only a hint: a pipe has none, and a file may grow while it is read.
      var failure: Int32 = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        while count < room {
          let got = Glibc.read(file, buffer.baseAddress?.advanced(by: count), room - count)
          if got < 0, errno == EINTR { continue }
          if got < 0, errno == EAGAIN {
            // Somebody holds the other end and writes nothing yet.
            failure = wait(for: file, seconds: patience)
            if failure == 0 { continue }
            break
          }
          if got == 0, status.st_mode & S_IFMT == S_IFIFO, bytes.isEmpty, count == 0, !hasWaited {
            // Nobody has opened the other end.
            hasWaited = true
            if wait(for: file, seconds: 5) == 0 { continue }
          }
          if got < 0 { failure = errno }
          if got <= 0 { break }
          count += got
        }
      }
      if failure != 0 { throw .unreadable(path: path, reason: reason(failure)) }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      if chunk.count < room { return bytes }
      guard bytes.count <= limit else { throw .tooLarge(path: path, limit: limit) }
      room = max(1 << 16, bytes.count)
    }
  }

  /// Waits until a pipe or a device has something to read or has ended; gives 0, or the error where that takes longer.
  private static func wait(for file: Int32, seconds: Int) -> Int32 {
    var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    for _ in 0..<(seconds * 10) {
      let ready = poll(&waiting, 1, 100)
      if ready > 0 { return 0 }
      if ready < 0, errno != EINTR { return errno }
      if Task.isCancelled { return ECANCELED }
    }
    return ETIMEDOUT
  }

  private static func reason(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text).lowercased()
  }
}
