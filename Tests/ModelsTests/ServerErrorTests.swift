import Foundation
import Testing

@testable import Models
@testable import Transfer

/// The fault of what a model throws, and its two lines.
private func fault(
  of model: some ServerModel, at place: SourceLocation = #_sourceLocation
) async throws -> (fault: ServerError.Fault, text: String, next: String) {
  let reply = await outcome(of: model)
  #expect(reply.text == "" && reply.end == nil, sourceLocation: place)
  let error = try #require(reply.error as? ServerError, "\(String(describing: reply.error))", sourceLocation: place)
  let text = try #require(error.errorDescription, sourceLocation: place)
  let next = try #require(error.recoverySuggestion, sourceLocation: place)
  for line in [text, next] {
    let isClean = line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } && !line.isEmpty
    #expect(isClean, "not one clean line: \(line)", sourceLocation: place)
  }
  return (error.fault, text, next)
}

private let kinds: [ModelName.Kind] = [.ollama, .openai, .anthropic]

@Suite struct `a server that gives no answer` {
  @Test(arguments: kinds) func `is not there: every way on is named`(kind: ModelName.Kind) async throws {
    // A port that was free a moment ago.
    let stand = try await withStandIn { $0 }
    let address = stand.server.url.replacing("http://", with: "")
    let model = try ModelServers().model(ModelName(kind, "m"), url: stand.server.url, route: .once)
    let found = try await fault(of: model)
    #expect(found.text == "no model server answers at \(address): nothing listens there")
    #expect(found.next.contains("ollama serve") == (kind == .ollama))
    for way in ["`model use \(kind.rawValue):m --url URL`", "`ramp SESSION.ramp`", "`model use practice`"] {
      #expect(found.next.contains(way))
    }
    await #expect(throws: ServerError.self) { try await model.report(.glance) }
  }

