import Foundation
import Testing

@testable import Models

/// The scanner of plain events against the decoder that it stands before.
@Suite struct `the scan of an event` {
  private func text(_ shape: TextScan.Shape, _ event: String) -> String? {
    TextScan.text(shape, in: Array(event.utf8)[...])
  }

  @Test func `finds the text of each protocol's plain event`() {
    #expect(
      text(.ollama, #"{"model":"m","message":{"role":"assistant","content":"x \u003c 1"},"done":false}"#) == "x < 1")
    #expect(
      text(
        .openAI, #" {"id":1,"choices":[{"index":0,"delta":{"content":"a\n\"b\""},"finish_reason":null}],"usage":null} "#
      )
        == "a\n\"b\"")
    #expect(
      text(.anthropic, #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"é€😀"}}"#) == "é€😀"
    )
  }

  @Test func `leaves everything else to the decoder`() {
    for event in [
      "", "{", "[]", "null", #"{"message":{"content":"a"},"done":true}"#, #"{"message":{"content":"a"}}"#,
      #"{"message":{"content":"a"},"done":false"#, #"{"message":{"content":"a"},"done":false}x"#,
      #"{"error":"x","message":{"content":"a"},"done":false}"#, #"{"message":{"content":1},"done":false}"#,
      #"{"message":{"content":"\ud83d\ude00"},"done":false}"#, #"{"message":{"content":"\x"},"done":false}"#,
      "{\"message\":{\"content\":\"a\u{1}\"},\"done\":false}", #"{"message":{"content":"a"},"done":falsehood}"#,
    ] { #expect(text(.ollama, event) == nil, "\(event)") }
    for event in [
      #"{"choices":[]}"#, #"{"choices":[{"delta":{"content":null}}]}"#, #"{"choices":[{"delta":{}}]}"#,
      #"{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#,
      #"{"choices":[{"index":1,"delta":{"content":"a"}}]}"#, #"{"choices":[{"index":0.5,"delta":{"content":"a"}}]}"#,
      #"{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]}"#,
      #"{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1}}"#,
      #"{"choices":[{"delta":{"content":"a"}}],"timings":{"prompt_ms":1}}"#,
      #"{"choices":[{"delta":{"content":"a"}}],"error":{}}"#, "[DONE]",
    ] { #expect(text(.openAI, event) == nil, "\(event)") }
    for event in [
      #"{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"a"}}"#, #"{"type":"ping"}"#,
      #"{"type":"content_block_delta","delta":{"type":"input_json_delta","text":"a"}}"#, #"{"delta":{"text":"a"}}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}"#,
    ] { #expect(text(.anthropic, event) == nil, "\(event)") }
    let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    #expect(text(.ollama, #"{"x":\#(deep),"message":{"content":"a"},"done":false}"#) == nil)
  }

  @Test func `says what a decoder says of random texts`() throws {
    struct Line: Decodable {
      struct Message: Decodable { let content: String }
      let message: Message
    }

    let pieces = [
      "a", " ", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\u20ac", "é", "€", "😀", "{", "}", ",", ":", "\\t",
    ]
    for seed in 0..<400 as Range<UInt64> {
      var random = Seeded(seed)
      let content = (0..<Int.random(in: 0...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
      let event = #"{"created_at":"x","message":{"role":"assistant","content":"\#(content.joined())"},"done":false}"#
      let decoded = try JSONDecoder().decode(Line.self, from: Data(event.utf8)).message.content
      #expect(text(.ollama, event).map { Array($0.utf8) } == Array(decoded.utf8), "\(event)")
    }
  }
}

@Suite struct `an answer of Anthropic's protocol` {
  private static let start =
    #"event: message_start"# + "\n"
    + #"data: {"type":"message_start","message":{"model":"m","content":[],"usage":{"input_tokens":1,"cache_creation_input_tokens":4,"cache_read_input_tokens":35,"output_tokens":0}}}"#
    + "\n\n"
  private static func delta(_ text: String) -> String {
    #"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\#(text)"}}"# + "\n\n"
  }
  private static func stop(_ reason: String) -> String {
    #"data: {"type":"message_delta","delta":{"stop_reason":"\#(reason)"},"usage":{"output_tokens":2}}"# + "\n\n"
  }
  private static let end = #"data: {"type":"message_stop"}"# + "\n\n"

  @Test func `is its deltas, with a prompt that counts what was cached`() {
    let all = Self.start + "event: ping\ndata: {\"type\":\"ping\"}\n\n" + Self.delta("a") + Self.delta("b\\n")
    #expect(
      pieces(AnthropicAnswer(isStream: true), all + Self.stop("end_turn") + Self.end)
        == [
          .text("ab\n"),
          .end(AnswerEnd(reason: .stop, promptTokens: 40, cachedTokens: 35, replyTokens: 2, model: "m")),
        ])
  }

  @Test(
    arguments: [
      ("stop_sequence", .stop, nil), ("max_tokens", .length, nil),
      ("model_context_window_exceeded", .length, "the answer filled the window"),
      ("refusal", .broken, "the server ended it with `refusal`"),
      ("tool_use", .broken, "the server ended it with `tool_use`"),
    ] as [(String, ReplyEnd.Reason, String?)])
  func `ends for the reason that it gives`(word: String, reason: ReplyEnd.Reason, why: String?) {
    let found = pieces(AnthropicAnswer(isStream: true), Self.delta("a") + Self.stop(word) + Self.end)
    #expect(found == [.text("a"), .end(AnswerEnd(reason: reason, why: why, replyTokens: 2))])
  }

  @Test func `has no end without message_stop, and hands on an error in the middle`() {
    #expect(pieces(AnthropicAnswer(isStream: true), Self.delta("a") + Self.stop("end_turn")) == [.text("a")])
    let error = #"data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"# + "\n\n"
    #expect(pieces(AnthropicAnswer(isStream: true), Self.delta("a") + error) == [.text("a"), .fault("Overloaded")])
    let thinking =
      #"data: {"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}}"# + "\n\n"
    #expect(pieces(AnthropicAnswer(isStream: true), thinking + Self.delta("a")) == [.text("a")])
  }

  @Test func `may be one object where a server does not stream`() {
    let body =
      #"{"type":"message","model":"m","content":[{"type":"text","text":"ab"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":4}}"#
    #expect(
      pieces(AnthropicAnswer(isStream: false), body)
        == [.text("ab"), .end(AnswerEnd(reason: .stop, promptTokens: 1, replyTokens: 4, model: "m"))])
  }

  @Test func `is asked for with its own headers, and its key goes to its vendor alone`() async throws {
    try await withStandIn { stand in
      let environment = ["ANTHROPIC_API_KEY": "sk-ant-secret", "OPENAI_API_KEY": "sk-other"]
      let path = "/both/v1/messages"
      _ = await outcome(of: try stand.model(.anthropic, "answer", environment: environment))
      #expect(try await stand.logged(path)["version"] as? String == "2023-06-01")
      #expect(try await stand.logged(path)["key"] as? String == "")
      let sent = await outcome(
        of: try stand.model(.anthropic, "answer", environment: environment, keyHosts: ["127.0.0.1"]))
      #expect(sent.error == nil)
      #expect(try await stand.logged(path)["key"] as? String == "sk-ant-secret")
      #expect(try await !stand.ask("/log").contains("sk-other"))
      let echo = try stand.model(.anthropic, "key-echo", environment: environment, keyHosts: ["127.0.0.1"])
      let error = try #require(await outcome(of: echo).error as? ServerError)
      #expect(error.errorDescription?.hasSuffix("wrong key: (the key)") == true)
    }
    let key = try #require(ServerKey("k", of: .anthropic, hosts: []))
    #expect(try key.isFor(ServerURL(parsing: "https://api.anthropic.com", defaultPort: 443)))
    #expect(try !key.isFor(ServerURL(parsing: "https://api.openai.com", defaultPort: 443)))
    let model = try ModelServers().model(ModelName(parsing: "anthropic:m"), url: "")
    #expect(model.place.url.description == "https://api.anthropic.com")
    #expect(throws: ModelError.needsName(.anthropic)) { try ModelName(parsing: "anthropic") }
  }
}
