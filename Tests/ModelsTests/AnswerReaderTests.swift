import Testing

@testable import Models

/// The lines of `text` when it comes in these pieces.
private func lines(_ pieces: [String], ends: LineSplitter.Ends) -> [String] {
  var splitter = LineSplitter(ends: ends)
  var lines = pieces.flatMap { splitter.take(Array($0.utf8)) }
  if let last = splitter.end() { lines.append(last) }
  return lines.map { String(decoding: $0, as: UTF8.self) }
}

/// All pieces that a reader makes of `bytes` in one go, texts that follow one another joined.
func pieces(_ reader: some AnswerReader, _ parts: [[UInt8]]) -> [AnswerPiece] {
  var reader = reader
  var joined: [AnswerPiece] = []
  for piece in parts.flatMap({ reader.take($0) }) + reader.end() {
    if case .text(let more) = piece, case .text(let text)? = joined.last {
      joined[joined.count - 1] = .text(text + more)
    } else {
      joined.append(piece)
    }
  }
  return joined
}

func pieces(_ reader: some AnswerReader, _ text: String) -> [AnswerPiece] { pieces(reader, [Array(text.utf8)]) }

@Suite struct `a splitter of lines` {
  @Test func `takes LF and CRLF, and the last line without an end`() {
    #expect(lines(["a\nb\r\n\nc"], ends: .newline) == ["a", "b", "", "c"])
    #expect(lines(["a\rb\n"], ends: .newline) == ["a\rb"])
    #expect(lines(["a\n"], ends: .newline) == ["a"])
    #expect(lines([], ends: .newline) == [])
  }

  @Test func `takes CR too where it is told so, and a CRLF that was cut in two as one end`() {
    #expect(lines(["a\rb\n\rc\r\n\r\nd"], ends: .newlineOrReturn) == ["a", "b", "", "c", "", "d"])
    #expect(lines(["a\r", "\nb\r", "c\r", "\n"], ends: .newlineOrReturn) == ["a", "b", "c"])
  }

  @Test func `keeps a character whole that was cut in the middle`() {
    var splitter = LineSplitter(ends: .newline)
    let bytes = Array("€\n".utf8)
    #expect(splitter.take([bytes[0]]).isEmpty && splitter.take([bytes[1]]).isEmpty)
    #expect(splitter.take([bytes[2], bytes[3]]).map(Array.init) == [Array("€".utf8)])
  }

  @Test func `gives up on a line that does not end`() {
    var splitter = LineSplitter(ends: .newline)
    let block = [UInt8](repeating: 65, count: LineSplitter.limit)
    #expect(splitter.take(block).isEmpty && !splitter.isOverLimit)
    #expect(splitter.take([65]).isEmpty && splitter.isOverLimit)
    #expect(splitter.end() == nil)
  }
}

/// The events of `text`, as `name:data`.
private func events(_ text: String) -> [String] {
  var stream = EventStream()
  return (stream.take(Array(text.utf8)) + stream.end()).map { "\($0.name):\(String(decoding: $0.data, as: UTF8.self))" }
}

@Suite struct `an event stream` {
  @Test func `joins data lines, takes away one blank, and knows the event's name`() {
    #expect(events("data: a\ndata:b\ndata:  c\n\n") == ["message:a\nb\n c"])
    #expect(events("event: error\ndata: x\n\ndata: y\n\n") == ["error:x", "message:y"])
    #expect(events("data\n\n") == ["message:"])
  }

  @Test func `passes over comments, other fields, blank lines and a byte order mark`() {
    #expect(events("\u{FEFF}: ping\n\n\nid: 7\nretry: 10\nother\ndata: a\n\n:\n\n") == ["message:a"])
    #expect(events("event: named only\n\ndata: a\n\n") == ["message:a"])
  }

  @Test func `takes any line end, and an event that the end cuts off`() {
    #expect(
      events("data: a\r\n\r\ndata: b\r\rdata: c\n\ndata: d") == ["message:a", "message:b", "message:c", "message:d"])
  }
}

