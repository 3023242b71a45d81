import Testing

@testable import Models

/// A message, and what it says of the prompt and of the window.
private typealias Case = (message: String, prompt: Int?, window: Int?)

/// What servers say of a prompt that does not fit, each in its own words.
private let refusals: [Case] = [
  // LM Studio
  (
    "Trying to keep the first 9234 tokens when context the overflows. However, the model is loaded with context length of "
      + "only 4096 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter "
      + "input", 9234, 4096
  ),
  ("The number of tokens to keep from the initial prompt is greater than the context length.", nil, nil),
  (
    "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 5192>= n_ctx: "
      + "4096). Try to load the model with a larger context length, or provide a shorter input", 5192, 4096
  ),
  // llama.cpp
  ("the request exceeds the available context size. try increasing the context size or enable context shift", nil, nil),
  ("request (9234 tokens) exceeds the available context size (4096 tokens), try increasing it", 9234, 4096),
  ("the request exceeds the available context size (4096 tokens), try increasing it", nil, 4096),
  ("input is larger than the max context size. skipped", nil, nil),
  // llama-cpp-python
  ("Requested tokens (9234) exceed context window of 4096", 9234, 4096),
  (
    "This model's maximum context length is 2048 tokens. However, you requested 2560 tokens (2300 in the messages, 260 in "
      + "the completion). Please reduce the length of the messages or completion.", 2300, 2048
  ),
  ("prompt exceeds n_ctx", nil, nil),
  // TGI
  (
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 9234 `inputs` tokens and 2048 "
      + "`max_new_tokens`", 9234, 4096
  ),
  ("Input validation error: `inputs` must have less than 1024 tokens. Given: 1083", 1083, 1024),
  // vLLM, SGLang, TabbyAPI
  ("The decoder prompt (length 9234) is longer than the maximum model length of 4096.", 9234, 4096),
  ("Prompt length of 9234 exceeds maximum model length 4096", 9234, 4096),
  ("Input prompt (9234 tokens) is too long and exceeds limit of 4096", 9234, 4096),
  ("The input (9234 tokens) is longer than the model's context length (4096 tokens).", 9234, 4096),
  (
    "Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total of 9234 "
      + "tokens: 7186 tokens from the input messages and 2048 tokens for the completion.", 7186, 4096
  ),
  ("Prompt length 9234 is greater than max_seq_len 4096", 9234, 4096),
  // Vendors
  ("The input token count (1,048,999) exceeds the maximum number of tokens allowed (1,048,576).", 1_048_999, 1_048_576),
  (
    "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length", 40_000,
    32_768
  ),
  ("input length and `max_tokens` exceed context limit: 200000 + 8192 > 204698", 200_000, 204_698),
  ("too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5100.", 5100, 4081),
  ("Your message was too long and could not be processed (2321 > 2048).", 2321, 2048),
  ("Your input exceeds the context window of this model. Please adjust your input and try again.", nil, nil),
]

private func body(_ json: String) -> ErrorBody { ErrorBody(Array(json.utf8), contentType: "application/json") }

private func quoted(_ text: String) throws -> String { String(decoding: try JSONText.bytes(text), as: UTF8.self) }

@Suite struct `a refusal for the prompt's length` {
  @Test(arguments: refusals) fileprivate func `is known by its words, with both counts where it tells them`(
    message: String, prompt: Int?, window: Int?
  ) throws {
    let text = try quoted(message)
    let refusal = try #require(LengthRefusal(message), "\(message)")
    if prompt != nil || window != nil {
      #expect(refusal.promptTokens == prompt, "\(message)")
      #expect(refusal.window == window, "\(message)")
    }
    let shapes = [
      #"{"error":\#(text)}"#, #"{"error":{"message":\#(text),"code":400}}"#,
      #"{"error":\#(text),"error_type":"validation"}"#,
      #"{"object":"error","message":\#(text),"type":"BadRequestError","code":400}"#, #"{"detail":\#(text)}"#,
      #"{"error":{"message":\#(try quoted("litellm.BadRequestError: " + #"{"error":{"message":\#(text)}}"#))}}"#,
    ]
    for shape in shapes {
      #expect(body(shape).isContextExceeded, "\(shape)")
      #expect(body(shape).promptTokens == refusal.promptTokens && body(shape).window == refusal.window, "\(shape)")
    }
  }

