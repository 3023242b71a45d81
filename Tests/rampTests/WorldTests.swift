import Foundation
import TestPrograms
import Testing

@Suite struct `a campaign in a world whose truth is known` {
  /// Thirty rows over twelve repositories, real tests, and two models on loopback: phases 1 to 3 with a fallback.
  @Test func `tells every rate, failure and cause as it was planted`() async throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../scripts/world"
    ).standardizedFileURL.path
    let child = try Child("/usr/bin/env", ["python3", script, "--ramp", Program.path])
    child.closeInput()
    let said = String(decoding: await child.output(), as: UTF8.self)
    #expect(await child.ended() == 0, "\(said.suffix(3000))")
  }
}
