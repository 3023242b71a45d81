import Glibc
import Synchronization

/// The trees of processes that run now, so that none is left where ramp ends in the middle of one.
enum Running {
  private static let trees = Mutex<[pid_t: Survivors]>([:])

  private static let atEnd: Void = { atexit { Running.end() } }()

  /// Notes a program that has started.
  static func add(_ tree: Survivors) {
    _ = atEnd
    trees.withLock { $0[tree.leader] = tree }
  }

  /// Forgets a program. It must not have been waited for yet: its id could be another's by then.
  static func remove(_ tree: Survivors) { trees.withLock { _ = $0.removeValue(forKey: tree.leader) } }

  /// Kills all of them, and returns when they are gone, or after half a second each.
  static func end() {
    for tree in trees.withLock({ $0.values }) {
      _ = kill(tree.leader, SIGKILL)
      tree.end(recentOnly: false, patience: .milliseconds(500))
    }
  }
}
