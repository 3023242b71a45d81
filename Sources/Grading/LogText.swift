import Glibc

/// Part of a log's bytes, borrowed for as long as the log is being read. Indices count from its own beginning, and an
/// index outside it stops the program instead of reading foreign memory.
///
/// A log is hostile: it may be binary, one line of a gigabyte, or cut anywhere. Whatever reads one works in time linear
/// in it.
struct LogText {
  private let start: UnsafePointer<UInt8>
  let count: Int

  /// Lets `body` read `log`.
  static func reading<Result>(_ log: [UInt8], _ body: (LogText) throws -> Result) rethrows -> Result {
    try log.withUnsafeBufferPointer { bytes in
      if let start = bytes.baseAddress { return try body(LogText(start: start, count: bytes.count)) }
      return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1) { one in
        one.initialize(repeating: 0)
        guard let start = one.baseAddress else { preconditionFailure("an allocation has an address") }
        return try body(LogText(start: start, count: 0))
      }
    }
  }

  private init(start: UnsafePointer<UInt8>, count: Int) {
    self.start = start
    self.count = count
  }

  var isEmpty: Bool { count == 0 }
  var first: UInt8? { count > 0 ? start[0] : nil }
  var last: UInt8? { count > 0 ? start[count - 1] : nil }

  subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count)
    return start[index]
  }

  subscript(range: Range<Int>) -> LogText {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return LogText(start: start + range.lowerBound, count: range.upperBound - range.lowerBound)
  }

  func from(_ index: Int) -> LogText { self[index..<max(index, count)] }
  func upTo(_ index: Int) -> LogText { self[0..<index] }
  func dropFirst(_ number: Int) -> LogText { from(min(number, count)) }
  func dropLast(_ number: Int) -> LogText { upTo(max(0, count - number)) }
  func prefix(_ most: Int) -> LogText { upTo(min(most, count)) }

  /// The text, with what is not UTF-8 replaced.
  var string: String { String(decoding: bytes, as: UTF8.self) }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  static func == (one: LogText, other: LogText) -> Bool {
    one.count == other.count && memcmp(one.start, other.start, one.count) == 0
  }

  static func == (one: LogText, other: StaticString) -> Bool {
    one.count == other.utf8CodeUnitCount && one.hasPrefix(other)
  }
}

// What stands where.
extension LogText {
  func hasPrefix(_ text: StaticString, at index: Int = 0) -> Bool {
    let length = text.utf8CodeUnitCount
    return index >= 0 && index + length <= count && memcmp(start + index, text.utf8Start, length) == 0
  }

  func hasSuffix(_ text: StaticString) -> Bool { hasPrefix(text, at: count - text.utf8CodeUnitCount) }

  /// The index of the first `byte` at or after `index`.
  func index(of byte: UInt8, from index: Int = 0) -> Int? {
    guard index < count, let found = memchr(start + index, Int32(byte), count - index) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(start)
  }

  /// The index at which `text`, which is short and not empty, first stands, at or after `index`. The search looks for
  /// the byte of `text` at `rare`: choose one that logs seldom have.
  func index(of text: StaticString, from index: Int = 0, rare: Int = 0) -> Int? {
    let length = text.utf8CodeUnitCount
    let last = count - length
    var at = index
    while at <= last {
      guard let found = memchr(start + at + rare, Int32(text.utf8Start[rare]), last - at + 1) else { return nil }
      let place = UnsafeRawPointer(found) - UnsafeRawPointer(start) - rare
      if memcmp(start + place, text.utf8Start, length) == 0 { return place }
      at = place + 1
    }
    return nil
  }

  func contains(_ text: StaticString, rare: Int = 0) -> Bool { index(of: text, rare: rare) != nil }

  /// The index of the last `byte`.
  func lastIndex(of byte: UInt8) -> Int? {
    var at = count
    while at > 0 {
      at -= 1
      if start[at] == byte { return at }
    }
    return nil
  }

  /// The index at which `text` last stands, ending at or before `end`.
  func lastIndex(of text: StaticString, endingBy end: Int) -> Int? {
    var at = min(end, count) - text.utf8CodeUnitCount
    while at >= 0 {
      if start[at] == text.utf8Start[0], hasPrefix(text, at: at) { return at }
      at -= 1
    }
    return nil
  }

  /// The end of the run, at `index`, of bytes that hold.
  func end(from index: Int, while holds: (UInt8) -> Bool) -> Int {
    var at = index
    while at < count, holds(start[at]) { at += 1 }
    return at
  }

  var isASCII: Bool { bytes.reduce(0, |) < 0x80 }

  func allSatisfy(_ holds: (UInt8) -> Bool) -> Bool { end(from: 0, while: holds) == count }
}

// White space as Python's `str.split` and `str.strip` see it.
extension LogText {
  /// How many bytes the white space at `index` has; 0 where none stands there.
  func blank(at index: Int) -> Int {
    guard index < count else { return 0 }
    let byte = start[index]
    if byte <= 0x20 { return byte.isBlank ? 1 : 0 }
    guard byte >= 0xC2, index + 1 < count else { return 0 }
    let second = start[index + 1]
    if byte == 0xC2 { return second == 0x85 || second == 0xA0 ? 2 : 0 }
    guard byte <= 0xE3, byte >= 0xE1, index + 2 < count else { return 0 }
    return Self.isWideBlank(byte, second, start[index + 2]) ? 3 : 0
  }

  /// How many bytes the white space that ends before `index` has.
  func blank(before index: Int) -> Int {
    guard index > 0 else { return 0 }
    let byte = start[index - 1]
    if byte <= 0x20 { return byte.isBlank ? 1 : 0 }
    guard byte >= 0x80, byte < 0xC0, index > 1 else { return 0 }
    if start[index - 2] == 0xC2 { return byte == 0x85 || byte == 0xA0 ? 2 : 0 }
    return index > 2 && Self.isWideBlank(start[index - 3], start[index - 2], byte) ? 3 : 0
  }

  /// U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F and U+3000.
  private static func isWideBlank(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    switch (first, second) {
    case (0xE1, 0x9A), (0xE3, 0x80): third == 0x80
    case (0xE2, 0x80): (0x80...0x8A).contains(third) || third == 0xA8 || third == 0xA9 || third == 0xAF
    case (0xE2, 0x81): third == 0x9F
    default: false
    }
  }

  /// Without white space at both ends.
  var trimmed: LogText {
    var low = 0
    var high = count
    while low < high {
      let length = blank(at: low)
      if length == 0 { break }
      low += length
    }
    while low < high {
      let length = blank(before: high)
      if length == 0 { break }
      high -= length
    }
    return self[low..<high]
  }

  /// The next run of bytes without white space, at or after `index`.
  func word(from index: Int) -> Range<Int>? {
    var low = index
    while low < count {
      let length = blank(at: low)
      if length == 0 { break }
      low += length
    }
    guard low < count else { return nil }
    var high = low
    while high < count {
      // Eight at a time, as long as none of them is a control, a space or part of a longer character.
      if high + 8 <= count {
        let word = UnsafeRawPointer(start + high).loadUnaligned(as: UInt64.self)
        let isPlain = (word &- 0x2121_2121_2121_2121 | word) & 0x8080_8080_8080_8080 == 0
        if isPlain {
          high += 8
          continue
        }
      }
      let byte = start[high]
      if byte <= 0x20 || byte >= 0xC2, blank(at: high) > 0 { break }
      high += 1
    }
    return low..<high
  }
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
