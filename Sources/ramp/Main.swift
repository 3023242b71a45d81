import Dispatch
import Foundation

@main
enum Main {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    // What needs nothing is said before threads are started for the rest.
    if words == ["--version"] { return Streams.out(Program.versionLine) }
    Task { exit(await Program(words).run()) }
    dispatchMain()
  }
}
