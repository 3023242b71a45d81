import Dispatch
import Foundation
import Workspaces

@main
enum Main {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    // A process that shuts itself in has to be alone in itself: this comes before all else.
    if words.first == Confinement.word { Confinement.enter(words.dropFirst()) }
    // What needs nothing is said before threads are started for the rest.
    if words == ["--version"] { return Streams.out(Program.versionLine) }
    Task { exit(await Program(words).run()) }
    dispatchMain()
  }
}