  @Test(arguments: [
    "Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 41000. Reduce the length per minute.",
    "failed to load model: not enough memory for a context length of 131072", "model 'x' not found",
    "Error loading model: the context size is too large", "max_tokens: 9 > 8", "Invalid API Key", "the runner is gone",
    "You exceeded your current quota, please check your plan", "internal error: runner terminated", "",
    "CUDA out of memory: context size 4096 exceeds what is free",
  ]) func `is none where another limit is told of`(message: String) {
    #expect(LengthRefusal(message) == nil)
  }

  @Test(arguments: [ModelName.Kind.openai, .ollama, .anthropic])
  func `may come in the stream itself`(kind: ModelName.Kind) {
    let error =
      #"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":20000,"n_ctx":4096}}"#
    let inner = error.dropFirst(#"{"error":"#.count).dropLast()
    let wanted = [
      AnswerPiece.tooLong(prompt: 20_000, window: 4096, said: "the request exceeds the available context size")
    ]
    switch kind {
    case .ollama:
      #expect(pieces(OllamaAnswer(), error + "\n") == wanted)
      #expect(pieces(OllamaAnswer(), "error: \(inner)\n") == wanted)
      #expect(pieces(OllamaAnswer(), error.replacing(",", with: ",\n").replacing("{", with: "{\n")) == wanted)
    default:
      func read(_ text: String) -> [AnswerPiece] {
        kind == .openai
          ? pieces(OpenAIAnswer(isStream: true), text) : pieces(AnthropicAnswer(isStream: true), text)
      }
      for text in [
        "data: \(error)\n\n", "event: error\ndata: \(error)\n\ndata: [DONE]\n\n", "error: \(inner)\n\n",
        "error: \(error)\n",
        "\(error)\n", "event: error\ndata: \(inner)\n\n",
        error.replacing(",", with: ",\n").replacing("{", with: "{\n") + "\n",
      ] { #expect(read(text) == wanted, "\(text)") }
      #expect(
        read("event: error\ndata: prompt is too long\n\n").first
          == .tooLong(prompt: nil, window: nil, said: "prompt is too long"))
    }
  }
}

@Suite struct `a piece of an answer` {
  private static let text = #"data: {"choices":[{"delta":{"content":"a"}}]}"# + "\n\n"
  private static let stop = #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
  private static let done = "data: [DONE]\n\n"

  @Test(arguments: [
    "data: {}", #"data: {"choices":null}"#, #"data: {"choices":[]}"#, #"data: {"choices":[null]}"#,
    #"data: {"id":"x","choices":null,"usage":{"prompt_tokens":1}}"#, #"data: {"object":"ping"}"#, "data: null",
    #"data: {"choices":[{"index":0,"delta":null}]}"#, #"data: {"choices":[{"delta":{"content":null}}],"error":null}"#,
    #"data: {"choices":[{"delta":{},"finish_reason":""}]}"#, "data:", ": keep-alive", "event: ping\ndata: {}",
  ]) func `that carries nothing leaves the stream as it is`(event: String) {
    let found = pieces(OpenAIAnswer(isStream: true), Self.text + event + "\n\n" + Self.text + Self.stop + Self.done)
    #expect(found.first == .text("aa"))
    guard case .end(let end) = found.last else {
      Issue.record("no end: \(found)")
      return
    }
    #expect(end.reason == .stop && found.count == 2)
  }

  @Test(arguments: [
    #"data: {"choicfs":[{"delta":{"content":"b"}}]}"#, #"data: {"choices":[{"index":"0","delta":{"content":"b"}}]}"#,
    #"data: {"choices":[{"delta":{"content":"b"}}"#, #"data: {"choices":{"delta":{"content":"b"}}}"#,
    #"dat!: {"choices":[{"delta":{"content":"b"}}]}"#, "Segmentation fault", "data: internal error",
  ]) func `that was damaged ends the answer, and what came is shown`(event: String) {
    let found = pieces(OpenAIAnswer(isStream: true), Self.text + event + "\n\n" + Self.text + Self.stop + Self.done)
    #expect(found.first == .text("a"))
    guard case .unreadable(let bytes)? = found.dropFirst().first else {
      Issue.record("not named: \(found)")
      return
    }
    #expect(!bytes.isEmpty)
  }

