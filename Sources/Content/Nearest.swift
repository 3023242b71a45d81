/// Near misses: what exists that looks like what was typed.
package enum Nearest {
  /// At most `count` of `candidates`, nearest first: those that begin with `word`, then those within an edit distance
  /// of a third of its length (at least 2). Case is ignored. Ties keep the order given.
  package static func names(to word: String, in candidates: some Sequence<String>, count: Int = 3) -> [String] {
    let typed = Array(word.lowercased().utf8)
    let limit = max(2, typed.count / 3)
    var found: [(distance: Int, index: Int, name: String)] = []
    for (index, candidate) in candidates.enumerated() {
      let name = Array(candidate.lowercased().utf8)
      let distance = name.starts(with: typed) && !typed.isEmpty ? 0 : Nearest.distance(typed, name, limit: limit)
      if distance <= limit { found.append((distance, index, candidate)) }
    }
    return found.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }.prefix(count).map(\.name)
  }

  /// The optimal string alignment distance of two byte strings (insert, delete, replace, swap neighbours), or
  /// `limit + 1` where it is larger than `limit`.
  package static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int {
    if abs(a.count - b.count) > limit { return limit + 1 }
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in 0..<b.count {
        var cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      if row.min() ?? 0 > limit { return limit + 1 }
      before = previous
      previous = row
    }
    return min(previous[b.count], limit + 1)
  }
}
