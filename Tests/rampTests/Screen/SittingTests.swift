import Foundation
import Testing

@Suite(.enabled(if: Pane.isHere, "tmux is not here")) struct `the prompt accepts a whole sitting` {
  /// Screens are kept beside this file; `RAMP_ACCEPT=1` writes them anew.
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "expected")

  @Test(arguments: [80, 200]) func `on a terminal of so many columns`(columns: Int) async throws {
    try await Pane.with(columns: columns, environment: ["PAGER": "cat"]) { pane in
      for line in [
        "run django__django-11000", "show prompt --parts", "context add django/forms/formsets.py:258-288", "rerun",
        "attempts", "show tests", "diff prompt 1.1 1.2", "rum 2", "run django__django-11001", "save formsets.ramp",
      ] {
        try await pane.line(line)
      }
      let seen = Self.masked(try await pane.everything()) + "\n"
      let file = Self.folder.appending(path: "sitting-\(columns).txt")
      if ProcessInfo.processInfo.environment["RAMP_ACCEPT"] == "1" {
        try seen.write(to: file, atomically: true, encoding: .utf8)
      }
      let kept = try String(contentsOf: file, encoding: .utf8)
      #expect(seen == kept, "RAMP_ACCEPT=1 writes it anew")
    }
  }

  /// The text without what differs from one run to the next: times, and the size of a file that holds some.
  private static func masked(_ text: String) -> String {
    text.replacing(/[0-9]+\.[0-9]+ s\b/, with: "_.__ s").replacing(/\b[0-9]+ kB/, with: "_ kB")
  }
}
