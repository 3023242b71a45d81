import Foundation

typealias AnthropicAnswer = EventAnswer<AnthropicWords>

/// What Anthropic's `/v1/messages` answers: server-sent events, or one JSON object from a server that does not
/// stream. Complete is an answer whose `stop_reason` and `message_stop` both came. Fields: Anthropic's API reference,
/// "Streaming messages"; counts are cumulative, and events of an unknown type are passed over.
struct AnthropicWords: EventWords {
  private struct Usage: Decodable {
    let inputTokens: ServerNumber?
    let cacheCreation: ServerNumber?
    let cacheRead: ServerNumber?
    let outputTokens: ServerNumber?

    enum CodingKeys: String, CodingKey {
      case inputTokens = "input_tokens"
      case cacheCreation = "cache_creation_input_tokens"
      case cacheRead = "cache_read_input_tokens"
      case outputTokens = "output_tokens"
    }
  }

  private struct Event: Decodable {
    struct Message: Decodable {
      let model: String?
      let usage: Usage?
    }

    struct Delta: Decodable {
      let type: String?
      let text: String?
      let thinking: String?
      let stopReason: String?

      enum CodingKeys: String, CodingKey {
        case type, text, thinking
        case stopReason = "stop_reason"
      }
    }

    let type: String?
    let message: Message?
    let delta: Delta?
    /// The block that begins.
    let block: Delta?
    let usage: Usage?
    let error: ErrorBody.Words?
    /// These three belong to an answer that is one object.
    let content: [Delta]?
    let model: String?
    let stopReason: String?

    enum CodingKeys: String, CodingKey {
      case type, message, delta, usage, error, content, model
      case block = "content_block"
      case stopReason = "stop_reason"
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      type = try? fields.decode(String.self, forKey: .type)
      // The message of an error is a text.
      message = try? fields.decode(Message.self, forKey: .message)
      delta = try? fields.decode(Delta.self, forKey: .delta)
      block = try? fields.decode(Delta.self, forKey: .block)
      usage = try? fields.decode(Usage.self, forKey: .usage)
      error = try? fields.decode(ErrorBody.Words.self, forKey: .error)
      content = try? fields.decode([Delta].self, forKey: .content)
      model = try? fields.decode(String.self, forKey: .model)
      stopReason = try? fields.decode(String.self, forKey: .stopReason)
    }
  }

  private var seen = AnswerEnd(reason: .broken)
  private var counts: (input: Int?, created: Int?, read: Int?)
  private(set) var reason: String?
  private(set) var isKnown = false

  mutating func read(_ bytes: ArraySlice<UInt8>) -> [AnswerPiece] {
    if let text = TextScan.text(.anthropic, in: bytes) {
      isKnown = true
      return text.isEmpty ? [] : [.text(text)]
    }
    guard bytes.contains(where: { $0 > 32 }) else { return [] }
    guard let event = JSONText.value(Event.self, from: bytes) else {
      return JSONText.carriesNothing(bytes, but: "type") ? [] : [EventAnswer<AnthropicWords>.piece(of: bytes)]
    }
    if event.type == "error" || event.error != nil { return [ErrorBody(said: bytes).piece] }
    guard event.type != nil else { return JSONText.carriesNothing(bytes, but: "type") ? [] : [.unreadable(bytes)] }
    isKnown = true
    if let model = event.message?.model ?? event.model, !model.isEmpty { seen.model = model }
    if let usage = event.message?.usage ?? event.usage { count(usage) }
    if let reason = event.delta?.stopReason ?? event.stopReason { self.reason = reason }
    switch event.type {
    case "content_block_start":
      if event.block?.type == "tool_use" { seen.callsTool = true }
      return []
    case "content_block_delta":
      if event.delta?.type == "thinking_delta", let thought = event.delta?.thinking, !thought.isEmpty {
        return [.thought(thought)]
      }
      guard event.delta?.type == "text_delta", let text = event.delta?.text, !text.isEmpty else { return [] }
      return [.text(text)]
    case "message_stop": return [.end(ending)]
    case "message":
      let blocks = event.content ?? []
      if blocks.contains(where: { $0.type == "tool_use" }) { seen.callsTool = true }
      let thought = blocks.filter { $0.type == "thinking" }.compactMap(\.thinking).joined()
      let text = blocks.filter { $0.type == "text" }.compactMap(\.text).joined()
      return (thought.isEmpty ? [] : [.thought(thought)]) + (text.isEmpty ? [] : [.text(text)])
    default: return []
    }
  }

  private mutating func count(_ usage: Usage) {
    counts.input = usage.inputTokens?.value ?? counts.input
    counts.created = usage.cacheCreation?.value ?? counts.created
    counts.read = usage.cacheRead?.value ?? counts.read
    // The prompt is all that was read, wherever it came from.
    seen.promptTokens = counts.input.map { $0 + (counts.created ?? 0) + (counts.read ?? 0) }
    seen.cachedTokens = counts.read
    seen.replyTokens = usage.outputTokens?.value ?? seen.replyTokens
  }

  var ending: AnswerEnd {
    var end = seen.ended(
      by: reason,
      as: [
        "end_turn": .stop, "stop_sequence": .stop, "max_tokens": .length, "model_context_window_exceeded": .length,
      ])
    if reason == "model_context_window_exceeded" { end.why = "the answer filled the window" }
    return end
  }
}
