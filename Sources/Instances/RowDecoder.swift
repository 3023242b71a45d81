/// The instance of a row's bytes, which a `RowReader` has checked or `Canonical` has made: one pass, and no value made
/// but the columns.
struct RowDecoder {
  private typealias Field = Instance.CodingKeys

  private var texts: [Field: String] = [:]
  private var lists: [Field: [String]] = [:]

  /// - Throws: `DecodingError.dataCorrupted` for bytes that nobody checked.
  static func instance(_ bytes: ArraySlice<UInt8>) throws -> Instance {
    try bytes.withUnsafeBufferPointer { text in
      switch Result(catching: { () throws(JSONFault) in try RowDecoder(text) }) {
      case .success(let row): return row.instance
      case .failure(let fault):
        throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: fault.reason.rawValue))
      }
    }
  }

  private init(_ text: UnsafeBufferPointer<UInt8>) throws(JSONFault) {
    var scanner = JSONScanner(text, 0..<text.count)
    scanner.skipBlanks()
    guard scanner.at < text.count, text[scanner.at] == UInt8(ascii: "{") else {
      throw JSONFault(at: scanner.at, reason: .value)
    }
    var texts: [Field: String] = [:]
    var lists: [Field: [String]] = [:]
    try scanner.object { (scanner, key) throws(JSONFault) in
      let value = try scanner.value(depth: 1)
      guard let field = Field(rawValue: JSONText.string(key, in: text)) else { return }
      if field.isTestList {
        lists[field] = try Self.tests(value, in: text)
      } else if value.kind == .string {
        texts[field] = JSONText.string(value, in: text)
      }
    }
    (self.texts, self.lists) = (texts, lists)
  }

  /// The names of a list, or of a string that holds one.
  private static func tests(_ slice: JSONSlice, in text: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> [String] {
    guard slice.kind == .string else { return try strings(slice.range, in: text) }
    let inner = JSONText.bytes(slice, in: text)
    let result = inner.withUnsafeBufferPointer { inner in
      Result { () throws(JSONFault) in try strings(0..<inner.count, in: inner) }
    }
    return try result.get()
  }

  private static func strings(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> [String] {
    var scanner = JSONScanner(text, range)
    scanner.skipBlanks()
    var strings: [String] = []
    try scanner.array { (scanner) throws(JSONFault) in
      strings.append(JSONText.string(try scanner.value(depth: 1), in: text))
    }
    return strings
  }

  private var instance: Instance {
    func text(_ field: Field) -> String { texts[field] ?? "" }
    return Instance(
      id: text(.id), repo: text(.repo), baseCommit: text(.baseCommit), problemStatement: text(.problemStatement),
      hintsText: text(.hintsText), patch: text(.patch), testPatch: text(.testPatch), version: text(.version),
      createdAt: text(.createdAt), environmentSetupCommit: text(.environmentSetupCommit),
      failToPass: lists[.failToPass] ?? [], passToPass: lists[.passToPass] ?? [], difficulty: texts[.difficulty],
      testCommand: texts[.testCommand], logParser: texts[.logParser], evalType: texts[.evalType], image: texts[.image],
      evalScript: texts[.evalScript])
  }
}
