/// Makes two logs of the same tests equal: what differs from run to run is replaced, the order of lines is kept.
///
/// | in the log | becomes |
/// |---|---|
/// | escape sequences, control characters but tab and line feed | nothing; CRLF and lone CR are line feeds |
/// | `0x7f00deadbeef` (5 digits and more) | `0x0` |
/// | `/tmp/tmpa1b2c3/x`, `/var/tmp/...` | `/tmp/TMP/x` |
/// | `/tmp/pytest-of-me/pytest-12/x` | `/tmp/TMP/pytest-0/x` |
/// | `pid 123`, `pid=123`, `PID: 123` | `pid 0` and so on |
/// | `in 4.49s`, `in 69.84 seconds`, `0.05s call`, `(0:01:09)` behind a duration | `in 0.00s` and so on |
/// | a date and time at the beginning of a line, or in a bracket there | `0000-00-00 00:00:00` |
/// | `random seed:  123` | `random seed:  0` |
///
/// Times and dates elsewhere stay: a failing test compares them, and the reader needs to see them. Linear in the log.
package enum LogNormalizer {
  /// The log without what differs from run to run. Normalizing twice changes nothing more.
  package static func normalize(_ log: [UInt8]) -> [UInt8] {
    let clean = ControlText.removed(from: log)
    var out: [UInt8] = []
    out.reserveCapacity(clean.count)
    clean.withUnsafeBufferPointer { text in
      var scan = Scan(text: text)
      while scan.at < text.count { scan.step(into: &out) }
    }
    return out
  }

  private struct Scan {
    let text: UnsafeBufferPointer<UInt8>
    var at = 0
    var lineStart = true
    var before: UInt8 = 0x0A

    mutating func step(into out: inout [UInt8]) {
      let byte = text[at]
      let isWordStart = !before.isWord
      if lineStart, byte.isDigit || byte == UInt8(ascii: "["), take(clock: byte, into: &out) { return }
      lineStart = byte == 0x0A
      switch byte {
      case UInt8(ascii: "0") where isWordStart && address(into: &out): return
      case UInt8(ascii: "/") where !before.isWord && temporary(into: &out): return
      case UInt8(ascii: "p"), UInt8(ascii: "P"): if isWordStart, process(into: &out) { return }
      case UInt8(ascii: "i") where isWordStart && elapsed(into: &out): return
      case UInt8(ascii: "r") where isWordStart && seed(into: &out): return
      default: break
      }
      if byte.isDigit, isWordStart, before != UInt8(ascii: "."), phase(into: &out) { return }
      out.append(byte)
      before = byte
      at += 1
    }

    private mutating func put(_ text: StaticString, upTo end: Int, into out: inout [UInt8]) {
      out.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
      before = out.last ?? 0x0A
      at = end
    }

    private func byte(_ index: Int) -> UInt8 { index < text.count ? text[index] : 0x0A }

    private func stands(_ word: StaticString, at index: Int) -> Bool {
      guard index + word.utf8CodeUnitCount <= text.count else { return false }
      for offset in 0..<word.utf8CodeUnitCount where text[index + offset] != word.utf8Start[offset] { return false }
      return true
    }

    private func digits(_ index: Int, most: Int = 20) -> Int {
      var end = index
      while end < index + most, byte(end).isDigit { end += 1 }
      return end
    }

    private mutating func address(into out: inout [UInt8]) -> Bool {
      guard stands("0x", at: at) else { return false }
      var end = at + 2
      while end < at + 34, byte(end).isDigit || (65...70).contains(byte(end) & 0xDF) { end += 1 }
      guard end - at >= 7, !byte(end).isWord else { return false }
      put("0x0", upTo: end, into: &out)
      return true
    }

    private mutating func temporary(into out: inout [UInt8]) -> Bool {
      let start = stands("/tmp/", at: at) ? at + 5 : stands("/var/tmp/", at: at) ? at + 9 : 0
      guard start > 0, isName(byte(start)) else { return false }
      let isPytest = stands("pytest-of-", at: start)
      var end = start
      while end < start + 255, isName(byte(end)) { end += 1 }
      put("/tmp/TMP", upTo: end, into: &out)
      guard isPytest, stands("/pytest-", at: end), digits(end + 8) > end + 8 else { return true }
      put("/pytest-0", upTo: digits(end + 8), into: &out)
      return true
    }

    private func isName(_ byte: UInt8) -> Bool {
      byte.isWord || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
    }

    private mutating func process(into out: inout [UInt8]) -> Bool {
      guard stands("pid", at: at) || stands("PID", at: at) else { return false }
      var start = at + 3
      if byte(start) == UInt8(ascii: ":") || byte(start) == UInt8(ascii: "=") { start += 1 }
      if byte(start) == 0x20 { start += 1 }
      let end = digits(start)
      guard start > at + 3, end > start, !byte(end).isWord else { return false }
      out.append(contentsOf: text[at..<start])
      put("0", upTo: end, into: &out)
      return true
    }

    /// `in 4.49s`, `in 69.84 seconds`, and the clock in brackets that may follow.
    private mutating func elapsed(into out: inout [UInt8]) -> Bool {
      guard stands("in ", at: at), let end = decimal(at + 3) else { return false }
      if byte(end) == UInt8(ascii: "s"), !byte(end + 1).isWord {
        put("in 0.00s", upTo: end + 1, into: &out)
      } else if stands(" second", at: end) {
        put("in 0.00", upTo: end, into: &out)
        return true
      } else {
        return false
      }
      while stands(" (", at: at), byte(at + 2).isDigit {
        var stop = at + 2
        while stop < at + 20, byte(stop).isDigit || byte(stop) == UInt8(ascii: ":") { stop += 1 }
        guard byte(stop) == UInt8(ascii: ")"), stop > at + 5 else { break }
        put("", upTo: stop + 1, into: &out)
      }
      return true
    }

    /// `0.05s call` in pytest's list of durations.
    private mutating func phase(into out: inout [UInt8]) -> Bool {
      guard let end = decimal(at), byte(end) == UInt8(ascii: "s"), byte(end + 1) == 0x20 else { return false }
      guard stands("call ", at: end + 2) || stands("setup ", at: end + 2) || stands("teardown ", at: end + 2) else {
        return false
      }
      put("0.00s", upTo: end + 1, into: &out)
      return true
    }

    /// The end of a number with a point in it.
    private func decimal(_ start: Int) -> Int? {
      let whole = digits(start)
      guard whole > start, byte(whole) == UInt8(ascii: ".") else { return nil }
      let end = digits(whole + 1)
      return end > whole + 1 ? end : nil
    }

    private mutating func seed(into out: inout [UInt8]) -> Bool {
      guard stands("random seed:", at: at) else { return false }
      var start = at + 12
      while start < at + 40, byte(start) == 0x20 { start += 1 }
      let end = digits(start)
      guard end > start, !byte(end).isWord else { return false }
      out.append(contentsOf: text[at..<start])
      put("0", upTo: end, into: &out)
      return true
    }

    /// A date, a time, or both at the beginning of a line.
    private mutating func take(clock first: UInt8, into out: inout [UInt8]) -> Bool {
      let open = first == UInt8(ascii: "[")
      let start = open ? at + 1 : at
      var end = start
      if shape("dddd-dd-dd", at: end) {
        end += 10
        guard byte(end) == 0x20 || byte(end) == UInt8(ascii: "T"), shape("dd:dd:dd", at: end + 1) else { return false }
        end += 9
      } else if shape("dd:dd:dd", at: end) {
        end += 8
      } else {
        return false
      }
      if byte(end) == UInt8(ascii: ".") || byte(end) == UInt8(ascii: ",") { end = max(end, digits(end + 1)) }
      if byte(end) == UInt8(ascii: "Z") { end += 1 }
      guard !byte(end).isWord, !byte(end + 1).isDigit else { return false }
      lineStart = false
      if open { out.append(first) }
      put("0000-00-00 00:00:00", upTo: end, into: &out)
      return true
    }

    /// True where the text has a digit for each `d` and the same byte for all else.
    private func shape(_ shape: StaticString, at index: Int) -> Bool {
      for offset in 0..<shape.utf8CodeUnitCount {
        let wanted = shape.utf8Start[offset]
        let found = byte(index + offset)
        guard wanted == UInt8(ascii: "d") ? found.isDigit : found == wanted else { return false }
      }
      return true
    }
  }
}
