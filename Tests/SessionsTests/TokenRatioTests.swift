import Attempts
import Content
import Foundation
import Models
import Script
import TestWorld
import Testing

@testable import Sessions

@Suite struct `the ratio of tokens in a sitting` {
  /// Counts that teach a ratio of 0.78.
  private func teach(_ session: Session, _ model: String) throws {
    try session.host.journal.write { transaction in
      try transaction.execute("INSERT INTO token_count VALUES (?, 9, 1142857)", [.text(model)])
    }
  }

  private func ollama(_ script: String = "") async throws -> Session {
    let session = try await sitting(script: script)
    try await session.useModel(ModelName(.ollama, "m"))
    _ = try await session.set("tokens.ratio", to: "auto")
    return session
  }

  @Test func `is learnt of the model in use, and of no other`() async throws {
    let session = try await ollama()
    #expect(try await session.tokenRatio(of: django) == .auto(learnt: nil))
    try teach(session, "openai:m")
    #expect(try await session.tokenRatio(of: django) == .auto(learnt: nil))
    try teach(session, "ollama:m")
    let learnt = try #require(try await session.tokenCounts(session.settings).ratio)
    #expect((0.8...0.9).contains(learnt))
    #expect(try await session.tokenRatio(of: django) == .auto(learnt: learnt))
    // A number and a ratio that was typed stay.
    for text in ["0.8", "auto:0.7"] {
      _ = try await session.set("tokens.ratio", to: text)
      #expect(try await session.tokenRatio(of: django) == TokenRatio(text))
    }
  }

  @Test func `of a recorded take is the recorded one`() async throws {
    let session = try await ollama(
      """
      -- prompt/\(django)/1.1 tokens=auto:0.71 --
      -- prompt/\(flask)/1.1 row=x --

      """)
    try teach(session, "ollama:m")
    #expect(try await session.tokenRatio(of: django) == .auto(learnt: 0.71))
    #expect(try await session.tokenRatio(of: flask) == .fixed(1), "an older version recorded it")
  }

  @Test func `stands in a saved session, which replays the same prompts`() async throws {
    let session = try await sitting()
    _ = try await session.set("tokens.ratio", to: "auto")
    let take = try await session.run(django, through: .prompt)
    #expect(take.settings.tokensRatio == .auto(learnt: nil))
    let again = try await sitting()
    _ = try await again.set("tokens.ratio", to: "auto")
    #expect(try await again.run(django, through: .prompt).chain.content(of: .prompt) == take.chain.content(of: .prompt))
    let reply = try await session.run(django, through: .reply)
    let sections = try Recordings.sections(
      of: reply, instanceHash: Hash(of: ""), modelName: "practice", template: nil)
    let prompt = try #require(sections.first { $0.kind == "prompt" })
    #expect(prompt[attribute: "tokens"] == "auto")
    #expect(Inputs(section: prompt).tokensRatio == .auto(learnt: nil))
  }

  @Test func `is the same for all attempts of an instance`() async throws {
    let session = try await sitting()
    _ = try await session.set("tokens.ratio", to: "auto")
    let first = try await session.run(django, through: .prompt)
    try teach(session, "ollama:m")
    let second = try await session.run(django, through: .prompt)
    #expect(first.settings.tokensRatio == second.settings.tokensRatio)
  }
}
