import Glibc

/// Cuts bytes into lines as they come, the same lines wherever the bytes were cut on their way.
struct LineSplitter {
  /// What ends a line.
  enum Ends {
    /// LF; a CR before it belongs to the end.
    case newline
    /// LF, CR, or both, as in an event stream.
    case newlineOrReturn
  }

  /// The most bytes of a line that has not ended; a server that sends none of its ends must not fill the memory.
  static let limit = 16 << 20

  private let ends: Ends
  private var rest: [UInt8] = []
  /// The last byte was a CR that ended a line: an LF that follows belongs to it.
  private var isAfterReturn = false
  /// A line grew beyond ``limit``; nothing is read any more.
  private(set) var isOverLimit = false

  init(ends: Ends) {
    self.ends = ends
  }

  /// The lines that `bytes` complete, without their ends.
  mutating func take(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    guard !isOverLimit, !bytes.isEmpty else { return [] }
    var lines: [ArraySlice<UInt8>] = []
    var start = isAfterReturn && bytes[0] == 10 ? 1 : 0
    isAfterReturn = false
    // The next LF is looked for once, however many CRs stand before it.
    var newline = LineSplitter.find(10, in: bytes, from: start, to: bytes.count)
    while true {
      var end = newline
      if ends == .newlineOrReturn {
        end = LineSplitter.find(13, in: bytes, from: start, to: newline ?? bytes.count) ?? newline
      }
      guard let end else { break }
      lines.append(line(with: bytes[start..<end]))
      start = end + 1
      if bytes[end] == 13 {
        if start == bytes.count { isAfterReturn = true } else if bytes[start] == 10 { start += 1 }
      }
      if let found = newline, found < start {
        newline = LineSplitter.find(10, in: bytes, from: start, to: bytes.count)
      }
    }
    rest += bytes[start...]
    isOverLimit = rest.count > LineSplitter.limit
    if isOverLimit { rest = [] }
    return lines
  }

  /// The last line where it had no end; nil where there is none.
  mutating func end() -> ArraySlice<UInt8>? {
    rest.isEmpty ? nil : line(with: [])
  }

  private mutating func line(with tail: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = tail
    if !rest.isEmpty {
      line = (rest + tail)[...]
      rest = []
    }
    if ends == .newline, line.last == 13 { line.removeLast() }
    return line
  }

  /// The first place of `byte` in a part of `bytes`.
  private static func find(_ byte: Int32, in bytes: [UInt8], from start: Int, to end: Int) -> Int? {
    guard start < end else { return nil }
    return bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress, let found = memchr(base + start, byte, end - start) else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}
