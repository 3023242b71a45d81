import Content
import Foundation
import Testing

@testable import Models

@Suite struct `the sampling of an attempt` {
  @Test func `is cold at first, and warmer with a new seed on every retry`() {
    let sampling = Sampling()
    let all = (1...4).map { sampling.of(attempt: $0, RetrySampling()) }
    #expect(all.map(\.temperature) == [0, 0.5, 0.5, 0.5])
    #expect(all.map(\.seed) == [1, 2, 3, 4])
    #expect(all.allSatisfy { $0.numCtx == sampling.numCtx })
  }

  @Test func `is what is listed for it, the last for all that follow`() {
    var later = RetrySampling()
    (later.temperature, later.topP, later.topK, later.minP) = ([0.2, 0.7], [0.9], [40, 20], [0.1])
    (later.repeatPenalty, later.numPredict, later.seed) = ([1.1], [100, 200], [9])
    let all = (1...4).map { Sampling().of(attempt: $0, later) }
    #expect(all.map(\.temperature) == [0, 0.2, 0.7, 0.7])
    #expect(all.map(\.topP) == [nil, 0.9, 0.9, 0.9])
    #expect(all.map(\.topK) == [nil, 40, 20, 20])
    #expect(all.map(\.minP) == [nil, 0.1, 0.1, 0.1])
    #expect(all.map(\.repeatPenalty) == [1, 1.1, 1.1, 1.1])
    #expect(all.map(\.numPredict) == [2048, 100, 200, 200])
    #expect(all.map(\.seed) == [1, 9, 10, 11])
  }

  @Test func `is part of what a recording is found by, and what is not set is not`() {
    let plain = request("p").hash(model: "m")
    var changed: Set<String> = []
    for change in [
      { $0.topP = 0.9 }, { $0.topK = 4 }, { $0.minP = 0.1 }, { $0.stop = ["a"] }, { $0.grammar = "root ::= x" },
      { $0.schema = "{}" },
    ] as [(inout Sampling) -> Void] {
      var sampling = Sampling()
      change(&sampling)
      changed.insert(
        ModelRequest(messages: request("p").messages, sampling: sampling, instanceID: "i").hash(model: "m").hex)
    }
    #expect(changed.count == 6 && !changed.contains(plain.hex))
  }

  private func sent(_ kind: ModelName.Kind, _ sampling: Sampling, to stand: StandIn) async throws -> [String: Any] {
    let asked = ModelRequest(messages: request("hello").messages, sampling: sampling, instanceID: "i")
    let found = await outcome(of: try stand.model(kind, "answer"), to: asked)
    if let error = found.error { throw error }
    let path = [ModelName.Kind.ollama: "/both/api/chat", .openai: "/both/v1/chat/completions"][kind]
    return try #require(try await stand.logged(path ?? "/both/v1/messages")["body"] as? [String: Any])
  }

  @Test func `is sent under each protocol's names`() async throws {
    var sampling = Sampling()
    (sampling.topP, sampling.topK, sampling.minP, sampling.stop) = (0.9, 40, 0.05, ["END", "```"])
    try await withStandIn { stand in
      let ollama = try #require(try await sent(.ollama, sampling, to: stand)["options"] as? [String: Any])
      let openai = try await sent(.openai, sampling, to: stand)
      for body in [ollama, openai] {
        #expect(body["top_p"] as? Double == 0.9 && body["top_k"] as? Int == 40 && body["min_p"] as? Double == 0.05)
        #expect(body["stop"] as? [String] == ["END", "```"])
      }
      let anthropic = try await sent(.anthropic, sampling, to: stand)
      #expect(anthropic["top_p"] as? Double == 0.9 && anthropic["top_k"] as? Int == 40)
      #expect(anthropic["stop_sequences"] as? [String] == ["END", "```"] && anthropic["min_p"] == nil)
    }
  }