  @Test func `of Ollama may carry nothing, and a reason ends it without done`() {
    let text = #"{"message":{"content":"a"},"done":false}"# + "\n"
    let counted = #"{"message":{"content":""},"done":false,"done_reason":"stop","prompt_eval_count":7,"eval_count":2}"#
    let end = AnswerPiece.end(AnswerEnd(reason: .stop, promptTokens: 7, replyTokens: 2))
    for nothing in ["{}", "null", #"{"model":"m"}"#, #"{"message":null}"#, #"{"error":null,"done":false}"#, ""] {
      #expect(pieces(OllamaAnswer(), text + nothing + "\n" + text + counted) == [.text("aa"), end], "\(nothing)")
    }
    let one = #"{"message":{"content":"a"},"done_reason":"length"}"#
    #expect(pieces(OllamaAnswer(), one) == [.text("a"), .end(AnswerEnd(reason: .length))])
    for broken in ["internal error: runner terminated", #"{"messagf":{"content":"b"},"done":null}"#, #"{"message":5}"#]
    {
      #expect(pieces(OllamaAnswer(), text + broken + "\n") == [.text("a"), .unreadable(Array(broken.utf8)[...])])
    }
    #expect(pieces(OllamaAnswer(), #"{"error":{"message":"gone"}}"#) == [.fault("gone")])
  }

  @Test func `may be a thought, which is not the answer`() {
    for name in ["reasoning_content", "reasoning", "thinking"] {
      for delta in [#""\#(name)":"hm""#, #""content":"","\#(name)":"hm""#, #""content":null,"\#(name)":"hm""#] {
        let event = #"data: {"model":"m","choices":[{"delta":{\#(delta)}}]}"# + "\n\n"
        #expect(
          pieces(OpenAIAnswer(isStream: true), event + event + Self.text) == [
            .thought("hm"), .thought("hm"), .text("a"),
          ])
      }
    }
    #expect(
      pieces(OllamaAnswer(), #"{"message":{"role":"assistant","content":"","thinking":"hm"},"done":false}"#)
        == [.thought("hm")])
    let delta = #"data: {"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}}"# + "\n\n"
    #expect(pieces(AnthropicAnswer(isStream: true), delta) == [.thought("hm")])
  }
}

@Suite struct `an answer without a word` {
  private func reply(_ body: String, kind: ModelName.Kind = .openai) async throws -> ReplyEnd {
    let type = kind == .ollama ? "application/x-ndjson" : "text/event-stream"
    return try await withAnswer(answer(body, type: type)) { server in
      let found = await outcome(of: try ModelServers().model(ModelName(kind, "m"), url: server.url, route: .once))
      return try #require(found.end, "\(String(describing: found.error))")
    }
  }

  @Test(
    arguments: [
      (#"{"content":""}"#, "the answer is empty"), (#"{"content":" \n"}"#, "the answer is empty"),
      (
        #"{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}}]}"#,
        "the answer calls a tool and says nothing"
      ),
      (#"{"reasoning_content":"hm"}"#, "the model thought and did not answer"),
    ]) func `is not complete, whatever the server calls it`(delta: String, why: String) async throws
  {
    for reason in ["stop", "tool_calls"] {
      let end = try await reply(
        #"data: {"choices":[{"delta":\#(delta)}]}"# + "\n\n"
          + #"data: {"choices":[{"delta":{},"finish_reason":"\#(reason)"}]}"#
          + "\n\ndata: [DONE]\n\n")
      #expect(end.reason == .broken && end.why?.hasPrefix(why) == true, "\(end)")
      #expect(end.thoughts == (delta.contains("hm") ? "hm" : nil))
    }
  }

  @Test func `of Ollama is not complete either`() async throws {
    let end = try await reply(#"{"message":{"content":""},"done":true,"done_reason":"stop"}"# + "\n", kind: .ollama)
    #expect(end.reason == .broken && end.why == "the answer is empty")
  }
}
