/// The ids in pytest's `short test summary info`, by which the titles of failures find the whole id of their test.
struct PytestSummary {
  /// The ids of one status by what a title shows of them, each list in the order of the log.
  private var ids: [TestStatus: [String: [String]]] = [:]
  private var places: [TestStatus: [String: Int]] = [:]
  /// The first erring id inside a file, by the file's path.
  private var inside: [String: String] = [:]

  /// The last summary of a log, which is the run's own.
  static func last(in text: LogText) -> PytestSummary {
    var summary = PytestSummary()
    var start: Int?
    var at = 0
    while let found = text.index(of: "= short test summary info =", from: at) {
      start = found
      at = found + 27
    }
    guard let start else { return summary }
    text.from(start).eachShownLine { summary.take($0) }
    return summary
  }

  /// Takes a line `FAILED t.py::C::a - why`; any other is passed over.
  mutating func take(_ line: LogText) {
    guard let status = TestStatus(prefixOf: line), status == .failed || status == .error,
      line.hasPrefix(" ", at: status.length), line.count < 4 * UnittestName.longest
    else { return }
    let rest = line.from(status.length + 1)
    let id = rest.upTo(rest.index(of: " - ") ?? rest.count).trimmed
    guard !id.isEmpty else { return }
    if status == .error, let colons = id.index(of: "::"), inside[id.upTo(colons).string] == nil {
      inside[id.upTo(colons).string] = id.string
    }
    ids[status, default: [:]][Self.title(of: id), default: []].append(id.string)
  }

  /// The id of the next failure of this title; nil where the summary has none.
  mutating func next(_ status: TestStatus, titled title: String) -> String? {
    guard let list = ids[status]?[title] else { return nil }
    let place = places[status]?[title] ?? 0
    guard place < list.count else { return list.last }
    places[status, default: [:]][title] = place + 1
    return list[place]
  }

  /// The first id that could not be collected inside the file at `path`.
  func first(in path: String) -> String? { inside[path] }

  /// True where a failure of this title is still to come.
  func awaits(_ status: TestStatus, titled title: String) -> Bool {
    (ids[status]?[title]?.count ?? 0) > (places[status]?[title] ?? 0)
  }

  /// What a title shows of an id: `C.a[x]` of `t.py::C::a[x]`; a path by itself is whole.
  static func title(of id: LogText) -> String {
    guard let colons = id.index(of: "::") else { return id.string }
    let tail = id.from(colons + 2)
    let bracket = tail.index(of: UInt8(ascii: "[")) ?? tail.count
    return tail.upTo(bracket).string.replacing("::", with: ".") + tail.from(bracket).string
  }
}
