import Glibc

/// Searching in bytes.
enum ByteSearch {
  static func contains(_ bytes: [UInt8], _ part: ArraySlice<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      part.withUnsafeBufferPointer { part in place(of: part, in: bytes, from: 0) != nil }
    }
  }

  static func contains(_ bytes: UnsafeBufferPointer<UInt8>, _ byte: UInt8) -> Bool {
    bytes.baseAddress.map { memchr($0, Int32(byte), bytes.count) != nil } ?? false
  }

  static func contains(_ text: String, _ byte: UInt8) -> Bool {
    var text = text
    return text.withUTF8 { contains($0, byte) }
  }

  static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    return a.withUnsafeBytes { a in
      b.withUnsafeBytes { b in
        guard let one = a.baseAddress, let other = b.baseAddress else { return true }
        return one == other || memcmp(one, other, a.count) == 0
      }
    }
  }

  /// How many LF there are, eight bytes at a time.
  static func lines(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    var count = 0
    var at = 0
    while at + 8 <= raw.count {
      // A byte that is LF is 0 here, and the only one whose high bit is then not set.
      let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self) ^ 0x0A0A_0A0A_0A0A_0A0A
      count &+= (~(((word & low) &+ low) | word | low)).nonzeroBitCount
      at &+= 8
    }
    while at < raw.count {
      if raw[at] == 10 { count += 1 }
      at += 1
    }
    return count
  }

  static func lines(in text: String) -> Int {
    var text = text
    return text.withUTF8 { lines(in: $0) }
  }

  /// The first LF at `from` or behind it.
  static func newline(in bytes: [UInt8], from: Int) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      guard from < bytes.count, let base = bytes.baseAddress, let hit = memchr(base + from, 10, bytes.count - from)
      else { return nil }
      return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(hit))
    }
  }

  /// The first place of `part` at `from` or behind it. Steps from one to the next of the byte of `part` that is rarest in
  /// source code.
  static func place(
    of part: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from: Int
  ) -> Int? {
    guard let base = bytes.baseAddress, let wanted = part.baseAddress, part.count <= bytes.count - from else {
      return part.isEmpty ? from : nil
    }
    var lead = 0
    for index in 0..<min(part.count, 400) where rarity[Int(part[index])] > rarity[Int(part[lead])] { lead = index }
    let byte = Int32(part[lead])
    let last = bytes.count - part.count
    var at = from
    while at <= last {
      guard let hit = memchr(base + at + lead, byte, last - at + 1) else { return nil }
      at = UnsafeRawPointer(base).distance(to: UnsafeRawPointer(hit)) - lead
      if bytes[at] == part[0], memcmp(base + at, wanted, part.count) == 0 { return at }
      at += 1
    }
    return nil
  }

  /// How rare a byte is in source code, roughly.
  private static let rarity: [UInt8] = (0...255).map { byte in
    switch UInt8(byte) {
    case 32: 0
    case 97, 101, 105, 110, 111, 114, 115, 116: 1
    case 10, 95, 99, 100, 102, 108, 109, 112, 117: 2
    case 40, 41, 44, 46, 98, 103, 104: 3
    case 34, 39, 58, 61, 118, 121: 4
    case 35, 45, 48...57, 91, 93, 119, 120: 5
    case 65...90, 107: 6
    default: 8
    }
  }
}
