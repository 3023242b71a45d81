import Content
import Foundation
import Grading
import Instances
import Models
import Testing
import Workspaces

@testable import Attempts

/// What is told of an attempt that went wrong in each way, with real tests run, in `feedback.txt` beside this file.
@Suite(.enabled(if: hasSandbox, "bubblewrap does not work here")) struct `what is told of each way to fail` {
  private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("feedback.txt")

  private static let ways: [(kind: FeedbackKind, reply: String, reason: ReplyEnd.Reason)] = [
    (.noEdits, "The loop leaves out the first price.\n", .stop),
    (.notApplied, block("shop/cart.py", "    for price in prices[2:]:", "    for price in prices:"), .stop),
    (.cut, "shop/cart.py\n```python\n<<<<<<< SEARCH\n    for price in", .length),
    (.syntaxError, block("shop/cart.py", "    for price in prices[1:]:", "    for price in prices[:"), .stop),
    (
      .importError, block("shop/cart.py", "def total(prices):", "from shop.money import add\n\n\ndef total(prices):"),
      .stop
    ),
    (.sameFailure, block("shop/cart.py", "    result = 0\n", "    result = 0 * 1\n"), .stop),
    (.differentFailure, block("shop/cart.py", "    for price in prices[1:]:", "    for price in prices[2:]:"), .stop),
    (.regression, block("shop/cart.py", "    result = 0\n", "    result = 1\n"), .stop),
    (.timeout, block("shop/cart.py", "    result = 0\n", "    result = 0\n    while prices:\n        pass\n"), .stop),
    (
      .suspect,
      block(
        "shop/cart.py", "    result = 0\n",
        "    import unittest\n    unittest.TestCase.assertEqual = lambda *values: None\n    result = 0\n"), .stop
    ),
  ]

  /// With RAMP_ACCEPT=1 in the environment it is written anew instead.
  @Test func `is as it stands there, or is accepted anew`() async throws {
    var text = ""
    for way in Self.ways {
      for mode in [FeedbackMode.hidden, .visible] {
        var settings = defaults
        settings.feedback = mode
        settings.workspace.timeoutSeconds = 5
        let model = ChoosingModel(replies: [(way.reply, way.reason)])
        let take = try await withBench(model) { [settings] bench in
          let row = try await Shop.row(in: bench.folder)
          return try await bench.make(plan(row, settings: settings))
        }
        let told = try #require(take.chain.feedback)
        #expect(told.kind == way.kind)
        text += "== \(way.kind.rawValue), feedback \(mode.rawValue)\n"
        for part in told.parts { text += "[\(part.origin)] \(part.text)\n" }
        text += "\n"
      }
    }
    if ProcessInfo.processInfo.environment["RAMP_ACCEPT"] == "1" { try Data(text.utf8).write(to: Self.path) }
    let kept = try String(contentsOf: Self.path, encoding: .utf8)
    #expect(text.split(separator: "\n") == kept.split(separator: "\n"), "`make accept` writes it anew")
    #expect(Set(Self.ways.map(\.kind)) == Set(FeedbackKind.allCases))
  }
}
