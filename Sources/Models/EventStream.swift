/// Reads server-sent events. Rules: the HTML standard, "Server-sent events", parsing an event stream; `id` and `retry`
/// mean nothing here, and an event that the end of the stream cuts off is given all the same.
struct EventStream {
  /// One event.
  struct Event: Hashable {
    /// `message` where the stream names none. A line that is none of an event stream is an event called ``stray``.
    var name: String
    /// Its data lines, joined by LF.
    var data: ArraySlice<UInt8>
  }

  /// What no event can be called, as it holds a line end.
  static let stray = "\n"

  private var lines = LineSplitter(ends: .newlineOrReturn)
  private var name = ""
  /// The data so far. Most events have one line of it, which is not copied.
  private var data: ArraySlice<UInt8>?
  private var isFirstLine = true

  /// True where a line had no end and was too long to be kept.
  var isOverLimit: Bool { lines.isOverLimit || (data?.count ?? 0) > LineSplitter.limit }

  /// The events that `bytes` complete.
  mutating func take(_ bytes: [UInt8]) -> [Event] {
    lines.take(bytes).compactMap { read($0) }
  }

  /// What is left at the end of the stream.
  mutating func end() -> [Event] {
    let last = lines.end().flatMap { read($0) }
    return [last, dispatch()].compactMap(\.self)
  }

  private mutating func read(_ line: ArraySlice<UInt8>) -> Event? {
    var line = line
    if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    isFirstLine = false
    guard let first = line.first else { return dispatch() }
    // A comment; servers send them so that the connection does not look dead.
    if first == UInt8(ascii: ":") { return nil }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[colon...].dropFirst()
    if value.first == 32 { value = value.dropFirst() }
    if line[..<colon].elementsEqual("data".utf8) {
      if data == nil {
        data = value
      } else {
        // Appended in place: a copy for each line would make a long event quadratic.
        data?.append(10)
        data?.append(contentsOf: value)
      }
    } else if line[..<colon].elementsEqual("event".utf8) {
      name = String(decoding: value, as: UTF8.self)
    } else if line[..<colon].elementsEqual("error".utf8) {
      // No field of the standard; llama.cpp's server tells of an error so.
      return Event(name: "error", data: value)
    } else if !line[..<colon].allSatisfy(EventStream.isOfField) {
      return Event(name: EventStream.stray, data: line)
    }
    return nil
  }

  /// Fields that a stream may have beside those of the standard are words.
  private static func isOfField(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_")
  }

  private mutating func dispatch() -> Event? {
    defer { (name, data) = ("", nil) }
    return data.map { Event(name: name.isEmpty ? "message" : name, data: $0) }
  }
}
