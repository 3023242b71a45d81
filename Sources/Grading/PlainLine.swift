/// A line as the harness's second reader of pytest sees it: without `[31m`, then without the characters 1 to 31. The
/// escape character before a colour goes with the latter, and tabs go too.
enum PlainLine {
  /// False where the plain line neither begins nor ends as a status does. Looks at the ends alone.
  static func mayTell(_ line: LogText) -> Bool {
    var low = 0
    while low < line.count {
      if isTaken(line[low]) {
        low += 1
      } else if let end = colourEnd(line, low) {
        low = end
      } else {
        break
      }
    }
    guard low < line.count else { return false }
    switch line[low] {
    case UInt8(ascii: "P"), UInt8(ascii: "F"), UInt8(ascii: "E"), UInt8(ascii: "S"), UInt8(ascii: "X"): return true
    default: break
    }
    var high = line.count
    while high > low {
      if isTaken(line[high - 1]) {
        high -= 1
      } else if let start = colourStart(line, endingAt: high) {
        high = start
      } else {
        break
      }
    }
    guard high > low else { return false }
    let last = line[high - 1]
    return last == UInt8(ascii: "D") || last == UInt8(ascii: "R") || last == UInt8(ascii: "L")
  }

  /// True where nothing has to be taken out.
  static func isPlain(_ line: LogText) -> Bool {
    if line.bytes.contains(where: isTaken) { return false }
    var at = 0
    while let open = line.index(of: UInt8(ascii: "["), from: at) {
      if colourEnd(line, open) != nil { return false }
      at = open + 1
    }
    return true
  }

  /// The plain line, or its first `most` bytes.
  static func plain(_ line: LogText, most: Int) -> [UInt8] {
    var kept: [UInt8] = []
    var at = 0
    while at < line.count, kept.count < most {
      if line[at] == UInt8(ascii: "["), let end = colourEnd(line, at) {
        at = end
        continue
      }
      if !isTaken(line[at]) { kept.append(line[at]) }
      at += 1
    }
    return kept
  }

  private static func isTaken(_ byte: UInt8) -> Bool { byte < 0x20 && byte > 0 }

  /// The index behind the `[31m` at `start`.
  private static func colourEnd(_ line: LogText, _ start: Int) -> Int? {
    guard line[start] == UInt8(ascii: "[") else { return nil }
    let end = line.digits(from: start + 1)
    return end > start + 1 && end < line.count && line[end] == UInt8(ascii: "m") ? end + 1 : nil
  }

  /// The index of the `[31m` that ends at `end`.
  private static func colourStart(_ line: LogText, endingAt end: Int) -> Int? {
    guard end > 2, line[end - 1] == UInt8(ascii: "m") else { return nil }
    var at = end - 1
    while true {
      let length = line.digit(before: at)
      if length == 0 { break }
      at -= length
    }
    return at < end - 1 && at > 0 && line[at - 1] == UInt8(ascii: "[") ? at - 1 : nil
  }
}
