import Content
import Context
import Foundation
import Instances
import Journal

extension Journal {
  /// The finished takes of a sitting by instance, in the order of their numbers.
  ///
  /// - Throws: `JournalError`; `KeptTakeError` for a take that another version of ramp wrote.
  package func takes(of sitting: String) throws -> [String: [Take]] {
    var stages: [String: [StageRecord]] = [:]
    for row in try rows("SELECT * FROM stage WHERE sitting = ?", [.text(sitting)]) {
      guard let name = Journal.takeName(row), let record = try record(row) else { throw KeptTakeError.unreadable }
      stages[name, default: []].append(record)
    }
    var takes: [String: [Take]] = [:]
    for row in try rows("SELECT * FROM take WHERE sitting = ? ORDER BY attempt, take", [.text(sitting)]) {
      guard let name = Journal.takeName(row), let instance = row["instance_id"]?.text,
        let attempt = row["attempt"]?.integer, let take = row["take"]?.integer,
        let settings = row["settings"]?.text.flatMap(Settings.kept),
        let changes: [String] = Journal.value(row["changes"])
      else { throw KeptTakeError.unreadable }
      takes[instance, default: []].append(
        Take(
          instanceID: instance, id: TakeID(attempt: attempt, take: take), settings: settings,
          records: Chain(stages[name] ?? []).records, changes: changes,
          strategy: Journal.value(row["strategy"]) ?? [], wallMilliseconds: row["wall_milliseconds"]?.integer,
          own: Journal.value(row["own"])))
    }
    return takes
  }

  /// Forgets a finished take, which is to be made again from its beginning; what it was made of stays.
  package func forget(_ take: Take, of sitting: String) throws {
    try durably { transaction in
      for table in ["stage", "take"] {
        try transaction.execute(
          "DELETE FROM \(table) WHERE sitting = ? AND instance_id = ? AND attempt = ? AND take = ?",
          [.text(sitting), .text(take.instanceID), .integer(take.id.attempt), .integer(take.id.take)])
      }
    }
  }

  /// The stages of a take that was begun and not finished, as they are kept.
  func begun(_ plan: Plan, sitting: String) throws -> [StageRecord] {
    try rows(
      "SELECT * FROM stage WHERE sitting = ? AND instance_id = ? AND attempt = ? AND take = ?",
      [.text(sitting), .text(plan.instance.id), .integer(plan.id.attempt), .integer(plan.id.take)]
    ).compactMap(record)
  }

  private static func takeName(_ row: [String: JournalValue]) -> String? {
    guard let id = row["instance_id"]?.text, let attempt = row["attempt"]?.integer, let take = row["take"]?.integer
    else { return nil }
    return "\(id)/\(attempt).\(take)"
  }

  private func record(_ row: [String: JournalValue]) throws -> StageRecord? {
    guard let stage = row["stage"]?.text.flatMap(Stage.init(rawValue:)), let key = Journal.hash(row["key"]),
      let content = Journal.hash(row["content"]), let how = row["how"]?.text.flatMap(StageRecord.How.init(kept:)),
      let milliseconds = row["milliseconds"]?.integer,
      let attachments: [String: Hash] = Journal.value(row["attachments"]), let bytes = try bytes(of: content),
      let artifact = try? Artifact(stage, bytes: bytes)
    else { return nil }
    return StageRecord(
      stage: stage, key: key, content: content, artifact: artifact, how: how, milliseconds: milliseconds,
      attachments: attachments, writingMilliseconds: row["writing_milliseconds"]?.integer,
      environmentMilliseconds: row["environment_milliseconds"]?.integer)
  }

  private static func hash(_ value: JournalValue?) -> Hash? { value?.text.flatMap { Hash(hex: $0) } }

  private static func value<Value: Decodable>(_ column: JournalValue?) -> Value? {
    column?.text.flatMap { try? Canonical.value(Value.self, from: Array($0.utf8)) }
  }
}

/// Why takes cannot be read back.
package enum KeptTakeError: Error, Hashable, Sendable {
  case unreadable
}

extension KeptTakeError: LocalizedError {
  package var errorDescription: String? { "the last sitting was written by another version of ramp" }

  package var recoverySuggestion: String? { "start without `--continue`; a session that was saved replays everywhere" }
}

extension StageRecord.How {
  /// The text that the journal keeps: the word, and for a tweak the hash of what it took the place of.
  var kept: String {
    if case .tweaked(let old) = self { "\(word) \(old.hex)" } else { word }
  }

  init?(kept text: String) {
    let parts = text.split(separator: " ").map(String.init)
    switch parts.first {
    case "made": self = .made
    case "kept": self = .kept
    case "tweaked":
      guard parts.count == 2, let old = Hash(hex: parts[1]) else { return nil }
      self = .tweaked(of: old)
    default: return nil
    }
  }
}

extension Artifact {
  /// The artifact of `stage` whose canonical bytes are `bytes`.
  package init(_ stage: Stage, bytes: [UInt8]) throws {
    self =
      switch stage {
      case .workspace: .workspace(try Canonical.value(from: bytes))
      case .baseline: .baseline(try Canonical.value(from: bytes))
      case .context: .context(try Canonical.value(from: bytes))
      case .prompt: .prompt(try Canonical.value(from: bytes))
      case .reply: .reply(try Canonical.value(from: bytes))
      case .edits: .edits(try Canonical.value(from: bytes))
      case .patch: .patch(try Canonical.value(from: bytes))
      case .outcomes: .outcomes(try Canonical.value(from: bytes))
      case .verdict: .verdict(try Canonical.value(from: bytes))
      case .feedback: .feedback(try Canonical.value(from: bytes))
      }
  }
}
