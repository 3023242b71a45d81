import Foundation

/// Reads what Ollama's `/api/chat` answers: one JSON object a line (NDJSON), the last with `done`. Without streaming it
/// is one such line. Fields: Ollama's API documentation; a metric that is 0 is left out.
struct OllamaAnswer: AnswerReader {
  private struct Line: Decodable {
    struct Message: Decodable {
      let content: String?
      /// What the model thinks before it answers.
      let thinking: String?
      let toolCalls: [AnyJSON]?

      enum CodingKeys: String, CodingKey {
        case content, thinking
        case toolCalls = "tool_calls"
      }
    }

    let model: String?
    let message: Message?
    let done: Bool?
    let doneReason: String?
    let promptEvalCount: ServerNumber?
    let evalCount: ServerNumber?
    /// Nanoseconds, as the two below.
    let evalDuration: ServerNumber?
    let loadDuration: ServerNumber?
    let promptEvalDuration: ServerNumber?
    let error: ErrorBody.Words?

    enum CodingKeys: String, CodingKey {
      case model, message, done, error
      case doneReason = "done_reason"
      case promptEvalCount = "prompt_eval_count"
      case evalCount = "eval_count"
      case evalDuration = "eval_duration"
      case loadDuration = "load_duration"
      case promptEvalDuration = "prompt_eval_duration"
    }
  }

  private var lines = LineSplitter(ends: .newline)
  /// A line of the protocol has come.
  private var isKnown = false
  private var callsTool = false
  /// The first line that carried nothing, for a stream in which nothing of the protocol comes.
  private var unknown: ArraySlice<UInt8>?
  /// JSON that goes on over many lines: no answer does, and an error may.
  private var stray: [UInt8] = []

  mutating func take(_ bytes: [UInt8]) -> [AnswerPiece] {
    let pieces = lines.take(bytes).flatMap { read($0) }
    return lines.isOverLimit ? pieces + [.unreadable([])] : pieces
  }

  mutating func end() -> [AnswerPiece] {
    let pieces = lines.end().map { read($0) } ?? []
    if !stray.isEmpty { return pieces + [EventAnswer<OpenAIWords>.piece(of: stray[...])] }
    if !isKnown, pieces.isEmpty, let unknown { return [.unreadable(unknown)] }
    return pieces
  }

  private mutating func read(_ bytes: ArraySlice<UInt8>) -> [AnswerPiece] {
    if stray.isEmpty, let text = TextScan.text(.ollama, in: bytes) {
      isKnown = true
      return text.isEmpty ? [] : [.text(text)]
    }
    guard bytes.contains(where: { $0 > 32 }) else { return [] }
    guard stray.isEmpty else {
      if stray.count < ErrorBody.limit { stray += [10] + bytes }
      return []
    }
    guard let line = JSONText.value(Line.self, from: bytes) else {
      if JSONText.carriesNothing(bytes, but: "message", "done") { return passed(bytes) }
      let piece = EventAnswer<OpenAIWords>.piece(of: bytes)
      guard case .unreadable = piece, bytes.filter({ $0 > 32 }) == [UInt8(ascii: "{")] else { return [piece] }
      stray = Array(bytes)
      return []
    }
    if line.error != nil { return [ErrorBody(said: bytes).piece] }
    guard line.message != nil || line.done != nil || line.doneReason != nil else {
      return JSONText.carriesNothing(bytes, but: "message") ? passed(bytes) : [.unreadable(bytes)]
    }
    isKnown = true
    callsTool = callsTool || line.message?.toolCalls?.isEmpty == false
    var pieces: [AnswerPiece] = []
    if let thought = line.message?.thinking, !thought.isEmpty { pieces.append(.thought(thought)) }
    if let text = line.message?.content, !text.isEmpty { pieces.append(.text(text)) }
    // Some servers give a reason and leave out `done`.
    if line.done == true || line.doneReason?.isEmpty == false {
      var end = OllamaAnswer.end(line)
      end.callsTool = callsTool
      pieces.append(.end(end))
    }
    return pieces
  }

  /// JSON that carries nothing of an answer.
  private mutating func passed(_ bytes: ArraySlice<UInt8>) -> [AnswerPiece] {
    if unknown == nil { unknown = bytes }
    return []
  }

  private static func end(_ line: Line) -> AnswerEnd {
    let end = AnswerEnd(
      reason: .broken, promptTokens: line.promptEvalCount?.value, replyTokens: line.evalCount?.value,
      loading: line.loadDuration?.value.map { .nanoseconds($0) },
      reading: line.promptEvalDuration?.value.map { .nanoseconds($0) },
      writing: line.evalDuration?.value.map { .nanoseconds($0) }, model: line.model)
    // Servers of before 0.1.38 gave no reason.
    return end.ended(by: line.doneReason ?? "", as: ["stop": .stop, "": .stop, "length": .length])
  }
}
