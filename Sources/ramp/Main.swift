import Dispatch
import Foundation
import Workspaces

/// How many files may be open at once.
enum Descriptors {
  /// The threads' queues, the journal, git and a test run want this many between them.
  private static let fewest: rlim_t = 64

  /// Ends the program with a message where there are too few: it would wait for ever for one otherwise.
  static func check() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < fewest else { return }
    Streams.err(
      "only \(limit.rlim_cur) files may be open at once here, and ramp needs \(fewest)\n  `ulimit -n 1024` before it raises the limit\n"
    )
    exit(Program.Status.unavailable)
  }
}

@main
enum Main {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    // A process that shuts itself in has to be alone in itself: this comes before all else.
    if words.first == Confinement.word { Confinement.enter(words.dropFirst()) }
    // What needs nothing is said before threads are started for the rest.
    if words == ["--version"] { return Streams.out(Program.versionLine) }
    Descriptors.check()
    Task { exit(await Program(words).run()) }
    dispatchMain()
  }
}
