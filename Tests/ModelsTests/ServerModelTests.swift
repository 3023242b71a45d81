import Foundation
import Testing

@testable import Models
@testable import Transfer

private let kinds: [ModelName.Kind] = [.ollama, .openai, .anthropic]

@Suite struct `a model of a server` {
  /// Text with everything that JSON, Go and a terminal treat in their own way.
  static let answer = "a <b> & \"c\" \\ \t\r\n\u{1B}[31m\u{0}é€😀\u{2028}\n" + String(repeating: "line\n", count: 200)

  @Test(arguments: kinds) func `gives the text byte for byte, how it ended, and the server's counts`(
    kind: ModelName.Kind
  ) async throws {
    try await withStandIn(answer: Self.answer) { stand in
      let model = try stand.model(kind, "answer")
      let reply = await outcome(of: model)
      #expect(reply.error == nil)
      #expect(Array(reply.text.utf8) == Array(Self.answer.utf8))
      let count = (Self.answer.unicodeScalars.count + 6) / 7
      var end = try #require(reply.end)
      // Nobody knows how long this takes.
      (end.writing, end.ledger, end.passport, end.window) = (nil, nil, nil, nil)
      #expect(
        end == ReplyEnd(reason: .stop, model: "\(kind.rawValue):answer", promptTokens: 1, replyTokens: count))
      #expect(model.name == "\(kind.rawValue):answer")
    }
  }

  @Test(arguments: kinds) func `gives each piece as it comes, the first before the server makes the second`(
    kind: ModelName.Kind
  ) async throws {
    try await withStandIn(answer: "first piece, second piece") { stand in
      var texts: [String] = []
      for try await case .text(let more) in try stand.model(kind, "gated").reply(to: request("hello")) {
        texts.append(more)
        // The server goes on only now.
        if texts.count == 1 { try await stand.ask("/go") }
      }
      #expect(texts.first == "first p")
      #expect(texts.joined() == "first piece, second piece")
    }
  }

  @Test(arguments: kinds) func `tells how long the model wrote, the wait for its first word not counted`(
    kind: ModelName.Kind
  ) async throws {
    try await withStandIn(answer: "first piece, second piece") { stand in
      var end: ReplyEnd?
      var pieces = 0
      for try await event in try stand.model(kind, "gated").reply(to: request("hello")) {
        switch event {
        case .text:
          pieces += 1
          if pieces == 1 { try await stand.ask("/go") }
        case .retry: break
        case .end(let last): end = last
        }
      }
      #expect(try #require(end?.writing) > .zero)
    }
  }

  @Test(arguments: kinds) func `says what it asks for`(kind: ModelName.Kind) async throws {
    try await withStandIn { stand in
      var sampling = Sampling()
      (sampling.temperature, sampling.seed, sampling.numPredict, sampling.repeatPenalty) = (0.4, 7, 99, 1.1)
      let asked = ModelRequest(
        messages: [ModelMessage(role: "system", text: "s"), ModelMessage(role: "user", text: "ü/\n")],
        sampling: sampling, instanceID: "secret-id")
      let reply = await outcome(of: try stand.model(kind, "answer"), to: asked)
      #expect(reply.error == nil)
      let path = [ModelName.Kind.ollama: "/both/api/chat", .openai: "/both/v1/chat/completions"][kind]
      let body = try #require(try await stand.logged(path ?? "/both/v1/messages")["body"] as? [String: Any])
      let messages = [["role": "system", "content": "s"], ["role": "user", "content": "ü/\n"]]
      let expected: [String: Any] =
        kind == .anthropic
        ? [
          "model": "answer", "system": "s", "messages": [messages[1]], "stream": true, "max_tokens": 99,
          "temperature": 0.4,
        ]
        : kind == .ollama
          ? [
            "model": "answer", "messages": messages, "stream": true, "truncate": false, "shift": false,
            "keep_alive": "30m",
            "options": [
              "num_ctx": 16384, "num_predict": 99, "temperature": 0.4, "seed": 7, "repeat_penalty": 1.1,
            ] as [String: Any],
          ]
          : [
            "model": "answer", "messages": messages, "stream": true, "stream_options": ["include_usage": true],
            "max_tokens": 99, "temperature": 0.4, "seed": 7, "repeat_penalty": 1.1, "repetition_penalty": 1.1,
          ]
      #expect(body as NSDictionary == expected as NSDictionary)
    }
  }

  @Test(arguments: kinds) func `keeps what came where the answer is not complete, and says why`(
    kind: ModelName.Kind
  ) async throws {
    try await withStandIn(answer: "one piece, two pieces, three pieces") { stand in
      let part = "one piece, two pieces"
      func check(
        _ name: String, _ reason: ReplyEnd.Reason, _ why: String?, text: String, at place: SourceLocation
      ) async throws {
        let reply = await outcome(of: try stand.model(kind, name))
        #expect(reply.error == nil, sourceLocation: place)
        #expect(reply.text == text, sourceLocation: place)
        #expect(reply.end?.reason == reason, sourceLocation: place)
        #expect(reply.end?.why == why, sourceLocation: place)
      }
      let silent = "the server ended its answer before the model was done"
      try await check("silent", .broken, silent, text: part, at: #_sourceLocation)
      let crash = "the server said: an error was encountered while running the model: unexpected EOF"
      try await check("crash", .broken, crash, text: part, at: #_sourceLocation)
      let all = "one piece, two pieces, three pieces"
      try await check("length", .length, nil, text: all, at: #_sourceLocation)
      let filter = "the server ended it with `\(kind == .anthropic ? "refusal" : "content_filter")`"
      try await check("filter", .broken, filter, text: all, at: #_sourceLocation)
      let garbage = "the server sent what is none of its protocol"
      try await check("garbage", .broken, garbage, text: "x = 1", at: #_sourceLocation)
      try await check("endless-line", .broken, garbage, text: "x", at: #_sourceLocation)
      let cut = await outcome(of: try stand.model(kind, "cut"))
      #expect(cut.text == part && cut.error == nil && cut.end?.reason == .broken)
      #expect(cut.end?.why?.hasPrefix("the answer was cut off after ") == true)
      if kind != .ollama { try await check("no-done", .broken, silent, text: all, at: #_sourceLocation) }
    }
  }

  @Test(arguments: kinds) func `closes the connection when its reader is cancelled, and answers again`(
    kind: ModelName.Kind
  ) async throws {
    try await withStandIn { stand in
      let model = try stand.model(kind, "slow")
      let (begun, tell) = AsyncStream<Void>.makeStream()
      let reading = Task {
        for try await case .text in model.reply(to: request("hello")) { tell.yield() }
        try Task.checkCancellation()
      }
      for await _ in begun { break }
      reading.cancel()
      await #expect(throws: CancellationError.self) { try await reading.value }
      try await stand.expectLeft()
      let again = await outcome(of: try stand.model(kind, "answer"))
      #expect(again.text == "x = 1\n")
    }
  }

  @Test(arguments: kinds) func `closes the connection when it is cancelled before the first word`(
    kind: ModelName.Kind
  ) async throws {
    try await withStandIn { stand in
      let model = try stand.model(kind, "mute")
      let reading = Task { await outcome(of: model) }
      while !(try await stand.ask("/log")).contains("mute") { try await Task.sleep(for: .milliseconds(5)) }
      reading.cancel()
      #expect(await reading.value.text == "")
      try await stand.expectLeft()
    }
  }

  @Test(arguments: kinds) func `makes the server wait while nobody reads`(kind: ModelName.Kind) async throws {
    try await withStandIn { stand in
      for try await case .text in try stand.model(kind, "flood").reply(to: request("hello")) {
        // What the server could send fills the sockets and Transfer's one megabyte, then stands still.
        var last = -1
        while let sent = Int(try await stand.ask("/sent")), sent != last {
          last = sent
          try await Task.sleep(for: .milliseconds(100))
        }
        #expect(last < 32 << 20)
        break
      }
      try await stand.expectLeft()
    }
  }

  @Test func `names the model that has answered in its place`() async throws {
    try await withStandIn { stand in
      let other = await outcome(of: try stand.model(.openai, "other-name"))
      #expect(other.end?.model == "openai:bigger")
    }
    let place = ServerPlace(name: ModelName(.openai, "m"), url: .ollama)
    #expect(place.title(answeredBy: nil) == "openai:m")
    #expect(place.title(answeredBy: "m-2024-07-18") == "openai:m-2024-07-18")
    #expect(place.title(answeredBy: "/home/user/models/a.gguf") == "openai:a.gguf")
    #expect(place.title(answeredBy: "org/m") == "openai:org/m")
  }

  @Test func `reads the answer of a server that does not stream`() async throws {
    try await withStandIn { stand in
      let reply = await outcome(of: try stand.model(.openai, "no-stream"))
      #expect(reply.text == "x = 1\n")
      #expect(reply.end?.reason == .stop && reply.end?.model == "openai:no-stream")
      #expect(reply.end?.promptTokens == 5 && reply.end?.replyTokens == 3)
    }
  }

  @Test func `tells the vendor of the answer's budget under the vendor's name`() async throws {
    struct Sent: Decodable {
      let max_tokens, max_completion_tokens: Int?
      let repeat_penalty: Double?
    }
    var asked = request("hello")
    asked = ModelRequest(messages: asked.messages, sampling: Sampling(), instanceID: "i")
    for (isVendor, local, vendor) in [(true, nil, 2048), (false, 2048, nil)] as [(Bool, Int?, Int?)] {
      let body = try OpenAIModel.body("m", asked, isVendor: isVendor)
      let sent = try JSONDecoder().decode(Sent.self, from: Data(body))
      #expect(sent.max_tokens == local && sent.max_completion_tokens == vendor && sent.repeat_penalty == nil)
    }
  }
}

@Suite struct `a server` {
  @Test func `says what it is and which models it has`() async throws {
    try await withStandIn { stand in
      let ollama = try stand.model(.ollama, "answer")
      let report = try await ollama.report(.question)
      #expect(report.software == "Ollama 0.33.0")
      #expect(report.models.map(\.name) == ["answer", "slow", "llama3.1:latest"])
      #expect(report.models.first?.details == ["8.0B", "Q4_K_M", "4.9 GB"])
      #expect(ollama.isServed(in: report))
      #expect(try stand.model(.ollama, "llama3.1").isServed(in: report))
      #expect(try !stand.model(.ollama, "llama3").isServed(in: report))

      let openai = try stand.model(.openai, "slow")
      let list = try await openai.report(.question)
      #expect(list.software == "OpenAI-compatible")
      #expect(openai.isServed(in: list))
      #expect(try !stand.model(.openai, "llama3.1").isServed(in: list))
    }
  }
}
