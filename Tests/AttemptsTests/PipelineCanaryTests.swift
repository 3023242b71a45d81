import Content
import Grading
import Instances
import Models
import Prompts
import Repositories
import Testing
import Workspaces

@testable import Attempts

/// What only the judge should know, by where it is planted: the test patch, the gold patch, the hints, and commits behind
/// the base.
private enum Planted {
  static let tests = ["CANARY_test_literal", "CANARY_test_comment"]
  static let others = ["CANARY_gold", "CANARY_hint", "CANARY_later"]

  /// A row in a repository whose later commits hold the repair.
  static func row(in folder: String) async throws -> Instance {
    let git = Git()
    func commit(_ message: String, _ date: Int, _ files: [String: String]) -> FastImport.Commit {
      FastImport.Commit(
        message: message, author: "A <a@example.org>", date: date, files: files.mapValues(bytes))
    }
    let later = Shop.files.merging([
      "shop/cart.py": Shop.cart.replacing("prices[1:]", with: "prices  # CANARY_later"),
      "shop/CANARY_later.py": "CANARY_later = 1\n",
    ]) { $1 }
    let ids = try await FastImport(git: git).make(
      [commit("first\n", 1_000_000_000, Shop.files), commit("repair CANARY_later\n", 1_000_000_100, later)],
      at: "\(folder)/o/shop.git")
    let hidden =
      "    def test_total(self):  # CANARY_test_comment\n"
      + "        self.assertEqual(total([5, 7]), 12, 'CANARY_test_literal')\n"
    let before = Shop.files["tests/test_cart.py"] ?? ""
    let patch = try await PatchMaker.patch(
      [FileChange(path: "tests/test_cart.py", before: bytes(before), after: bytes(before + hidden))], git: git)
    return Instance(
      id: "o__shop-1", repo: "o/shop", baseCommit: try #require(ids.first),
      problemStatement: "The first price of the cart is left out by total.\n", hintsText: "Look at CANARY_hint.\n",
      patch: "--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -4 +4 @@\n-    for price in prices[1:]:\n"
        + "+    for price in prices:  # CANARY_gold\n", testPatch: String(decoding: patch, as: UTF8.self),
      failToPass: ["test_total (tests.test_cart.Cart)"], passToPass: ["test_empty (tests.test_cart.Cart)"],
      testCommand: "unittest")
  }
}

@Suite(.enabled(if: hasSandbox, "bubblewrap does not work here")) struct `what only the judge knows` {
  /// Replies that fail in another way each, with a script that looks for what it should not see.
  private static let replies = [
    block("shop/cart.py", "    result = 0\n", "    result = 1\n"),
    block("shop/cart.py", "    for price in prices[1:]:", "    for price in prices[2:]:"),
    "I do not know.\n", block("shop/cart.py", "    for price in", "    for price out"),
  ].map {
    """
    reproduce.py
    ```python
    import glob, subprocess
    for path in glob.glob("**/*", recursive=True):
        try:
            print([line for line in open(path) if "CANARY" in line and path != "reproduce.py"])
        except OSError:
            pass
    print(subprocess.run(["git", "log", "--all", "-p"], capture_output=True).stdout)
    assert False
    ```
    \($0)
    """
  }

  @Test(arguments: FeedbackMode.allCases, [Switch.off, .on])
  func `is in no prompt of a whole instance, or is labelled under hidden`(
    mode: FeedbackMode, more: Switch
  ) async throws {
    var settings = defaults
    settings.feedback = mode
    (settings.stack, settings.reproduce) = (more, more)
    let model = ScriptedModel(
      name: "told", replies: Self.replies.map { ScriptedReply(instanceID: nil, text: $0, repeats: false) })
    try await withBench(model) { [settings] bench in
      let row = try await Planted.row(in: bench.folder)
      var takes: [Take] = []
      for number in 1...4 {
        let directive = try Directive(
          attempt: number, instanceID: row.id, settings: settings, memory: Memory(takes, before: number),
          shown: takes.last?.chain, behind: takes
        ) { name, _, _ in throw Missing(name: name) }
        var next = plan(
          row, TakeID(attempt: number, take: 1), settings: settings, base: takes.last, from: .reply,
          earlier: takes.last?.chain.feedback)
        next.memory = Memory(takes, before: number)
        (next.stack, next.widened) = (directive.stack, directive.spans)
        if more == .on { next.reproduction = ReproductionScript(in: takes) }
        takes.append(try await bench.make(next))
      }
      #expect(takes.allSatisfy { $0.verdict?.word == .unresolved })
      if more == .on {
        #expect(takes[0].chain.outcomes?.reproduction?.after.exit == 1)
        #expect(takes[1].chain.prompt?.prompt.messages.contains { $0.text.contains("This script of yours") } == true)
      }
      let parts = takes.flatMap { $0.chain.prompt?.prompt.messages.flatMap(\.parts) ?? [] }
      for canary in Planted.others {
        #expect(!parts.contains { $0.text.contains(canary) }, "\(canary) under \(mode)")
      }
      let told = parts.filter { part in Planted.tests.contains { part.text.contains($0) } }
      #expect(told.isEmpty == (mode != .hidden))
      #expect(told.allSatisfy { $0.origin.isHidden })
      #expect(takes.contains { $0.chain.prompt?.prompt.isTainted == true } == (mode == .hidden))
    }
  }
}
