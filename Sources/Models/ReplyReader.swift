import Transfer

/// Reads one answer of a server as it comes, and no faster than it is read. Letting go of it closes the connection.
actor ReplyReader {
  /// Which reader an answer with this content type wants; nil where it is no model's answer.
  typealias Choice = @Sendable (_ contentType: String) -> (any AnswerReader)?
  /// Why an answer with this status, these headers and the beginning of this body is none.
  typealias Meaning = @Sendable (Int, [(String, String)], [UInt8]) async -> ServerError

  private let http: Reader
  private let place: ServerPlace
  private let key: ServerKey?
  private let choice: Choice
  private let meaning: Meaning
  private var head: (status: Int, headers: [(String, String)]) = (0, [])
  private var answer: (any AnswerReader)?
  /// The beginning of a body that is no answer.
  private var body: [UInt8] = []
  private var waiting: ArraySlice<ReplyEvent> = []
  private var hasText = false
  /// When the first text came, and when the last did.
  private var textTimes: (first: ContinuousClock.Instant, last: ContinuousClock.Instant)?
  private var isOver = false

  /// Reads what a request of `client` is answered with.
  init(_ http: Reader, of client: ServerClient, choice: @escaping Choice, meaning: @escaping Meaning) {
    self.http = http
    place = client.place
    key = client.key
    self.choice = choice
    self.meaning = meaning
  }

  /// The stream of events of a new reader.
  static func stream(
    _ http: Reader, of client: ServerClient, choice: @escaping Choice, meaning: @escaping Meaning
  ) -> AsyncThrowingStream<ReplyEvent, any Error> {
    let reader = ReplyReader(http, of: client, choice: choice, meaning: meaning)
    return AsyncThrowingStream { try await reader.next() }
  }

  /// The next event, nil after the last. Throws a `ServerError` where no text came, `CancellationError` where the task
  /// is cancelled.
  func next() async throws -> ReplyEvent? {
    while true {
      if let event = waiting.popFirst() { return event }
      if isOver { return nil }
      do {
        try await read()
      } catch let error as TransferError {
        try stop(.transfer(error), why: error.errorDescription)
      }
    }
  }

  private func read() async throws {
    switch try await http.next() {
    case .head(let status, let headers):
      head = (status, headers)
      answer = status == 200 ? choice(headers.value("content-type")) : nil
    case .data(let bytes):
      guard answer != nil else {
        body += bytes.prefix(ErrorBody.limit - body.count)
        if body.count >= ErrorBody.limit { throw await meaning(head.status, head.headers, body) }
        return
      }
      try take(answer?.take(bytes) ?? [])
    case nil:
      guard answer != nil else { throw await meaning(head.status, head.headers, body) }
      try take(answer?.end() ?? [])
      // No terminal event came: some servers end so where they gave up.
      if !isOver { try stop(.endedSilently, why: "the server ended its answer before the model was done") }
    }
  }

  private func take(_ pieces: [AnswerPiece]) throws {
    var text = ""
    for piece in pieces where !isOver {
      switch piece {
      case .text(let more): text += more
      case .end(let last):
        flush(&text)
        end(last.reason, why: last.why.map { key.line($0, limit: 80) }, last)
      case .fault(let words):
        flush(&text)
        let said = key.line(words, limit: 300)
        try stop(.said(said), why: "the server said: \(said)")
      case .unreadable(let bytes):
        flush(&text)
        let line = key.line(String(decoding: bytes.prefix(4096), as: UTF8.self), limit: 60)
        let what = line.isEmpty ? "it sends a line without an end" : "it answers `\(line)`"
        try stop(.notModelServer(what: what, speaks: nil), why: "the server sent what is none of its protocol")
      }
    }
    flush(&text)
  }

  /// What came together is handed on together.
  private func flush(_ text: inout String) {
    guard !text.isEmpty, !isOver else { return }
    waiting.append(.text(text))
    hasText = true
    let now = ContinuousClock.now
    textTimes = (textTimes?.first ?? now, now)
    text = ""
  }

  /// Ends a reply that is not complete, or throws where there is none.
  private func stop(_ fault: ServerError.Fault, why: String?) throws {
    guard hasText else { throw ServerError(fault, at: place) }
    end(.broken, why: why, nil)
  }

  private func end(_ reason: ReplyEnd.Reason, why: String?, _ last: AnswerEnd?) {
    isOver = true
    waiting.append(
      .end(
        ReplyEnd(
          reason: reason, model: place.title(answeredBy: last?.model.map { key.line($0, limit: 120) }),
          promptTokens: last?.promptTokens,
          replyTokens: last?.replyTokens, why: why, writing: last?.writing ?? measured)))
  }

  /// From the first text to the last; nil where all came at once, as from a server that does not stream.
  private var measured: Duration? {
    textTimes.flatMap { $0.first < $0.last ? $0.last - $0.first : nil }
  }
}

extension ServerPlace {
  /// The name of the model that has answered: another one than was asked for where the server says so. Of a path on
  /// the server's machine only the file's name.
  func title(answeredBy model: String?) -> String {
    var model = ServerText.line(model ?? "", limit: 120)
    if model.hasPrefix("/") || model.hasSuffix(".gguf"), let slash = model.lastIndex(of: "/") {
      model = String(model[model.index(after: slash)...])
    }
    return model.isEmpty || model == name.argument ? name.title : ModelName(name.kind, model).title
  }
}
