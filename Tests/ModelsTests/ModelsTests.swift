import Content
import Testing

@testable import Models

/// The text and end of one reply.
func reply(of model: some Model, to request: ModelRequest) async throws -> (text: String, end: ReplyEnd?) {
  var text = ""
  var end: ReplyEnd?
  for try await event in model.reply(to: request) {
    switch event {
    case .text(let more): text += more
    case .retry: break
    case .end(let last): end = last
    }
  }
  return (text, end)
}

func request(_ text: String, instance: String = "i", seed: Int = 1) -> ModelRequest {
  var sampling = Sampling()
  sampling.seed = seed
  return ModelRequest(messages: [ModelMessage(role: "user", text: text)], sampling: sampling, instanceID: instance)
}

@Suite struct `a practice model` {
  let model = PracticeModel { id in
    id == "i"
      ? [PracticeReply(needs: "needle", text: "found\n"), PracticeReply(needs: nil, text: "lost\r\nagain")] : []
  }

  @Test func `answers by what the prompt shows, and streams the text unchanged`() async throws {
    #expect(try await reply(of: model, to: request("a needle")).text == "found\n")
    let other = try await reply(of: model, to: request("hay"))
    #expect(Array(other.text.utf8) == Array("lost\r\nagain".utf8))
    #expect(other.end?.model == "practice (hand-written)")
  }

  @Test func `says which instance it has no reply for`() async {
    await #expect(throws: ModelError.noPracticeReply(instance: "other")) {
      try await reply(of: model, to: request("hay", instance: "other"))
    }
  }
}

@Suite struct `a scripted model` {
  @Test func `gives each instance its own replies in order, then says they are used up`() async throws {
    let model = ScriptedModel(
      name: "scripted",
      replies: [
        ScriptedReply(instanceID: "i", text: "1"), ScriptedReply(instanceID: "j", text: "2"),
        ScriptedReply(instanceID: nil, text: "3"),
      ])
    #expect(try await reply(of: model, to: request("x")).text == "1")
    #expect(try await reply(of: model, to: request("x", instance: "j")).text == "2")
    #expect(try await reply(of: model, to: request("x")).text == "3")
    await #expect(throws: ModelError.scriptEnded(instance: "i", given: 2)) {
      try await reply(of: model, to: request("x"))
    }
  }

  @Test func `repeats a reply marked so for ever`() async throws {
    let model = ScriptedModel(
      name: "scripted",
      replies: [ScriptedReply(instanceID: nil, text: "a"), ScriptedReply(instanceID: nil, text: "", repeats: true)])
    #expect(try await reply(of: model, to: request("x")).text == "a")
    for _ in 0..<5 { #expect(try await reply(of: model, to: request("x")).text == "") }
  }
}

@Suite struct `a recorded model` {
  func recording(_ text: String, of prompt: String) -> Recording {
    Recording(
      request: request(prompt).hash(model: "m"), model: "m", text: text, end: ReplyEnd(reason: .stop, model: "m"))
  }

  @Test func `replays equal requests in the order recorded and refuses one more`() async throws {
    let model = RecordedModel(
      name: "m", recordings: [recording("1", of: "p"), recording("2", of: "p")], mode: .none, live: nil)
    #expect(try await reply(of: model, to: request("p")).text == "1")
    #expect(try await reply(of: model, to: request("p")).text == "2")
    await #expect(
      throws: ModelError.notRecorded(request: request("p").hash(model: "m"), instance: "i", uses: 2, nearest: nil)
    ) {
      try await reply(of: model, to: request("p"))
    }
  }

  @Test func `does not know a request with another seed or another byte`() async {
    let model = RecordedModel(name: "m", recordings: [recording("1", of: "p")], mode: .none, live: nil)
    await #expect(throws: ModelError.self) { try await reply(of: model, to: request("p", seed: 2)) }
    await #expect(throws: ModelError.self) { try await reply(of: model, to: request("p ")) }
  }

  @Test(
    arguments: [
      (RecordMode.none, nil), (.once, nil), (.newEpisodes, "live"), (.all, "live"),
    ] as [(RecordMode, String?)])
  func `asks the model for what is not recorded only in the modes that allow it`(
    mode: RecordMode, expected: String?
  ) async throws {
    let live = ScriptedModel(name: "m", replies: [ScriptedReply(instanceID: nil, text: "live", repeats: true)])
    let model = RecordedModel(name: "m", recordings: [recording("1", of: "p")], mode: mode, live: live)
    #expect((try? await reply(of: model, to: request("new")).text) == expected)
    #expect(try await reply(of: model, to: request("p")).text == (mode == .all ? "live" : "1"))
  }

  @Test func `asks in mode once where nothing is recorded yet`() async throws {
    let live = ScriptedModel(name: "m", replies: [ScriptedReply(instanceID: nil, text: "live")])
    let model = RecordedModel(name: "m", recordings: [], mode: .once, live: live)
    #expect(try await reply(of: model, to: request("new")).text == "live")
  }
}

@Suite struct `a model's name` {
  @Test func `is its kind and what follows the colon`() throws {
    #expect(try ModelName(parsing: "scripted:a:b.jsonl").argument == "a:b.jsonl")
    #expect(try ModelName(parsing: "gold").description == "gold")
    #expect(throws: ModelError.unknownKind("golf")) { try ModelName(parsing: "golf") }
    #expect(throws: ModelError.needsName(.recorded)) { try ModelName(parsing: "recorded") }
  }
}
