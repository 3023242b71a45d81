import Content
import Synchronization

/// One chat message as a model reads it.
package struct ModelMessage: Hashable, Codable, Sendable {
  /// `system`, `user` or `assistant`.
  package let role: String
  package let text: String

  package init(role: String, text: String) {
    self.role = role
    self.text = text
  }
}

/// What is asked of a model.
package struct ModelRequest: Sendable {
  package let messages: [ModelMessage]
  package let sampling: Sampling
  /// The instance it is asked for. Models made of files choose by it; it is never sent anywhere and never hashed.
  package let instanceID: String

  package init(messages: [ModelMessage], sampling: Sampling, instanceID: String) {
    self.messages = messages
    self.sampling = sampling
    self.instanceID = instanceID
  }

  /// What a recording of the reply is found by: hash(messages, model, sampling), `model` being its recorded name.
  package func hash(model: String) -> Hash {
    var key = Key(stage: "request", version: 1)
    key.add(option: "model", model)
    key.add(option: "temperature", "\(sampling.temperature)")
    key.add(option: "seed", "\(sampling.seed)")
    key.add(option: "num_predict", "\(sampling.numPredict)")
    key.add(option: "num_ctx", "\(sampling.numCtx)")
    key.add(option: "repeat_penalty", "\(sampling.repeatPenalty)")
    // What is not asked for is not part of it, so that older recordings are found.
    if let topP = sampling.topP { key.add(option: "top_p", "\(topP)") }
    if let topK = sampling.topK { key.add(option: "top_k", "\(topK)") }
    if let minP = sampling.minP { key.add(option: "min_p", "\(minP)") }
    for (index, stop) in (sampling.stop ?? []).enumerated() { key.add(option: "stop/\(index)", stop) }
    if let grammar = sampling.grammar { key.add(option: "grammar", grammar) }
    if let schema = sampling.schema { key.add(option: "schema", schema) }
    for (index, message) in messages.enumerated() {
      key.add(option: "message/\(index)/\(message.role)", message.text)
    }
    return key.hash
  }
}

/// How a reply ended.
package struct ReplyEnd: Hashable, Codable, Sendable {
  package enum Reason: String, Codable, Sendable {
    /// The model was done.
    case stop
    /// The answer's budget was used up, so the text is cut.
    case length
    /// The stream broke before its terminal event.
    case broken
  }

  package let reason: Reason
  /// The model that wrote the text, e.g. the recorded one where a recording answered.
  package let model: String
  /// Prompt tokens as the server counted them, where it did.
  package let promptTokens: Int?
  /// Answer tokens as the server counted them, where it did.
  package let replyTokens: Int?
  /// What the model thought before it answered, where the server tells it apart from the answer; no part of the text, and
  /// nothing in it is an edit.
  package var thoughts: String?
  /// Why the reply is not complete, in words; nil where it is, or where `reason` says all there is to say.
  package let why: String?
  /// How long writing the answer took, loading the model and reading the prompt not counted; nil where nobody knows.
  /// Time is no part of a recording.
  package var writing: Duration?
  /// Whether the prompt was read whole; nil where no server read it.
  package var window: WindowProof?
  /// Where the time went, and what answered; nil where no server did. No part of a recording either.
  package var ledger: Ledger?
  package var passport: Passport?

  package init(
    reason: Reason, model: String, promptTokens: Int? = nil, replyTokens: Int? = nil, why: String? = nil,
    writing: Duration? = nil, window: WindowProof? = nil
  ) {
    self.reason = reason
    self.model = model
    self.promptTokens = promptTokens
    self.replyTokens = replyTokens
    self.why = why
    self.writing = writing
    self.window = window
  }
}

/// What a model says, as it comes.
package enum ReplyEvent: Hashable, Sendable {
  /// More text of the answer.
  case text(String)
  /// Nothing came so far, and the model is asked again; only before any text.
  case retry(Retry)
  /// The terminal event; nothing follows. A stream that ends without one is incomplete.
  case end(ReplyEnd)
}

/// What no answer may exceed.
package enum ModelLimits {
  /// The most bytes of a reply: a million tokens of four bytes are the most that can be asked for.
  package static let reply = 4 << 20
}

/// Something that answers. Replies stream; cancelling the task that reads one stops the model.
package protocol Model: Sendable {
  /// The name recorded with every reply.
  var name: String { get }

  /// Asks; the stream throws `ModelError`, or `ServerError` where no text came from a server. What breaks off later ends
  /// with a `ReplyEnd` that says so.
  func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error>
}

extension Model {
  /// A stream of a text that is there already, line by line; `pace` is how long each line takes.
  package func stream(
    _ text: String, end: ReplyEnd, pace: Duration = .zero
  ) -> AsyncThrowingStream<ReplyEvent, any Error> {
    guard text.utf8.count <= ModelLimits.reply else {
      let why = "the answer is longer than \(ModelLimits.reply >> 20) MB"
      return stream(
        String(decoding: text.utf8.prefix(ModelLimits.reply - 4), as: UTF8.self),
        end: ReplyEnd(reason: .broken, model: end.model, why: why))
    }
    var events: [ReplyEvent] = []
    var rest = Substring(text)
    while let newline = rest.utf8.firstIndex(of: 10) {
      let next = rest.utf8.index(after: newline)
      events.append(.text(String(rest[..<next])))
      rest = rest[next...]
    }
    if !rest.isEmpty { events.append(.text(String(rest))) }
    let left = Mutex((events + [.end(end)])[...])
    return AsyncThrowingStream {
      guard let event = left.withLock({ $0.popFirst() }) else { return nil }
      if pace > .zero, case .text = event { try await Task.sleep(for: pace) }
      return event
    }
  }

  /// A stream that only fails.
  package func failure(_ error: ModelError) -> AsyncThrowingStream<ReplyEvent, any Error> {
    AsyncThrowingStream { $0.finish(throwing: error) }
  }
}
