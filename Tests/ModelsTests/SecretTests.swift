import Content
import Foundation
import Testing

@testable import Models

private let key = "sk-Planted-0123456789-abcdef"

/// A server's answer whose text is `pieces`, one event each.
private func stream(_ pieces: [String]) -> [UInt8] {
  var body = ""
  for piece in pieces { body += #"data: {"choices":[{"delta":{"content":"\#(piece)"}}]}"# + "\n\n" }
  return answer(body + #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n")
}

/// The text as it could stand in JSON, every character escaped.
private func escaped(_ text: String) -> String {
  text.utf16.map { unit in
    let hex = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
  }.joined()
}

@Suite struct `a filter of secrets` {
  @Test func `takes a key out wherever the text was cut, and leaves the rest as it is`() {
    let text = "sk-sk-Planted \(key)\(key) s é€ sk-Planted-0123456789-abcdeX \(key.dropLast())"
    let wanted = text.replacing(key, with: Secrets.mask)
    for seed in 0..<200 as Range<UInt64> {
      var random = Seeded(seed)
      var filter = SecretFilter(Secrets([key, "sk-Plante7"]))
      var shown = ""
      for piece in random.pieces(of: Array(text.utf8)) {
        // Pieces of a stream are whole characters.
        guard let piece = String(validating: piece, as: UTF8.self) else { continue }
        shown += filter.pass(piece)
      }
      shown += filter.end()
      #expect(!shown.contains(key), "seed \(seed)")
    }
    var filter = SecretFilter(Secrets([key]))
    #expect(text.map { filter.pass(String($0)) }.joined() + filter.end() == wanted)
    #expect(filter.pass(text) + filter.end() == wanted)
  }

  @Test func `knows the longer of two that begin alike, and a part that the end shows`() {
    var filter = SecretFilter(Secrets(["abcdefg8", "abcdefg8hijk"]))
    #expect(filter.pass("x abcdefg8hij") == "x ")
    #expect(filter.pass("k y") == "(the key) y")
    #expect(filter.pass("abcdefg8hi") + filter.end() == "(the key)hi")
  }

  @Test func `leaves placeholders alone: they are words of a reply`() {
    #expect(Secrets(["none", "EMPTY", "sk-x", "ollama", "placeholder", "lmstudio"]).isEmpty)
    #expect(!Secrets(["lm-studio-1"]).isEmpty)
  }
}

@Suite struct `a key in a reply` {
  private static let environment = ["OPENAI_API_KEY": key]

  private func reply(_ answer: [UInt8], pieces: Int = 1 << 20) async throws -> (
    text: String, end: ReplyEnd?, error: (any Error)?
  ) {
    try await withAnswer(answer, pieces: pieces) { server in
      let model = try ModelServers(environment: Self.environment).model(
        ModelName(.openai, "m"), url: server.url, route: .once, keyHosts: ["127.0.0.1"])
      let found = await outcome(of: model)
      #expect(try server.heads().contains("authorization: Bearer \(key)"))
      return found
    }
  }

  @Test func `is shown in no form: whole, split, letter by letter, escaped, as a thought or a name`() async throws {
    let half = key.index(key.startIndex, offsetBy: 11)
    for pieces in [
      ["a \(key) b"], ["a ", String(key[..<half]), String(key[half...]), " b"], ["a "] + key.map { "\($0)" } + [" b"],
      ["a \(escaped(key)) b"], ["a "] + key.map { escaped("\($0)") } + [" b"],
    ] {
      for size in [1 << 20, 7] {
        let found = try await reply(stream(pieces), pieces: size)
        #expect(found.text == "a (the key) b" && found.end?.reason == .stop)
      }
    }
    // What is held back is there at the end.
    #expect(try await reply(stream(["a \(key.dropLast())"])).text == "a \(key.dropLast())")
    let thought =
      #"data: {"model":"\#(key)","choices":[{"delta":{"reasoning_content":"\#(key)"}}]}"# + "\n\n"
      + #"data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
    let end = try #require(try await reply(answer(thought)).end)
    #expect(end.thoughts == "(the key)" && !"\(end)".contains(key))
    let broken = try await reply(
      answer(#"data: {"choices":[{"delta":{"content":"x \#(key)"}}]}"# + "\n\ndata: no \(key)\n\n"))
    #expect(broken.text == "x (the key)" && !"\(broken)".contains(key) && broken.end?.reason == .broken)
    let refused = try await reply(
      Array("HTTP/1.1 400 X\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nno \(key)".utf8))
    #expect((refused.error as? ServerError)?.fault == .refused(status: 400, said: "no (the key)"))
  }
}

@Suite struct `a header field for a gateway` {
  private static let environment = ["GATEWAY_TOKEN": "tok-\(key)", "TEAM": "blue-team-7"]
  private static let ok = stream(["x"])

  private func heads(_ header: String?, key variable: String? = nil, hosts: [String], kind: ModelName.Kind = .openai)
    async throws -> String
  {
    try await withAnswer(Self.ok) { server in
      var route = ServerRoute.once
      (route.header, route.keyVariable) = (header, variable)
      let model = try ModelServers(environment: Self.environment).model(
        ModelName(kind, "m"), url: server.url, route: route, keyHosts: hosts)
      _ = await outcome(of: model)
      return try server.heads()
    }
  }

  @Test func `is sent with every request, what a variable holds put in`() async throws {
    let sent = try await heads("X-Team: red\nX-Auth: Bearer ${GATEWAY_TOKEN}; $TEAM", hosts: ["127.0.0.1"])
    #expect(sent.contains("x-team: red\n"))
    #expect(sent.contains("x-auth: Bearer tok-\(key); blue-team-7\n"))
    #expect(try await heads("X-Team: red", hosts: []).contains("x-team: red\n"))
  }

  @Test func `with a variable goes to hosts that a person typed alone`() async throws {
    await #expect(throws: ModelError.headerNotSent(name: "X-Auth", host: "127.0.0.1")) {
      _ = try await heads("X-Auth: $GATEWAY_TOKEN", hosts: ["localhost"])
    }
    await #expect(throws: ModelError.noVariable("NO_SUCH")) {
      _ = try await heads("X-Auth: $NO_SUCH", hosts: ["127.0.0.1"])
    }
  }

  @Test func `may be the key, from any variable, for every protocol`() async throws {
    #expect(
      try await heads(nil, key: "GATEWAY_TOKEN", hosts: ["127.0.0.1"]).contains("authorization: Bearer tok-\(key)\n"))
    #expect(
      try await heads(nil, key: "GATEWAY_TOKEN", hosts: ["127.0.0.1"], kind: .anthropic).contains(
        "x-api-key: tok-\(key)\n"))
    #expect(
      try await heads(nil, key: "GATEWAY_TOKEN", hosts: ["127.0.0.1"], kind: .ollama).contains(
        "authorization: Bearer tok-\(key)\n"))
    #expect(try await !heads(nil, key: "GATEWAY_TOKEN", hosts: []).contains("authorization"))
    let url = ServerURL(scheme: "https", host: "api.openai.com", port: 443)
    let named = ServerKey("v", of: ServerKey.Vendor.openAI.with(variable: "OTHER"), hosts: [])
    #expect(named?.isFor(url) == false)
    await #expect(throws: ModelError.noVariable("NO_SUCH")) { _ = try await heads(nil, key: "NO_SUCH", hosts: []) }
  }

  @Test func `takes the place of ramp's own of that name`() async throws {
    let sent = try await heads("Authorization: Token $TEAM", key: "GATEWAY_TOKEN", hosts: ["127.0.0.1"])
    #expect(sent.contains("authorization: Token blue-team-7\n") && !sent.contains("Bearer"))
  }

  @Test(arguments: [
    "X", "X:", ": y", "X Y: z", "X: a\u{1}b", "Host: evil", "content-length: 5", "Transfer-Encoding: chunked", "É: x",
  ]) func `is none that would break the request`(line: String) {
    #expect(ServerHeader(parsing: line) == nil)
  }

  @Test(
    arguments: [
      ("Authorization: Bearer sk-1", true), ("X-Api-Key: 12", true), ("Cookie: a=b", true), ("X-Who: Basic abc", true),
      ("X-Team: red", false), ("Authorization: Bearer $TOKEN", false), ("HTTP-Referer: https://example.org", false),
    ]) func `with a secret in its value is told`(line: String, holds: Bool) throws
  {
    #expect(try #require(ServerHeader(parsing: line)).holdsSecret == holds)
  }

  @Test func `is kept as it was typed`() throws {
    let route = try JSONEncoder().encode(
      { () -> ServerRoute in
        var route = ServerRoute()
        route.header = "X-Auth: $GATEWAY_TOKEN"
        return route
      }())
    #expect(String(decoding: route, as: UTF8.self).contains("$GATEWAY_TOKEN"))
    #expect(!"\(Secrets([key]))".contains(key))
  }
}
