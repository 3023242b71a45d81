/// The lines of a log without their ends, which are LF, CRLF or a lone CR, as Python reads a text file.
struct LogLines: Sequence, IteratorProtocol {
  private let text: LogText
  private let hasReturns: Bool
  private var at = 0
  /// The next line feed at or after `at`, or the end of the log.
  private var feed: Int

  init(_ text: LogText) {
    self.text = text
    hasReturns = text.index(of: 0x0D) != nil
    feed = text.index(of: 0x0A) ?? text.count
  }

  mutating func next() -> LogText? {
    let start = at
    guard start < text.count else { return nil }
    if feed < start { feed = text.index(of: 0x0A, from: start) ?? text.count }
    var end = feed
    at = feed + 1
    if hasReturns, let found = text[start..<feed].index(of: 0x0D) {
      end = start + found
      // The line feed of a CRLF belongs to its return.
      at = end + 1 < text.count && end + 1 == feed ? feed + 1 : end + 1
    }
    return text[start..<end]
  }
}

extension LogText {
  /// Hands on each line as a terminal would show it: without the sequences that set colours. Of a line that has some,
  /// at most 64 KiB are read.
  func eachShownLine(_ body: (LogText) -> Void) {
    let hasEscapes = index(of: 0x1B) != nil
    for line in LogLines(self) {
      if hasEscapes, let escape = line.index(of: 0x1B) {
        LogText.reading(line.prefix(1 << 16).shown(from: escape), body)
      } else {
        body(line)
      }
    }
  }

  /// The line without its escape sequences, of which the first is at `first`.
  private func shown(from first: Int) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(count)
    var at = 0
    var escape: Int? = first
    while let start = escape, start < count {
      kept.append(contentsOf: self[at..<start].bytes)
      at = start + 1
      if hasPrefix("[", at: at) {
        at = end(from: at + 1) { (0x20..<0x40).contains($0) }
        at = min(at + 1, count)
      } else {
        at = min(at + 1, count)
      }
      escape = index(of: 0x1B, from: at)
    }
    kept.append(contentsOf: from(at).bytes)
    return kept
  }
}
