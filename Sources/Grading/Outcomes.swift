/// What became of each test of a log, in the order in which the log first names them.
///
/// Names that differ in a single byte are different tests, as in the harness, even where Swift takes their texts for
/// the same character. A word that is none of the five statuses is kept too: the harness takes the first word of any
/// line that begins with a status, so that `ERROR: not found` gives a test `not` with the status `ERROR:`.
package struct Outcomes: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package let name: String
    /// The status as the log spells it.
    package let word: String
    /// Nil where the word is no status of the harness.
    package let status: TestStatus?

    package init(name: String, status: TestStatus) {
      self.name = name
      self.word = status.rawValue
      self.status = status
    }

    init(name: String, word: String) {
      self.name = name
      self.word = word
      self.status = TestStatus(rawValue: word)
    }
  }

  package let entries: [Entry]
  /// How many names were left out, because a log that prints names without end must not fill the memory; 0 for any log
  /// of a real run.
  package let leftOut: Int
  private let places: [ExactName: Int]

  init(_ entries: [Entry], leftOut: Int = 0) {
    self.entries = entries
    self.leftOut = leftOut
    places = Dictionary(entries.enumerated().map { (ExactName($1.name), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Statuses that are known already, in the order of their names.
  package init(_ statuses: [String: TestStatus]) {
    self.init(statuses.sorted { $0.key < $1.key }.map { Entry(name: $0.key, status: $0.value) })
  }

  package var isEmpty: Bool { entries.isEmpty }

  /// What the log says of the test called exactly `name`.
  package subscript(name: String) -> Entry? { places[ExactName(name)].map { entries[$0] } }

  /// The statuses by name, without the words that are none.
  package var statuses: [String: TestStatus] {
    var statuses: [String: TestStatus] = [:]
    statuses.reserveCapacity(entries.count)
    for entry in entries { if let status = entry.status { statuses[entry.name] = status } }
    return statuses
  }

  /// The names whose bytes begin with `prefix`, in the order of the log.
  func entries(beginningWith prefix: String) -> [Entry] {
    entries.filter { $0.name.utf8.starts(with: prefix.utf8) }
  }

  package static func == (one: Outcomes, other: Outcomes) -> Bool {
    one.entries == other.entries && one.leftOut == other.leftOut
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(entries)
    hasher.combine(leftOut)
  }
}

/// A name that is equal only to one with the same bytes.
struct ExactName: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (one: ExactName, other: ExactName) -> Bool {
    // Both hold UTF-8 in one piece, so the bytes are compared as such.
    one.text.utf8.withContiguousStorageIfAvailable { bytes in
      other.text.utf8.withContiguousStorageIfAvailable {
        bytes.count == $0.count && bytes.elementsEqual($0)
      } ?? one.text.utf8.elementsEqual(other.text.utf8)
    } ?? one.text.utf8.elementsEqual(other.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
