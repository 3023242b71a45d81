import Attempts
import Content
import Context
import Foundation
import Instances
import Journal
import Script

/// The journal's tables of sittings: what `--continue` brings back beside the takes.
package enum SittingTables {
  package static let migrations = [
    Journal.Migration(
      "sessions 1: sittings",
      sql: """
        CREATE TABLE sitting (sitting TEXT PRIMARY KEY, state TEXT NOT NULL, changed_at INTEGER NOT NULL) STRICT;
        """),
    Journal.Migration(
      "sessions 2: lines, rows and templates of a sitting, each once",
      sql: """
        CREATE TABLE sitting_item (
          sitting TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
          PRIMARY KEY (sitting, kind, name)) STRICT, WITHOUT ROWID;
        """),
    Journal.Migration(
      "sessions 3: when a sitting began", sql: "ALTER TABLE sitting ADD COLUMN begun_at INTEGER;"),
  ]
}

/// All tables that sessions keep in a journal, in the order in which they came to be.
package enum SessionTables {
  package static let migrations = AttemptTables.migrations + SittingTables.migrations + BatchTables.migrations
}

/// A sitting as the journal keeps it. Settings stand in it by their names, so that a later ramp can read them. What
/// grows with every line is kept beside it, as items: lines, rows and templates.
struct SittingState: Codable {
  var settings: [String: String]
  var initialSettings: [String: String]
  var model: String?
  /// Where the loaded sets came from, in their order.
  var sources: [String]
  var current: String?
  var added: [String: [Span]]
  var dropped: [String: [Span]]
  var undropped: [String: Set<Span>]
  var pending: [Change]
  var templates: [String: String]
  /// The names of rows and templates of which there were two.
  var ambiguous: [String]
  /// The file of solve rates; nil where none was loaded.
  var rates: String?
  /// The sittings that this one goes on with, the oldest first: the takes they had then are its own.
  var lineage: [String]?
  /// The ids of the drawn rows; nil where none were drawn.
  var sample: [String]?
  /// Where the relative path of the model's file begins.
  var modelFolder: String?
  /// The batches that it ran or opened, and the instances whose takes are in view.
  var marks: [OpenedTakes.Mark]?
  var places: [String: OpenedTakes.Place]?
  /// The script whose lines it carried out: its sections can be asked for.
  var script: KeptScript?
  /// As an older version kept them.
  var entries: [Entry]?
  var used: [String: Instance]?
  var usedTemplates: [String: TemplateText]?
}

/// A script as the journal keeps it.
struct KeptScript: Codable {
  let name: String
  /// The hash of its bytes.
  let bytes: Hash
}

/// What of a sitting is in the journal already, so that a line costs the same however many came before it.
struct KeptItems {
  var entries = 0
  var rows: Set<String> = []
  var templates: [String: TemplateText] = [:]

  enum Kind: String {
    case entry, row, template
  }
}

extension Session {
  /// Keeps the sitting as it is now. A journal in memory keeps none.
  func keepSitting() {
    guard host.journal.path != nil else { return }
    let here = folder.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    let state = SittingState(
      settings: Session.named(settings), initialSettings: Session.named(initialSettings), model: settings.model,
      sources: datasets.map { Session.absolute($0.source) }, current: current, added: added, dropped: dropped,
      undropped: undropped, pending: pending, templates: edited, ambiguous: ambiguous,
      rates: ratesSource.map(Session.absolute), lineage: lineage.isEmpty ? nil : lineage, sample: sampleIDs,
      modelFolder: modelFolder ?? here ?? FileManager.default.currentDirectoryPath, marks: opened.marks,
      places: opened.places, script: keptScript())
    // What cannot be kept is missed by `--continue` alone; the takes have been kept already.
    try? keep(state)
  }

  /// The sections of the script, which lines of a sitting that goes on may ask for; nil for a script without any.
  private func keptScript() -> KeptScript? {
    guard let script, !script.sections.isEmpty else { return nil }
    if let kept = keptScriptFile, kept.script == script { return KeptScript(name: script.name, bytes: kept.hash) }
    // Replies and prompts are those of its takes.
    let sections = script.sections.filter {
      !["reply", "prompt", "recording", "outcomes", "baseline"].contains($0.kind)
    }
    guard let bytes = try? ScriptFile(name: script.name, text: "", sections: sections).serialized(),
      let hash = try? host.journal.keep(bytes)
    else { return nil }
    keptScriptFile = (script, hash)
    return KeptScript(name: script.name, bytes: hash)
  }