  @Test func `holds a grammar or a schema where the server has it, and is refused where not`() async throws {
    var (grammar, schema) = (Sampling(), Sampling())
    grammar.grammar = "root ::= \"yes\""
    schema.schema = #"{"type": "object", "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 2.5}}}"#
    try await withStandIn { stand in
      #expect(try await sent(.openai, grammar, to: stand)["grammar"] as? String == "root ::= \"yes\"")
      let format = try #require(try await sent(.openai, schema, to: stand)["response_format"] as? [String: Any])
      let inner = (format["json_schema"] as? [String: Any])?["schema"] as? NSDictionary
      let asked = try JSONSerialization.jsonObject(with: Data((schema.schema ?? "").utf8)) as? NSDictionary
      #expect(inner == asked)
      #expect(try await sent(.ollama, schema, to: stand)["format"] as? NSDictionary == asked)
      await #expect(throws: ModelError.noGrammar(.ollama)) { try await sent(.ollama, grammar, to: stand) }
      await #expect(throws: ModelError.noGrammar(.anthropic)) { try await sent(.anthropic, grammar, to: stand) }
      await #expect(throws: ModelError.noSchema(.anthropic)) { try await sent(.anthropic, schema, to: stand) }
      schema.schema = "[1]"
      await #expect(throws: ModelError.badSchema) { try await sent(.ollama, schema, to: stand) }
    }
  }
}

@Suite struct `a ledger` {
  @Test func `shares out the wait for the first word, so that its parts are the whole`() {
    for (wait, load, prefill, expected) in [
      (100, 20, 30, [50, 20, 30]), (100, 0, 0, [100, 0, 0]), (100, 90, 30, [0, 90, 10]), (100, 150, 30, [0, 100, 0]),
      (-5, 3, 3, [0, 0, 0]), (100, -4, -9, [100, 0, 0]),
    ] {
      var ledger = Ledger()
      ledger.share(wait: wait, load: load, prefill: prefill)
      #expect([ledger.queue, ledger.load, ledger.prefill] == expected)
      #expect(ledger.total == max(0, wait))
    }
  }

  @Test func `is filled to the time by the clock`() {
    var ledger = Ledger()
    (ledger.queue, ledger.decode) = (30, 60)
    ledger.fill(to: 100)
    #expect(ledger.other == 10 && ledger.total == 100)
    ledger.fill(to: 100)
    #expect(ledger.total == 100)
    ledger.fill(to: 50)
    #expect(ledger.other == 0 && ledger.total == 90)
    #expect(ledger.parts.map(\.microseconds).reduce(0, +) == ledger.total)
  }

  @Test func `knows the tokens a second only where both are known`() {
    var ledger = Ledger()
    #expect(ledger.tokensPerSecond == nil)
    (ledger.replyTokens, ledger.decode) = (50, 2_000_000)
    #expect(ledger.tokensPerSecond == 25)
  }
}

@Suite struct `the nearest recorded request` {
  private func recording(_ name: String, _ text: String, model: String = "m", seed: Int = 1) -> Recording {
    let asked = request(text, seed: seed)
    return Recording(
      request: asked.hash(model: model), model: model, text: "r", end: ReplyEnd(reason: .stop, model: model),
      asked: Recording.Asked(name: name, messages: asked.messages, sampling: asked.sampling))
  }

  private func miss(_ text: String, seed: Int = 1, _ recordings: [Recording]) async -> String? {
    let model = RecordedModel(name: "m", recordings: recordings, mode: .none, live: nil)
    return (await outcome(of: model, to: request(text, seed: seed)).error as? ModelError)?.errorDescription
  }

  @Test func `is named with the first line that differs`() async {
    let all = [recording("i/1.1", "a\nb\nc"), recording("i/1.2", "a\nb\nd\ne"), recording("j/1.1", "x")]
    #expect(
      await miss("a\nb\nd\nf", all)
        == "no reply was recorded for this prompt of i; the nearest, i/1.2, differs in line 5 of the prompt: "
        + "recorded `e`, now `f`")
    #expect(await miss("a\nb\nd\ne\ng", all)?.hasSuffix("line 6 of the prompt: recorded (its end), now `g`") == true)
  }

  @Test func `may differ in the sampling or the model alone`() async {
    #expect(
      await miss("a", seed: 7, [recording("i/1.1", "a", seed: 3)])?
        .hasSuffix("i/1.1, differs in the sampling: model.seed (recorded 3, now 7)") == true)
    #expect(
      await miss("a", [recording("i/1.1", "a", model: "other")])?
        .hasSuffix("i/1.1, differs in the model: recorded other, now m") == true)
    #expect(await miss("a", [])?.hasSuffix("for this prompt of i") == true)
  }
}