  @Test func `has no such model: those it has are named, the nearest first`() async throws {
    try await withStandIn { stand in
      let ollama = try await fault(of: try stand.model(.ollama, "llama3.1:8b"))
      #expect(ollama.fault == .noModel(served: ["answer", "slow", "llama3.1:latest"]))
      #expect(ollama.text.hasSuffix(" has no model `llama3.1:8b`; it has: answer, slow, llama3.1:latest"))
      #expect(
        ollama.next == "`ollama pull llama3.1:8b`, or `model use ollama:answer`; `model check` lists what there is")
      let near = try await fault(of: try stand.model(.openai, "anser"))
      #expect(near.text.hasSuffix(" has no model `anser`; nearest: answer"))
      #expect(near.next == "`model use openai:answer`; `model check` lists what there is")
    }
  }

  @Test func `is no model server, or one of another protocol`() async throws {
    try await withStandIn { stand in
      let other = try await fault(of: try stand.model(.ollama, "answer", side: "openai"))
      #expect(other.text.hasSuffix("is no Ollama server: it answers 404, but speaks the protocol of `openai`"))
      #expect(other.next == "`model use openai:answer --url \(stand.url("openai"))`")
      for kind in kinds {
        let nothing = try await fault(of: try stand.model(kind, "answer", side: "nothing"))
        #expect(nothing.fault == .notModelServer(what: "it answers 404", speaks: nil))
        let html = try await fault(of: try stand.model(kind, "html"))
        #expect(html.fault == .notModelServer(what: "it answers 200 with a page of HTML", speaks: nil))
        let json = try await fault(of: try stand.model(kind, "other-json"))
        #expect(json.fault == .notModelServer(what: #"it answers `{"hello":"world"}`"#, speaks: nil))
      }
      let missing = try await fault(of: try stand.model(.openai, "answer", side: "ollama"))
      #expect(missing.text.hasSuffix("is no OpenAI-compatible server: it answers 404"))
    }
  }

  @Test func `has a smaller window than the prompt needs, which is a reply that holds nothing`() async throws {
    try await withStandIn { stand in
      var sampling = Sampling()
      sampling.numCtx = 1024
      let asked = ModelRequest(
        messages: [ModelMessage(role: "user", text: String(repeating: "abc ", count: 4029))], sampling: sampling,
        instanceID: "i")
      let reply = await outcome(of: try stand.model(.ollama, "answer"), to: asked)
      #expect(reply.error == nil && reply.text == "" && reply.end?.reason == .broken)
      #expect(reply.end?.promptTokens == 4029 && reply.end?.window == .refused(prompt: 4029, window: 1024))
    }
  }

  @Test(arguments: kinds) func `refuses the prompt: its words are kept and cleaned, and it is not asked again`(
    kind: ModelName.Kind
  ) async throws {
    try await withStandIn { stand in
      for name in kind == .openai ? ["refuses", "refuses-typed"] : ["refuses"] {
        let reply = await outcome(of: try stand.model(kind, name, route: ServerRoute()))
        #expect(reply.error == nil && reply.text == "")
        let end = try #require(reply.end)
        #expect(end.reason == .broken && end.promptTokens == 9000)
        #expect(
          end.window == .truncated("refused: 9000 tokens by the server's count, and its window has 4096"))
        let why = try #require(end.why)
        #expect(why.hasPrefix("the server refused the prompt: ") && why.contains("9000 tokens"))
        #expect(!why.unicodeScalars.contains { $0.properties.generalCategory == .control })
        // The server is there, so what it is can be told.
        #expect(end.passport?[.protocolName] == kind.rawValue)
        #expect(end.ledger?.retries == 0)
      }
    }
  }

  @Test(
    arguments: [
      ("prompt is too long: 208310 tokens > 200000 maximum", "invalid_request_error", true, 208_310, 200_000),
      ("Prompt is too long", "invalid_request_error", true, nil, nil),
      ("prompt is too long: 99999999999999999999 tokens > 200000 maximum", "invalid_request_error", true, nil, 200_000),
      ("max_tokens: 9 > 8", "invalid_request_error", false, nil, nil),
      ("prompt is too long", "overloaded_error", false, nil, nil),
    ] as [(String, String, Bool, Int?, Int?)])
  func `is a prompt too long in Anthropic's words`(
    message: String, type: String, isExceeded: Bool, prompt: Int?, window: Int?
  ) throws {
    let body = ErrorBody(
      Array(#"{"type": "error", "error": {"type": "\#(type)", "message": "\#(message)"}}"#.utf8),
      contentType: "application/json")
    #expect(body.isContextExceeded == isExceeded)
    #expect(body.promptTokens == prompt && body.window == window)
  }

  @Test(
    arguments: [
      (
        "This model's maximum context length is 4097 tokens. However, your messages resulted in 5038 tokens. Please "
          + "reduce the length of the messages.", 5038, 4097
      ),
      (
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 in the messages, "
          + "1000 in the completion).", 4000, 4096
      ),
      (
        "'max_tokens' is too large: 9. This model's maximum context length is 2048 tokens and your request has 3000 "
          + "input tokens (9 > 2048 - 3000).", 3000, 2048
      ),
      ("the maximum context length is what it is", nil, nil),
      ("This model's maximum context length is 99999999999999999999 tokens.", nil, nil),
    ] as [(String, Int?, Int?)])
  func `is a prompt too long in the words of OpenAI and vLLM`(message: String, prompt: Int?, window: Int?) throws {
    struct Told: Encodable { let message: String, type = "BadRequestError", code = 400 }
    let body = ErrorBody(try JSONText.bytes(["error": Told(message: message)]), contentType: "application/json")
    #expect(body.isContextExceeded)
    #expect(body.promptTokens == prompt && body.window == window)
    #expect(WindowProof.refused(prompt: prompt, window: window).evidence.hasPrefix("refused: "))
  }

  @Test(arguments: kinds) func `is loading, busy, broken or does not take the request`(kind: ModelName.Kind)
    async throws
  {
    try await withStandIn { stand in
      let said = "the server says [31mno to it"
      for status in [503, 429] {
        let busy = try await fault(of: try stand.model(kind, "status-\(status)"))
        #expect(busy.fault == .busy(status: status, said: said))
      }
      for status in [400, 413, 500, 599] {
        let refused = try await fault(of: try stand.model(kind, "status-\(status)"))
        #expect(refused.fault == .refused(status: status, said: said))
      }
      #expect(
        try await fault(of: try stand.model(kind, "nginx")).fault == .refused(status: 502, said: "a page of HTML"))
      #expect(try await fault(of: try stand.model(kind, "crash-first")).fault == .said("the runner is gone"))
      #expect(try await fault(of: try stand.model(kind, "empty")).fault == .endedSilently)
      let silent = try await withStandIn(answer: "") { try await fault(of: try $0.model(kind, "silent")).fault }
      #expect(silent == .endedSilently)
    }
  }

  @Test(arguments: kinds) func `sends the request on, which is not followed`(kind: ModelName.Kind) async throws {
    try await withStandIn { stand in
      let found = try await fault(of: try stand.model(kind, "redirect"))
      #expect(found.fault == .redirected(to: "http://127.0.0.1:1/api/chat"))
      #expect(!(found.text + found.next).contains("secret"))
    }
  }

  @Test(arguments: [401, 403]) func `wants a key`(status: Int) async throws {
    try await withStandIn { stand in
      let none = try await fault(of: try stand.model(.openai, "status-\(status)"))
      #expect(none.next.contains("OPENAI_API_KEY and start ramp again"))
      let key = ["OPENAI_API_KEY": "sk-secret"]
      let kept = try await fault(of: try stand.model(.openai, "status-\(status)", environment: key))
      #expect(kept.next.contains("goes to api.openai.com alone") && kept.next.contains("--key-host 127.0.0.1"))
      let sent = try await fault(
        of: try stand.model(.openai, "status-\(status)", environment: key, keyHosts: ["127.0.0.1"]))
      #expect(sent.next == "check the key in OPENAI_API_KEY")
      let ollama = try await fault(of: try stand.model(.ollama, "status-\(status)"))
      #expect(ollama.next.contains("`model use openai:status-\(status)"))
    }
  }

  @Test func `could not be asked: what the transfer says is put in its words`() throws {
    let place = ServerPlace(name: ModelName(.openai, "m"), url: ServerURL(host: "gpu", port: 9))
    let lines: [(TransferError, String)] = [
      (.couldNotResolve(host: "gpu"), "no model server answers at gpu:9: no such host"),
      (
        .unreachable(host: "gpu", port: 9, reason: "no route to host"),
        "no model server answers at gpu:9: no route to host"
      ),
      (
        .certificate(host: "gpu", reason: "expired"),
        "no model server answers at gpu:9: its certificate is not trusted: expired"
      ),
      (.tls(host: "gpu", port: 9, reason: "wrong version"), "no model server answers at gpu:9: no TLS: wrong version"),
      (.notHTTP(host: "gpu", port: 9), "no model server answers at gpu:9: what is there is no HTTP server"),
      (.timedOut(.connect, after: .seconds(10)), "no model server answers at gpu:9: no connection after 10 s"),
      (
        .timedOut(.firstByte, after: .seconds(600)),
        "no model server answers at gpu:9: connected, but no answer after 600 s"
      ),
    ]
    for (transfer, text) in lines {
      let error = ServerError(.transfer(transfer), at: place)
      #expect(error.errorDescription == text)
      #expect(error.recoverySuggestion?.isEmpty == false)
      #expect(error.isAbsence)
    }
  }
}

