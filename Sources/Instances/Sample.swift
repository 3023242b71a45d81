/// Draws some of many, the same for the same seed on every machine.
package enum Sample {
  /// `count` of `rows`, in the order of `rows`. With `stratum` the strata come in the shares that they have in `rows`:
  /// each gets its share rounded down, and what is left goes to the largest remainders, ties to the larger stratum and
  /// then to the name that comes first.
  package static func draw(
    _ count: Int, of rows: [Dataset.Row], seed: UInt64, stratum: ((Dataset.Row) -> String)? = nil
  ) -> [Dataset.Row] {
    draw(count, of: rows, seed: seed, id: { $0.id }, stratum: stratum)
  }

  /// The same of any rows that have ids.
  package static func draw<Row>(
    _ count: Int, of rows: [Row], seed: UInt64, id: (Row) -> String, stratum: ((Row) -> String)?
  ) -> [Row] {
    guard count < rows.count else { return rows }
    var generator = SplitMix(seed: seed)
    // Sorted, so that the order of a file plays no part.
    let sorted = rows.sorted { id($0) < id($1) }
    let strata = Dictionary(grouping: sorted) { stratum?($0) ?? "" }.sorted { $0.key < $1.key }
    let shares = shares(count, strata.map { ($0.key, $0.value.count) })
    var drawn: Set<String> = []
    for (name, members) in strata {
      var rest = members
      for _ in 0..<(shares[name] ?? 0) {
        drawn.insert(id(rest.remove(at: Int(generator.next(below: UInt64(rest.count))))))
      }
    }
    return rows.filter { drawn.contains(id($0)) }
  }

  private static func shares(_ count: Int, _ strata: [(name: String, size: Int)]) -> [String: Int] {
    let total = strata.reduce(0) { $0 + $1.size }
    var shares = Dictionary(uniqueKeysWithValues: strata.map { ($0.name, count * $0.size / total) })
    let left = count - shares.values.reduce(0, +)
    let order = strata.sorted {
      (count * $1.size % total, $1.size, $0.name) < (count * $0.size % total, $0.size, $1.name)
    }
    for stratum in order.prefix(left) { shares[stratum.name, default: 0] += 1 }
    return shares
  }
}

/// SplitMix64. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 to `limit` - 1, each as likely: draws again where the range does not divide.
  mutating func next(below limit: UInt64) -> UInt64 {
    let excess = (UInt64.max % limit &+ 1) % limit
    while true {
      let number = next()
      if number <= UInt64.max - excess { return number % limit }
    }
  }
}
