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
    guard !isOverLimit else { return [] }
    var lines: [ArraySlice<UInt8>] = []
    var start = bytes.startIndex
    for (index, byte) in bytes.enumerated() {
      let isSecondHalf = isAfterReturn && byte == 10
      isAfterReturn = false
      if isSecondHalf {
        start = index + 1
      } else if byte == 10 || byte == 13 && ends == .newlineOrReturn {
        isAfterReturn = byte == 13
        lines.append(line(with: bytes[start..<index]))
        start = index + 1
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
}
