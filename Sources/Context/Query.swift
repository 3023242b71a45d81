/// The words of an issue with their weights, laid out so that a scan finds a hash in a few instructions.
struct Query: Sendable {
  /// One word: its hash, and how much the issue makes of it.
  struct Term: Hashable, Sendable {
    var hash: UInt64
    var weight: Double
  }

  /// The terms in the order in which the issue first has them.
  let terms: [Term]
  /// The hashes of names that the issue writes as code, with their place in `Mentions.names`.
  let names: [UInt64: Int]
  /// For each slot the index of a term, or -1; open addressing over a power of two.
  private let slots: [Int32]
  private let filter: [Bool]

  /// The query of `issue` with the `names` it mentions.
  ///
  /// A word counts as 1 + ln(times), and the words of the first line, its title, count twice.
  init(issue: [UInt8], names: [String]) {
    /// How often each word stands in the issue, and as the how manieth it was first found.
    var found: [UInt64: (count: Double, first: Int)] = [:]
    var next = 0
    let titleEnd = issue.firstIndex(of: newline) ?? issue.count
    var inTitle: Set<UInt64> = []
    issue.withUnsafeBufferPointer { bytes in
      Words.kinds.withUnsafeBufferPointer { kinds in
        var index = 0
        while index < bytes.count {
          let kind = kinds[Int(bytes[index])]
          guard kind != Words.Kind.other else {
            index += 1
            continue
          }
          let start = index
          index = Words.read(bytes, from: start, kinds: kinds) { hash in
            found[hash, default: (0, next)].count += 1
            next += 1
            if start < titleEnd { inTitle.insert(hash) }
          }
          if kind == Words.Kind.digit || index - start == 1 {
            found.removeValue(forKey: Words.hash(of: bytes[start..<index]))
          }
        }
      }
    }
    let words = found.filter { !StopWords.hashes.contains($0.key) }
    terms = words.sorted { $0.value.first < $1.value.first }.map { hash, word in
      Term(hash: hash, weight: (1 + Query.logarithm(word.count)) * (inTitle.contains(hash) ? 2 : 1))
    }
    self.names = Dictionary(
      names.enumerated().map { (Query.nameHash($0.element.utf8), $0.offset) }, uniquingKeysWith: { first, _ in first })
    var size = 64
    while size < terms.count * 4 { size *= 2 }
    var slots = [Int32](repeating: -1, count: size)
    var filter = [Bool](repeating: false, count: 1 << 16)
    for (index, term) in terms.enumerated() {
      filter[Int(truncatingIfNeeded: term.hash & 0xffff)] = true
      var slot = Int(truncatingIfNeeded: term.hash >> 20) & (size - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = Int32(index)
    }
    self.slots = slots
    self.filter = filter
  }

  /// The hash of a name as it is spelt, unlike that of a word.
  @inline(__always)
  static func nameHash(_ name: some Sequence<UInt8>) -> UInt64 {
    name.reduce(14_695_981_039_346_656_037) { Words.step($0, $1) }
  }

  /// The index of the term with `hash`, or -1.
  @inline(__always)
  func index(of hash: UInt64, slots: UnsafeBufferPointer<Int32>, filter: UnsafeBufferPointer<Bool>) -> Int {
    guard filter[Int(truncatingIfNeeded: hash & 0xffff)] else { return -1 }
    var slot = Int(truncatingIfNeeded: hash >> 20) & (slots.count - 1)
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      if terms[index].hash == hash { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    return -1
  }

  /// Calls `body` with the tables that `index(of:slots:filter:)` wants.
  func withTables<Result>(
    _ body: (UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Bool>) -> Result
  ) -> Result {
    slots.withUnsafeBufferPointer { slots in filter.withUnsafeBufferPointer { body(slots, $0) } }
  }

  /// The natural logarithm, near enough for a weight and the same on every machine: sums of 1/n.
  private static func logarithm(_ count: Double) -> Double {
    var sum = 0.0
    var step = 2.0
    while step <= min(count, 50) {
      sum += 1 / step
      step += 1
    }
    return sum
  }
}
