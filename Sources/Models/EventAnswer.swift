/// What the JSON objects of one protocol say. Pure: the same objects, the same pieces.
protocol EventWords: Sendable {
  init()

  /// What one object says: an event's data, or a whole answer.
  mutating func read(_ data: ArraySlice<UInt8>) -> [AnswerPiece]

  /// The server's word for why the answer ended; nil as long as it has given none.
  var reason: String? { get }

  /// How it ended, as far as is known.
  var ending: AnswerEnd { get }

  /// Whether an object of the protocol has come.
  var isKnown: Bool { get }
}

/// Reads an answer of JSON objects as server-sent events, or as one object from a server that does not stream.
struct EventAnswer<Words: EventWords>: AnswerReader {
  private let isStream: Bool
  private var events = EventStream()
  /// The whole body of a server that does not stream.
  private var body: [UInt8] = []
  private var words = Words()
  /// The first object that carried nothing, for a stream in which nothing of the protocol comes.
  private var unknown: ArraySlice<UInt8>?
  /// JSON that began on a line of its own, outside of all events: it may be an error on many lines.
  private var stray: [UInt8] = []

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
    let pieces = events.take(bytes).flatMap { read($0) }
    return events.isOverLimit ? pieces + [.unreadable([])] : pieces
  }

  mutating func end() -> [AnswerPiece] {
    if isStream {
      let pieces = events.end().flatMap { read($0) }
      if !stray.isEmpty { return pieces + [EventAnswer.piece(of: stray[...])] }
      // Objects alone that are of no protocol: it is another server.
      if !words.isKnown, pieces.isEmpty, let unknown { return [.unreadable(unknown)] }
      return pieces
    }
    let pieces = words.read(body[...])
    if pieces.isEmpty, !words.isKnown, body.contains(where: { $0 > 32 }) { return [.unreadable(body[...])] }
    return words.reason == nil ? pieces : pieces + [.end(words.ending)]
  }

  private mutating func read(_ event: EventStream.Event) -> [AnswerPiece] {
    if !stray.isEmpty {
      if event.name == EventStream.stray, stray.count < ErrorBody.limit { stray += [10] + event.data }
      return []
    }
    switch event.name {
    case EventStream.stray:
      let piece = EventAnswer.piece(of: event.data)
      guard case .unreadable = piece, event.data.first(where: { $0 > 32 }) == UInt8(ascii: "{") else { return [piece] }
      stray = Array(event.data.prefix(ErrorBody.limit))
      return []
    case "error": return event.data.contains { $0 > 32 } ? [ErrorBody(said: event.data).piece] : []
    default:
      let pieces = words.read(event.data)
      if pieces.isEmpty, !words.isKnown, unknown == nil, event.data.contains(where: { $0 > 32 }) {
        unknown = event.data
      }
      return pieces
    }
  }

  /// What bytes say that are none of the protocol: an error in any of its shapes, or nothing that can be read.
  static func piece(of bytes: ArraySlice<UInt8>) -> AnswerPiece {
    let error = ErrorBody(bytes, contentType: "")
    if !error.said.isEmpty || error.isContextExceeded { return error.piece }
    let text = ErrorBody(said: bytes)
    return text.isContextExceeded ? text.piece : .unreadable(bytes)
  }
}
