/// Which lines of a new text are lines of an old one.
enum LineAlignment {
  /// For each line of `new` the index of the line of `old` that it stands for, ascending; nil for a line that is new.
  ///
  /// Equal lines at both ends are paired first. What is left between them is aligned by a shortest edit script, or,
  /// beyond 1,000 lines of old and new together, not at all.
  static func pairs(old: [ArraySlice<UInt8>], new: [ArraySlice<UInt8>]) -> [Int?] {
    var pairs = [Int?](repeating: nil, count: new.count)
    var head = 0
    while head < old.count, head < new.count, old[head] == new[head] {
      pairs[head] = head
      head += 1
    }
    var tail = 0
    while tail < old.count - head, tail < new.count - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] {
      pairs[new.count - 1 - tail] = old.count - 1 - tail
      tail += 1
    }
    let oldMiddle = old[head..<old.count - tail]
    let newMiddle = new[head..<new.count - tail]
    if oldMiddle.isEmpty || newMiddle.isEmpty || oldMiddle.count + newMiddle.count > 1000 { return pairs }
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in newMiddle.difference(from: oldMiddle) {
      switch change {
      case .remove(let offset, _, _): removed.insert(head + offset)
      case .insert(let offset, _, _): inserted.insert(head + offset)
      }
    }
    let kept = oldMiddle.indices.filter { !removed.contains($0) }
    for (index, line) in zip(newMiddle.indices.filter { !inserted.contains($0) }, kept) { pairs[index] = line }
    return pairs
  }
}
