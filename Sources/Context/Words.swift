/// How the words of issues and sources are read: identifiers whole and in their parts (`BaseFormSet` is `baseformset`,
/// `base`, `form` and `set`), in lower case, without a plural's last s, each as a 64-bit FNV-1a hash.
enum Words {
  /// What a byte is in an identifier.
  enum Kind {
    static let other: UInt8 = 0
    static let lower: UInt8 = 1
    static let upper: UInt8 = 2
    static let digit: UInt8 = 3
    static let underscore: UInt8 = 4
  }

  /// The kind of every byte; bytes of characters beyond ASCII count as lower-case letters.
  static let kinds: [UInt8] = (0...255).map { byte in
    switch byte {
    case 97...122, 128...: Kind.lower
    case 65...90: Kind.upper
    case 48...57: Kind.digit
    case 95: Kind.underscore
    default: Kind.other
    }
  }

  private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325
  private static let prime: UInt64 = 0x0000_0100_0000_01b3

  @inline(__always)
  static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* prime }

  /// The hash under which `word`, one part of an identifier or a whole one, is counted.
  static func hash(of word: some Sequence<UInt8>) -> UInt64 {
    var hash = seed
    var before = seed
    var last: UInt8 = 0
    var count = 0
    for byte in word {
      last = lowered(byte)
      before = hash
      hash = step(hash, last)
      count += 1
    }
    return last == UInt8(ascii: "s") && count > 3 ? before : hash
  }

  static func hash(of word: String) -> UInt64 { hash(of: word.utf8) }

  @inline(__always)
  static func lowered(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }

  /// Reads the identifier that begins at `start` and calls `emit` with the hash of each of its parts, and with that of
  /// the whole where it has several. Returns the offset behind the identifier.
  ///
  /// The first byte must be part of an identifier. `kinds` is `Words.kinds`, handed in so that a loop fetches it once.
  @inline(__always)
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, kinds: UnsafeBufferPointer<UInt8>, emit: (UInt64) -> Void
  ) -> Int {
    var whole = seed
    var wholeBefore = seed
    var part = seed
    var partBefore = seed
    var partLength = 0
    var parts = 0
    var previous = Kind.underscore
    var last: UInt8 = 0
    var index = start
    while index < bytes.count {
      let kind = kinds[Int(bytes[index])]
      if kind == Kind.other { break }
      let byte = kind == Kind.upper ? bytes[index] | 32 : bytes[index]
      let begins =
        kind == Kind.underscore
        || kind == Kind.upper
          && (previous != Kind.upper
            || index + 1 < bytes.count && kinds[Int(bytes[index + 1])] == Kind.lower)
      if begins, partLength > 0 {
        emit(last == UInt8(ascii: "s") && partLength > 3 ? partBefore : part)
        parts += 1
        part = seed
        partLength = 0
      }
      wholeBefore = whole
      whole = step(whole, byte)
      if kind != Kind.underscore {
        partBefore = part
        part = step(part, byte)
        partLength += 1
      }
      last = byte
      previous = kind
      index += 1
    }
    if partLength > 0 { emit(last == UInt8(ascii: "s") && partLength > 3 ? partBefore : part) }
    if parts > 0 { emit(last == UInt8(ascii: "s") && index - start > 3 ? wholeBefore : whole) }
    return index
  }
}
