/// What one pass over a Python file finds of a query: how often each term occurs, and where its names are defined.
struct SourceScan: Sendable {
  /// A `class X` or `def x` whose name the issue mentions.
  struct Definition: Sendable {
    /// The place of the name in `Mentions.names`.
    var name: Int
    /// 1-based.
    var line: Int
  }

  /// The terms that occur, by index, with their number.
  private(set) var hits: [(term: Int, count: Int)] = []
  /// The definitions of mentioned names, in line order.
  private(set) var definitions: [Definition] = []
  /// The number of identifiers, keywords and words of the file: its length for BM25.
  private(set) var length = 0

  /// Scans `bytes[range]`, one pass, without a `String`. `counts` is scratch space: one 0 a term, and left so. `range`
  /// begins with the 1-based line `firstLine`.
  init(_ bytes: [UInt8], in range: Range<Int>, firstLine: Int = 1, query: Query, counts: inout [Int32]) {
    var touched: [Int32] = []
    var definitions: [Definition] = []
    var length = 0
    counts.withUnsafeMutableBufferPointer { counts in
      query.withTables { slots, filter in
        Words.kinds.withUnsafeBufferPointer { kinds in
          bytes.withUnsafeBufferPointer { whole in
            let bytes = UnsafeBufferPointer(rebasing: whole[range])
            var line = firstLine
            var atLineStart = true
            var index = 0
            while index < bytes.count {
              let byte = bytes[index]
              if kinds[Int(byte)] == Words.Kind.other {
                if byte == newline {
                  line += 1
                  atLineStart = true
                } else if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") {
                  atLineStart = false
                }
                index += 1
                continue
              }
              if atLineStart {
                if !query.names.isEmpty,
                  byte == UInt8(ascii: "d") || byte == UInt8(ascii: "c") || byte == UInt8(ascii: "a"),
                  let name = SourceScan.definedName(bytes, at: index, kinds: kinds),
                  let place = query.names[Query.nameHash(bytes[name])]
                {
                  definitions.append(Definition(name: place, line: line))
                }
                atLineStart = false
              }
              length += 1
              index = Words.read(bytes, from: index, kinds: kinds) { hash in
                let term = query.index(of: hash, slots: slots, filter: filter)
                guard term >= 0 else { return }
                if counts[term] == 0 { touched.append(Int32(term)) }
                counts[term] += 1
              }
            }
          }
        }
      }
      touched.sort()
      hits = touched.map { (Int($0), Int(counts[Int($0)])) }
      for term in touched { counts[Int(term)] = 0 }
    }
    self.definitions = definitions
    self.length = length
  }

  /// The range of the name that a `class`, `def` or `async def` at `index` defines.
  private static func definedName(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, kinds: UnsafeBufferPointer<UInt8>
  ) -> Range<Int>? {
    var start: Int
    if bytes[index...].starts(with: "def ".utf8) {
      start = index + 4
    } else if bytes[index...].starts(with: "class ".utf8) {
      start = index + 6
    } else if bytes[index...].starts(with: "async def ".utf8) {
      start = index + 10
    } else {
      return nil
    }
    while start < bytes.count, bytes[start] == UInt8(ascii: " ") { start += 1 }
    var end = start
    while end < bytes.count, kinds[Int(bytes[end])] != Words.Kind.other { end += 1 }
    return end > start ? start..<end : nil
  }
}
