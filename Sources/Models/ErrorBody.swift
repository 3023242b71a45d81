import Foundation

/// What the body of an error answer says, in any of the shapes that servers give it: `{"error": "text"}` (Ollama),
/// `{"error": {"message": ...}}` (OpenAI, llama.cpp), the second as text within the first (Ollama hands on what its
/// llama.cpp said), `{"detail": ...}`. Hostile: what is shown of it is cleaned and cut.
struct ErrorBody: Hashable {
  /// An error as a string or as an object.
  struct Words: Decodable {
    var message: String?
    var type: String?
    var code: String?
    var promptTokens: Int?
    var window: Int?

    enum CodingKeys: String, CodingKey {
      case message, type, code
      case promptTokens = "n_prompt_tokens"
      case window = "n_ctx"
    }

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        message = text
        return
      }
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      message = try? fields.decode(String.self, forKey: .message)
      type = try? fields.decode(String.self, forKey: .type)
      code = try? fields.decode(String.self, forKey: .code)
      promptTokens = try? fields.decode(ServerNumber.self, forKey: .promptTokens).value
      window = try? fields.decode(ServerNumber.self, forKey: .window).value
    }
  }

  private struct Body: Decodable {
    let error: Words?
    let detail: Words?
    let message: String?
  }

  /// The most bytes that are read of an error's body.
  static let limit = 64 << 10

  /// One line, cleaned and cut; empty where the body is no JSON of a known shape.
  let message: String
  /// Prompt and window in tokens, where the server says that the one does not fit the other.
  let promptTokens: Int?
  let window: Int?
  /// The prompt does not fit the window, by the type that llama.cpp or OpenAI gives such an error, or by the words of
  /// Anthropic, OpenAI and vLLM.
  let isContextExceeded: Bool
  let isHTML: Bool
  /// The type of the error, in the vendor's word.
  let type: String

  /// Reads `bytes`; should they hold `key`, that is shown in no part of them.
  init(_ bytes: [UInt8], contentType: String, key: ServerKey? = nil) {
    isHTML = contentType.lowercased().contains("html") || bytes.first == UInt8(ascii: "<")
    var words = ErrorBody.words(bytes)
    // Within the text of the outer error may stand the JSON of the inner one.
    if let message = words?.message, message.hasPrefix("{"), let inner = ErrorBody.words(Array(message.utf8)) {
      words = inner
    }
    message = key.line(words?.message ?? "", limit: 300)
    type = words?.type ?? ""
    let said = words?.message ?? ""
    let told = ErrorBody.anthropic(type: type, said) ?? ErrorBody.openAI(said)
    promptTokens = words?.promptTokens ?? told?.prompt
    window = words?.window ?? told?.window
    isContextExceeded =
      words?.type == "exceed_context_size_error" || words?.code == "context_length_exceeded" || told != nil
      || (words?.promptTokens != nil && words?.window != nil)
  }

  /// Anthropic has no type of its own for it: `prompt is too long: 208310 tokens > 200000 maximum`, the numbers not
  /// always there. Nil for any other error.
  private static func anthropic(type: String, _ message: String) -> (prompt: Int?, window: Int?)? {
    guard type == "invalid_request_error", message.lowercased().hasPrefix("prompt is too long") else { return nil }
    let numbers = message.split { !$0.isASCII || !$0.isNumber }.prefix(2).map { Int($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : (nil, nil)
  }

  /// OpenAI and vLLM tell the numbers in words alone: `This model's maximum context length is 8192 tokens. However, your
  /// messages resulted in 9001 tokens`; `(9001 in the messages, 100 in the completion)`; `has 9001 input tokens`. Nil for
  /// any other error.
  private static func openAI(_ message: String) -> (prompt: Int?, window: Int?)? {
    let message = message.prefix(1000).lowercased()
    guard let start = message.firstRange(of: "maximum context length is ") else { return nil }
    let words = message[start.upperBound...].split { !$0.isLetter && !$0.isNumber }.map(String.init)
    func number(before phrase: [String]) -> Int? {
      words.indices.first { words[($0 + 1)...].starts(with: phrase) && Int(words[$0]) != nil }.flatMap {
        Int(words[$0])
      }
    }
    func number(behind phrase: [String]) -> Int? {
      words.indices.first { words[..<$0].reversed().starts(with: phrase.reversed()) }.flatMap { Int(words[$0]) }
    }
    let prompt =
      number(before: ["in", "the", "messages"]) ?? number(before: ["in", "the", "prompt"])
      ?? number(before: ["input", "tokens"]) ?? number(behind: ["messages", "resulted", "in"])
    return (prompt, words.first.flatMap { Int($0) })
  }

  private static func words(_ bytes: [UInt8]) -> Words? {
    guard let body = JSONText.value(Body.self, from: bytes) else { return nil }
    if let words = body.error ?? body.detail { return words }
    return body.message.map(Words.init)
  }
}

extension ErrorBody.Words {
  init(_ message: String) {
    self.message = message
  }
}