@Suite struct `an answer of Ollama` {
  @Test func `is its contents, then its end with the counts`() {
    let text = """
      {"message":{"content":"x \\u003c "},"done":false}
      {"message":{"content":"1\\n"},"done":false}
      {"model":"m","message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":7,"eval_count":2,"eval_duration":50000000}
      """
    #expect(
      pieces(OllamaAnswer(), text)
        == [
          .text("x < 1\n"),
          .end(AnswerEnd(reason: .stop, promptTokens: 7, replyTokens: 2, writing: .milliseconds(50), model: "m")),
        ])
  }

  @Test(
    arguments: [("length", .length, nil), ("load", .broken, "the server ended it with `load`")]
      as [(String, ReplyEnd.Reason, String?)])
  func `ends for the reason that it gives`(word: String, reason: ReplyEnd.Reason, why: String?) {
    let found = pieces(OllamaAnswer(), #"{"message":{"content":"a"},"done":true,"done_reason":"\#(word)"}"#)
    #expect(found == [.text("a"), .end(AnswerEnd(reason: reason, why: why))])
  }

  @Test func `counts as done without a reason, as old servers end it`() {
    #expect(pieces(OllamaAnswer(), #"{"done":true}"#) == [.end(AnswerEnd(reason: .stop))])
  }

  @Test func `says what is none of it`() {
    #expect(pieces(OllamaAnswer(), #"{"error":"gone"}"#) == [.fault("gone")])
    #expect(pieces(OllamaAnswer(), #"{"hello":1}"#) == [.unreadable(Array(#"{"hello":1}"#.utf8)[...])])
    #expect(pieces(OllamaAnswer(), "<html>\n") == [.unreadable(Array("<html>".utf8)[...])])
  }

  @Test func `reads a line with bytes that are no UTF-8`() {
    let line = Array(#"{"message":{"content":"a"#.utf8) + [0xFF] + Array(#"b"},"done":false}"#.utf8)
    #expect(pieces(OllamaAnswer(), [line]) == [.text("a\u{FFFD}b")])
  }
}

@Suite struct `an answer of an OpenAI-compatible server` {
  static let start = #"data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}"# + "\n\n"
  static func text(_ text: String) -> String { #"data: {"choices":[{"delta":{"content":"\#(text)"}}]}"# + "\n\n" }
  static func reason(_ word: String) -> String {
    #"data: {"model":"m","choices":[{"delta":{},"finish_reason":"\#(word)"}]}"# + "\n\n"
  }
  static let usage = #"data: {"choices":[],"usage":{"prompt_tokens":36,"completion_tokens":3}}"# + "\n\n"
  static let done = "data: [DONE]\n\n"

  @Test func `is its deltas, and complete once reason and end both came`() {
    let all = Self.start + ": ping\n\n" + Self.text("a") + Self.text("b") + Self.reason("stop") + Self.usage + Self.done
    #expect(
      pieces(OpenAIAnswer(isStream: true), all)
        == [.text("ab"), .end(AnswerEnd(reason: .stop, promptTokens: 36, replyTokens: 3, model: "m"))])
  }

  @Test func `tells how long the model wrote where llama.cpp's server says so`() {
    let timings = #"data: {"choices":[],"timings":{"predicted_n":3,"predicted_ms":12.5}}"# + "\n\n"
    let all = Self.text("a") + Self.reason("stop") + timings + Self.done
    #expect(
      pieces(OpenAIAnswer(isStream: true), all)
        == [.text("a"), .end(AnswerEnd(reason: .stop, writing: .microseconds(12_500), model: "m"))])
  }

  @Test func `has no end without [DONE], and a broken one without a reason`() {
    #expect(pieces(OpenAIAnswer(isStream: true), Self.text("a") + Self.reason("stop")) == [.text("a")])
    #expect(
      pieces(OpenAIAnswer(isStream: true), Self.text("a") + Self.done)
        == [.text("a"), .end(AnswerEnd(reason: .broken, why: "the server ended it without a reason"))])
  }

  @Test(
    arguments: [
      ("length", .length, nil), ("content_filter", .broken, "the server ended it with `content_filter`"),
      ("tool_calls", .broken, "the server ended it with `tool_calls`"),
    ] as [(String, ReplyEnd.Reason, String?)])
  func `ends for the reason that it gives`(word: String, reason: ReplyEnd.Reason, why: String?) {
    let found = pieces(OpenAIAnswer(isStream: true), Self.text("a") + Self.reason(word) + Self.done)
    #expect(found == [.text("a"), .end(AnswerEnd(reason: reason, why: why, model: "m"))])
  }

  @Test func `hands on an error in the middle, as an object or a text`() {
    let object = #"data: {"error":{"message":"gone","code":500}}"# + "\n\n"
    #expect(pieces(OpenAIAnswer(isStream: true), Self.text("a") + object) == [.text("a"), .fault("gone")])
    #expect(pieces(OpenAIAnswer(isStream: true), #"data: {"error":"gone"}"# + "\n\n") == [.fault("gone")])
  }

  @Test func `may be one object where a server does not stream`() {
    let body = #"{"choices":[{"message":{"content":"ab"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}"#
    #expect(
      pieces(OpenAIAnswer(isStream: false), body)
        == [.text("ab"), .end(AnswerEnd(reason: .stop, promptTokens: 1))])
  }

  @Test func `comes to the same however it is cut`() {
    let texts = ["\\n", "a\\u00e9", "€", "😀", "\\\"", "\\u003c", "  "]
    for seed in 0..<60 as Range<UInt64> {
      var random = Seeded(seed)
      let ends = ["\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
      var whole = Self.start
      for _ in 0..<Int.random(in: 0...9, using: &random) {
        whole +=
          Self.text(texts.randomElement(using: &random) ?? "") + (Bool.random(using: &random) ? ": ping\n\n" : "")
      }
      whole += Self.reason("stop") + (Bool.random(using: &random) ? Self.usage : "") + Self.done
      let bytes = Array(whole.replacing("\n", with: ends).utf8)
      let expected = pieces(OpenAIAnswer(isStream: true), [bytes])
      #expect(expected.count >= 1)
      #expect(pieces(OpenAIAnswer(isStream: true), random.pieces(of: bytes)) == expected, "seed \(seed)")
      #expect(pieces(OpenAIAnswer(isStream: true), bytes.map { [$0] }) == expected, "seed \(seed), byte by byte")
    }
  }
}

