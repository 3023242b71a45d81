import Attempts
import Content
import Foundation
import Instances
import Models
import Repositories

extension Session {
  /// Tries a row without any model, and keeps what it came to.
  package func preflight(
    _ id: String, runs: Int, watcher: EnvironmentWatcher = EnvironmentWatcher()
  ) async throws -> Preflight {
    let (instance, _) = try instance(id)
    let made = try await effects().preflight(instance, settings: settings, runs: runs, watcher: watcher)
    try host.journal.keep(made, settings: settings)
    return made
  }

  /// The last preflight of a row under the test options of now; nil where there is none.
  package func keptPreflight(_ instance: Instance) -> Preflight? {
    try? host.journal.preflight(of: instance.hash, settings: settings)
  }

  /// Makes a row from a commit, and adds it to a file of rows.
  ///
  /// - Returns: the row, the file, and where its repository is found.
  package func newRow(
    repo: String, commit: String, name: String?, id: String?, issue: String?, command: String?, runs: Int, out: String?,
    watcher: EnvironmentWatcher = EnvironmentWatcher()
  ) async throws -> (row: NewRow, path: String, source: String) {
    let isFolder = FileManager.default.fileExists(atPath: path(repo))
    let place = isFolder ? URL(fileURLWithPath: try files.readable(repo)).standardizedFileURL.path : repo
    let owned = name ?? (isFolder ? "local/\(Session.plainName(of: place))" : repo)
    guard RowRule.isRepository(owned) else { throw SessionError.noFile(repo) }
    var settings = settings
    if isFolder { settings.repositories.pattern = place }
    let change = try await host.commit(owned, commit, settings)
    let rowID = id ?? "\(owned.replacing("/", with: "__"))-\(change.commit.prefix(7))"
    let text = try issue.map { String(decoding: try bytes(at: $0), as: UTF8.self) }
    let row = try await effects().newRow(
      change, id: rowID, repo: owned, issue: text, command: command, settings: settings, runs: runs,
      watcher: watcher)
    let file = out ?? "\(rowID).jsonl"
    var rows: [[UInt8]] = []
    if FileManager.default.fileExists(atPath: path(file)) {
      rows = try DatasetReader.read(path: files.readable(file)).rows.filter { $0.id != rowID }.map { row in
        try row.bytes().map { $0 == 10 || $0 == 13 ? 32 : $0 }
      }
    }
    rows.append(try Canonical.bytes(row.instance))
    return (row, try write(rows.flatMap { $0 + [10] }, to: file), settings.repositories.pattern)
  }

  /// What a row is tried with: everything but a model.
  private func effects() -> World {
    World(
      workspace: host.workspace, model: GoldModel { _ in nil }, makePatch: host.makePatch, applyPatch: host.applyPatch,
      journal: host.journal, effects: host.effects)
  }

  /// The last part of a path, in the letters of a repository's name.
  private static func plainName(of path: String) -> String {
    var name = path.split(separator: "/").last.map(String.init) ?? ""
    if name.hasSuffix(".git") { name.removeLast(4) }
    if name.isEmpty { name = path.split(separator: "/").dropLast().last.map(String.init) ?? "" }
    return String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" })
  }
}
