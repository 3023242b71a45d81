/// What a piece of a server's answer says, whatever its protocol.
enum AnswerPiece: Hashable {
  /// More text.
  case text(String)
  /// More of what the model thinks before it answers, which is no part of the answer.
  case thought(String)
  /// The terminal event; nothing that follows is read.
  case end(AnswerEnd)
  /// The server says that it went wrong, in its own words.
  case fault(String)
  /// The server refuses the prompt, or breaks off, because its window is full; in tokens where it counts them, and its own
  /// words.
  case tooLong(prompt: Int?, window: Int?, said: String)
  /// These bytes are not of the protocol.
  case unreadable(ArraySlice<UInt8>)
}

extension ErrorBody {
  /// What an answer says that holds this error.
  var piece: AnswerPiece {
    if isContextExceeded { return .tooLong(prompt: promptTokens, window: window, said: said) }
    return .fault(said.isEmpty ? "an error without a message" : said)
  }
}

/// How a server says that its answer ended.
struct AnswerEnd: Hashable {
  var reason: ReplyEnd.Reason
  /// Why it is not complete, where the server has a word for it that is not in `reason`; the word as it came.
  var why: String?
  /// Tokens as the server counted them. Those of the prompt that it had read before are among `promptTokens`.
  var promptTokens: Int?
  var cachedTokens: Int?
  var replyTokens: Int?
  /// How long the server loaded the model, read the prompt and wrote, where it says so.
  var loading: Duration?
  var reading: Duration?
  var writing: Duration?
  /// The model that the server says has answered.
  var model: String?
  /// The answer holds a call of a tool.
  var callsTool = false
}

extension AnswerEnd {
  /// The same with how it ended: `word` is the server's, and `reasons` says what its words mean. An answer that ended by
  /// none of them is not complete.
  func ended(by word: String?, as reasons: [String: ReplyEnd.Reason]) -> AnswerEnd {
    var end = self
    if let word, let reason = reasons[word] {
      end.reason = reason
    } else {
      end.reason = .broken
      end.why = word.map { "the server ended it with `\($0)`" } ?? "the server ended it without a reason"
    }
    return end
  }
}

/// Reads the body of an answer in one protocol. Pure: bytes in, pieces out, the same wherever the bytes were cut.
protocol AnswerReader: Sendable {
  /// What `bytes` complete.
  mutating func take(_ bytes: [UInt8]) -> [AnswerPiece]

  /// What is left once the body has come to its end. Without a terminal event among all pieces the answer is incomplete.
  mutating func end() -> [AnswerPiece]
}

extension AnswerReader {
  /// A time in milliseconds as a server gives it; nil where it is none that could be.
  static func milliseconds(_ time: Double?) -> Duration? {
    guard let time, time > 0, time < 1e12 else { return nil }
    return .microseconds(Int(time * 1000))
  }
}
