/// What a terminal pastes between the marks that say so ("bracketed paste"), read until the second mark.
///
/// Source of the marks: xterm's control sequences, private mode 2004.
struct Paste {
  /// Asks the terminal for the marks, and no longer.
  static let on = "\u{1B}[?2004h"
  static let off = "\u{1B}[?2004l"
  /// The first mark, as keys.
  static let begin = Array("\u{1B}[200~".unicodeScalars)
  private static let end = Array("\u{1B}[201~".utf8)

  private var bytes: [UInt8] = []
  /// Where the second mark may begin.
  private var searched = 0
  /// True once the second mark has come.
  private(set) var isWhole = false
  /// What came behind the second mark.
  private(set) var rest: [UInt8] = []

  /// Takes more of what comes, until the block is whole.
  mutating func take(_ more: [UInt8]) {
    guard !isWhole else { return }
    bytes += more
    while let start = bytes[searched...].firstIndex(of: 0x1B) {
      searched = start
      guard bytes.count - start >= Paste.end.count else { return }
      if bytes[start...].starts(with: Paste.end) {
        rest = Array(bytes[(start + Paste.end.count)...])
        bytes.removeSubrange(start...)
        isWhole = true
        return
      }
      searched += 1
    }
    searched = bytes.count
  }

  /// The lines of the block; the last one has no newline behind it, and may be empty. Tabs are blanks in them, other
  /// controls are left out: they would be keys, and the block is text.
  var lines: [String] {
    var lines = [String.UnicodeScalarView()]
    var isAfterReturn = false
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      defer { isAfterReturn = scalar == "\r" }
      switch scalar.value {
      case 0x0A where isAfterReturn: break
      case 0x0A, 0x0D: lines.append(String.UnicodeScalarView())
      case 0x09: lines[lines.count - 1].append(" ")
      case 0x00..<0x20, 0x7F...0x9F: break
      default: lines[lines.count - 1].append(scalar)
      }
    }
    return lines.map { String($0) }
  }
}
