import Content

/// Which takes count. A person who has seen what an attempt came to and then changes something is part of what comes
/// out: from there on the instance's takes are *steered*. They are there to be looked at, and count in no rate. What an
/// attempt came to is seen in its verdict, and in the outcomes of its tests; a row that is replaced is a change.
package enum Steering {
  /// The takes of one instance that count, of all of them in the order in which they were made: first takes, up to the
  /// first that was tweaked, rerun, or made after the outcomes of tests and a change.
  package static func counted(_ takes: [Take]) -> [Take] {
    var counted: [Take] = []
    var hasShown = false
    var row: Hash?
    for take in takes {
      let chain = take.chain
      let isReplaced = row.map { row in chain.workspace.map { $0.row != row } ?? false } ?? false
      if take.id.take > 1 || take.isTweaked || (hasShown && (!take.changes.isEmpty || isReplaced)) { break }
      counted.append(take)
      row = row ?? chain.workspace?.row
      if take.verdict != nil || chain.outcomes != nil { hasShown = true }
    }
    return counted
  }

  /// The takes of several instances that count, in their order.
  package static func counted(ofAll takes: [Take]) -> [Take] {
    let counts = Dictionary(grouping: takes, by: \.instanceID).mapValues { Set(counted($0).map(\.id)) }
    return takes.filter { counts[$0.instanceID]?.contains($0.id) ?? false }
  }
}
