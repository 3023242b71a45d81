/// Which takes count. A person who has seen what an attempt came to and then changes something is part of what comes
/// out: from there on the instance's takes are *steered*. They are there to be looked at, and count in no rate.
package enum Steering {
  /// The takes of one instance that count, of all of them in the order in which they were made: first takes, up to the
  /// first that was tweaked, rerun, or made after a verdict and a change.
  package static func counted(_ takes: [Take]) -> [Take] {
    var counted: [Take] = []
    var hasVerdict = false
    for take in takes {
      if take.id.take > 1 || take.isTweaked || (hasVerdict && !take.changes.isEmpty) { break }
      counted.append(take)
      if take.verdict != nil { hasVerdict = true }
    }
    return counted
  }

  /// The takes of several instances that count, in their order.
  package static func counted(ofAll takes: [Take]) -> [Take] {
    let counts = Dictionary(grouping: takes, by: \.instanceID).mapValues { Set(counted($0).map(\.id)) }
    return takes.filter { counts[$0.instanceID]?.contains($0.id) ?? false }
  }
}
