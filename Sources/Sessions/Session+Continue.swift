import Attempts
import Content
import Context
import Foundation
import Instances
import Journal

/// The journal's table of sittings: what `--continue` brings back beside the takes.
package enum SittingTables {
  package static let migrations = [
    Journal.Migration(
      "sessions 1: sittings",
      sql: """
        CREATE TABLE sitting (sitting TEXT PRIMARY KEY, state TEXT NOT NULL, changed_at INTEGER NOT NULL) STRICT;
        """)
  ]
}

/// A sitting as the journal keeps it. Settings stand in it by their names, so that a later ramp can read them.
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
  var entries: [Entry]
  var templates: [String: String]
  /// The rows and templates that takes were made of, and the names of which there were two.
  var used: [String: Instance]
  var usedTemplates: [String: TemplateText]
  var ambiguous: [String]
  /// The file of solve rates; nil where none was loaded.
  var rates: String?
  /// The ids of the drawn rows; nil where none were drawn.
  var sample: [String]?
  /// Where the relative path of the model's file begins.
  var modelFolder: String?
}

extension Session {
  /// Keeps the sitting as it is now. A script keeps none, nor does a journal in memory.
  func keepSitting() {
    guard !permissions.isScript, host.journal.path != nil else { return }
    let state = SittingState(
      settings: Session.named(settings), initialSettings: Session.named(initialSettings), model: settings.model,
      sources: datasets.map { Session.absolute($0.source) }, current: current, added: added, dropped: dropped,
      undropped: undropped,
      pending: pending, entries: entries, templates: edited, used: used, usedTemplates: usedTemplates,
      ambiguous: ambiguous, rates: ratesSource.map(Session.absolute), sample: sampleIDs,
      modelFolder: modelFolder ?? FileManager.default.currentDirectoryPath)
    // What cannot be kept is missed by `--continue` alone; the takes have been kept already.
    try? host.journal.write { transaction in
      try transaction.execute(
        "INSERT OR REPLACE INTO sitting VALUES (?, ?, ?)",
        [
          .text(sitting), .text(String(decoding: try Canonical.bytes(state), as: UTF8.self)),
          .integer(Int(Date.now.timeIntervalSince1970 * 1000)),
        ])
    }
  }

  /// Brings back the last sitting of the journal: rows, settings, takes and the current attempt.
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
    takes = try host.journal.takes(of: name)
    sitting = name
    initialSettings = Session.settings(state.initialSettings, model: nil)
    settings = Session.settings(state.settings, model: state.model)
    (current, added, dropped, undropped) = (state.current, state.added, state.dropped, state.undropped)
    (pending, entries, edited) = (state.pending, state.entries, state.templates)
    (used, usedTemplates, ambiguous) = (state.used, state.usedTemplates, state.ambiguous)
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
