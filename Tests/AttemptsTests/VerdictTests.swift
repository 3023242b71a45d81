import Grading
import Instances
import Models
import Repositories
import Testing
import Workspaces

@testable import Attempts

@Suite struct `a verdict` {
  @Test(arguments: ["django__django-11000", "flask__flask-5063"])
  func `is resolved for the gold patch`(id: String) async throws {
    try await withBench(goldModel) { bench in
      let take = try await bench.make(plan(try practice(id)))
      #expect(take.verdict?.word == .resolved)
      #expect(take.verdict?.failure == nil)
      #expect(take.verdict?.resolution == .full)
      #expect(take.verdict?.suspicions == [])
      #expect(take.verdict?.sentence == "")
      #expect(take.chain.edits?.format == "diff")
      #expect(bench.world.effects.counts.tests == 2)
    }
  }

  @Test(
    arguments: [
      (
        block("shop/cart.py", "    result = 0\n", "    result = 0.0\n"), VerdictWord.unresolved,
        FailureCode.testFailure, 2
      ),
      (
        block("shop/cart.py", "    result = 0\n", "    result = sum(prices[:1]) or 1\n"), .unresolved, .regression, 3
      ),
      (Shop.mend, .resolved, nil, 3),
    ] as [(String, VerdictWord, FailureCode?, Int)])
  func `is of all tests where the target tests ran first and passed`(
    reply: String, word: VerdictWord, code: FailureCode?, runs: Int
  ) async throws {
    try await withBench(saying(reply)) { bench in
      var plan = plan(try await Shop.row(in: bench.folder))
      plan.settings.workspace.order = .targetsFirst
      let verdict = try #require(try await bench.make(plan).verdict)
      #expect(verdict.word == word && verdict.failure == code)
      #expect(bench.world.effects.counts.tests == runs)
      let tally = try #require(verdict.tally)
      #expect(tally.passToPass.count.total == (runs == 2 ? 0 : 3))
      #expect(verdict.sentence.hasSuffix("PASS_TO_PASS was not run") == (runs == 2))
    }
  }

  @Test(arguments: [
    ("django__django-11000", FailureCode.logicError), ("flask__flask-5063", .applyFailed),
  ]) func `is unresolved for the practice reply that fails`(id: String, code: FailureCode) async throws {
    let reply = try #require(PracticeSet.replies(of: id).last?.text)
    try await withBench(saying(reply)) { bench in
      let verdict = try await bench.make(plan(try practice(id))).verdict
      #expect(verdict?.word == .unresolved)
      #expect(verdict?.failure == code)
    }
  }

  @Test(
    arguments: [
      (Shop.mend, VerdictWord.resolved, nil, Resolution.full, ""),
      (
        block("shop/cart.py", "    result = 0\n", "    result = 0.0\n"), .unresolved, FailureCode.testFailure, .no,
        "1 target test still fails"
      ),
      (
        block("shop/cart.py", "    result = 0\n", "    result = int(0)\n"), .unresolved, .logicError, .no,
        "the target test fails as before"
      ),
      (
        block("shop/cart.py", "    result = 0\n", "    result = sum(prices[:1]) or 1\n"), .unresolved, .regression, .no,
        "1 test that passed fails now"
      ),
      (
        block("shop/cart.py", "    result = 0\n", "    result = 0)\n"), .unresolved, .syntaxError, .no,
        "shop/cart.py is no Python after the edits: line 3"
      ),
      (
        block("shop/cart.py", "in prices:", "nowhere"), .unresolved, .applyFailed, .no,
        "stale_anchor, edit 1: its SEARCH text is not in shop/cart.py"
      ),
    ] as [(String, VerdictWord, FailureCode?, Resolution, String)])
  func `says in a word, a code and a sentence what came of a reply`(
    reply: String, word: VerdictWord, code: FailureCode?, resolution: Resolution, sentence: String
  ) async throws {
    try await withBench(saying(reply)) { bench in
      let take = try await bench.make(plan(try await Shop.row(in: bench.folder)))
      let verdict = try #require(take.verdict)
      #expect(verdict.word == word)
      #expect(verdict.failure == code)
      #expect(verdict.resolution == resolution)
      #expect(verdict.sentence.hasPrefix(sentence), "\(verdict.sentence)")
    }
  }

  @Test func `is unresolved where the tests run out of time`() async throws {
    try await TemporaryFolder.use { folder async throws in
      let reply = block("shop/cart.py", "    result = 0\n", "    while prices: pass\n")
      let calls = Counter()
      let bench = try Bench(saying(reply), in: folder) { _, settings in
        ToldWorkspace(files: Shop.files, options: settings.workspace, calls: calls)
      }
      let take = try await bench.make(
        plan(try await Shop.row(in: folder, passToPass: ["test_empty (tests.test_cart.Cart)"])))
      #expect(take.verdict?.word == .unresolved)
      #expect(take.verdict?.failure == .timeout)
      #expect(take.verdict?.sentence == "the tests ran out of time")
    }
  }
}
