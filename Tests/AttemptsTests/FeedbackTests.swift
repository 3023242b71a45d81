import Content
import Grading
import Instances
import Models
import Prompts
import Testing

@testable import Attempts

/// The shop with a PASS_TO_PASS test that comes with the test patch beside one that was there before.
private let tests = [
  "tests/test_cart.py": (Shop.files["tests/test_cart.py"] ?? "") + "    def test_total(self):\n" + Shop.hidden
    + "\n    def test_none(self):\n        self.assertEqual(total([]), 0, 'nothing costs nothing')\n"
]
private let names = ["test_empty (tests.test_cart.Cart)", "test_none (tests.test_cart.Cart)"]

/// A change that mends nothing and breaks both PASS_TO_PASS tests.
private let breaking = block("shop/cart.py", "    result = 0\n", "    result = 1\n")

/// A first attempt under `mode`, and what a second one makes of its feedback, told as the first was or under `then`.
private func attempts(
  _ mode: FeedbackMode, then: FeedbackMode? = nil, saying reply: String = breaking, through: Stage = .feedback
) async throws -> [Take] {
  var (settings, later) = (defaults, defaults)
  settings.feedback = mode
  later.feedback = then ?? mode
  return try await withBench(saying(reply)) { [settings, later] bench in
    let row = try await Shop.row(in: bench.folder, tests: tests, passToPass: names)
    let first = try await bench.make(plan(row, settings: settings))
    var takes = [first]
    for number in 2...3 {
      let last = takes.last
      takes.append(
        try await bench.make(
          plan(
            row, TakeID(attempt: number, take: 1), settings: later, base: last, from: .reply, through: through,
            earlier: last?.chain.feedback)))
    }
    return takes
  }
}

extension Take {
  fileprivate var promptText: String { chain.prompt?.prompt.messages.map(\.text).joined(separator: "\n") ?? "" }
}

@Suite struct `feedback` {
  /// Words of the test patch alone.
  private let secrets = ["test_total", "every price counts", "!= 12", "test_none", "nothing costs nothing"]

  @Test func `in mode hidden tells what the hidden tests said, and marks it`() async throws {
    let takes = try await attempts(.hidden)
    let parts = try #require(takes[0].chain.feedback?.parts)
    #expect(takes[0].chain.feedback?.kind == .regression)
    #expect(
      parts.map(\.origin) == [
        .feedback(attempt: 1), .hiddenTest, .feedback(attempt: 1), .visibleTest, .hiddenTest, .hiddenTest,
      ])
    #expect(parts[1].text.contains("breaks tests that passed before"))
    #expect(parts[2].text.contains("+    result = 1"))
    #expect(parts[3].text.contains("test_empty"))
    #expect(parts[3].text.contains("AssertionError: 1 != 0"))
    #expect(parts[4].text.contains("nothing costs nothing"))
    #expect(parts[5].text.contains("every price counts"))
    let prompt = takes[1].promptText
    for secret in secrets { #expect(prompt.contains(secret)) }
    #expect(takes[1].chain.prompt?.prompt.isTainted == true)
    #expect(takes[0].chain.prompt?.prompt.isTainted == false)
    #expect(takes.allSatisfy { $0.isAssisted })
  }

  @Test func `in mode visible tells of the tests that were there, and of no other`() async throws {
    let takes = try await attempts(.visible)
    let parts = try #require(takes[0].chain.feedback?.parts)
    #expect(parts.map(\.origin) == [.feedback(attempt: 1), .feedback(attempt: 1), .visibleTest])
    for take in takes.dropFirst() {
      #expect(take.promptText.contains("Your previous attempt did not resolve the issue."))
      #expect(take.promptText.contains("test_empty (tests.test_cart.Cart)\n  AssertionError: 1 != 0"))
      for secret in secrets { #expect(!take.promptText.contains(secret), "\(secret)") }
      #expect(take.chain.prompt?.prompt.isTainted == false)
      #expect(!take.isAssisted)
    }
  }

  @Test func `in mode none tells nothing`() async throws {
    let takes = try await attempts(.none)
    #expect(takes[0].chain.feedback?.isEmpty == true)
    #expect(takes[1].promptText == takes[0].promptText)
    #expect(takes.allSatisfy { !$0.isAssisted })
  }

  @Test func `on an attempt that was told of hidden tests tells of them itself`() async throws {
    // The second attempt reads what the hidden tests said; the third reads only what the second wrote.
    let takes = try await attempts(.hidden, then: .visible)
    #expect(takes[1].chain.feedback?.parts.first?.origin == .hiddenTest)
    #expect(takes[2].chain.prompt?.prompt.isTainted == true)
    #expect(takes[2].isAssisted)
    for secret in secrets { #expect(!takes[2].promptText.contains(secret)) }
    // Without feedback the chain of hearsay ends.
    let forgotten = try await attempts(.hidden, then: FeedbackMode.none)
    #expect(forgotten[1].isAssisted)
    #expect(!forgotten[2].isAssisted)
  }

  @Test(arguments: [
    (block("shop/cart.py", "    for price in cart:", "    for price in prices:"), "Its edits were not applied."),
    (block("tests/test_cart.py", "import unittest", "import unittest as u"), "Its edits were not applied."),
    ("I cannot say.\n", "It held no edit that changes anything."),
    (
      "--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -1 +1 @@\n-nowhere\n+here\n",
      "Your SEARCH text is not in shop/cart.py"
    ),
  ]) func `tells why edits were not applied`(reply: String, reason: String) async throws {
    let takes = try await attempts(.visible, saying: reply, through: .prompt)
    #expect(takes[0].chain.feedback?.parts.map(\.origin) == [.feedback(attempt: 1), .feedback(attempt: 1)])
    #expect(takes[1].promptText.contains(reason))
    #expect(takes[1].chain.prompt?.prompt.isTainted == false)
  }

  @Test func `tells that a file is no Python any more`() async throws {
    let takes = try await attempts(
      .visible, saying: block("shop/cart.py", "    result = 0\n", "    result = 0)\n"), through: .prompt)
    #expect(takes[1].promptText.contains("With it a file is no valid Python any more."))
  }

  @Test func `is empty where there is nothing to do better`() async throws {
    #expect(try await attempts(.hidden, saying: Shop.mend, through: .prompt)[0].chain.feedback?.isEmpty == true)
  }

  @Test func `tells of three tests and counts the others`() async throws {
    let bodies = (1...5).map { number in
      "    def test_\(number)(self):\n        self.assertEqual(total([1]), \(number + 1))\n"
    }.joined(separator: "\n")
    let cart = (Shop.files["tests/test_cart.py"] ?? "") + bodies
    try await withBench(saying(breaking)) { bench in
      let row = try await Shop.row(
        in: bench.folder, tests: ["tests/test_cart.py": cart],
        failToPass: (1...5).map { "test_\($0) (tests.test_cart.Cart)" }, passToPass: [])
      let text = try #require(try await bench.make(plan(row)).chain.feedback?.text)
      #expect(text.contains("test_3") && !text.contains("test_4"))
      #expect(text.hasSuffix("and 2 more"))
    }
  }
}
