import Attempts
import Foundation
import Instances
import Models
import Script

/// What `load` did.
package struct Loaded: Hashable, Sendable {
  package let name: String
  package let source: String
  package let rows: Int
  /// Rows whose id an earlier set has too; the new ones take their place.
  package let replaced: Int
  /// The file is not here, and the rows that the session uses are pinned in it.
  package let isPinnedOnly: Bool
}

extension Session {
  /// Adds a set of rows: `practice`, or a JSON or JSONL file in SWE-bench's shape.
  package func load(_ text: String) throws -> Loaded {
    let set: Dataset
    var isPinnedOnly = false
    if text == "practice" {
      set = try practice()
    } else {
      let path = path(text)
      let pins = script?.sections.contains { $0.kind == "row" } ?? false
      switch Result(catching: { () throws(DatasetError) in try DatasetReader.read(path: path) }) {
      case .success(let read): set = read
      case .failure(.noSuchFile) where pins:
        set = Dataset(name: DatasetReader.name(of: path), source: path, rows: [])
        isPinnedOnly = true
      case .failure(let error): throw error
      }
    }
    let known = Set(datasets.flatMap { $0.rows.map(\.id) })
    datasets.removeAll { $0.source == set.source }
    datasets.append(set)
    return Loaded(
      name: set.name, source: set.source, rows: set.rows.count,
      replaced: set.rows.count { known.contains($0.id) }, isPinnedOnly: isPinnedOnly)
  }

  /// Takes a set away, by its name or source. Takes that were made of it stay.
  package func unload(_ name: String) throws -> Dataset {
    guard let index = datasets.lastIndex(where: { $0.name == name || $0.source == name || $0.source == path(name) })
    else { throw SessionError.unknownSet(name, nearest: datasets.map(\.name)) }
    return datasets.remove(at: index)
  }

  /// Begins to carry out a script: its sections can be asked for, and its replies stand in for the model.
  ///
  /// - Parameters:
  ///   - file: the script.
  ///   - path: where it is, or nil where it came from standard input.
  ///   - mode: how its replies are used; nil means `none` where it has any, and the model otherwise.
  ///   - live: true asks the model whatever is recorded.
  /// - Throws: where a recording beside the file cannot be read.
  package func begin(_ file: ScriptFile, at path: String?, mode: RecordMode?, live: Bool) throws {
    folder = path.map { ($0 as NSString).deletingLastPathComponent }.flatMap { $0.isEmpty ? nil : $0 }
    script = if let path { try RecordingFile.joined(file, at: path, read: host.readFile) } else { file }
    usedSections.insert("recording")
    let hasReplies = script?.sections.contains { $0.kind == "reply" } ?? false
    recordMode = live ? nil : mode ?? (hasReplies ? RecordMode.none : nil)
  }

  /// Carries out `body` with another script's sections at hand, for `source`.
  package func sourcing<Result: Sendable>(
    _ text: String, _ body: @Sendable (ScriptFile) async throws -> Result
  ) async throws -> Result {
    let path = path(text)
    guard sourceDepth < 16 else { throw SessionError.sourceTooDeep(path) }
    let file = try ScriptFile.parse(try host.readFile(path), name: path)
    let outer = (script, folder)
    if !file.sections.isEmpty { script = file }
    folder = (path as NSString).deletingLastPathComponent
    sourceDepth += 1
    defer {
      sourceDepth -= 1
      (script, folder) = outer
    }
    return try await body(file)
  }

  /// The sections that nothing asked for. Replies count only where they stand in for the model.
  package func unusedSections() -> [Section] {
    (script?.sections ?? []).filter { section in
      if section.kind == "reply" || section.kind == "prompt", recordMode != RecordMode.none { return false }
      if section.kind == "row" { return used[section.name] == nil }
      return !usedSections.contains(section.title)
    }
  }

  /// The text that `tweak STAGE` takes: a file's, or that of a section.
  package func tweakText(_ stage: Stage, section name: String?, file: String?) throws -> String {
    if let file { return String(decoding: try host.readFile(path(file)), as: UTF8.self) }
    let base = try take(nil)
    let name = name ?? "\(base.instanceID)/\(nextTake(of: base))"
    guard let section = section("tweak", name) else {
      throw SessionError.noSection("tweak/\(name)", sections: script?.sections.map(\.title) ?? [])
    }
    return section.text
  }

  /// Writes a file for the person, or refuses where a script may not.
  package func write(_ bytes: [UInt8], to text: String) throws -> String {
    let path = path(text)
    if permissions.isScript, !permissions.write {
      let home = URL(fileURLWithPath: folder ?? ".").standardizedFileURL.resolvingSymlinksInPath().path
      let target = URL(fileURLWithPath: path).standardizedFileURL
      let place = target.deletingLastPathComponent().resolvingSymlinksInPath().path
      guard place == home || place.hasPrefix(home == "/" ? home : home + "/") else {
        throw SessionError.outsideFolder(path, folder: home)
      }
    }
    try host.writeFile(path, bytes)
    return path
  }

  func scriptedSections(_ path: String) throws -> [Section] {
    let bytes = try host.readFile(path)
    if let file = try? ScriptFile.parse(bytes, name: path), file.sections.contains(where: { $0.kind == "scripted" }) {
      return file.sections
    }
    // Any other file is one reply, given for ever.
    return [Section(kind: "scripted", name: "any/1", attributes: [Attribute("repeat")], body: bytes)]
  }
}
