import CBuiltin
import Content
import Foundation
import Repositories
import Script

/// The practice set: small stand-ins made for ramp in the manner of known projects, not SWE-bench rows. They are in the
/// program, so that the first command works without a network.
package enum PracticeSet {
  /// The name of the set, and the source of its rows.
  package static let name = "practice"

  /// One hand-written reply; `needs` is a text that the prompt must hold for it, nil for any prompt.
  package struct Reply: Hashable, Sendable {
    package let needs: String?
    package let text: String
  }

  /// The ids of the rows, in their order, without a look into their archives.
  package static var ids: [String] {
    (0..<ramp_builtin_practice_count).compactMap { ramp_builtin_practice($0).name.map { String(cString: $0) } }
  }

  /// The rows, in the order of their names.
  package static func dataset() throws -> Dataset {
    Dataset(name: name, source: name, rows: try archives().map { try Dataset.Row(try instance($0.file, $0.id)) })
  }

  /// The hand-written replies of an instance in the order to be tried; empty for any other row.
  package static func replies(of id: String) -> [Reply] {
    guard let file = try? archive(id) else { return [] }
    return file.sections.filter { $0.kind == "reply" }.map { Reply(needs: $0[attribute: "needs"], text: $0.text) }
  }

  /// True where a row is one of the practice set's own: its id and its commit.
  package static func contains(id: String, commit: String) -> Bool {
    (try? archive(id)).flatMap { try? instance($0, id).baseCommit == commit } ?? false
  }

  /// The bare repository of an instance below `folder`, made on first use. Its commit is the same everywhere.
  package static func repository(of id: String, commit: String, in folder: String, git: Git) async throws -> Mirror? {
    guard let file = try archive(id) else { return nil }
    let row = try instance(file, id)
    guard row.baseCommit == commit else { return nil }
    let path = (folder as NSString).appendingPathComponent("\(id)-\(commit.prefix(12)).git")
    if !FileManager.default.fileExists(atPath: path) {
      let made = try await FastImport(git: git).make([Self.commit(file, id)], at: path)
      guard made.last == commit else {
        throw GitError.noSuchCommit(commit: commit, repo: row.repo, path: path)
      }
    }
    return Mirror(repo: row.repo, path: path, isOurs: true, git: git)
  }

  // MARK: - Archives

  /// The archives in the program, in the order of their names. Their text is ours, so a fault in one is a fault of the
  /// build, which a test would show.
  static func archives() throws -> [(id: String, file: ScriptFile)] {
    try entries.map { ($0.id, try parsed($0)) }
  }

  /// The archive of one instance; the others are not read.
  private static func archive(_ id: String) throws -> ScriptFile? {
    try entries.first { $0.id == id }.map(parsed)
  }

  private static let entries: [(id: String, bytes: [UInt8])] =
    (0..<ramp_builtin_practice_count).compactMap { index in
      let entry = ramp_builtin_practice(index)
      guard let name = entry.name, let bytes = entry.bytes else { return nil }
      return (String(cString: name), Array(UnsafeBufferPointer(start: bytes, count: entry.length)))
    }

  private static func parsed(_ entry: (id: String, bytes: [UInt8])) throws -> ScriptFile {
    try ScriptFile.parse(entry.bytes, name: entry.id)
  }

  /// The row: its short columns as JSON, its long ones as sections beside them.
  private static func instance(_ file: ScriptFile, _ id: String) throws -> Instance {
    let issue = try section(file, "issue", id)
    let columns: [(Instance.CodingKeys, String)] = [
      (.problemStatement, issue[attribute: "crlf"] == nil ? issue.text : issue.text.replacing("\n", with: "\r\n")),
      (.patch, try section(file, "patch", id).text), (.testPatch, try section(file, "test-patch", id).text),
    ]
    // The columns go in at the end of the object, as text: taking it apart and making it anew costs ten times as much.
    let row = try section(file, "row", id).body
    guard let end = row.lastIndex(of: UInt8(ascii: "}")) else { throw MissingSection(title: "row/\(id)") }
    var bytes = Array(row[..<end])
    for (key, text) in columns { bytes += Array(",\"\(key.rawValue)\":".utf8) + (try Canonical.bytes(text)) }
    return try Canonical.value(Instance.self, from: bytes + [UInt8(ascii: "}")])
  }

  /// The one commit of the repository: every `file` section, by the author and at the time the archive names.
  private static func commit(_ file: ScriptFile, _ id: String) throws -> FastImport.Commit {
    let lines = try section(file, "commit", id).text.split(separator: "\n")
    let fields = Dictionary(
      lines.compactMap { line in line.firstRange(of: ": ").map { (line[..<$0.lowerBound], line[$0.upperBound...]) } },
      uniquingKeysWith: { first, _ in first })
    guard let author = fields["author"], let date = fields["date"].flatMap({ Int($0) }), let message = fields["message"]
    else { throw MissingSection(title: "commit/\(id)") }
    let files = file.sections.filter { $0.kind == "file" }.map { ($0.name, $0.body) }
    return FastImport.Commit(
      message: message + "\n", author: String(author), date: date,
      files: Dictionary(files, uniquingKeysWith: { first, _ in first }))
  }

  private static func section(_ file: ScriptFile, _ kind: String, _ name: String) throws -> Section {
    guard let section = file.section(kind, name) else { throw MissingSection(title: "\(kind)/\(name)") }
    return section
  }

  /// A practice archive lacks a section, or one cannot be read.
  struct MissingSection: Error {
    let title: String
  }
}

extension Instance {
  /// True when the row is one of those that ship with ramp, whatever the set is called that it is in: no rate over it
  /// is a rate of a model.
  package var isPractice: Bool { PracticeSet.contains(id: id, commit: baseCommit) }
}

extension Dataset.Row {
  /// True when the row is one of those that ship with ramp, whatever the set is called that it is in.
  package var isPractice: Bool { PracticeSet.contains(id: id, commit: baseCommit) }
}
