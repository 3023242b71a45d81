import Foundation
import Processes
import TestWorld
import Testing

@Suite(.enabled(if: TestWorld.hasSandbox, "bubblewrap is not there or may not work here"))
struct `rows that mean harm` {
  /// `scripts/bad-rows` knows what must become of each, and looks this machine over.
  @Test(arguments: [
    "passes already", "no environment", "hangs", "forks without end", "takes all memory", "prints without end",
    "forks away twice", "tries the network", "reads the home", "writes the mirror",
  ]) func `do none, and are nobody's but the row's or the patch's fault`(hazard: String) async throws {
    try await holds([hazard])
  }

  @Test(arguments: ["hangs", "forks without end", "forks away twice", "tries the network", "writes the mirror"])
  func `do none where there is no bubblewrap`(hazard: String) async throws {
    try await holds([hazard, "--sandbox", "landlock"])
  }

  private func holds(_ words: [String]) async throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let done = try await Launcher.run(
      Command(
        "python3", ["\(root)/scripts/bad-rows", "--ramp", Program.path] + words,
        environment: ProcessInfo.processInfo.environment, timeout: .seconds(400), mergesErrorIntoOutput: true))
    #expect(done.succeeded, "\(String(decoding: done.output, as: UTF8.self))")
  }
}
