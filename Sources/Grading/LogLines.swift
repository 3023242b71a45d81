import Glibc

/// The lines of a log without their line feeds; a carriage return at a line's end stays.
///
/// A log is hostile: it may be binary, one line of a gigabyte, or cut anywhere. Everything that reads lines works in
/// time linear in the log.
struct LogLines: Sequence, IteratorProtocol {
  private let log: [UInt8]
  private var at: Int
  private let end: Int

  init(_ log: [UInt8]) { self.init(log, 0..<log.count) }

  init(_ log: [UInt8], _ range: Range<Int>) {
    self.log = log
    at = range.lowerBound
    end = range.upperBound
  }

  mutating func next() -> ArraySlice<UInt8>? {
    guard at < end else { return nil }
    let start = at
    let stop = log.withUnsafeBytes { bytes -> Int in
      guard let base = bytes.baseAddress, let found = memchr(base + start, 0x0A, end - start) else { return end }
      return UnsafeRawPointer(found) - base
    }
    at = stop + 1
    return log[start..<stop]
  }
}

extension ArraySlice<UInt8> {
  /// The index at which `text`, which is short and not empty, first stands, at or after `start`.
  func index(of text: StaticString, from start: Int? = nil) -> Int? {
    withUnsafeBytes { bytes -> Int? in
      let length = text.utf8CodeUnitCount
      guard let base = bytes.baseAddress else { return nil }
      var at = (start ?? startIndex) - startIndex
      while at + length <= bytes.count {
        let room = bytes.count - length - at + 1
        guard let found = memchr(base + at, Int32(text.utf8Start[0]), room) else { return nil }
        if memcmp(found, text.utf8Start, length) == 0 { return UnsafeRawPointer(found) - base + startIndex }
        at = UnsafeRawPointer(found) - base + 1
      }
      return nil
    }
  }

  func hasPrefix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount
      && withUnsafeBytes { $0.baseAddress.map { memcmp($0, text.utf8Start, text.utf8CodeUnitCount) == 0 } ?? false }
  }

  func hasSuffix(_ text: StaticString) -> Bool { suffix(text.utf8CodeUnitCount).hasPrefix(text) }

  /// Without white space at both ends.
  var trimmed: ArraySlice<UInt8> {
    guard let first = firstIndex(where: { !$0.isBlank }), let last = lastIndex(where: { !$0.isBlank }) else {
      return self[startIndex..<startIndex]
    }
    return self[first...last]
  }

  /// The first `count` words, split at white space.
  func words(_ count: Int) -> [ArraySlice<UInt8>] {
    var words: [ArraySlice<UInt8>] = []
    var at = startIndex
    while words.count < count {
      guard let start = self[at...].firstIndex(where: { !$0.isBlank }) else { break }
      let stop = self[start...].firstIndex(where: { $0.isBlank }) ?? endIndex
      words.append(self[start..<stop])
      at = stop
    }
    return words
  }

  /// The text, with what is not UTF-8 replaced.
  var text: String { String(decoding: self, as: UTF8.self) }
}

extension UInt8 {
  /// True for ASCII white space.
  var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) || (0x1C...0x1F).contains(self) }
  /// True for ASCII digits.
  var isDigit: Bool { (48...57).contains(self) }
  /// True for what a Python name is made of; bytes above 127 count as letters.
  var isWord: Bool {
    isDigit || (65...90).contains(self) || (97...122).contains(self) || self == UInt8(ascii: "_") || self > 127
  }
}
