/// Takes out of a text what a terminal would obey.
enum ControlText {
  /// The text without escape sequences (CSI, OSC, DCS and their like, in their 7-bit and UTF-8 forms) and control
  /// characters but tab and line feed. CRLF and a lone CR become a line feed. A sequence without an end goes to the
  /// end of its line, and no further than 4,096 bytes.
  static func removed(from text: [UInt8]) -> [UInt8] {
    guard text.contains(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F || $0 == 0xC2 }) else {
      return text
    }
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    text.withUnsafeBufferPointer { bytes in
      var at = 0
      while at < bytes.count {
        let byte = bytes[at]
        switch byte {
        case 0x0D:
          out.append(0x0A)
          at += at + 1 < bytes.count && bytes[at + 1] == 0x0A ? 2 : 1
        case 0x1B:
          at = sequenceEnd(bytes, kind: at + 1 < bytes.count ? bytes[at + 1] : 0, from: at + 2)
        case 0xC2 where at + 1 < bytes.count && (0x80..<0xA0).contains(bytes[at + 1]):
          at = sequenceEnd(bytes, kind: bytes[at + 1] - 0x40, from: at + 2, isAlone: true)
        case 0x80..<0xA0 where out.last == 0xC2:
          // What was taken out between the two bytes of a control character must not join them.
          out.removeLast()
          at += 1
        case 0x09, 0x0A, 0x20..<0x7F, 0x80...:
          out.append(byte)
          at += 1
        default:
          at += 1
        }
      }
    }
    return out
  }

  /// The index behind the sequence whose introducer, of this kind, ends before `start`.
  private static func sequenceEnd(
    _ bytes: UnsafeBufferPointer<UInt8>, kind: UInt8, from start: Int, isAlone: Bool = false
  ) -> Int {
    let limit = min(bytes.count, start + 4_096)
    var at = start
    switch kind {
    case UInt8(ascii: "["):
      while at < limit, (0x20..<0x40).contains(bytes[at]) { at += 1 }
      return at < limit && (0x40..<0x7F).contains(bytes[at]) ? at + 1 : at
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
      while at < limit, bytes[at] != 0x0A {
        if bytes[at] == 0x07 { return at + 1 }
        if bytes[at] == 0x1B { return at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\\") ? at + 2 : at }
        at += 1
      }
      return at
    case 0x20..<0x30 where !isAlone:
      while at < limit, (0x20..<0x30).contains(bytes[at]) { at += 1 }
      return at < limit && (0x30..<0x7F).contains(bytes[at]) ? at + 1 : at
    case 0x30..<0x7F:
      return start
    default:
      // A lone escape: what follows stands for itself.
      return isAlone ? start : min(start - 1, bytes.count)
    }
  }
}
