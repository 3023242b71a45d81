import Attempts
import Content
import Context
import Foundation
import Instances
import Journal

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
  ]
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
  /// As an older version kept them.
  var entries: [Entry]?
  var used: [String: Instance]?
  var usedTemplates: [String: TemplateText]?
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
  /// Keeps the sitting as it is now. A script keeps none, nor does a journal in memory.
  func keepSitting() {
    guard !permissions.isScript, host.journal.path != nil else { return }
    let state = SittingState(
      settings: Session.named(settings), initialSettings: Session.named(initialSettings), model: settings.model,
      sources: datasets.map { Session.absolute($0.source) }, current: current, added: added, dropped: dropped,
      undropped: undropped, pending: pending, templates: edited, ambiguous: ambiguous,
      rates: ratesSource.map(Session.absolute), lineage: lineage.isEmpty ? nil : lineage, sample: sampleIDs,
      modelFolder: modelFolder ?? FileManager.default.currentDirectoryPath)
    // What cannot be kept is missed by `--continue` alone; the takes have been kept already.
    try? keep(state)
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
      try transaction.execute(
        "INSERT OR REPLACE INTO sitting VALUES (?, ?, ?)",
        [.text(sitting), .text(text), .integer(Int(Date.now.timeIntervalSince1970 * 1000))])
    }
    keptItems = KeptItems(entries: entries.count, rows: Set(used.keys), templates: usedTemplates)
  }

  /// Brings back the last sitting of the journal: rows, settings, takes and the current attempt. What follows is a
  /// sitting of its own that goes on with that one, so that two that go on with the same do not meet.
  ///
  /// - Returns: the sources of rows that are not there any more; the rows that were used are.
  /// - Throws: `SessionError.noSitting`, `KeptTakeError`, `JournalError`.
  package func resume() async throws -> [String] {
    let rows = try host.journal.rows("SELECT sitting, state FROM sitting ORDER BY changed_at DESC LIMIT 1")
    guard let row = rows.first, let name = row["sitting"]?.text, let text = row["state"]?.text else {
      throw SessionError.noSitting
    }
    guard let state = try? Canonical.value(SittingState.self, from: Array(text.utf8)) else {
      throw KeptTakeError.unreadable
    }
    (entries, used, usedTemplates) = (state.entries ?? [], state.used ?? [:], state.usedTemplates ?? [:])
    try resumeItems(of: name)
    lineage = (state.lineage ?? []) + [name]
    takes = try takes(of: lineage)
    initialSettings = Session.settings(state.initialSettings, model: nil)
    settings = Session.settings(state.settings, model: state.model)
    (current, added, dropped, undropped) = (state.current, state.added, state.dropped, state.undropped)
    (pending, edited, ambiguous) = (state.pending, state.templates, state.ambiguous)
    made = entries.flatMap { entry -> [Take] in
      guard case .takes(let id, let ids) = entry.kind else { return [] }
      return ids.compactMap { number in takes[id]?.first { $0.id == number } }
    }
    var missing: [String] = []
    modelFolder = state.modelFolder
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

  /// The takes of a sitting and of those it went on with. Of the earlier ones those that its own lines made: they may
  /// have gone on too.
  private func takes(of lineage: [String]) throws -> [String: [Take]] {
    let known = Set(
      entries.flatMap { entry -> [String] in
        guard case .takes(let id, let ids) = entry.kind else { return [] }
        return ids.map { "\(id)/\($0)" }
      })
    var found: [String: [TakeID: Take]] = [:]
    for name in lineage {
      for (id, takes) in try host.journal.takes(of: name) {
        for take in takes where name == lineage.last || known.contains("\(id)/\(take.id)") {
          found[id, default: [:]][take.id] = take
        }
      }
    }
    return found.mapValues { $0.values.sorted { $0.id < $1.id } }
  }

  private static func text(_ value: some Encodable) throws -> String {
    String(decoding: try Canonical.bytes(value), as: UTF8.self)
  }

  /// A number as the journal sorts it.
  private static func padded(_ number: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, 9 - digits.count)) + digits
  }

  private static func named(_ settings: Settings) -> [String: String] {
    Dictionary(SettingTable.differences(settings, from: Settings()), uniquingKeysWith: { $1 })
  }

  private static func settings(_ named: [String: String], model: String?) -> Settings {
    var settings = Settings()
    for (name, value) in named { try? SettingTable.setting(name).set(value, in: &settings) }
    settings.model = model
    return settings
  }
}
