import Content
import Grading
import Instances
import Journal
import Models
import Prompts
import Repositories
import Testing

@testable import Attempts

/// A take of the shop, and what a tweak makes of it.
private func tweak(
  _ stage: Stage, _ text: @Sendable (Take) -> String, of reply: String = Shop.mend, earlier: FeedbackArtifact? = nil,
  through: Stage = .feedback, _ body: (Take, Take, Bench) async throws -> Void
) async throws {
  var settings = defaults
  settings.feedback = .visible
  try await withBench(saying(reply)) { [settings] bench in
    let row = try await Shop.row(in: bench.folder)
    let base = try await bench.make(plan(row, settings: settings, through: through, earlier: earlier))
    let take = try await bench.make(
      plan(
        row, TakeID(attempt: 1, take: 2), settings: settings, base: base, through: through, earlier: earlier,
        tweak: Tweak(stage: stage, text: text(base))))
    try await body(base, take, bench)
  }
}

@Suite struct `a tweak` {
  @Test func `takes the place of the old content and names it, and what comes before is kept`() async throws {
    try await tweak(.reply, { _ in Shop.mend }, of: "I cannot say.\n") { base, take, bench in
      let old = try #require(base.chain.content(of: .reply))
      #expect(take.chain[.reply]?.how == .tweaked(of: old))
      #expect(take.chain[.reply]?.key == base.chain[.reply]?.key)
      #expect(take.chain.reply?.text == Shop.mend)
      #expect(take.chain.reply?.model == "tweaked by hand")
      #expect(take.records.prefix(4).allSatisfy { $0.how == .kept })
      #expect(take.verdict?.word == .resolved)
      #expect(take.isTweaked && !base.isTweaked)
      let rows = try bench.world.journal.rows("SELECT tweaked FROM take ORDER BY take")
      #expect(rows.map { $0["tweaked"] } == [.integer(0), .integer(1)])
      #expect(bench.world.effects.counts.model == 1)
    }
  }

  @Test func `stays one in later takes, until what it was made from changes`() async throws {
    try await tweak(.reply, { _ in Shop.mend }, of: "I cannot say.\n") { base, take, bench in
      let row = try await Shop.row(in: bench.folder)
      var settings = take.settings
      let kept = try await bench.make(plan(row, TakeID(attempt: 1, take: 3), settings: settings, base: take))
      #expect(kept.isTweaked)
      #expect(kept.chain[.reply]?.how == take.chain[.reply]?.how)
      #expect(kept.chain.content(of: .verdict) == take.chain.content(of: .verdict))
      settings.sampling.seed = 2
      let asked = try await bench.make(plan(row, TakeID(attempt: 1, take: 4), settings: settings, base: kept))
      #expect(!asked.isTweaked)
      #expect(asked.chain.reply?.text == "I cannot say.\n")
    }
  }

  @Test func `of a prompt names the old one as its origin`() async throws {
    let more = { @Sendable (base: Take) in (base.chain.prompt?.prompt.rendered ?? "") + "Answer briefly.\n" }
    try await tweak(.prompt, more, through: .prompt) { base, take, _ in
      let old = try #require(base.chain.content(of: .prompt))
      let messages = try #require(take.chain.prompt?.prompt.messages)
      let parts = messages.flatMap(\.parts)
      #expect(parts.allSatisfy { $0.origin == .tweak(of: old) })
      #expect(parts.last?.text.hasSuffix("\nAnswer briefly.") == true)
      #expect(take.chain.prompt?.prompt.isTainted == false)
      #expect(!take.isAssisted)
    }
  }

  @Test func `of a prompt that held what a hidden test said stays marked so`() async throws {
    let told = FeedbackArtifact(mode: .hidden, parts: [.init(text: "test_total fails", origin: .hiddenTest)])
    let less = { @Sendable (base: Take) in
      (base.chain.prompt?.prompt.rendered ?? "").replacing("test_total fails", with: "")
    }
    try await tweak(.prompt, less, earlier: told, through: .prompt) { base, take, _ in
      #expect(base.chain.prompt?.prompt.isTainted == true)
      #expect(take.chain.prompt?.prompt.messages.contains { $0.text.contains("test_total") } == false)
      #expect(take.chain.prompt?.prompt.isTainted == true)
      #expect(take.isAssisted)
    }
  }

  @Test func `of feedback that held what a hidden test said stays marked so, and of other does not`() async throws {
    try await tweak(.feedback, { _ in "Try again.\n" }, of: "No.\n") { base, take, _ in
      let old = try #require(base.chain.content(of: .feedback))
      #expect(take.chain.feedback?.parts == [.init(text: "Try again.\n", origin: .tweak(of: old))])
    }
    let told = FeedbackArtifact(mode: .hidden, parts: [.init(text: "test_total fails", origin: .hiddenTest)])
    try await tweak(.feedback, { _ in "Try again.\n" }, of: "No.\n", earlier: told) { _, take, _ in
      #expect(take.chain.feedback?.parts == [.init(text: "Try again.\n", origin: .hiddenTest)])
    }
  }

  @Test func `of a patch that changes a test is suspect`() async throws {
    let changes = [
      FileChange(
        path: "shop/cart.py", before: bytes(Shop.cart), after: bytes(Shop.cart.replacing("[1:]", with: ""))),
      FileChange(path: "tests/__init__.py", before: [], after: bytes("x = 1\n")),
    ]
    let cheat = String(decoding: try await PatchMaker.patch(changes, git: Git()), as: UTF8.self)
    try await tweak(.patch, { _ in cheat }) { _, take, _ in
      #expect(take.chain.patch?.changes.map(\.path) == ["shop/cart.py", "tests/__init__.py"])
      #expect(take.verdict?.word == .suspect)
      #expect(take.verdict?.suspicions == ["tests/__init__.py is a test file"])
    }
  }

  @Test func `of a patch to nothing leaves nothing to test`() async throws {
    try await tweak(.patch, { _ in "" }) { _, take, _ in
      #expect(take.chain.outcomes == nil)
      #expect(take.verdict?.word == .unresolved)
      #expect(take.verdict?.failure == .noEditsGenerated)
    }
  }

  @Test func `that cannot be is refused, and what was made before it is kept`() async throws {
    for stage in Stage.allCases where !stage.isTweakable {
      await #expect(throws: AttemptError.notTweakable(stage)) { try await tweak(stage, { _ in "" }) { _, _, _ in } }
    }
    // Nothing came of the edits, so there is no patch to take the place of.
    await #expect(throws: AttemptError.missing(.patch)) {
      try await tweak(.patch, { _ in "" }, of: "I cannot say.\n") { _, _, _ in }
    }
    await #expect(throws: PatchError.self) { try await tweak(.patch, { _ in "no diff" }) { _, _, _ in } }
    await #expect(throws: PromptError.self) { try await tweak(.prompt, { _ in "no role" }) { _, _, _ in } }
  }
}
