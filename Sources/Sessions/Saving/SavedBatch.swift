import Attempts
import Content
import Grading
import Instances
import Models
import Prompts
import Script

/// A batch as a saved session carries it: one line that runs the same instances again, and what they came to. A phase is
/// a batch there too: its rows are named, so that nothing is drawn, no gate is asked and no results are written.
struct SavedBatch: Sendable {
  let batch: Int
  /// Its number among the batches of the file, from 1.
  let number: Int
  let ids: [String]
  /// Instances that came to no end, or ended in an infrastructure failure: another machine may come to something else.
  let left: [String]
  let resolved: Int
  let settings: Settings
  let attempts: Int
  let isAgain: Bool
  /// The plan's number of the phase; nil for a batch.
  let phase: Int?
  /// The line that ran it.
  let typed: String

  /// The lines of the file that stand for it.
  var lines: [String] {
    var words = ["batch"] + ids + ["--model", settings.model ?? ModelName(.practice).description]
    words += ["--attempts", "\(attempts)"]
    if let phase { words += ["--phase", "\(phase)"] }
    if isAgain { words.append("--again") }
    let left = left.map { "# left out, for it came to no end about the model: \($0)" }
    guard !ids.isEmpty else { return left }
    return (typed.hasPrefix("batch ") ? [] : ["# \(typed)"]) + left + [LineParser.quoted(words)]
  }

  var expectations: [String] {
    ids.isEmpty ? [] : ["expect resolved \(resolved) of \(ids.count)", "expect batch \(number)"]
  }
}

/// What the takes of a batch came to, one a line, as the section `batch/N` lists it.
enum BatchSummary {
  static func line(_ take: Take) -> String {
    let patch = take.chain.patch.flatMap { $0.diff.isEmpty ? nil : $0.hash.short } ?? "-"
    let verdict = take.verdict
    let words = [verdict?.word.rawValue ?? "-", verdict?.failure?.rawValue ?? "-", patch]
    return "\(take.instanceID) \(take.id) \(words.joined(separator: " "))"
  }

  static func section(_ number: Int, _ lines: [String]) -> Section {
    Section(kind: "batch", name: "\(number)", body: Array((lines.joined(separator: "\n") + "\n").utf8))
  }
}

/// The takes of a batch of an earlier sitting, as a saved session carries them to where no journal has them.
struct CarriedTakes: Codable {
  private struct Kept: Codable {
    let id: TakeID
    let settings: String
    let changes: [String]
    let strategy: [String]
    let wallMilliseconds: Int?
    let records: [StageRecord]
  }

  private let title: String
  private let key: String
  private let set: String
  private let row: Instance
  private let settings: String
  private let templates: [TemplateText]
  private let takes: [Kept]

  init(_ origin: OpenedTakes.Origin, _ takes: [Take]) throws {
    (title, key, set, row) = (origin.title, origin.key, origin.set, origin.row)
    (settings, templates) = (try CarriedTakes.text(origin.settings), origin.templates)
    self.takes = try takes.filter { origin.ids.contains($0.id) }.map { take in
      Kept(
        id: take.id, settings: try CarriedTakes.text(take.settings), changes: take.changes, strategy: take.strategy,
        wallMilliseconds: take.wallMilliseconds, records: take.records)
    }
  }

  private static func text(_ settings: Settings) throws -> String {
    String(decoding: try Canonical.bytes(settings), as: UTF8.self)
  }

  /// What `open` needs. Nil where the settings are none.
  var opened: (origin: OpenedTakes.Origin, takes: [Take])? {
    guard let settings = Settings.kept(settings) else { return nil }
    let takes = takes.compactMap { kept -> Take? in
      guard let settings = Settings.kept(kept.settings) else { return nil }
      return Take(
        instanceID: row.id, id: kept.id, settings: settings, records: kept.records, changes: kept.changes,
        strategy: kept.strategy, wallMilliseconds: kept.wallMilliseconds)
    }
    return (
      OpenedTakes.Origin(
        batch: 0, title: title, key: key, row: row, set: set, settings: settings, templates: templates,
        ids: Set(takes.map(\.id))), takes
    )
  }
}

extension Session {
  /// The takes of an instance that the script carries; nil where it carries none.
  func carriedOrigin(of id: String) throws -> (origin: OpenedTakes.Origin, takes: [Take])? {
    guard let section = section("opened", id) else { return nil }
    guard let opened = (try? Canonical.value(CarriedTakes.self, from: section.body))?.opened else {
      throw SessionError.unreadable("section \(section.title)", reason: "it holds no takes")
    }
    return opened
  }

  /// Throws `SessionError.expectationFailed` where what a line expects does not hold.
  package func check(_ expectation: Expectation) throws {
    if expectation.isOfBatch { return try checkBatch(expectation) }
    let take = try take(nil)
    try expectation.check(take, attempts: take.id.attempt)
  }

  /// Throws `SessionError.expectationFailed` where the last batch did not come to what a line expects.
  private func checkBatch(_ expectation: Expectation) throws {
    let batch = try batch(.last)
    switch expectation {
    case .resolved(let count, let total):
      let found = try results(of: batch).compactMap(\.record)
      let resolved = found.count { $0.verified }
      guard resolved == count, found.count == total else {
        throw SessionError.expectationFailed("\(count) of \(total) resolved", found: "\(resolved) of \(found.count)")
      }
    case .batch(let name):
      guard let section = section("batch", name) else {
        throw SessionError.noSection("batch/\(name)", sections: script?.sections.map(\.title) ?? [])
      }
      let expected = section.text.split(separator: "\n").map(String.init)
      let found = Set(
        try results(of: batch).flatMap { id, _ in try takes(of: id, in: batch).map(BatchSummary.line) })
      if let line = expected.first(where: { !found.contains($0) }) {
        let words = line.split(separator: " ").prefix(2).joined(separator: " ")
        let other = found.first { $0.hasPrefix(words + " ") }
        throw SessionError.expectationFailed(line, found: other ?? "no take \(words)")
      }
      if let more = found.subtracting(expected).min() {
        throw SessionError.expectationFailed("no take \(more)", found: "it there")
      }
    default: break
    }
  }
}
