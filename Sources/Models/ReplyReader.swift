import Content
import Transfer

/// Reads one answer of a server as it comes, and no faster than it is read. Letting go of it closes the connection.
actor ReplyReader {
  /// Which reader an answer with this content type wants; nil where it is no model's answer.
  typealias Choice = @Sendable (_ contentType: String) -> (any AnswerReader)?
  /// Why an answer with this status, these headers and the beginning of this body is none.
  typealias Meaning = @Sendable (Int, [(String, String)], [UInt8]) async -> ServerError
  /// What has answered.
  typealias Asked = @Sendable () async -> Passport
  /// What shows that the prompt was read whole.
  typealias Proof = @Sendable (AnswerEnd, Passport) async -> WindowProof

  /// The most bytes of a reply's text, thoughts with it; more than `model.num_predict` can ask for.
  static let limit = ModelLimits.reply

  private let client: ServerClient
  private let open: @Sendable () -> Reader
  private let choice: Choice
  private let meaning: Meaning
  private let passport: Asked
  private let proof: Proof
  private let policy: RetryPolicy

  private var http: Reader?
  private var head: (status: Int, headers: [(String, String)]) = (0, [])
  private var answer: (any AnswerReader)?
  /// The beginning of a body that is no answer.
  private var body: [UInt8] = []
  private var waiting: ArraySlice<ReplyEvent> = []
  private var textBytes = 0
  /// The text so far holds more than blanks.
  private var hasText = false
  /// Keys are taken out of text and thoughts before anybody sees them.
  private var text: SecretFilter
  private var thought: SecretFilter
  private var thoughts = ""
  private var isOver = false

  private var ledger = Ledger()
  /// How long to wait before the request is sent once more.
  private var pause: Duration?
  /// When the first try began, and the last one.
  private var times: (began: ContinuousClock.Instant, asked: ContinuousClock.Instant)?
  /// When the first text came, and when the last did.
  private var textTimes: (first: ContinuousClock.Instant, last: ContinuousClock.Instant)?

  /// Reads what a request of `client`, which `open` sends, is answered with.
  private init(
    of client: ServerClient, open: @escaping @Sendable () -> Reader, choice: @escaping Choice,
    meaning: @escaping Meaning, passport: @escaping Asked, proof: @escaping Proof
  ) {
    self.client = client
    self.open = open
    self.choice = choice
    self.meaning = meaning
    self.passport = passport
    self.proof = proof
    policy = RetryPolicy(most: client.route.retries)
    text = SecretFilter(client.secrets)
    thought = SecretFilter(client.secrets)
  }

  /// The stream of events of a new reader. Nothing is sent before the first is asked for.
  static func stream(
    of client: ServerClient, open: @escaping @Sendable () -> Reader, choice: @escaping Choice,
    meaning: @escaping Meaning, passport: @escaping Asked, proof: @escaping Proof
  ) -> AsyncThrowingStream<ReplyEvent, any Error> {
    let reader = ReplyReader(
      of: client, open: open, choice: choice, meaning: meaning, passport: passport, proof: proof)
    return AsyncThrowingStream { try await reader.next() }
  }

  /// The next event, nil after the last. Throws a `ServerError` where no text came, `CancellationError` where the task
  /// is cancelled.
  func next() async throws -> ReplyEvent? {
    while true {
      if let event = waiting.popFirst() { return event }
      if isOver { return nil }
      do {
        try await read(try await connection())
      } catch let error as TransferError {
        let fault = ServerError(.transfer(error), at: client.place)
        // Nothing at all came back.
        if head.status == 0, error.isPassing, retries(after: fault, status: nil) { continue }
        // The status of an answer that is none says more than how its body ended.
        guard head.status == 0 || answer != nil else {
          try await refuse()
          continue
        }
        try await stop(.transfer(error), why: error.errorDescription)
      }
    }
  }

  /// The connection in use, or a new one.
  private func connection() async throws -> Reader {
    if let http { return http }
    if let pause { try await Task.sleep(for: pause) }
    let now = ContinuousClock.now
    times = (times?.began ?? now, now)
    let made = open()
    http = made
    return made
  }

  /// Whether the request is sent once more; says so to the reader.
  private func retries(after error: ServerError, status: Int?) -> Bool {
    guard textBytes == 0, let wait = policy.wait(after: ledger.retries, status: status, headers: head.headers) else {
      return false
    }
    ledger.retries += 1
    let why = error.errorDescription ?? "no answer"
    waiting.append(.retry(Retry(number: ledger.retries, most: policy.most, wait: wait, why: why)))
    (pause, http, head, body) = (wait, nil, (0, []), [])
    return true
  }

  private func read(_ http: Reader) async throws {
    switch try await http.next() {
    case .head(let status, let headers):
      head = (status, headers)
      answer = status == 200 ? choice(headers.value("content-type")) : nil
    case .data(let bytes):
      guard answer != nil else {
        body += bytes.prefix(ErrorBody.limit - body.count)
        if body.count >= ErrorBody.limit { try await refuse() }
        return
      }
      try await take(answer?.take(bytes) ?? [])
    case nil:
      guard answer != nil else { return try await refuse() }
      try await take(answer?.end() ?? [])
      // No terminal event came: some servers end so where they gave up.
      if !isOver { try await stop(.endedSilently, why: "the server ended its answer before the model was done") }
    }
  }

  /// The server gives no answer: it is asked again, or that is the end.
  private func refuse() async throws {
    let error = await meaning(head.status, head.headers, body)
    // The prompt would be as long the second time. Not the connection is at fault but what was sent: it is a reply, which
    // holds nothing.
    if case .contextExceeded(let prompt, let window, let said) = error.fault {
      return await refused(prompt: prompt, window: window, said: said)
    }
    // A page of HTML with status 200 is as little an answer the second time.
    if head.status != 200, retries(after: error, status: head.status) { return }
    throw error
  }

  private func take(_ pieces: [AnswerPiece]) async throws {
    var more = ""
    for piece in pieces where !isOver {
      switch piece {
      case .text(let text): more += text
      case .thought(let text): keep(thought.pass(text))
      case .end(let last):
        flush(&more, isLast: true)
        keep(thought.end())
        await finish(last)
      case .fault(let words):
        flush(&more, isLast: true)
        let said = client.line(words, limit: 300)
        try await stop(.said(said), why: "the server said: \(said)")
      case .tooLong(let prompt, let window, let words):
        flush(&more, isLast: true)
        let said = client.line(words, limit: 300)
        if textBytes == 0 {
          await refused(prompt: prompt, window: window, said: said)
        } else {
          await end(.length, why: "the window was full: \(said)", nil, window: .unknown("the window was full"))
        }
      case .unreadable(let bytes):
        flush(&more, isLast: true)
        let line = client.line(String(decoding: bytes.prefix(4096), as: UTF8.self), limit: 120)
        let what = line.isEmpty ? "it sends a line without an end" : "it answers `\(line)`"
        let why = "the server sent what is not of its protocol" + (line.isEmpty ? "" : ": `\(line)`")
        try await stop(.notModelServer(what: what, speaks: nil), why: why)
      }
    }
    flush(&more)
    if textBytes + thoughts.utf8.count > ReplyReader.limit, !isOver {
      try await stop(.endedSilently, why: "the answer is longer than \(ReplyReader.limit >> 20) MB")
    }
  }

  /// Ends a reply as the server ended it. One without a word to be read is not complete, whatever the server calls it: it
  /// says nothing about what the model would have answered.
  private func finish(_ last: AnswerEnd) async {
    var (reason, why) = (last.reason, last.why.map { client.line($0, limit: 80) })
    if !hasText, reason != .length {
      reason = .broken
      let what =
        last.callsTool
        ? "the answer calls a tool and says nothing"
        : thoughts.isEmpty ? "the answer is empty" : "the model thought and did not answer"
      why = what + (why.map { "; \($0)" } ?? "")
    }
    await end(reason, why: why, last)
  }

  private func refused(prompt: Int?, window: Int?, said: String) async {
    let why = "the server refused the prompt" + (said.isEmpty ? "" : ": \(said)")
    let last = AnswerEnd(reason: .broken, promptTokens: prompt)
    await end(.broken, why: why, last, window: .refused(prompt: prompt, window: window))
  }

  private func keep(_ more: String) {
    if textTimes == nil, !more.isEmpty {
      let now = ContinuousClock.now
      textTimes = (now, now)
    }
    thoughts += more
  }

  /// What came together is handed on together. Text that may be the beginning of a key waits for what follows it, and no
  /// longer than to the end.
  private func flush(_ more: inout String, isLast: Bool = false) {
    guard !isOver else { return }
    let ready = more.isEmpty ? "" : text.pass(more)
    let all = isLast ? ready + text.end() : ready
    more = ""
    guard !all.isEmpty else { return }
    textBytes += all.utf8.count
    hasText = hasText || all.utf8.contains { $0 > 32 }
    waiting.append(.text(all))
    let now = ContinuousClock.now
    textTimes = (textTimes?.first ?? now, now)
  }

  /// Ends a reply that is not complete, or throws where there is none.
  private func stop(_ fault: ServerError.Fault, why: String?) async throws {
    var rest = ""
    flush(&rest, isLast: true)
    keep(thought.end())
    guard textBytes > 0 else { throw ServerError(fault, at: client.place) }
    await end(.broken, why: why, nil)
  }

  /// Ends a reply; `window` is the proof where it is known already.
  private func end(
    _ reason: ReplyEnd.Reason, why: String?, _ last: AnswerEnd?, window: WindowProof? = nil
  ) async {
    isOver = true
    // What is left of the answer is not wanted; the server may go on to others.
    http = nil
    let ended = ContinuousClock.now
    let title = client.place.title(answeredBy: last?.model.map { client.line($0, limit: 120) })
    var end = ReplyEnd(
      reason: reason, model: title, promptTokens: last?.promptTokens, replyTokens: last?.replyTokens, why: why,
      writing: last?.writing ?? measured)
    end.thoughts = thoughts.isEmpty ? nil : thoughts
    if let window {
      (end.window, end.passport) = (window, await passport())
    } else if let last, reason != .broken {
      let passport = await passport()
      (end.window, end.passport) = (await proof(last, passport), passport)
    } else {
      // A reply that broke off is never used, and its server may be gone.
      end.window = .unknown("the reply broke off")
    }
    end.ledger = entries(last, ended: ended)
    waiting.append(.end(end))
  }

  private func entries(_ last: AnswerEnd?, ended: ContinuousClock.Instant) -> Ledger {
    var ledger = ledger
    guard let times else { return ledger }
    let first = textTimes?.first ?? ended
    ledger.retry = (times.asked - times.began).microseconds
    ledger.share(
      wait: (first - times.asked).microseconds, load: last?.loading?.microseconds ?? 0,
      prefill: last?.reading?.microseconds ?? 0)
    ledger.decode = (ended - first).microseconds
    ledger.check = (ContinuousClock.now - ended).microseconds
    (ledger.promptTokens, ledger.cachedTokens) = (last?.promptTokens, last?.cachedTokens)
    ledger.replyTokens = last?.replyTokens
    return ledger
  }

  /// From the first text to the last; nil where all came at once, as from a server that does not stream.
  private var measured: Duration? {
    textTimes.flatMap { $0.first < $0.last ? $0.last - $0.first : nil }
  }
}

extension TransferError {
  /// Whether another try may end otherwise: nothing was answered, and no limit of one's own was reached but the one for
  /// connecting.
  var isPassing: Bool {
    switch self {
    case .connectionRefused, .unreachable, .socketUnreachable, .cutOff, .timedOut(.connect, _): true
    default: false
    }
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
