import Foundation

/// What the body of an error answer says, in any of the shapes that servers give it: `{"error": "text"}` (Ollama, LM
/// Studio, TGI), `{"error": {"message": ...}}` (OpenAI, llama.cpp), the second as text within the first (Ollama hands on
/// what its llama.cpp said), `{"message": ...}` (vLLM), `{"detail": ...}`. Hostile: what is shown of it is cleaned and cut.
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
    let type: String?

    enum CodingKeys: String, CodingKey {
      case error, detail, message, type
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      error = try? fields.decode(Words.self, forKey: .error)
      // FastAPI gives a list of what is wrong with a request.
      detail =
        (try? fields.decode(Words.self, forKey: .detail))
        ?? (try? fields.decode([Detail].self, forKey: .detail))?.first
        .map { Words($0.msg) }
      message = try? fields.decode(String.self, forKey: .message)
      type = try? fields.decode(String.self, forKey: .type)
    }

    struct Detail: Decodable { let msg: String }
  }

  /// The most bytes that are read of an error's body.
  static let limit = 64 << 10

  /// One line, cleaned and cut; empty where the body is no JSON of a known shape.
  let message: String
  /// The same as it came.
  let said: String
  /// Prompt and window in tokens, where the server says that the one does not fit the other.
  let promptTokens: Int?
  let window: Int?
  /// The prompt does not fit the window, by the type that llama.cpp or OpenAI gives such an error, or by its words.
  let isContextExceeded: Bool
  let isHTML: Bool
  /// The type of the error, in the vendor's word.
  let type: String

  /// Reads `bytes`; should they hold `key`, that is shown in no part of them.
  init(_ bytes: some Collection<UInt8>, contentType: String, key: ServerKey? = nil) {
    let isHTML = contentType.lowercased().contains("html") || bytes.first == UInt8(ascii: "<")
    self.init(ErrorBody.words(bytes), isHTML: isHTML, key: key)
  }

  /// What a server says in place of an answer: JSON of any of the shapes, or a text.
  init(said bytes: some Collection<UInt8>) {
    let words = ErrorBody.words(bytes) ?? Words(String(decoding: Array(bytes.prefix(4096)), as: UTF8.self))
    self.init(words, isHTML: false, key: nil)
  }

  private init(_ words: Words?, isHTML: Bool, key: ServerKey?) {
    var words = words
    // Within the text of the outer error may stand the JSON of the inner one.
    if let message = words?.message, let brace = message.utf8.firstIndex(of: UInt8(ascii: "{")),
      let inner = ErrorBody.words(Array(message.utf8[brace...])), inner.message != nil
    {
      words = inner
    }
    self.isHTML = isHTML
    said = words?.message ?? ""
    message = key.line(said, limit: 300)
    type = words?.type ?? ""
    let told = LengthRefusal(said, type: type)
    promptTokens = words?.promptTokens ?? told?.promptTokens
    window = words?.window ?? told?.window
    isContextExceeded =
      words?.type == "exceed_context_size_error" || words?.code == "context_length_exceeded" || told != nil
      || (words?.promptTokens != nil && words?.window != nil)
  }

  private static func words(_ bytes: some Collection<UInt8>) -> Words? {
    // Some servers put a word before it, as in `error: {...}`, or send it as an event.
    guard let start = bytes.firstIndex(of: UInt8(ascii: "{")) else { return nil }
    let object = Array(bytes[start...]).trimmed(through: UInt8(ascii: "}"))
    guard let body = JSONText.value(Body.self, from: object) else { return nil }
    if let words = body.error ?? body.detail { return words }
    guard body.message != nil else { return nil }
    // The error itself, with nothing around it.
    return JSONText.value(Words.self, from: object)
  }
}

extension [UInt8] {
  /// The bytes up to the last `byte`; all of them where there is none.
  fileprivate func trimmed(through byte: UInt8) -> [UInt8] {
    lastIndex(of: byte).map { Array(self[...$0]) } ?? self
  }
}

extension ErrorBody.Words {
  init(_ message: String) {
    self.message = message
  }
}
