import Glibc

/// Words by test name while a log is read, in the order in which names first come.
///
/// Names lie one behind the other in one buffer and are found by their bytes, so that a line whose name is known costs
/// no allocation. Bounded: a log that prints names without end does not fill the memory.
struct OutcomeTable {
  /// The most names kept; the largest real log has some ten thousand.
  static let mostNames = 500_000
  /// The most bytes kept of all names and words together.
  static let mostBytes = 64 << 20

  private struct Slot {
    var hash: Int
    var start: Int
    var count: Int
    /// Where a word that is no status lies, and how long it is.
    var wordStart: Int
    var wordCount: Int
    var status: TestStatus?
  }

  private var slots: [Slot] = []
  private var bytes: [UInt8] = []
  /// One more than the index of a slot, by hash; 0 is free. Its length is a power of two, more than twice the slots'.
  private var index = [Int32](repeating: 0, count: 256)
  private var leftOut = 0
  /// Differs from run to run, so that nobody can make up names that fall into one place.
  private let seed = UInt64(truncatingIfNeeded: "ramp".hashValue)

  var isEmpty: Bool { slots.isEmpty }

  /// Sets the status of `name`, whatever it was.
  mutating func set(_ name: LogText, _ status: TestStatus) {
    guard let place = place(of: name) else { return }
    slots[place].status = status
  }

  /// Sets what is said of `name`: a status, or a word that is none.
  mutating func set(_ name: LogText, word: LogText) {
    if let status = TestStatus(word) { return set(name, status) }
    guard bytes.count + name.count + word.count <= Self.mostBytes else {
      leftOut += 1
      return
    }
    guard let place = place(of: name) else { return }
    slots[place].status = nil
    slots[place].wordStart = bytes.count
    slots[place].wordCount = word.count
    bytes.append(contentsOf: word.bytes)
  }

  /// Sets the status of `name`, or makes it worse.
  mutating func worsen(_ name: LogText, _ status: TestStatus) {
    guard let place = place(of: name) else { return }
    slots[place].status = slots[place].status?.worse(status) ?? status
  }

  /// Takes note of a name that is too long to be kept.
  mutating func leaveOut() { leftOut += 1 }

  var outcomes: Outcomes {
    Outcomes(
      slots.map { slot in
        let name = text(slot.start, slot.count)
        if let status = slot.status { return Outcomes.Entry(name: name, status: status) }
        return Outcomes.Entry(name: name, word: text(slot.wordStart, slot.wordCount))
      }, leftOut: leftOut)
  }

  private func text(_ start: Int, _ count: Int) -> String {
    String(decoding: bytes[start..<(start + count)], as: UTF8.self)
  }

  /// The index of the slot of `name`, which is made where there is none; nil where the table is full.
  private mutating func place(of name: LogText) -> Int? {
    let hash = name.hash(seed: seed)
    var at = hash & (index.count - 1)
    while index[at] != 0 {
      let place = Int(index[at]) - 1
      if slots[place].hash == hash, isName(slots[place], name) { return place }
      at = (at + 1) & (index.count - 1)
    }
    if !name.isASCII, String(validating: name.bytes, as: UTF8.self) == nil {
      // The harness reads text: names that look the same once they are text are one.
      return LogText.reading(Array(name.string.utf8)) { place(of: $0) }
    }
    guard slots.count < Self.mostNames, bytes.count + name.count <= Self.mostBytes else {
      leftOut += 1
      return nil
    }
    slots.append(Slot(hash: hash, start: bytes.count, count: name.count, wordStart: 0, wordCount: 0))
    bytes.append(contentsOf: name.bytes)
    index[at] = Int32(slots.count)
    if slots.count * 2 > index.count { grow() }
    return slots.count - 1
  }

  private func isName(_ slot: Slot, _ name: LogText) -> Bool {
    guard slot.count == name.count else { return false }
    return bytes.withUnsafeBytes { kept in
      guard let base = kept.baseAddress, let other = name.bytes.baseAddress else { return true }
      return memcmp(base + slot.start, other, slot.count) == 0
    }
  }

  private mutating func grow() {
    index = [Int32](repeating: 0, count: index.count * 4)
    for (place, slot) in slots.enumerated() {
      var at = slot.hash & (index.count - 1)
      while index[at] != 0 { at = (at + 1) & (index.count - 1) }
      index[at] = Int32(place + 1)
    }
  }
}

extension LogText {
  /// A hash of the bytes, eight at a time, each folded into the product of its two halves.
  fileprivate func hash(seed: UInt64) -> Int {
    var hash = seed ^ UInt64(truncatingIfNeeded: count)
    func fold(_ word: UInt64) {
      let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15 ^ seed | 1)
      hash = product.high ^ product.low &+ 0xD6E8_FEB8_6659_FD93
    }
    let raw = UnsafeRawBufferPointer(bytes)
    var at = 0
    while at + 8 <= raw.count {
      fold(raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var rest: UInt64 = 0
    while at < raw.count {
      rest = rest << 8 | UInt64(raw[at])
      at += 1
    }
    fold(rest)
    fold(0xA076_1D64_78BD_642F)
    return Int(truncatingIfNeeded: hash)
  }
}
