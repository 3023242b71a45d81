import Content
import Grading
import Prompts
import Testing

@testable import Attempts

@Suite struct `feedback in its budget` {
  private func passage(_ text: String, rank: Int, most: Int = .max) -> FeedbackFit.Passage {
    .init(part: .init(text: text, origin: .feedback(attempt: 1)), rank: rank, most: most)
  }

  @Test(arguments: [100, 300, 1500, 20_000]) func `never takes more`(budget: Int) {
    let diff = (1...10_000).map { "+    value_\($0) = compute(\($0))" }.joined(separator: "\n")
    let line = String(repeating: "xyz ", count: 250_000)
    for ratio in [0.5, 1, 2.5] {
      let parts = FeedbackFit.parts(
        [
          passage("Your previous attempt did not resolve the issue.", rank: 0),
          passage("It made this change:\n" + diff, rank: 2, most: budget / 3),
          passage(line, rank: 1, most: budget / 2), passage(diff, rank: 4),
        ], budget: budget, ratio: ratio)
      let tokens = parts.reduce(0) { $0 + Tokens.estimate($1.text, ratio: ratio) }
      #expect(tokens <= budget, "\(tokens) of \(budget) at \(ratio)")
      #expect(parts.first?.text == "Your previous attempt did not resolve the issue.")
    }
  }

  @Test func `says how many lines are left out, and cuts through no character`() {
    let diff = (1...10_000).map { "+\($0)" }.joined(separator: "\n")
    let text = FeedbackFit.cut(diff, to: 100, ratio: 1)
    let kept = text.split(separator: "\n").count - 1
    #expect(text.hasPrefix("+1\n+2\n") && text.hasSuffix("\n... (\(10_000 - kept) more lines)"))
    let cut = FeedbackFit.cut(String(repeating: "äö€", count: 100_000), to: 100, ratio: 1)
    #expect(cut.hasSuffix(" ...") && !cut.contains("\u{FFFD}"))
  }

  @Test(arguments: [
    ("AssertionError", true), ("django.core.exceptions.ImproperlyConfigured", false), ("json.decoder.ValueError", true),
    ("", false), ("KeyError", true),
  ]) func `gives a hint by the type of an error`(exception: String, isKnown: Bool) {
    #expect((ErrorHint.sentence(exception) != nil) == isKnown)
  }
}

@Suite struct `words of the test patch` {
  private let hidden = HiddenWords(
    testPatch: "--- a/t.py\n+++ b/t.py\n@@ -1 +1,2 @@\n def test_a():\n+    helper('CANARY_text', CAN7)\n",
    files: ["t.py": bytes("def test_a():\n    helper()\n")])

  @Test(arguments: [
    "ValueError: CANARY_text", "  'a\\nCANARY_text'", "xCANARY_texty", "it said CANARY_te", "CAN7 is odd",
  ]) func `take the line with them`(line: String) {
    #expect(hidden.removed(from: "before\n\(line)\nafter") == "before\nafter")
    #expect(hidden.holds(line))
  }

  @Test func `leave what the test files had`() {
    #expect(hidden.removed(from: "in helper, test_a") == "in helper, test_a")
  }
}
