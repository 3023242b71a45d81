import Attempts
import Content
import Context
import Edits
import Foundation
import Instances
import Models
import Prompts
import Script

/// Something that was changed and will show in the next take.
struct Change: Hashable, Codable, Sendable {
  /// A later change with the same slot takes its place.
  let slot: String
  let text: String
  /// The instance whose takes show it; nil is whichever is next.
  var instanceID: String?
}

/// One sitting: the rows that are loaded, the settings, the takes made so far. Lines of the language are carried out in
/// it one after the other.
package actor Session {
  package nonisolated let host: SessionHost
  /// What the sitting may do; while another script is sourced, what a script may.
  package var permissions: Permissions {
    var allowed = ownPermissions
    if sourceDepth > 0, !isTrusting { allowed.isScript = true }
    return allowed
  }
  private let ownPermissions: Permissions
  /// True while a script is sourced that the user keeps for this: `init.ramp`.
  var isTrusting = false
  /// Names this sitting in the journal.
  package internal(set) var sitting = UUID().uuidString.lowercased()
  /// The sittings that this one goes on with, the oldest first.
  var lineage: [String] = []
  var keptItems = KeptItems()
  /// The script whose sections the journal keeps, and their hash.
  var keptScriptFile: (script: ScriptFile, hash: Hash)?
  /// Called between the stages of every take.
  private let interceptors: [any Interceptor]

  package internal(set) var settings = Settings()
  /// The settings that the sitting began with: `save` writes the difference.
  var initialSettings: Settings
  package internal(set) var datasets: [Dataset] = []
  /// What public systems came to on rows, and the file that says so.
  package internal(set) var solveRates = SolveRates([:])
  var ratesSource: String?
  package internal(set) var takes: [String: [Take]] = [:]
  /// The take that was stopped last, until another is made.
  package internal(set) var stopped: Stopped?
  /// True until the line that was stopped is remembered.
  var isStopNew = false
  /// The instance that `rerun`, `show` and `context` mean.
  package internal(set) var current: String?
  package internal(set) var added: [String: [Span]] = [:]
  package internal(set) var dropped: [String: [Span]] = [:]
  /// Lines that were dropped until they were added.
  var undropped: [String: Set<Span>] = [:]
  package internal(set) var entries: [Entry] = []
  /// What has been changed since the last take, in words.
  var pending: [Change] = []
  /// The rows that takes were made of, by id, and the templates, by name: a saved session pins them.
  var used: [String: Instance] = [:]
  var usedTemplates: [String: TemplateText] = [:]
  /// Rows and templates of which takes were made under one name with two contents.
  var ambiguous: [String] = []
  /// All takes in the order they were made.
  var made: [MadeTake] = []
  /// The takes of batches that are in view, and the batches of this sitting.
  package internal(set) var opened = OpenedTakes()
  /// What takes without a verdict were made from, by instance: what they go on with.
  var paused: [String: Paused] = [:]
  /// The batch that the line being carried out has run.
  var ranBatch: Int?
  /// The instances that failed of a batch that has ended.
  var failures: (batch: Int, ids: [String])?

  /// The script whose lines are being carried out: its sections can be asked for.
  package internal(set) var script: ScriptFile?
  /// Where relative paths of the script begin, and where it may write.
  package internal(set) var folder: String?
  var usedSections: Set<String> = []
  /// Templates that were edited in this sitting, or chosen from a script, by name.
  var edited: [String: String] = [:]
  /// What tests said when it was recorded, where they are not run.
  var recordedOutcomes: (@Sendable (Stage, Hash) throws -> Artifact?)?
  /// How recorded replies are used; nil asks the model and knows no recordings.
  package internal(set) var recordMode: RecordMode?
  /// Models keep count of what they have given, so each is made once.
  var models: [String: any Model] = [:]
  /// Where the relative path of the model's file begins, where the model was chosen in another folder; nil is here.
  var modelFolder: String?
  /// The same for models of opened takes, by their names.
  var modelFolders: [String: String] = [:]
  let goldPatches = GoldPatches()
  private var practiceSet: Dataset?
  /// Where a vendor's key may go, besides the vendor: typed, and kept nowhere.
  var keyHosts: [String]
  var sourceDepth = 0
  /// The files of the repository that was asked for last.
  var knownPaths: (commit: String, paths: [String])?
  /// What `$name` stands for in the lines of a script.
  package internal(set) var parameters: [String: String] = [:]
  var fixedParameters: Set<String> = []

  /// The line that is being carried out.
  var line = ""

  /// The files that this sitting was saved to.
  var saved: Set<String> = []

  package init(
    host: SessionHost, permissions: Permissions, settings: Settings = Settings(), interceptors: [any Interceptor] = []
  ) {
    self.host = host
    ownPermissions = permissions
    self.settings = settings
    self.initialSettings = settings
    keyHosts = permissions.keyHosts
    self.interceptors = interceptors
  }

  /// How many expectations have held.
  package private(set) var expectations = 0

  package func countExpectation() { expectations += 1 }

  // MARK: - What is known

  /// A line is carried out now.
  package func begin(line: String) { self.line = line }

  /// Remembers a line that was carried out.
  package func remember(_ entry: Entry) {
    var entry = entry
    switch entry.kind {
    case .takes(let id, let ids, nil):
      let batch = opened.origins[id]?.batch
      entry = Entry(line: entry.line, kind: .takes(instanceID: id, ids: ids, batch: batch))
    case .opens(let id, nil):
      entry = Entry(line: entry.line, kind: .opens(id, batch: opened.origins[id]?.batch))
    case .changes(nil, nil):
      if let ranBatch { entry = Entry(line: entry.line, kind: .batch(ranBatch)) }
    default: break
    }
    ranBatch = nil
    entries.append(entry)
    if entry.kind != .looks { keepSitting() }
  }

  /// Remembers what a line made before it failed or was stopped: a batch, or the stages of a take.
  package func rememberUnfinished() {
    if let ranBatch { remember(Entry(line: line, kind: .batch(ranBatch))) }
    guard let stopped, let take = takes[stopped.instanceID]?.last, take.id == stopped.id, isStopNew,
      let last = take.records.last?.stage.rawValue
    else { return }
    isStopNew = false
    let words = take.id.take == 1 ? LineParser.quoted(["run", take.instanceID]) : line
    remember(
      Entry(line: "\(words) --through \(last)", kind: .takes(instanceID: take.instanceID, ids: [take.id])))
  }

  /// The sets that ids are looked up in, the last loaded first; the practice set where nothing else is loaded.
  package func sets() throws -> [Dataset] {
    datasets.isEmpty ? [try practice()] : datasets.reversed()
  }

  package func practice() throws -> Dataset {
    if let practiceSet { return practiceSet }
    let set = try host.practice()
    practiceSet = set
    return set
  }

  /// The row called `id` of which the takes in view were made, or else one that is loaded, or else one that the journal
  /// keeps with a batch. Throws naming the nearest ids.
  package func instance(_ id: String) throws -> (instance: Instance, set: String) {
    if let origin = opened.origins[id] { return (origin.row, origin.set) }
    return try rowToRun(id)
  }

  /// The row called `id` as a batch runs it: one that is loaded, or else one that was used or kept before.
  func rowToRun(_ id: String) throws -> (instance: Instance, set: String) {
    do { return try loaded(id) } catch let error as SessionError {
      guard let kept = try remembered(id) else { throw error }
      return kept
    }
  }

  /// The row called `id`: pinned by the script, or of the set loaded last. Throws naming the nearest ids.
  func loaded(_ id: String) throws -> (instance: Instance, set: String) {
    if let pinned = try pinnedRow(id) { return (pinned, "the session") }
    let sets = try sets()
    // A practice row yields to a real one of the same id, whatever was loaded last.
    for set in sets.filter({ $0.source != "practice" }) + sets.filter({ $0.source == "practice" }) {
      if let row = set.row(id) { return (try clean(try row.instance()), set.name) }
    }
    let ids = sets.flatMap { $0.rows.map(\.id) }
    throw SessionError.unknownInstance(id, sets: sets.map(\.name), nearest: nearest(id, in: ids))
  }

  /// A row without any key of ours: it reaches prompts, the journal and whatever is exported.
  private func clean(_ instance: Instance) throws -> Instance {
    guard !host.secrets.isEmpty else { return instance }
    let bytes = try Canonical.bytes(instance)
    let clean = host.secrets.hidden(in: bytes)
    return clean == bytes ? instance : try Canonical.value(Instance.self, from: clean)
  }

  func nearest(_ id: String, in ids: [String]) -> [String] {
    // Behind near misses come the ids of the same name and number, whoever owns it, and of the same number alone.
    let near = Nearest.names(to: id, in: ids)
    if !near.isEmpty { return near }
    let name = id.split(separator: "_").last.map(String.init) ?? id
    let number = id.split(separator: "-").last.map { "-\($0)" } ?? id
    let named = ids.filter { $0.hasSuffix("_\(name)") }
    let same = named.isEmpty ? ids.filter { $0.hasSuffix(number) } : named
    return Array((same.isEmpty ? Session.neighbours(name, in: ids) : same).prefix(3))
  }

  /// The ids of a project, whoever owns it, those with the nearest numbers first: `psf__requests-863` for
  /// `requests-5600`.
  private static func neighbours(_ name: String, in ids: [String]) -> [String] {
    func parts(_ name: Substring) -> (project: Substring, number: Int)? {
      guard let dash = name.lastIndex(of: "-"), let number = Int(name[name.index(after: dash)...]) else { return nil }
      return (name[..<dash], number)
    }
    guard let wanted = parts(name[...]) else { return [] }
    let near = ids.compactMap { id -> (distance: Int, id: String)? in
      guard let last = id.split(separator: "_").last, let own = parts(last), own.project == wanted.project else {
        return nil
      }
      return (abs(own.number - wanted.number), id)
    }
    return near.sorted { $0 < $1 }.map(\.id)
  }

  private func pinnedRow(_ id: String) throws -> Instance? {
    guard let section = section("row", id) else { return nil }
    do {
      let set = try DatasetReader.read(bytes: section.body, name: section.title, source: section.title)
      return try set.row(id)?.instance()
    } catch {
      throw SessionError.unreadable("section \(section.title)", reason: error.localizedDescription)
    }
  }

  /// The section of the current script, marked as used.
  func section(_ kind: String, _ name: String = "") -> Section? {
    guard let section = script?.section(kind, name) else { return nil }
    usedSections.insert(section.title)
    return section
  }

  /// The templates that can be used, the script's own before the built-in ones.
  package func templates() -> [(name: String, source: String, place: String)] {
    let own = script?.sections.filter { $0.kind == "template" }.map { ($0.name, $0.text, "the session") } ?? []
    let kept = ownTexts(.template).filter { one in !own.contains { $0.0 == one.name } && edited[one.name] == nil }
      .map { ($0.name, $0.text, "your folder") }
    let made = edited.filter { name, _ in !own.contains { $0.0 == name } }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value, "this sitting") }
    let names = Set((own + made + kept).map(\.0))
    return own + made + kept
      + BuiltinTemplates.all.filter { !names.contains($0.name) }.map { ($0.name, $0.source, "built in") }
  }

  /// The template called `name`. Throws naming the nearest.
  package func template(_ name: String) throws -> TemplateText {
    let all = templates()
    guard let found = all.first(where: { $0.name == name }) else {
      throw SessionError.unknownTemplate(name, nearest: Nearest.names(to: name, in: all.map(\.name)))
    }
    if found.place == "the session" { usedSections.insert("template/\(name)") }
    return TemplateText(name: name, source: found.source, includes: includes(of: found.source, among: all))
  }

  /// The texts that a template includes, and those that these include; nil for none.
  func includes(
    of source: String, among all: [(name: String, source: String, place: String)]
  ) -> [String: String]? {
    var found: [String: String] = [:]
    var pending = Template.included(by: source)
    while let name = pending.popLast() {
      guard found[name] == nil, let one = all.first(where: { $0.name == name }) else { continue }
      if one.place == "the session" { usedSections.insert("template/\(name)") }
      found[name] = one.source
      pending += Template.included(by: one.source)
    }
    return found.isEmpty ? nil : found
  }

  /// What the user keeps for all sittings; a script sees none of it.
  func ownTexts(_ kind: OwnText.Kind) -> [OwnText] {
    permissions.isScript ? [] : host.ownTexts(kind)
  }

  /// The skills that there are: the script's own, the user's, then the built-in ones, each name once.
  package func skills() throws -> [(skill: Skill, place: String)] {
    var found: [(skill: Skill, place: String)] = []
    for section in script?.sections ?? [] where section.kind == "skill" {
      found.append((try Skill(parsing: section.text, place: "section \(section.title)"), "the session"))
      usedSections.insert(section.title)
    }
    for own in ownTexts(.skill) { found.append((try Skill(parsing: own.text, place: own.path), "your folder")) }
    for skill in BuiltinSkills.all { found.append((skill, "built in")) }
    var names: Set<String> = []
    return found.filter { names.insert($0.skill.name).inserted }
  }

  // MARK: - Settings

  /// Sets one setting; `text` is as typed. Gives the values before and after.
  package func set(_ name: String, to text: String) throws -> (name: String, old: String, new: String) {
    let setting = try SettingTable.setting(name)
    if setting.name == "sandbox", text == "off", permissions.isScript, !permissions.noSandbox {
      throw SessionError.notInScript("set sandbox off", flag: "--allow-no-sandbox")
    }
    // A program of the script's own would run with all rights.
    if setting.name == "tests.python", text.contains("/"), permissions.isScript, !permissions.noSandbox {
      throw SessionError.notInScript("set tests.python \(text)", flag: "--allow-no-sandbox")
    }
    // What is kept for all sittings is no script's to throw away.
    if SettingTable.ofMachine.contains(setting.name), permissions.isScript, !permissions.write {
      throw SessionError.notInScript("set \(setting.name)", flag: "--allow-write")
    }
    // For two settings the word is a value of their own.
    let isReset = text == "default" && !["template", "model.url"].contains(setting.name)
    let wanted = isReset ? setting.value(in: Settings()) : text
    if setting.name == "template", text != "default" {
      let chosen = try template(text)
      // A sourced script takes its sections with it when it ends, and a template that was chosen stays.
      if script?.section("template", text) != nil { edited[text] = chosen.source }
    }
    let old = setting.value(in: settings)
    try setting.set(wanted, in: &settings)
    let new = setting.value(in: settings)
    if old != new, !SettingTable.isBesideTheModel(setting.name) {
      note(Change(slot: setting.name, text: "\(setting.name) \(new)"))
    }
    return (setting.name, old, new)
  }

  /// Throws `SessionError.notInScript` where a script may not write outside its folder.
  package func checkWrite(_ what: String) throws {
    if permissions.isScript, !permissions.write { throw SessionError.notInScript(what, flag: "--allow-write") }
  }

  func note(_ change: Change) {
    pending.removeAll { $0.slot == change.slot }
    pending.append(change)
  }

  // MARK: - Takes

  /// The runner of a take. A batch keeps its takes under a name of their own, and goes on with what is there; so does a
  /// take that `goesOn`.
  func runner(
    for plan: Plan, batch: String? = nil, goesOn: Bool = false, watching: [any Interceptor]
  ) throws -> Runner {
    goldPatches[plan.instance.id] = plan.instance.patch
    let model: any Model
    do {
      model = try self.model(plan.settings)
    } catch  where plan.base?.chain.reply != nil {
      // Whether it is asked at all is seen when the stages are made.
      model = AbsentModel(name: plan.settings.model ?? "", reason: error)
    }
    var world = World(
      workspace: host.workspace, model: model, makePatch: host.makePatch, applyPatch: host.applyPatch,
      journal: host.journal, effects: host.effects)
    if let recordedOutcomes {
      world.recorded = { stage, key, instance in
        guard let artifact = try recordedOutcomes(stage, key) else {
          throw SessionError.outcomeNotRecorded(stage, instance: instance.id)
        }
        return artifact
      }
    }
    return Runner(
      world: world, sitting: batch ?? journalName(of: plan.instance.id), resumes: batch != nil || goesOn,
      interceptors: interceptors + watching)
  }

  /// What the journal keeps the takes of an instance under that are made now: those made of a batch's takes have their
  /// numbers, and stand apart from the sitting's own.
  func journalName(of id: String) -> String {
    opened.origins[id].map { "\(sitting) \($0.key)" } ?? sitting
  }
}

/// A take of this sitting.
struct MadeTake: Sendable {
  let take: Take
  /// The batch whose takes it was made of; nil for one of the sitting's own.
  let batch: Int?
}

/// The model of a take whose file is not here: it is missed only where it is asked.
private struct AbsentModel: Model {
  let name: String
  let reason: any Error

  func reply(to request: ModelRequest) -> AsyncThrowingStream<ReplyEvent, any Error> {
    AsyncThrowingStream { $0.finish(throwing: reason) }
  }
}
