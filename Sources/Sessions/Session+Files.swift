import Attempts
import Content
import Foundation
import Instances
import Models
import Prompts
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
  /// Adds a set of rows: `practice`, a JSON or JSONL file in SWE-bench's shape, or a set of the hub by its name.
  /// `progress` is told how many rows of the hub have come, of how many.
  package func load(
    _ text: String, progress: @Sendable (Int, Int) async -> Void = { _, _ in }
  ) async throws -> Loaded {
    let (set, isPinnedOnly) = try await dataset(text, progress: progress)
    return Loaded(
      name: set.name, source: set.source, rows: set.rows.count, replaced: add(set), isPinnedOnly: isPinnedOnly)
  }

  /// Loads what public systems came to. False where the file is not here and the session has its rows pinned.
  @discardableResult
  package func loadRates(_ text: String) throws -> Bool {
    let path = try files.readable(text)
    let pins = script?.sections.contains { $0.kind == "row" } ?? false
    switch Result(catching: { () throws(DatasetError) in try SolveRates.read(path: path) }) {
    case .success(let rates): solveRates = rates
    case .failure(.noSuchFile) where pins: return false
    case .failure(let error): throw error
    }
    ratesSource = path
    return true
  }

  /// The set that `text` names. The second value is true where it is not here, and a session has its rows pinned.
  func dataset(
    _ text: String, progress: @Sendable (Int, Int) async -> Void
  ) async throws -> (set: Dataset, isPinnedOnly: Bool) {
    let set: Dataset
    var isPinnedOnly = false
    if text == "practice" {
      set = try practice()
    } else if let name = HubName(text), !FileManager.default.fileExists(atPath: path(text)) {
      // A replay asks nobody: its rows are pinned.
      let pins = recordMode == RecordMode.none && (script?.sections.contains { $0.kind == "row" } ?? false)
      if let found = try await host.hub(name, settings.datasetsServer, !pins, progress) {
        set = found
      } else {
        set = Dataset(name: name.title, source: name.description, rows: [])
        isPinnedOnly = true
      }
    } else {
      let path = try files.readable(text)
      let pins = script?.sections.contains { $0.kind == "row" } ?? false
      switch Result(catching: { () throws(DatasetError) in try DatasetReader.read(path: path) }) {
      case .success(let read): set = read
      case .failure(.noSuchFile) where pins:
        set = Dataset(name: DatasetReader.name(of: path), source: path, rows: [])
        isPinnedOnly = true
      case .failure(let error): throw error
      }
    }
    return (set, isPinnedOnly)
  }

  /// Adds a set, in the place of one from the same source. Gives the number of its ids that other sets have too.
  @discardableResult
  package func add(_ set: Dataset) -> Int {
    let known = Set(datasets.flatMap { $0.rows.map(\.id) })
    datasets.removeAll { $0.source == set.source }
    datasets.append(set)
    return set.rows.count { known.contains($0.id) }
  }

  /// The loaded rows with the names of their sets, each id once, as `instance` finds them.
  package func rows() throws -> [(row: Dataset.Row, set: String)] {
    var seen: Set<String> = []
    return try sets().flatMap { set in
      set.rows.filter { seen.insert($0.id).inserted }.map { ($0, set.name) }
    }
  }

  /// Takes a set away, by its name or source. Takes that were made of it stay.
  package func unload(_ name: String) throws -> Dataset {
    if let index = datasets.lastIndex(where: { $0.name == name || $0.source == name || $0.source == path(name) }) {
      return datasets.remove(at: index)
    }
    // Where the rows are pinned, a set that was drawn or loaded from elsewhere need not be here.
    guard script?.sections.contains(where: { $0.kind == "row" }) ?? false else {
      throw SessionError.unknownSet(name, nearest: datasets.map(\.name))
    }
    return Dataset(name: name, source: name, rows: [])
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
    folder = path.map(PathText.folder).flatMap { $0.isEmpty ? nil : $0 }
    script = if let path { try RecordingFile.joined(file, at: path, read: files.read) } else { file }
    usedSections.insert("recording")
    let hasReplies = script?.sections.contains { $0.kind == "reply" } ?? false
    recordMode = live ? nil : mode ?? (hasReplies ? RecordMode.none : nil)
  }

  /// Carries out `body` with another script's sections at hand, for `source`. It may do what a script may, unless
  /// `isTrusted`: a script of the user's own configuration.
  package func sourcing<Result: Sendable>(
    _ text: String, isTrusted: Bool = false, _ body: @Sendable (ScriptFile) async throws -> Result
  ) async throws -> Result {
    let path = try files.readable(text)
    guard sourceDepth < 16 else { throw SessionError.sourceTooDeep(path) }
    let file = try ScriptFile.parse(try host.readFile(path), name: path)
    let outer = (script, folder, isTrusting)
    if !file.sections.isEmpty { script = file }
    folder = PathText.folder(of: path)
    sourceDepth += 1
    // What a trusted script sources is trusted too: it was chosen there.
    isTrusting = isTrusting || (isTrusted && sourceDepth == 1)
    defer {
      sourceDepth -= 1
      (script, folder, isTrusting) = outer
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

  /// The text that `tweak STAGE` takes: a file's, that of a section, or what a person writes. `isTyped` is true where
  /// it is nowhere but in the value returned.
  package func tweakText(
    _ stage: Stage, section name: String?, file: String?
  ) async throws -> (text: String, isTyped: Bool) {
    if let file { return (String(decoding: try bytes(at: file), as: UTF8.self), false) }
    let base = try take(nil)
    let title = name ?? "\(base.instanceID)/\(nextTake(of: base))"
    if let section = section("tweak", title) { return (section.text, false) }
    guard name == nil, let edit = host.edit, !permissions.isScript else {
      throw SessionError.noSection("tweak/\(title)", sections: script?.sections.map(\.title) ?? [])
    }
    guard let record = base.chain[stage] else { throw SessionError.noArtifact(stage, take: base.id.description) }
    let old = record.artifact.plainText
    let new = try await edit(old, "\(stage.rawValue).\(stage == .patch ? "patch" : "md")")
    if new == old { throw SessionError.unchanged(stage.rawValue) }
    return (new, true)
  }

  /// Finds what is wrong with a tweak of the current attempt before anything is made.
  package func check(_ tweak: Tweak) async throws {
    try tweak.check()
    guard tweak.stage == .patch else { return }
    let (instance, _) = try instance(try take(nil).instanceID)
    _ = try await host.applyPatch(Array(tweak.text.utf8), try await host.workspace(instance, settings))
  }

  /// The text of the template `name` as a person, or the file named, makes it new. `isTyped` is true where it is nowhere
  /// but in the value returned.
  package func templateText(_ name: String, file: String?) async throws -> (text: String, isTyped: Bool) {
    let old = try template(name)
    if let file { return (String(decoding: try bytes(at: file), as: UTF8.self), false) }
    guard let edit = host.edit, !permissions.isScript else { throw SessionError.noEditor("template edit") }
    let new = try await edit(old.source, "\(name).jinja")
    if new == old.source { throw SessionError.unchanged("template \(name)") }
    return (new, true)
  }

  /// Adds a template of this sitting, made from the one called `name`; it gets a name of its own, because earlier takes
  /// were made of the other.
  ///
  /// - Returns: the new name.
  package func addTemplate(_ source: String, from name: String) throws -> String {
    try TemplateText(name: name, source: source, includes: includes(of: source, among: templates())).check()
    let known = Set(templates().map(\.name))
    let stem = name.replacing(/-[0-9]+$/, with: "")
    let free = (2...).lazy.map { "\(stem)-\($0)" }.first { !known.contains($0) } ?? stem
    edited[free] = source
    return free
  }

  /// Throws `SessionError.fileExists` where `word` would lose a file that is none of its own, which `isOwn` tells by its
  /// bytes. `target` is what stands behind the word where it is not the file.
  package func keepOther(
    _ text: String, force: Bool, word: String, target: String? = nil, isOwn: @Sendable ([UInt8]) -> Bool
  ) throws {
    _ = try files.check(text)
    guard !force, FileManager.default.fileExists(atPath: path(text)) else { return }
    guard let old = try? host.readFile(path(text)), old.isEmpty || isOwn(old) else {
      throw SessionError.fileExists(text, word: word, target: target)
    }
  }

  /// Gives a command, and bytes for its standard input, to the shell; a script may not without being allowed to.
  package func shell(_ command: String, input: [UInt8]? = nil) async throws {
    try checkShell("! \(command)")
    let status = try await host.shell(command, input)
    if status != 0 { throw SessionError.shellFailed(command, status: status) }
  }

  /// Throws `SessionError.notInScript` where the shell may not be used.
  package func checkShell(_ command: String) throws {
    if permissions.isScript, !permissions.shell {
      throw SessionError.notInScript(command, flag: "--allow-shell")
    }
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
