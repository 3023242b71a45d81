import Glibc

/// One output of a program as it is read: the first bytes kept, the others counted.
struct Stream {
  /// The pipe's end; -1 once the program has closed it or it is not wanted.
  private(set) var descriptor: Int32
  /// The first bytes, at most `limit`.
  private(set) var kept: [UInt8] = []
  /// How many bytes came in all.
  private(set) var total = 0
  private let limit: Int
  private let told: (@Sendable ([UInt8]) -> Void)?

  init(_ descriptor: Int32, limit: Int, told: (@Sendable ([UInt8]) -> Void)? = nil) {
    self.descriptor = descriptor
    self.told = told
    self.limit = max(0, limit)
    if descriptor >= 0 { makeNonblocking(descriptor) }
  }

  /// True where bytes were dropped.
  var isCut: Bool { total > kept.count }

  /// Reads what is there now, at most `most` bytes, and closes the end when the program has.
  mutating func take(_ buffer: inout [UInt8], most: Int = 1 << 20) {
    var taken = 0
    while descriptor >= 0, taken < most {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 {
        total += count
        taken += count
        let room = min(count, limit - kept.count)
        if room > 0 { kept.append(contentsOf: buffer[0..<room]) }
        told?(Array(buffer[0..<count]))
      } else if count < 0, errno == EINTR {
        continue
      } else {
        if count == 0 || errno != EAGAIN { close() }
        return
      }
    }
  }

  /// Stops listening.
  mutating func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }
}
