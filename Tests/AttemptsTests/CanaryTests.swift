import Content
import Edits
import Grading
import Instances
import Models
import Prompts
import Testing

@testable import Attempts

/// Strings that only the test patch has.
private let canaries = ["CANARY_literal_1", "CANARY_comment_2", "CANARY_name_3", "test_CANARY_4", "CANARY_file_5"]
private let visible = ["test_empty (tests.test_cart.Cart)", "tests/test_cart.py::Cart::test_empty[CANARY_literal_1]"]
private let files = Shop.files.filter { $0.key.hasPrefix("tests/") }.mapValues(bytes)

private let instance = Instance(
  id: "o__shop-1", repo: "o/shop", baseCommit: String(repeating: "a", count: 40), problemStatement: "It is wrong.\n",
  patch: "--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -1 +1 @@\n-a\n+CANARY_literal_1\n",
  testPatch: """
    diff --git a/tests/CANARY_file_5.py b/tests/CANARY_file_5.py
    --- /dev/null
    +++ b/tests/CANARY_file_5.py
    @@ -0,0 +1,3 @@
    +def CANARY_name_3():  # CANARY_comment_2
    +    return 'CANARY_literal_1'
    +def test_CANARY_4(): pass

    """, failToPass: ["test_CANARY_4 (tests.CANARY_file_5.T)"], passToPass: visible, testCommand: "unittest")

extension Chance {
  /// A text of a test log, with or without canaries in it, as logs quote them.
  fileprivate mutating func said() -> String {
    let canary = one(of: canaries)
    return one(of: [
      "1 != 0", "got '\(canary)'", "'a\\n\(canary)\\tb'", "no attribute \(canary)", "\(canary)\(canary)",
      "x\(canary)_y",
      "b\"\(canary)\" != b''", "at tests/\(canary).py:3", String(repeating: "z", count: 300) + canary,
    ])
  }

  fileprivate mutating func failure(_ test: String) -> TestFailure {
    TestFailure(
      test: test, kind: one(of: TestFailure.Kind.allCases),
      exception: one(of: ["AssertionError", "KeyError", "CANARY_name_3"]),
      message: said(), detail: (0..<one(of: [0, 1, 5, 12])).map { _ in said() },
      assertion: happens(0.3) ? Assertion(left: said(), relation: "==", right: said()) : nil,
      frames: (0..<one(of: [0, 1, 2, 4])).map { _ in
        TestFailure.Frame(
          path: one(of: ["shop/cart.py", "tests/test_cart.py", "tests/CANARY_file_5.py"]), line: 1,
          function: one(of: ["total", "CANARY_name_3"]), source: said())
      })
  }
}

@Suite struct `what only the test patch says` {
  @Test func `is in no feedback of 10,000 under visible, and is labelled under hidden`() throws {
    var chance = Chance(8)
    var (seen, labelled) = (0, 0)
    for number in 1...10_000 {
      var settings = Settings()
      settings.feedback = number % 2 == 0 ? .visible : .hidden
      settings.feedbackBudget = chance.one(of: [100, 400, 1500, 8000])
      let code = chance.one(of: [FailureCode.logicError, .testFailure, .regression, .timeout])
      let names = instance.failToPass + visible
      let verdict = VerdictArtifact(
        word: .unresolved, failure: code, resolution: .no,
        tally: Tally(
          failToPass: .init(success: [], failure: instance.failToPass),
          passToPass: .init(success: [], failure: visible.filter { _ in chance.happens(0.7) })),
        sentence: chance.said(), evidence: [chance.said()], failures: names.map { chance.failure($0) }, suspicions: [])
      let key = Hash(of: "key")
      var chain = told(3, failing: code, code: "x = \(number)\n", path: "shop/cart.py").chain
      chain.add(
        StageRecord(stage: .verdict, key: key, content: Hash(of: "\(number)"), artifact: .verdict(verdict), how: .made))
      var plan = plan(instance, TakeID(attempt: 3, take: 1), settings: settings)
      plan.memory = Memory((1...2).map { told($0, failing: code, code: "y = \($0)\n", targets: 1) }, before: 3)
      let kind = try #require(FeedbackKind(chain))
      for part in FeedbackWriter(plan: plan, chain: chain, files: files).parts(kind) {
        let leaked = canaries.filter { part.text.contains($0) }
        if part.origin == .visibleTest { seen += part.text.contains("1 != 0") ? 1 : 0 }
        if part.origin.isHidden { labelled += leaked.isEmpty ? 0 : 1 }
        guard part.origin.isHidden else {
          if !leaked.isEmpty { Issue.record("\(leaked) in \(settings.feedback): \(part.text)") }
          continue
        }
        if settings.feedback == .visible { Issue.record("a hidden part under visible: \(part.text)") }
      }
    }
    // What may be told is told.
    #expect(seen > 500 && labelled > 2000, "\(seen), \(labelled)")
  }
}