  private func keep(_ state: SittingState) throws {
    var items: [(kind: KeptItems.Kind, name: String, value: String)] = []
    for index in keptItems.entries..<entries.count {
      items.append((.entry, Session.padded(index), try Session.text(entries[index])))
    }
    for (id, row) in used where !keptItems.rows.contains(id) {
      items.append((.row, id, try host.journal.keep(Canonical.bytes(row)).hex))
    }
    for (name, template) in usedTemplates where keptItems.templates[name] != template {
      items.append((.template, name, try Session.text(template)))
    }
    let text = try Session.text(state)
    try host.journal.write { transaction in
      for item in items {
        try transaction.execute(
          "INSERT OR REPLACE INTO sitting_item VALUES (?, ?, ?, ?)",
          [.text(sitting), .text(item.kind.rawValue), .text(item.name), .text(item.value)])
      }
      let now = Int(Date.now.timeIntervalSince1970 * 1000)
      try transaction.execute(
        """
        INSERT INTO sitting (sitting, state, changed_at, begun_at) VALUES (?1, ?2, ?3, ?3)
        ON CONFLICT (sitting) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at
        """, [.text(sitting), .text(text), .integer(now)])
    }
    keptItems = KeptItems(entries: entries.count, rows: Set(used.keys), templates: usedTemplates)
  }

  /// Brings back a sitting of the journal: rows, settings, takes and the current attempt. What follows is a sitting of
  /// its own that goes on with that one, so that two that go on with the same do not meet.
  ///
  /// - Parameter wanted: its name in the journal; nil is the one that changed last.
  /// - Returns: the sources of rows that are not there any more; the rows that were used are.
  /// - Throws: `SessionError.noSitting`, `KeptTakeError`, `JournalError`.
  package func resume(_ wanted: String? = nil) async throws -> [String] {
    let rows = try host.journal.rows(
      "SELECT sitting, state FROM sitting WHERE sitting = coalesce(?, sitting) ORDER BY changed_at DESC LIMIT 1",
      [wanted.map { .text($0) } ?? .null])
    guard let row = rows.first, let name = row["sitting"]?.text, let text = row["state"]?.text else {
      throw SessionError.noSitting
    }
    guard let state = try? Canonical.value(SittingState.self, from: Array(text.utf8)) else {
      throw KeptTakeError.unreadable
    }
    (entries, used, usedTemplates) = (state.entries ?? [], state.used ?? [:], state.usedTemplates ?? [:])
    try resumeItems(of: name)
    lineage = (state.lineage ?? []) + [name]
    if let kept = state.script, let bytes = try host.journal.bytes(of: kept.bytes) {
      script = try? ScriptFile.parse(bytes, name: kept.name)
    }
    takes = try takes(of: lineage, madeOf: nil)
    initialSettings = Session.settings(state.initialSettings, model: nil)
    settings = Session.settings(state.settings, model: state.model)
    (current, added, dropped, undropped) = (state.current, state.added, state.dropped, state.undropped)
    (pending, edited, ambiguous) = (state.pending, state.templates, state.ambiguous)
    modelFolder = state.modelFolder
    opened.restore(state.marks ?? [])
    for (id, place) in state.places ?? [:] { try resume(place, of: id) }
    made = try madeTakes()
    var missing: [String] = []
    for source in state.sources {
      if source == Session.sampleSource, let ids = state.sample {
        if (try? restoreSample(ids)) != true { missing.append(source) }
      } else if (try? await load(source)) == nil {
        missing.append(source)
      }
    }
    if let source = state.rates, (try? loadRates(source)) == nil { missing.append(source) }
    return missing
  }

  /// Brings the takes of a batch into view again, with those that the sitting made of them.
  private func resume(_ place: OpenedTakes.Place, of id: String) throws {
    if place.batch == 0 {
      guard let carried = try carriedOrigin(of: id) else { return }
      opened.open(id, carried.origin, own: takes[id] ?? [])
      takes[id] = carried.takes + (try takes(of: lineage, madeOf: carried.origin)[id] ?? [])
      return
    }
    guard let batch = try host.journal.batch(place.batch) else { return }
    let kept = try host.journal.batchTakes(place.key, of: id)
    let origin = try origin(of: id, in: batch, key: place.key, takes: kept)
    opened.open(id, origin, own: takes[id] ?? [])
    takes[id] = kept + (try takes(of: lineage, madeOf: origin)[id] ?? [])
  }

