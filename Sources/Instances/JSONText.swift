import Glibc

/// The text of JSON strings that a `JSONScanner` has passed.
enum JSONText {
  /// The string of `slice`, its escapes undone.
  static func string(_ slice: JSONSlice, in text: UnsafeBufferPointer<UInt8>) -> String {
    guard slice.isEscaped else { return String(decoding: text[slice.range], as: UTF8.self) }
    return String(decoding: bytes(slice, in: text), as: UTF8.self)
  }

  /// The UTF-8 bytes of `slice`, its escapes undone.
  static func bytes(_ slice: JSONSlice, in text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    // An escape is never shorter than what it stands for.
    [UInt8](unsafeUninitializedCapacity: slice.range.count) { buffer, count in
      var at = slice.range.lowerBound
      var length = 0
      while at < slice.range.upperBound {
        let run = plainRun(in: text, from: at, to: slice.range.upperBound)
        if run > 0, let target = buffer.baseAddress, let source = text.baseAddress {
          memcpy(target + length, source + at, run)
          length += run
          at += run
        } else if text[at + 1] == UInt8(ascii: "u") {
          var value = unit(at: at, in: text)
          at += 6
          if (0xD800..<0xDC00).contains(value) {
            value = 0x10000 + (value - 0xD800) << 10 + (unit(at: at, in: text) - 0xDC00)
            at += 6
          }
          for byte in Unicode.Scalar(value).flatMap(UTF8.encode) ?? UTF8.encodedReplacementCharacter {
            buffer[length] = byte
            length += 1
          }
        } else {
          buffer[length] = single(text[at + 1])
          length += 1
          at += 2
        }
      }
      count = length
    }
  }

  /// How many bytes stand before the next backslash.
  private static func plainRun(in text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int {
    guard let base = text.baseAddress else { return 0 }
    guard let found = memchr(base + start, 0x5C, end - start) else { return end - start }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base + start)
  }

  /// What a backslash and `letter` stand for.
  private static func single(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    default: letter
    }
  }

  /// The value of one hexadecimal digit.
  static func hexadecimal(_ digit: UInt8) -> UInt32? {
    switch digit {
    case 48...57: UInt32(digit - 48)
    case 65...70: UInt32(digit - 55)
    case 97...102: UInt32(digit - 87)
    default: nil
    }
  }

  private static func unit(at: Int, in text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    (2..<6).reduce(0) { $0 << 4 | (hexadecimal(text[at + $1]) ?? 0) }
  }
}