@Suite struct `the body of an error` {
  private func body(_ text: String, _ type: String = "application/json") -> ErrorBody {
    ErrorBody(Array(text.utf8), contentType: type)
  }

  @Test func `is read in every shape that servers give it`() {
    #expect(body(#"{"error":"model 'x' not found"}"#).message == "model 'x' not found")
    #expect(body(#"{"error":{"message":"Invalid API Key","code":401}}"#).message == "Invalid API Key")
    #expect(body(#"{"detail":"Not Found"}"#).message == "Not Found")
    #expect(body(#"{"message":"no"}"#).message == "no")
    #expect(body("404 page not found", "text/plain").message == "")
  }

  @Test func `may hold another one as text, with the window that was exceeded`() {
    let inner =
      #"{\"error\":{\"type\":\"exceed_context_size_error\",\"message\":\"too long\",\"n_prompt_tokens\":4029,\"n_ctx\":1024}}"#
    let error = body(#"{"error":"\#(inner)"}"#)
    #expect(error.isContextExceeded)
    #expect(error.promptTokens == 4029 && error.window == 1024)
    #expect(error.message == "too long")
    #expect(body(#"{"error":{"message":"m","code":"context_length_exceeded"}}"#).isContextExceeded)
  }

  @Test func `is cleaned and cut`() {
    let hostile = body(#"{"error":"a\u001b[31mb\r\n\u202ec\u0007 "# + String(repeating: "x", count: 10_000) + #""}"#)
    #expect(hostile.message.hasPrefix("a [31mb c x"))
    #expect(hostile.message.count == 303)
  }

  @Test func `is known as a page of HTML`() {
    #expect(body("<!DOCTYPE html>", "").isHTML)
    #expect(body("x", "text/html; charset=utf-8").isHTML)
  }
}

@Suite(.timeLimit(.minutes(1))) struct `an answer of a hostile server` {
  @Test func `has an event of many lines read in one pass`() {
    let lines = 200_000
    var stream = EventStream()
    let events = stream.take(Array(String(repeating: "data:abcd\n", count: lines).utf8 + [10]))
    #expect(events.map(\.data.count) == [5 * lines - 1])
  }
}

@Suite struct `a number of a server` {
  /// What stands in the place of a count, and what is read of it.
  static let numbers: [(text: String, value: Int?)] = [
    ("0", 0), ("7", 7), ("7.0", 7), ("1099511627776", 1 << 40), ("1099511627777", nil), ("-1", nil),
    ("-9223372036854775808", nil), ("9223372036854775807", nil), ("92233720368547758070", nil), ("1e300", nil),
    ("1e999", nil), ("0.5", nil), (#""7""#, nil), ("null", nil), ("[1]", nil), ("true", nil),
  ]

  @Test(arguments: numbers) func `is one that can be counted to, or none, and the answer is read all the same`(
    text: String, value: Int?
  ) {
    let ollama = pieces(
      OllamaAnswer(),
      #"{"message":{"content":"a"},"done":true,"prompt_eval_count":\#(text),"eval_count":\#(text)}"# + "\n")
    let end = AnswerEnd(reason: .stop, promptTokens: value, replyTokens: value)
    #expect(ollama == [.text("a"), .end(end)])
    let openai = pieces(
      OpenAIAnswer(isStream: false),
      #"{"choices":[{"finish_reason":"stop","message":{"content":"a"}}],"#
        + #""usage":{"prompt_tokens":\#(text),"completion_tokens":\#(text)}}"#)
    #expect(openai == [.text("a"), .end(end)])
    let error = ErrorBody(
      Array(#"{"error":{"message":"m","n_prompt_tokens":\#(text),"n_ctx":\#(text)}}"#.utf8), contentType: "")
    #expect(error.message == "m" && error.promptTokens == value && error.window == value)
    // No sum of what may be read can trap.
    let place = ServerPlace(name: ModelName(.ollama, "m"), url: .ollama)
    let fault = ServerError.Fault.contextExceeded(promptTokens: value, window: value, said: "")
    #expect(ServerError(fault, at: place).recoverySuggestion != nil)
  }
}
