import Foundation
import Testing

@Suite(.enabled(if: Pane.isHere, "tmux is not here: `apt install tmux`")) struct `the prompt accepts a whole sitting` {
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

  /// The text without what differs from one run or machine to the next: times, the size of a file that holds some, the
  /// Python's version, and what of the limits can be set here.
  private static func masked(_ text: String) -> String {
    text.replacing(/[0-9]+\.[0-9]+ s\b/, with: "_.__ s").replacing(/\b[0-9]+ kB/, with: "_ kB")
      .replacing(/\bPython 3\.[0-9]+\.[0-9]+/, with: "Python 3._._")
      .replacing("no process limit", with: "256 processes").replacing("no memory limit", with: "4096 MB")
  }
}
