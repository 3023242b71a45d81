import Glibc

/// The objects of a text that is JSONL, a JSON list, or one JSON object.
struct JSONElements {
  /// Where one object stands. In JSONL only the line is known and it is not yet checked.
  struct Element {
    var place: DatasetError.Place
    var range: Range<Int>
  }

  /// The objects in the order of the text.
  private(set) var elements: [Element] = []
  /// True where the text as a whole is one object.
  private(set) var isOneObject = false

  private let text: UnsafeBufferPointer<UInt8>
  private let source: String
  /// Lets go of what has been read, where the text is a mapped file.
  private let pages: Pages?

  /// Finds the objects of `text`. A byte order mark at its beginning is passed over.
  init(_ text: UnsafeBufferPointer<UInt8>, source: String, pages: Pages? = nil) throws(DatasetError) {
    self.text = text
    self.source = source
    self.pages = pages
    let hasMark = text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF
    var scanner = JSONScanner(text, (hasMark ? 3 : 0)..<text.count)
    scanner.skipBlanks()
    guard scanner.at < text.count else { return }
    if text[scanner.at] != UInt8(ascii: "["), isJSONL(from: scanner.at) {
      splitLines(from: scanner.at)
      return
    }
    let start = scanner.at
    do throws(JSONFault) {
      if text[start] == UInt8(ascii: "[") {
        elements = try list(start..<text.count)
      } else {
        let whole = try scanner.value()
        try scanner.finish()
        isOneObject = true
        elements = [Element(place: .line(line(of: start)), range: whole.range)]
      }
    } catch {
      throw self.error(error)
    }
  }

  /// The elements of the list under `key` of the one object that the text is, each replaced by what stands under
  /// `inner` in it; nil where there is no such list.
  func wrapped(under key: String, inner: String) throws(DatasetError) -> [Element]? {
    guard isOneObject, let object = elements.first else { return nil }
    do throws(JSONFault) {
      guard let rows = try member(key, of: object.range), rows.kind == .array else { return nil }
      var found: [Element] = []
      for element in try list(rows.range) {
        let row = try member(inner, of: element.range)
        found.append(Element(place: element.place, range: row?.range ?? element.range))
      }
      return found
    } catch {
      throw self.error(error)
    }
  }

  /// The error for a fault inside `element`.
  func error(_ fault: JSONFault, in element: Element) -> DatasetError {
    if fault.reason == .end { return .cut(source: source, place: element.place) }
    guard case .line = element.place else { return error(fault) }
    let column = fault.at - element.range.lowerBound + 1
    return .notJSON(source: source, place: element.place, column: column, reason: fault.reason.rawValue)
  }

  /// The error for a fault anywhere in the text.
  private func error(_ fault: JSONFault) -> DatasetError {
    let place = DatasetError.Place.line(line(of: fault.at))
    if fault.reason == .end { return .cut(source: source, place: place) }
    let before = text[..<min(fault.at, text.count)]
    let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
    return .notJSON(source: source, place: place, column: column, reason: fault.reason.rawValue)
  }

  private func line(of offset: Int) -> Int {
    text[..<min(offset, text.count)].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
  }

  /// True where the line at `start` is a JSON value by itself, or another line that begins with `{` follows it: an
  /// object that is spread over several lines begins its second line with a key.
  private func isJSONL(from start: Int) -> Bool {
    let end = lineEnd(from: start)
    var rest = JSONScanner(text, min(end + 1, text.count)..<text.count)
    rest.skipBlanks()
    guard rest.at < text.count else { return false }
    if text[rest.at] == UInt8(ascii: "{") { return true }
    var first = JSONScanner(text, start..<end)
    guard (try? first.value()) != nil else { return false }
    return (try? first.finish()) != nil
  }

  private mutating func splitLines(from start: Int) {
    var number = line(of: start)
    var at = start
    var pages = pages
    while at < text.count {
      pages?.release(upTo: at)
      let end = lineEnd(from: at)
      var blank = JSONScanner(text, at..<end)
      blank.skipBlanks()
      if blank.at < end { elements.append(Element(place: .line(number), range: at..<end)) }
      number += 1
      at = end + 1
    }
  }

  /// The offset of the next line feed, or the end of the text.
  private func lineEnd(from start: Int) -> Int {
    guard let base = text.baseAddress, start < text.count else { return text.count }
    guard let found = memchr(base + start, 0x0A, text.count - start) else { return text.count }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private func list(_ range: Range<Int>) throws(JSONFault) -> [Element] {
    var found: [Element] = []
    var scanner = JSONScanner(text, range)
    var pages = pages
    try scanner.array { (scanner) throws(JSONFault) in
      pages?.release(upTo: scanner.at)
      let element = try scanner.value()
      found.append(Element(place: .element(found.count + 1), range: element.outside))
    }
    try scanner.finish()
    return found
  }

  private func member(_ key: String, of range: Range<Int>) throws(JSONFault) -> JSONSlice? {
    guard text[range.lowerBound] == UInt8(ascii: "{") else { return nil }
    var found: JSONSlice?
    var scanner = JSONScanner(text, range)
    let text = text
    try scanner.object { (scanner, name) throws(JSONFault) in
      let value = try scanner.value(depth: 1)
      if JSONText.string(name, in: text) == key { found = value }
    }
    return found
  }
}

extension JSONSlice {
  /// The whole value with the quotes of a string.
  var outside: Range<Int> {
    kind == .string ? (range.lowerBound - 1)..<(range.upperBound + 1) : range
  }
}
