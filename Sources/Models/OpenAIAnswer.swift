import Foundation

typealias OpenAIAnswer = EventAnswer<OpenAIWords>

/// What an OpenAI-compatible `/v1/chat/completions` answers: server-sent events with one JSON object each, then
/// `[DONE]`; or, from a server that does not stream, one JSON object. Complete is an answer whose `finish_reason` and
/// `[DONE]` both came. Fields: OpenAI's API reference, "Chat completion chunk"; counts stand in a chunk of their own,
/// after the reason.
struct OpenAIWords: EventWords {
  private struct Chunk: Decodable {
    struct Choice: Decodable {
      struct Text: Decodable {
        let content: String?
        /// What the model thinks, by the names that servers give it.
        let thought: String?
        let callsTool: Bool

        enum CodingKeys: String, CodingKey {
          case content, reasoning, thinking
          case reasoningContent = "reasoning_content"
          case toolCalls = "tool_calls"
          case functionCall = "function_call"
        }

        private struct Part: Decodable { let text: String? }

        init(from decoder: any Decoder) throws {
          let fields = try decoder.container(keyedBy: CodingKeys.self)
          let parts = try? fields.decode([Part].self, forKey: .content)
          content = (try? fields.decode(String.self, forKey: .content)) ?? parts?.compactMap(\.text).joined()
          thought = [CodingKeys.reasoningContent, .reasoning, .thinking].lazy
            .compactMap { try? fields.decode(String.self, forKey: $0) }.first { !$0.isEmpty }
          let calls = try? fields.decode([AnyJSON].self, forKey: .toolCalls)
          let call = try? fields.decode(AnyJSON.self, forKey: .functionCall)
          callsTool = calls?.isEmpty == false || (call ?? .null) != .null
        }
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
      struct Details: Decodable {
        let cachedTokens: ServerNumber?

        enum CodingKeys: String, CodingKey { case cachedTokens = "cached_tokens" }
      }

      let promptTokens: ServerNumber?
      let completionTokens: ServerNumber?
      let details: Details?

      enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case details = "prompt_tokens_details"
      }
    }

    /// What llama.cpp's server adds to the last chunk.
    struct Timings: Decodable {
      let predictedMs: Double?
      let promptMs: Double?
      let cached: ServerNumber?

      enum CodingKeys: String, CodingKey {
        case predictedMs = "predicted_ms"
        case promptMs = "prompt_ms"
        case cached = "cache_n"
      }
    }

    let model: String?
    let timings: Timings?
    let choices: [Choice?]?
    let usage: Usage?
    let error: ErrorBody.Words?
  }

  private var seen = AnswerEnd(reason: .broken)
  private(set) var reason: String?
  private(set) var isKnown = false

  mutating func read(_ bytes: ArraySlice<UInt8>) -> [AnswerPiece] {
    if bytes.first == UInt8(ascii: "["), bytes.elementsEqual("[DONE]".utf8) {
      isKnown = true
      return [.end(ending)]
    }
    // The first event of a stream names the model, which is enough.
    if seen.model != nil, let text = TextScan.text(.openAI, in: bytes) {
      isKnown = true
      return text.isEmpty ? [] : [.text(text)]
    }
    guard bytes.contains(where: { $0 > 32 }) else { return [] }
    guard let chunk = JSONText.value(Chunk.self, from: bytes) else {
      return JSONText.carriesNothing(bytes, but: "choices") ? [] : [EventAnswer<OpenAIWords>.piece(of: bytes)]
    }
    if chunk.error != nil { return [ErrorBody(said: bytes).piece] }
    guard chunk.choices != nil || JSONText.carriesNothing(bytes, but: "choices") else { return [.unreadable(bytes)] }
    isKnown = isKnown || chunk.choices != nil
    if let model = chunk.model, !model.isEmpty { seen.model = model }
    if let timings = chunk.timings {
      seen.writing = OpenAIAnswer.milliseconds(timings.predictedMs) ?? seen.writing
      seen.reading = OpenAIAnswer.milliseconds(timings.promptMs) ?? seen.reading
      seen.cachedTokens = timings.cached?.value ?? seen.cachedTokens
    }
    if let usage = chunk.usage {
      seen.promptTokens = usage.promptTokens?.value
      seen.replyTokens = usage.completionTokens?.value
      seen.cachedTokens = usage.details?.cachedTokens?.value ?? seen.cachedTokens
    }
    // Only one choice is ever asked for.
    guard let choice = chunk.choices?.lazy.compactMap(\.self).first(where: { ($0.index ?? 0) == 0 }) else { return [] }
    if let reason = choice.finishReason, !reason.isEmpty { self.reason = reason }
    let said = choice.delta ?? choice.message
    if said?.callsTool == true { seen.callsTool = true }
    var pieces: [AnswerPiece] = []
    if let thought = said?.thought { pieces.append(.thought(thought)) }
    if let text = said?.content, !text.isEmpty { pieces.append(.text(text)) }
    return pieces
  }

  var ending: AnswerEnd { seen.ended(by: reason, as: ["stop": .stop, "length": .length]) }
}
