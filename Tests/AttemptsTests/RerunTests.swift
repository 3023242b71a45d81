import Content
import Context
import Instances
import Models
import Prompts
import Repositories
import Testing
import Workspaces

@testable import Attempts

@Suite struct `a rerun` {
  static let replies: [(text: String, reason: ReplyEnd.Reason?)] = [
    ("The loop skips one.\n\n" + Shop.mend, .stop), ("It is the loop.\n\n" + Shop.mend, .stop),
    (block("shop/cart.py", "    result = 0\n", "    result = 0.0\n"), .stop),
    (block("shop/cart.py", "    return result", "    return None"), .stop), ("I cannot say.\n", .stop),
    (block("shop/cart.py", "    nowhere", "    x"), .stop),
    (block("shop/cart.py", "    result = 0", "    result = 0"), .stop),
    ("FILE: shop/cart.py\nLINES: 4-4\nREASONING: the loop\n\n    for price in prices:\n", .stop),
    ("shop/cart.py\n```python\n\(Shop.cart.replacing("[1:]", with: ""))```\n", .stop), (Shop.mend, .length),
    (Shop.mend, nil),
    (
      "--- a/shop/cart.py\n+++ b/shop/cart.py\n@@ -3,3 +3,3 @@\n     result = 0\n-    for price in prices[1:]:\n+    for price in prices:\n         result += price\n",
      .stop
    ),
  ]

  private static let files = Shop.files.merging([
    "shop/stock.py": "stock = {}\n\n\ndef prices(names):\n    return [stock[name] for name in names]\n",
    "shop/mail.py": String(repeating: "# The first price is on the first page of the mail.\n", count: 20)
      + "def send(price):\n    return price\n",
  ]) { $1 }

  private func row(_ number: Int) -> Instance {
    Instance(
      id: "o__shop-\(number)", repo: "o/shop", baseCommit: String(repeating: "a", count: 40),
      problemStatement: "The first price is left out of total.\n", patch: "",
      testPatch: "--- a/tests/test_cart.py\n+++ b/tests/test_cart.py\n@@ -1 +1 @@\n-a\n+b\n",
      failToPass: ["test_total (tests.test_cart.Cart)"], passToPass: ["test_empty (tests.test_cart.Cart)"],
      testCommand: "unittest")
  }

  private func bench(in folder: String) throws -> Bench {
    let calls = Counter()
    let bench = try Bench(ChoosingModel(replies: Self.replies), in: folder) { _, settings in
      ToldWorkspace(files: Self.files, options: settings.workspace, calls: calls)
    }
    return bench
  }

