import Content
import Foundation

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

  /// One row: its short columns, and the rest as checked bytes that `instance()` reads.
  ///
  /// Rows of one file share its bytes, so a row costs no copy and a kept row keeps the whole file in memory.
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
    private let file: [UInt8]
    private let range: Range<Int>

    init(
      id: String, repo: String, baseCommit: String, version: String, createdAt: String, file: [UInt8],
      range: Range<Int>
    ) {
      self.id = id
      self.repo = repo
      self.baseCommit = baseCommit
      self.version = version
      self.createdAt = createdAt
      self.file = file
      self.range = range
    }

    /// The row of an instance made by hand. It is not checked.
    package init(_ instance: Instance) throws {
      let bytes = try Canonical.bytes(instance)
      self.init(
        id: instance.id, repo: instance.repo, baseCommit: instance.baseCommit, version: instance.version,
        createdAt: instance.createdAt, file: bytes, range: 0..<bytes.count)
    }

    /// The row's JSON object as it stands in the file, columns that ramp does not know included.
    package var bytes: ArraySlice<UInt8> { file[range] }

    /// The whole row. Decodes it anew at each call.
    ///
    /// - Throws: `DecodingError`, which a row that `DatasetReader` took does not cause.
    package func instance() throws -> Instance {
      try JSONDecoder().decode(Instance.self, from: Data(bytes))
    }
  }
}