  /// The takes that the lines made, in their order.
  private func madeTakes() throws -> [MadeTake] {
    var found: [MadeTake] = []
    var others: [Int: [String: [Take]]] = [:]
    for entry in entries {
      guard case .takes(let id, let ids, let batch) = entry.kind else { continue }
      for number in ids {
        var all = batch == nil ? opened.aside[id] ?? takes[id] ?? [] : takes[id] ?? []
        if let batch, batch != opened.origins[id]?.batch {
          // Made of the takes of a batch that are not in view any more.
          if others[batch] == nil, let kept = try host.journal.batch(batch) {
            others[batch] = try kept.keys[id].map { try takes(of: lineage, key: $0, batch: batch) } ?? [:]
          }
          all = others[batch]?[id] ?? []
        }
        guard let take = all.first(where: { $0.id == number }) else { continue }
        found.removeAll { $0.take.instanceID == id && $0.take.id == number && $0.batch == batch }
        found.append(MadeTake(take: take, batch: batch))
      }
    }
    return found
  }

  private func resumeItems(of name: String) throws {
    let rows = try host.journal.rows(
      "SELECT kind, name, value FROM sitting_item WHERE sitting = ? ORDER BY kind, name", [.text(name)])
    for row in rows {
      guard let kind = row["kind"]?.text.flatMap(KeptItems.Kind.init(rawValue:)), let name = row["name"]?.text,
        let value = row["value"]?.text
      else { throw KeptTakeError.unreadable }
      do {
        switch kind {
        case .entry: entries.append(try Canonical.value(Entry.self, from: Array(value.utf8)))
        case .template: usedTemplates[name] = try Canonical.value(TemplateText.self, from: Array(value.utf8))
        case .row:
          guard let bytes = try Hash(hex: value).flatMap({ try host.journal.bytes(of: $0) }) else {
            throw KeptTakeError.unreadable
          }
          used[name] = try Canonical.value(Instance.self, from: bytes)
        }
      } catch is DecodingError {
        throw KeptTakeError.unreadable
      }
    }
  }

  /// The takes of a sitting and of those it went on with, its own or those that were made of a batch's takes.
  private func takes(of lineage: [String], madeOf origin: OpenedTakes.Origin?) throws -> [String: [Take]] {
    try takes(of: lineage, key: origin?.key, batch: origin?.batch)
  }

  /// Of the earlier sittings those that its own lines made: they may have gone on too.
  private func takes(of lineage: [String], key: String?, batch: Int?) throws -> [String: [Take]] {
    var order: [String: Int] = [:]
    for entry in entries {
      guard case .takes(let id, let ids, batch) = entry.kind else { continue }
      for number in ids { order["\(id)/\(number)"] = order.count }
    }
    var found: [String: [TakeID: Take]] = [:]
    for name in lineage {
      for (id, takes) in try host.journal.takes(of: key.map { "\(name) \($0)" } ?? name) {
        for take in takes where name == lineage.last || order["\(id)/\(take.id)"] != nil {
          found[id, default: [:]][take.id] = take
        }
      }
    }
    // In the order in which the lines made them; what no line tells of comes last.
    return found.mapValues { takes in
      takes.values.sorted { left, right in
        let places = [left, right].map { order["\($0.instanceID)/\($0.id)"] ?? Int.max }
        return places[0] == places[1] ? left.id < right.id : places[0] < places[1]
      }
    }
  }

  private static func text(_ value: some Encodable) throws -> String {
    String(decoding: try Canonical.bytes(value), as: UTF8.self)
  }

  /// A number as the journal sorts it.
  private static func padded(_ number: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, 9 - digits.count)) + digits
  }

  static func named(_ settings: Settings) -> [String: String] {
    Dictionary(SettingTable.differences(settings, from: Settings()), uniquingKeysWith: { $1 })
  }

  static func settings(_ named: [String: String], model: String?) -> Settings {
    var settings = Settings()
    for (name, value) in named { try? SettingTable.setting(name).set(value, in: &settings) }
    settings.model = model
    return settings
  }
}
