/// The head of an answer, gathered line by line as libcurl hands it on; interim heads (1xx) and trailers are passed over.
struct Head {
  /// The most bytes that all header lines may have together.
  static let limit = 256 << 10

  private(set) var isComplete = false
  /// How many bytes of header lines there were so far, trailers included.
  private(set) var bytes = 0
  private var status = 0
  private var headers: [(String, String)] = []

  /// Takes one line with its line break. Returns the head when the line is the empty one that ends it.
  mutating func take(_ raw: UnsafeRawBufferPointer) -> HTTPEvent? {
    bytes += raw.count
    guard !isComplete else { return nil }
    let line = raw.filter { $0 >= 32 && $0 != 127 || $0 == 9 }
    if line.starts(with: Array("HTTP/".utf8)) {
      status = Head.status(line)
      headers = []
      return nil
    }
    guard !line.isEmpty else { return end() }
    if line[0] == 32 || line[0] == 9 {
      continueLast(with: Head.text(line[...]))
    } else if let colon = line.firstIndex(of: 58) {
      headers.append((Head.text(line[..<colon]), Head.text(line[(colon + 1)...])))
    }
    return nil
  }

  private mutating func end() -> HTTPEvent? {
    guard status >= 200 else { return nil }
    isComplete = true
    return .head(status: status, headers: headers)
  }

  /// An old way of breaking a long value (RFC 9112, 5.2): the line belongs to the one before.
  private mutating func continueLast(with more: String) {
    guard let last = headers.popLast() else { return }
    headers.append((last.0, last.1 + " " + more))
  }

  /// The number after the first space: `HTTP/1.1 404 Not Found` gives 404; 0 where there is none.
  private static func status(_ line: [UInt8]) -> Int {
    let words = line.split(separator: 32, maxSplits: 2)
    guard words.count > 1 else { return 0 }
    return Int(String(decoding: words[1], as: UTF8.self)) ?? 0
  }

  /// `bytes` as UTF-8, without blanks at either end; wrong sequences become U+FFFD.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let isBlank: (UInt8) -> Bool = { $0 == 32 || $0 == 9 }
    var rest = bytes.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return String(decoding: rest, as: UTF8.self)
  }
}
