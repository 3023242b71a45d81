import Content
import Context
import Edits
import Grading
import Instances
import Models
import Prompts
import Repositories
import Testing

@testable import Attempts

/// Strings that only the gold patch and the hints have: they are never told.
private let never = ["CANARY_gold", "CANARY_hint"]
/// Strings that only the test patch has.
private let canaries = ["CANARY_literal_1", "CANARY_comment_2", "CANARY_name_3", "test_CANARY_4", "CANARY_file_5"]
private let visible = ["test_empty (tests.test_cart.Cart)", "tests/test_cart.py::Cart::test_empty[CANARY_literal_1]"]

private let instance = Instance(
  id: "o__shop-1", repo: "o/shop", baseCommit: String(repeating: "a", count: 40), problemStatement: "It is wrong.\n",
  hintsText: "See CANARY_hint.\n",
  patch: "--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -1 +1 @@\n-a\n+CANARY_literal_1  # CANARY_gold\n",
  testPatch: """
    diff --git a/tests/CANARY_file_5.py b/tests/CANARY_file_5.py
    --- /dev/null
    +++ b/tests/CANARY_file_5.py
    @@ -0,0 +1,3 @@
    +def CANARY_name_3():  # CANARY_comment_2
    +    return 'CANARY_literal_1'
    +def test_CANARY_4(): pass
    diff --git a/tests/test_cart.py b/tests/test_cart.py
    --- a/tests/test_cart.py
    +++ b/tests/test_cart.py
    @@ -1,2 +1,3 @@
    +# CANARY_comment_2
     import unittest
     \("")

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
  @Test func `is in no prompt of 10,000 under none and visible, and is labelled under hidden`() async throws {
    var chance = Chance(8)
    var (seen, labelled) = (0, 0)
    let calls = Counter()
    let bench = try Bench(saying(""), in: "/nowhere") { _, settings in
      ToldWorkspace(files: Shop.files, options: settings.workspace, calls: calls)
    }
    let template = TemplateText(
      name: "mine",
      source: "[[user]]\n{{ issue }}{% for file in files %}{{ file.text }}{% endfor %}{% include \"feedback\" %}")
    let context = try await ContextSelector.select(
      issue: instance.problemStatement,
      tree: WorkspaceTree(workspace: bench.world.workspace(instance, Settings())), options: ContextOptions())
    for number in 1...10_000 {
      var settings = Settings()
      settings.feedback = FeedbackMode.allCases[number % 3]
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
      let workshop = Workshop(world: bench.world, plan: plan, replied: { _ in })
      guard case .feedback(let told) = try await FeedbackStage().make(plan, chain, in: workshop).artifact else {
        throw Missing(name: "feedback")
      }
      var next = plan
      next.id = TakeID(attempt: 4, take: 1)
      next.template = template
      next.earlier = told
      chain.add(
        StageRecord(stage: .context, key: key, content: key, artifact: .context(context), how: .made))
      guard case .prompt(let prompt) = try await PromptStage().make(next, chain, in: workshop).artifact else {
        throw Missing(name: "prompt")
      }
      #expect(told.isEmpty == (settings.feedback == .none))
      for part in prompt.prompt.messages.flatMap(\.parts)
        + told.parts.map({
          PromptPart(name: "feedback", origin: $0.origin, text: $0.text)
        })
      {
        if let found = never.first(where: part.text.contains) { Issue.record("\(found): \(part.text)") }
        let leaked = canaries.filter { part.text.contains($0) }
        if part.origin == .visibleTest { seen += part.text.contains("1 != 0") ? 1 : 0 }
        if part.origin.isHidden { labelled += leaked.isEmpty ? 0 : 1 }
        guard part.origin.isHidden else {
          if !leaked.isEmpty { Issue.record("\(leaked) in \(settings.feedback): \(part.text)") }
          continue
        }
        if settings.feedback != .hidden { Issue.record("a hidden part under \(settings.feedback): \(part.text)") }
      }
    }
    // What may be told is told.
    #expect(seen > 500 && labelled > 2000, "\(seen), \(labelled)")
  }
}
