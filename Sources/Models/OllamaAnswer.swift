import Foundation

/// Reads what Ollama's `/api/chat` answers: one JSON object a line (NDJSON), the last with `done`. Without streaming it
/// is one such line. Fields: Ollama's API documentation; a metric that is 0 is left out.
struct OllamaAnswer: AnswerReader {
  private struct Line: Decodable {
    struct Message: Decodable {
      let content: String?
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
    let error: String?

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

  mutating func take(_ bytes: [UInt8]) -> [AnswerPiece] {
    let pieces = lines.take(bytes).flatMap { OllamaAnswer.read($0) }
    return lines.isOverLimit ? pieces + [.unreadable([])] : pieces
  }

  mutating func end() -> [AnswerPiece] {
    lines.end().map { OllamaAnswer.read($0) } ?? []
  }

  private static func read(_ bytes: ArraySlice<UInt8>) -> [AnswerPiece] {
    if let text = TextScan.text(.ollama, in: bytes) { return text.isEmpty ? [] : [.text(text)] }
    guard bytes.contains(where: { $0 > 32 }) else { return [] }
    guard let line = JSONText.value(Line.self, from: bytes) else { return [.unreadable(bytes)] }
    if let error = line.error { return [.fault(error)] }
    guard line.message != nil || line.done != nil else { return [.unreadable(bytes)] }
    let text = line.message?.content ?? ""
    var pieces: [AnswerPiece] = text.isEmpty ? [] : [.text(text)]
    if line.done == true { pieces.append(.end(end(line))) }
    return pieces
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
