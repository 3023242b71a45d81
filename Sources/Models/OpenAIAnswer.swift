import Foundation

/// Reads what an OpenAI-compatible `/v1/chat/completions` answers: server-sent events with one JSON object each, then
/// `[DONE]`; or, from a server that does not stream, one JSON object. Complete is an answer whose `finish_reason` and
/// `[DONE]` both came. Fields: OpenAI's API reference, "Chat completion chunk"; counts stand in a chunk of their own,
/// after the reason.
struct OpenAIAnswer: AnswerReader {
  private struct Chunk: Decodable {
    struct Choice: Decodable {
      struct Text: Decodable {
        let content: String?
      }

      let index: Int?
      let delta: Text?
      let message: Text?
      let finishReason: String?

      enum CodingKeys: String, CodingKey {
        case index, delta, message
        case finishReason = "finish_reason"
      }
    }

    struct Usage: Decodable {
      let promptTokens: ServerNumber?
      let completionTokens: ServerNumber?

      enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
      }
    }

    /// What llama.cpp's server adds to the last chunk.
    struct Timings: Decodable {
      let predictedMs: Double?

      enum CodingKeys: String, CodingKey {
        case predictedMs = "predicted_ms"
      }
    }

    let model: String?
    let timings: Timings?
    let choices: [Choice]?
    let usage: Usage?
    let error: ErrorBody.Words?
  }

  private let isStream: Bool
  private var events = EventStream()
  /// The whole body of a server that does not stream.
  private var body: [UInt8] = []
  private var seen = AnswerEnd(reason: .broken)
  private var finishReason: String?

  /// `isStream` is false where the answer is one JSON object.
  init(isStream: Bool) {
    self.isStream = isStream
  }

  mutating func take(_ bytes: [UInt8]) -> [AnswerPiece] {
    guard isStream else {
      body += bytes
      return body.count > LineSplitter.limit ? [.unreadable([])] : []
    }
    let pieces = events.take(bytes).flatMap { read($0) }
    return events.isOverLimit ? pieces + [.unreadable([])] : pieces
  }

  mutating func end() -> [AnswerPiece] {
    if isStream { return events.end().flatMap { read($0) } }
    let pieces = read(body[...])
    return finishReason == nil ? pieces : pieces + [.end(ending)]
  }

  private mutating func read(_ event: EventStream.Event) -> [AnswerPiece] {
    if event.data.elementsEqual("[DONE]".utf8) { return [.end(ending)] }
    return read(event.data[...])
  }

  private mutating func read(_ bytes: ArraySlice<UInt8>) -> [AnswerPiece] {
    guard bytes.contains(where: { $0 > 32 }) else { return [] }
    guard let chunk = JSONText.value(Chunk.self, from: bytes) else { return [.unreadable(bytes)] }
    if let error = chunk.error { return [.fault(error.message ?? "an error without a message")] }
    guard let choices = chunk.choices else { return [.unreadable(bytes)] }
    if let model = chunk.model, !model.isEmpty { seen.model = model }
    if let time = chunk.timings?.predictedMs, time > 0, time < 1e12 { seen.writing = .microseconds(Int(time * 1000)) }
    if let usage = chunk.usage {
      seen.promptTokens = usage.promptTokens?.value
      seen.replyTokens = usage.completionTokens?.value
    }
    // Only one choice is ever asked for.
    guard let choice = choices.first(where: { ($0.index ?? 0) == 0 }) else { return [] }
    if let reason = choice.finishReason { finishReason = reason }
    let text = choice.delta?.content ?? choice.message?.content ?? ""
    return text.isEmpty ? [] : [.text(text)]
  }

  private var ending: AnswerEnd {
    var end = seen
    switch finishReason {
    case "stop": end.reason = .stop
    case "length": end.reason = .length
    case let other?: end.why = "the server ended it with `\(other)`"
    case nil: end.why = "the server ended it without a reason"
    }
    return end
  }
}
