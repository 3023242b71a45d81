/// Checks rows one by one and keeps where they stand.
struct RowReader {
  enum Failure: Error {
    /// The row's text is not JSON.
    case fault(JSONFault)
    /// The row is JSON, and wrong.
    case row(DatasetError)
  }

  private typealias Field = Instance.CodingKeys

  /// The columns of one row by the order of `Field.allCases`.
  private struct Columns {
    var slices = [JSONSlice?](repeating: nil, count: Field.allCases.count)
    var repeated: Field?
    /// What stands where the row's object should; nil where an object does.
    var other: JSONSlice.Kind?
    var range = 0..<0
  }

  var rows: [Dataset.Row] = []
  private var places: [String: DatasetError.Place] = [:]
  private let indices: [String: Int]
  private let text: UnsafeBufferPointer<UInt8>
  private let storage: Dataset.Storage
  private let source: String

  init(text: UnsafeBufferPointer<UInt8>, storage: Dataset.Storage, source: String) {
    self.text = text
    self.storage = storage
    self.source = source
    indices = Dictionary(uniqueKeysWithValues: Field.allCases.enumerated().map { ($1.rawValue, $0) })
  }

  /// Checks the object at `element` and adds its row.
  mutating func take(_ element: JSONElements.Element) throws(Failure) {
    let place = element.place
    let columns: Columns
    do throws(JSONFault) { columns = try read(element.range) } catch { throw .fault(error) }
    if let kind = columns.other {
      throw .row(
        .wrongType(source: source, place: place, field: "row", expected: "an object", found: kind.rawValue))
    }
    if let field = columns.repeated {
      throw .row(.repeatedField(source: source, place: place, field: field.rawValue))
    }
    for (field, slice) in zip(Field.allCases, columns.slices) {
      if let error = problem(field, slice, at: place) { throw .row(error) }
    }
    func string(_ field: Field) -> String {
      guard let slice = columns.slices[indices[field.rawValue] ?? 0], slice.kind == .string else { return "" }
      return JSONText.string(slice, in: text)
    }
    let row = Dataset.Row(
      id: string(.id), repo: string(.repo), baseCommit: string(.baseCommit), version: string(.version),
      createdAt: string(.createdAt), storage: storage, range: columns.range)
    try check(row, at: place)
    rows.append(row)
  }

  private func read(_ range: Range<Int>) throws(JSONFault) -> Columns {
    var columns = Columns()
    var scanner = JSONScanner(text, range)
    scanner.skipBlanks()
    let start = scanner.at
    guard start < range.upperBound, text[start] == UInt8(ascii: "{") else {
      columns.other = try scanner.value().kind
      try scanner.finish()
      return columns
    }
    try scanner.object { (scanner, key) throws(JSONFault) in
      let value = try scanner.value(depth: 1)
      guard let index = indices[JSONText.string(key, in: text)] else { return }
      if columns.slices[index] != nil { columns.repeated = Field.allCases[index] }
      columns.slices[index] = value
    }
    columns.range = start..<scanner.at
    try scanner.finish()
    if let bytes = scanner.unproven, String(validating: text[bytes], as: UTF8.self) == nil {
      throw JSONFault(at: bytes.lowerBound, reason: .encoding)
    }
    return columns
  }

  /// What is wrong with one column by itself.
  private func problem(_ field: Field, _ slice: JSONSlice?, at place: DatasetError.Place) -> DatasetError? {
    guard let slice else {
      return field.isRequired ? .missingField(source: source, place: place, field: field.rawValue) : nil
    }
    if field.isTestList {
      guard let found = listProblem(slice) else { return nil }
      return .badTestList(source: source, place: place, field: field.rawValue, found: found)
    }
    if slice.kind == .string || (slice.kind == .null && !field.isRequired) { return nil }
    return .wrongType(
      source: source, place: place, field: field.rawValue, expected: "a string", found: slice.kind.rawValue)
  }

  /// What a column of test names holds instead of them.
  private func listProblem(_ slice: JSONSlice) -> String? {
    switch slice.kind {
    case .array: return Self.elementProblem(text, slice.range)
    case .string:
      // The list is JSON inside a string: its escapes are undone first.
      return JSONText.bytes(slice, in: text).withUnsafeBufferPointer { inner in
        guard let problem = Self.elementProblem(inner, 0..<inner.count) else { return nil }
        return "a string that holds \(problem)"
      }
    default: return "it is \(slice.kind.rawValue)"
    }
  }

  private static func elementProblem(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String? {
    var scanner = JSONScanner(text, range)
    scanner.skipBlanks()
    guard scanner.at < range.upperBound, text[scanner.at] == UInt8(ascii: "[") else { return "no list" }
    var other: String?
    do throws(JSONFault) {
      try scanner.array { (scanner) throws(JSONFault) in
        let kind = try scanner.value(depth: 1).kind
        if kind != .string, other == nil { other = "a list with \(kind.rawValue) in it" }
      }
      try scanner.finish()
    } catch {
      return "a list that is not JSON: \(error.reason.rawValue)"
    }
    return other
  }

  private mutating func check(_ row: Dataset.Row, at place: DatasetError.Place) throws(Failure) {
    guard RowRule.isSafe(id: row.id) else { throw .row(.unsafeID(source: source, place: place, id: row.id)) }
    if let first = places.updateValue(place, forKey: row.id) {
      throw .row(.repeatedID(source: source, id: row.id, first: first, second: place))
    }
    guard RowRule.isRepository(row.repo) else {
      throw .row(.badRepository(source: source, place: place, id: row.id, repo: row.repo))
    }
    guard RowRule.isCommit(row.baseCommit) else {
      throw .row(.badCommit(source: source, place: place, id: row.id, commit: row.baseCommit))
    }
  }
}