@Suite struct `a server's own words` {
  @Test func `are kept without the name of its host`() throws {
    let url = try ServerURL(parsing: "https://gpu.corp.example:8443/v1", defaultPort: 80)
    let client = ServerClient(
      place: ServerPlace(name: ModelName(.openai, "m"), url: url), transfer: Transfer(),
      key: ServerKey("sk-x", hosts: []))
    #expect(
      client.line("no route to gpu.corp.example:8443 with sk-x\n", limit: 80)
        == "no route to (the server):8443 with (the key)")
    let local = ServerClient(
      place: ServerPlace(name: ModelName(.openai, "m"), url: .ollama), transfer: Transfer(), key: nil)
    #expect(local.line("127.0.0.1 is busy", limit: 80) == "127.0.0.1 is busy")
  }
}

@Suite struct `the vendor's key` {
  private static let environment = ["OPENAI_API_KEY": " sk-secret\n"]

  private func sent(to stand: StandIn, keyHosts: [String], kind: ModelName.Kind = .openai) async throws -> String {
    let model = try stand.model(kind, "answer", environment: Self.environment, keyHosts: keyHosts)
    #expect(await outcome(of: model).error == nil)
    let path = kind == .openai ? "/both/v1/chat/completions" : "/both/api/chat"
    return try await stand.logged(path)["authorization"] as? String ?? ""
  }

