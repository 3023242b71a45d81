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
  package nonisolated let sitting = UUID().uuidString.lowercased()
  /// The sittings that this one goes on with, the oldest first.
  var lineage: [String] = []
  var keptItems = KeptItems()
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
  var made: [Take] = []

  /// The script whose lines are being carried out: its sections can be asked for.
  package internal(set) var script: ScriptFile?
  /// Where relative paths of the script begin, and where it may write.
  package internal(set) var folder: String?
  var usedSections: Set<String> = []
  /// Templates that were edited in this sitting, or chosen from a script, by name.
  var edited: [String: String] = [:]
  /// How recorded replies are used; nil asks the model and knows no recordings.
  package internal(set) var recordMode: RecordMode?
  /// Models keep count of what they have given, so each is made once.
  var models: [String: any Model] = [:]
  /// Where the relative path of the model's file begins, where the model was chosen in another folder; nil is here.
  var modelFolder: String?
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
    entries.append(entry)
    if entry.kind != .looks { keepSitting() }
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

  /// The row called `id`: pinned by the script, or of the set loaded last. Throws naming the nearest ids.
  package func instance(_ id: String) throws -> (instance: Instance, set: String) {
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
    return Array((named.isEmpty ? ids.filter { $0.hasSuffix(number) } : named).prefix(3))
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
    try checkReach(setting.name, text)
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
    if old != new, !SettingTable.ofMachine.contains(setting.name) {
      note(Change(slot: setting.name, text: "\(setting.name) \(new)"))
    }
    return (setting.name, old, new)
  }

  /// Throws where a setting would let a script read a file or ask a server that it may not.
  private func checkReach(_ name: String, _ text: String) throws {
    guard permissions.isScript, text != "default" else { return }
    switch name {
    case "model.url", "model.proxy": try files.checkServer(text)
    case "model.ca", "model.socket": _ = try files.readable(text)
    case "tests.environments": if !["auto", "off"].contains(text) { _ = try files.readable(text, inFolder: false) }
    case "repositories":
      let isFile = text.hasPrefix("file:")
      guard isFile || !text.contains("://") && !text.hasPrefix("git@") else { return }
      let path = (isFile ? text.dropFirst(5).drop { $0 == "/" } : text[...]).prefix { $0 != "{" }
      _ = try files.readable(
        (isFile ? "/" : "") + (path.hasPrefix("~/") ? NSHomeDirectory() + path.dropFirst() : path), inFolder: false)
    case "escalate":
      for rule in (try? Escalation(parsing: text).rules) ?? [] {
        if let url = rule.url { try files.checkServer(url) }
        if !rule.model.kind.isServer, !rule.model.argument.isEmpty { _ = try files.readable(rule.model.argument) }
      }
    case "ladder":
      for case .set(let name, let value) in (try? AttemptLadder(parsing: text).rungs.flatMap(\.self)) ?? [] {
        try checkReach((try? SettingTable.setting(name).name) ?? name, value)
      }
    default: break
    }
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

  /// The runner of a take. A batch keeps its takes under a name of their own, and goes on with what is there.
  func runner(for plan: Plan, batch: String? = nil, watching: [any Interceptor]) throws -> Runner {
    goldPatches[plan.instance.id] = plan.instance.patch
    let world = World(
      workspace: host.workspace, model: try model(plan.settings), makePatch: host.makePatch,
      applyPatch: host.applyPatch,
      journal: host.journal, effects: host.effects)
    return Runner(
      world: world, sitting: batch ?? sitting, resumes: batch != nil, interceptors: interceptors + watching)
  }
}
