import Content

/// A checked set of rows with the place it came from.
package struct Dataset: Sendable {
  /// What people call it: the file's name without its ending, or "practice".
  package var name: String
  /// The path it was read from, or "practice".
  package var source: String
  /// The rows in the order of the file; no two have one id.
  package var rows: [Row]

  /// A set of rows that are already at hand.
  package init(name: String, source: String, rows: [Row]) {
    self.name = name
    self.source = source
    self.rows = rows
  }

  /// The row with this id.
  package func row(_ id: String) -> Row? { rows.first { $0.id == id } }

  /// Where the bytes of rows are. Rows of one file share it, so that a row costs no copy.
  enum Storage: Sendable {
    /// A kept row keeps all of them in memory.
    case memory([UInt8])
    case file(RowFile)
  }

  /// One row: its short columns, and the rest as checked bytes that `instance()` reads.
  package struct Row: Sendable, Identifiable {
    /// `instance_id`.
    package let id: String
    /// `owner/name`.
    package let repo: String
    /// 40 lower-case hexadecimal digits.
    package let baseCommit: String
    /// The project's version, or the empty string.
    package let version: String
    /// When the repair was proposed, or the empty string.
    package let createdAt: String
    private let storage: Storage
    private let range: Range<Int>

    init(
      id: String, repo: String, baseCommit: String, version: String, createdAt: String, storage: Storage,
      range: Range<Int>
    ) {
      self.id = id
      self.repo = repo
      self.baseCommit = baseCommit
      self.version = version
      self.createdAt = createdAt
      self.storage = storage
      self.range = range
    }

    /// The row of an instance made by hand. It is not checked.
    package init(_ instance: Instance) throws {
      let bytes = try Canonical.bytes(instance)
      self.init(
        id: instance.id, repo: instance.repo, baseCommit: instance.baseCommit, version: instance.version,
        createdAt: instance.createdAt, storage: .memory(bytes), range: 0..<bytes.count)
    }

    /// The row's JSON object as it stands in the file, columns that ramp does not know included.
    ///
    /// - Throws: `changed` where a large file is not as it was when its rows were checked.
    package func bytes() throws(DatasetError) -> ArraySlice<UInt8> {
      switch storage {
      case .memory(let bytes): bytes[range]
      case .file(let file): try file.bytes(range)[...]
      }
    }

    /// The whole row. Read anew at each call.
    ///
    /// - Throws: `DatasetError.changed`; `DecodingError`, which a row that `DatasetReader` took does not cause.
    package func instance() throws -> Instance { try RowDecoder.instance(try bytes()) }
  }
}
