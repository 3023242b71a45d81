/// What the JSON objects of one protocol say. Pure: the same objects, the same pieces.
protocol EventWords: Sendable {
  init()

  /// What one object says: an event's data, or a whole answer.
  mutating func read(_ data: ArraySlice<UInt8>) -> [AnswerPiece]

  /// The server's word for why the answer ended; nil as long as it has given none.
  var reason: String? { get }

  /// How it ended, as far as is known.
  var ending: AnswerEnd { get }
}

/// Reads an answer of JSON objects as server-sent events, or as one object from a server that does not stream.
struct EventAnswer<Words: EventWords>: AnswerReader {
  private let isStream: Bool
  private var events = EventStream()
  /// The whole body of a server that does not stream.
  private var body: [UInt8] = []
  private var words = Words()

  /// `isStream` is false where the answer is one JSON object.
  init(isStream: Bool) {
    self.isStream = isStream
  }

  /// A reader of what has this content type; nil where it is a page for a browser.
  static func reader(of contentType: String) -> (any AnswerReader)? {
    let type = contentType.lowercased()
    return type.contains("html") ? nil : EventAnswer(isStream: !type.contains("application/json"))
  }

  mutating func take(_ bytes: [UInt8]) -> [AnswerPiece] {
    guard isStream else {
      body += bytes
      return body.count > LineSplitter.limit ? [.unreadable([])] : []
    }
    let pieces = events.take(bytes).flatMap { words.read($0.data) }
    return events.isOverLimit ? pieces + [.unreadable([])] : pieces
  }

  mutating func end() -> [AnswerPiece] {
    if isStream { return events.end().flatMap { words.read($0.data) } }
    let pieces = words.read(body[...])
    return words.reason == nil ? pieces : pieces + [.end(words.ending)]
  }
}
