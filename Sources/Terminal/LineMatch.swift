/// Which lines of two texts are the same: the shortest edit script between two lists of numbers.
///
/// Source: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), section 4b, linear space.
/// Where the middle of a script is further away than `furthest` edits, the best point reached is taken for the
/// middle: the script is then right, but perhaps not the shortest, and the time stays within (n + m) x `furthest`.
struct LineMatch {
  private(set) var removed: [Bool]
  private(set) var added: [Bool]

  private let old: [Int]
  private let new: [Int]
  private let furthest: Int
  /// For each diagonal, how far along the old text the search from the front has come; -1 where it left the box.
  private var front: [Int]
  /// The same for the search from the back, counted from the end.
  private var back: [Int]

  /// Compares at once; `removed` and `added` then say of each line whether it has no counterpart.
  init(old: [Int], new: [Int], furthest: Int = 512) {
    self.old = old
    self.new = new
    self.furthest = max(1, min(furthest, (old.count + new.count + 1) / 2))
    removed = Array(repeating: false, count: old.count)
    added = Array(repeating: false, count: new.count)
    front = Array(repeating: -1, count: 2 * self.furthest + 3)
    back = front
    compare(old.indices, new.indices)
  }

  private mutating func compare(_ oldRange: Range<Int>, _ newRange: Range<Int>) {
    var (oldRange, newRange) = (oldRange, newRange)
    while true {
      while let first = oldRange.first, let other = newRange.first, old[first] == new[other] {
        oldRange.removeFirst()
        newRange.removeFirst()
      }
      while let last = oldRange.last, let other = newRange.last, old[last] == new[other] {
        oldRange.removeLast()
        newRange.removeLast()
      }
      guard !oldRange.isEmpty, !newRange.isEmpty else {
        for index in oldRange { removed[index] = true }
        for index in newRange { added[index] = true }
        return
      }
      let (x, y) = middle(oldRange, newRange)
      compare(oldRange.lowerBound..<x, newRange.lowerBound..<y)
      oldRange = x..<oldRange.upperBound
      newRange = y..<newRange.upperBound
    }
  }

  /// A point on a shortest script through the box, about half-way. The corners of the box must differ.
  private mutating func middle(_ oldRange: Range<Int>, _ newRange: Range<Int>) -> (Int, Int) {
    let (width, height) = (oldRange.count, newRange.count)
    let delta = width - height
    let offset = furthest + 1
    for distance in 0...furthest {
      for diagonal in stride(from: -distance, through: distance, by: 2) {
        var x = Self.step(front, diagonal, distance, offset, width, height)
        while x >= 0, x < width, x - diagonal < height,
          old[oldRange.lowerBound + x] == new[newRange.lowerBound + x - diagonal]
        { x += 1 }
        front[offset + diagonal] = x
        let opposite = delta - diagonal
        guard !delta.isMultiple(of: 2), x >= 0, abs(opposite) < distance else { continue }
        let other = back[offset + opposite]
        if other >= 0, x + other >= width { return (oldRange.lowerBound + x, newRange.lowerBound + x - diagonal) }
      }
      for diagonal in stride(from: -distance, through: distance, by: 2) {
        var x = Self.step(back, diagonal, distance, offset, width, height)
        while x >= 0, x < width, x - diagonal < height,
          old[oldRange.upperBound - 1 - x] == new[newRange.upperBound - 1 - x + diagonal]
        { x += 1 }
        back[offset + diagonal] = x
        let opposite = delta - diagonal
        guard delta.isMultiple(of: 2), x >= 0, abs(opposite) <= distance else { continue }
        let other = front[offset + opposite]
        if other >= 0, x + other >= width { return (oldRange.upperBound - x, newRange.upperBound - x + diagonal) }
      }
    }
    return furthestPoint(oldRange, newRange, offset: offset)
  }

  /// Where a path of `distance` edits enters the diagonal: the further of one step down and one step right that stay
  /// in the box, -1 where neither does.
  private static func step(
    _ reached: [Int], _ diagonal: Int, _ distance: Int, _ offset: Int, _ width: Int, _ height: Int
  ) -> Int {
    guard distance > 0 else { return 0 }
    var x = -1
    if diagonal < distance {
      let down = reached[offset + diagonal + 1]
      if down >= 0, down - diagonal <= height { x = down }
    }
    if diagonal > -distance {
      let right = reached[offset + diagonal - 1]
      if right >= 0, right < width { x = max(x, right + 1) }
    }
    return x
  }

  private func furthestPoint(_ oldRange: Range<Int>, _ newRange: Range<Int>, offset: Int) -> (Int, Int) {
    var best = (x: 0, y: 0)
    for diagonal in stride(from: -furthest, through: furthest, by: 2) {
      let x = front[offset + diagonal]
      if x >= 0, 2 * x - diagonal > best.x + best.y { best = (x, x - diagonal) }
    }
    return (oldRange.lowerBound + best.x, newRange.lowerBound + best.y)
  }
}