  @Test func `goes to a host that was typed, and to no other`() async throws {
    try await withStandIn { stand in
      let port = stand.server.url.split(separator: ":").last ?? ""
      #expect(try await sent(to: stand, keyHosts: []) == "")
      #expect(try await sent(to: stand, keyHosts: ["localhost", "127.0.0.1:1", "api.openai.com"]) == "")
      #expect(try await sent(to: stand, keyHosts: ["127.0.0.1"]) == "Bearer sk-secret")
      #expect(try await sent(to: stand, keyHosts: ["127.0.0.1:\(port)"]) == "Bearer sk-secret")
      #expect(try await sent(to: stand, keyHosts: ["127.0.0.1"], kind: .ollama) == "")
      _ = try await stand.model(.openai, "answer", environment: Self.environment).report(.question)
      #expect(try await stand.logged("/both/v1/models")["authorization"] as? String == "")
    }
  }

  @Test(arguments: [
    ("https://api.openai.com", true), ("https://API.openai.com", true), ("http://api.openai.com", false),
    ("https://api.openai.com.evil.example", false), ("https://evil.example/api.openai.com", false),
    ("https://openai.com", false),
  ])
  func `goes to its vendor over TLS alone`(url: String, isSent: Bool) throws {
    let key = try #require(ServerKey("sk-secret", hosts: []))
    #expect(key.isFor(try ServerURL(parsing: url, defaultPort: 443)) == isSent)
  }

  @Test func `goes to its vendor neither by a socket nor by the word of other authorities`() throws {
    let key = try #require(ServerKey("sk-secret", hosts: []))
    let typed = try #require(ServerKey("sk-secret", hosts: ["api.openai.com"]))
    let url = try ServerURL(parsing: "https://api.openai.com", defaultPort: 443)
    for change in [{ $0.caFile = "/ca.pem" }, { $0.socket = "/s" }] as [(inout ServerRoute) -> Void] {
      var route = ServerRoute()
      change(&route)
      #expect(!key.isFor(url, by: route) && typed.isFor(url, by: route))
    }
    #expect(key.isFor(url))
  }

  @Test func `is not shown, not even where a server sends it back`() async throws {
    let key = try #require(ServerKey("sk-secret", hosts: []))
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains("secret"))
    try await withStandIn { stand in
      let model = try stand.model(.openai, "key-echo", environment: Self.environment, keyHosts: ["127.0.0.1"])
      let error = try #require(await outcome(of: model).error as? ServerError)
      #expect(error.errorDescription?.hasSuffix("wants a key: wrong key: Bearer (the key)") == true)
    }
  }

  @Test func `is not shown where the answer itself tells of an error, nor the half that is left by cutting`()
    async throws
  {
    let said = String(repeating: ".", count: 285) + "Bearer (the key)".prefix(15) + "..."
    try await withStandIn { stand in
      func model(_ name: String) throws -> any ServerModel {
        try stand.model(.openai, name, environment: Self.environment, keyHosts: ["127.0.0.1"])
      }
      let error = try #require(await outcome(of: model("key-said")).error as? ServerError)
      #expect(error.fault == .said(said))
      let late = await outcome(of: try model("key-said-late"))
      #expect(late.end?.why == "the server said: \(said)")
    }
    let body = #"{"error": "\#(String(repeating: ".", count: 297))sk-secret"}"#
    let error = ErrorBody(Array(body.utf8), contentType: "", key: ServerKey("sk-secret", hosts: []))
    #expect(error.message.hasSuffix(".(th..."))
  }

  @Test func `is none where the variable is empty`() {
    #expect(ServerKey(nil, hosts: []) == nil)
    #expect(ServerKey(" \n", hosts: []) == nil)
  }
}