  /// Takes made one from another, each with a few changes.
  @Test(arguments: 1...16) func `redoes exactly the stages whose key has changed`(seed: UInt64) async throws {
    try await TemporaryFolder.use { folder async throws in
      let bench = try bench(in: folder)
      var chance = Chance(seed)
      var made: [(plan: Plan, take: Take)] = []
      for number in 1...16 {
        let base = made.isEmpty ? nil : chance.happens(0.8) ? made.last : chance.one(of: made)
        var next = base?.plan ?? plan(row(1))
        next.tweak = nil
        next.from = nil
        next.through = .feedback
        next.base = base?.take
        next.id = TakeID(attempt: next.id.attempt, take: number)
        for _ in 0..<chance.one(of: [0, 1, 1, 2, 4]) { chance.change(&next) }
        if chance.happens(0.1) { next.instance = row(chance.one(of: [1, 2])) }
        if chance.happens(0.2) { next.from = chance.one(of: Stage.allCases) }
        if chance.happens(0.3) { next.through = chance.one(of: Stage.allCases) }
        if let base, chance.happens(0.2) { next.tweak = chance.tweak(of: base.take, through: next.through) }
        let watcher = Watcher(bench.world.effects)
        let take: Take
        do { take = try await bench.make(next, watching: [watcher]) } catch {
          // What cannot be made anew cannot be made from a base either.
          if next.tweak == nil { await #expect(throws: (any Error).self) { try await fresh(next, in: folder) } }
          continue
        }
        hold(take, next, base: base, watcher)
        try await holdAgainstFresh(take, next, in: folder)
        made.append((next, take))
      }
      #expect(made.count > 8)
    }
  }

  /// One thing changed at a time, of every kind, from a take that came to its end; with files in the prompt and without.
  @Test(arguments: [5, 0]) func `redoes exactly the stages that read the one thing that has changed`(files: Int)
    async throws
  {
    try await TemporaryFolder.use { folder async throws in
      let bench = try bench(in: folder)
      var chance = Chance(1)
      var first = plan(row(1))
      first.settings.context.files = files
      let base = try await bench.make(first)
      for kind in 0..<Chance.kinds {
        for number in 2...4 {
          var next = first
          next.base = base
          next.id = TakeID(attempt: 1, take: number)
          chance.change(&next, kind: kind)
          let watcher = Watcher(bench.world.effects)
          let take = try await bench.make(next, watching: [watcher])
          hold(take, next, base: (first, base), watcher)
        }
      }
    }
  }

  @Test func `judges another patch anew though its tests say the same`() async throws {
    try await TemporaryFolder.use { folder async throws in
      let bench = try bench(in: folder)
      var first = plan(row(1))
      // The third reply, whose change does nothing.
      first.settings.sampling.seed = 4
      let base = try await bench.make(first)
      var next = first
      next.base = base
      next.id = TakeID(attempt: 1, take: 2)
      next.tweak = Tweak(stage: .patch, text: Chance.made("other"))
      let watcher = Watcher(bench.world.effects)
      let take = try await bench.make(next, watching: [watcher])
      hold(take, next, base: (first, base), watcher)
      #expect(take.chain.content(of: .outcomes) == base.chain.content(of: .outcomes))
      #expect(take.chain[.verdict]?.how == .made)
      #expect(take.chain.feedback?.text.contains("other.txt") == true)
    }
  }

  /// Holds each stage of `take` against the table: made where it was forced, reads something that has changed or is
  /// made from something that came out otherwise; kept with the same content and without a call in all other cases.
  private func hold(_ take: Take, _ plan: Plan, base: (plan: Plan, take: Take)?, _ watcher: Watcher) {
    let old = base?.take.chain ?? Chain()
    let changed = Set(
      Reading.allCases.filter { reading in base.map { reading.text(in: $0.plan) } != reading.text(in: plan) })
    var chain = Chain()
    var announced: [Stage] = []
    for stage in Stage.allCases {
      let record = take.chain[stage]
      #expect((record != nil) == stage.isDue(in: plan, chain), "\(stage) in \(take.id)")
      guard let record else { continue }
      chain.add(record)
      if plan.tweak?.stage == stage {
        #expect(record.how == old[stage].map { .tweaked(of: $0.content) })
        continue
      }
      let isForced = plan.from.map { stage >= $0 } ?? false
      let isOther = !stage.reads.isDisjoint(with: changed)
      let comesFromOther =
        stage.inputs.contains { chain.content(of: $0) != old.content(of: $0) } || stage.asks(chain) != stage.asks(old)
      guard let before = old[stage], !isForced, !isOther, !comesFromOther else {
        #expect(record.how == .made, "\(stage) in \(take.id)")
        announced.append(stage)
        continue
      }
      #expect(record.how == before.kept.how, "\(stage) in \(take.id)")
      #expect(record.how != .made)
      #expect(record.content == before.content)
      #expect(record.artifact == before.artifact)
      #expect(watcher.cost(of: stage) == Effects.Counts(), "\(stage) in \(take.id)")
    }
    #expect(watcher.announced == announced)
    #expect(
      watcher.events.compactMap { if case .recorded(let stage, _) = $0 { stage } else { nil } }
        == take.records.map(\.stage))
    #expect(take.isTweaked == take.records.contains { if case .tweaked = $0.how { true } else { false } })
  }

  /// What was kept is what would be made: the keys leave out nothing that a stage reads.
  private func holdAgainstFresh(_ take: Take, _ plan: Plan, in folder: String) async throws {
    if take.isTweaked { return }
    let fresh = try await fresh(plan, in: folder)
    #expect(fresh.records.map(\.stage) == take.records.map(\.stage))
    for record in fresh.records {
      #expect(take.chain[record.stage]?.content == record.content, "\(record.stage) in \(take.id)")
      #expect(take.chain[record.stage]?.key == record.key, "\(record.stage) in \(take.id)")
    }
  }

  private func fresh(_ plan: Plan, in folder: String) async throws -> Take {
    var plan = plan
    plan.base = nil
    plan.from = nil
    return try await bench(in: folder).make(plan)
  }
}
