import Attempts
import Content
import Foundation
import Instances
import Journal

/// A sitting or a batch of the journal, as a list of them shows it.
package struct PastWork: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Lines at a prompt, in a script or in the shell: the name in the journal.
    case sitting(String)
    /// The number of a batch.
    case batch(Int)
  }

  package let kind: Kind
  /// When it began, in milliseconds since 1970.
  package let begunAt: Int
  /// What it did: its first line that made something, or what the batch is called.
  package let title: String
  package let instances: Int
  package let takes: Int
  /// How many instances have a take that is resolved, and how many only others with a verdict.
  package let resolved: Int
  package let unresolved: Int
  /// Instances whose last take ended in an environment error, or without a verdict.
  package let others: Int
}

extension Journal {
  /// How many sittings and batches it knows.
  package func countOfSittings() throws -> Int {
    let found = try rows(
      """
      SELECT (SELECT count(*) FROM batch)
        + (SELECT count(*) FROM sitting WHERE sitting IN (SELECT sitting FROM sitting_item WHERE kind = 'entry')) AS n
      """)
    return found.first?["n"]?.integer ?? 0
  }

  /// Sittings and batches, the first begun first.
  package func pastWork() throws -> [PastWork] {
    let tallies = try tallies()
    var found: [PastWork] = []
    for batch in try batches() {
      let date = (try? Date(batch.begunAt, strategy: .iso8601)) ?? .distantPast
      var tally = Tally()
      for (id, key) in batch.keys { tally.add(tallies[Journal.batchSitting(key)]?[id]) }
      found.append(
        PastWork(
          kind: .batch(batch.id), begunAt: Int(date.timeIntervalSince1970 * 1000), title: batch.title,
          instances: batch.keys.count, takes: tally.takes, resolved: tally.resolved, unresolved: tally.unresolved,
          others: tally.others))
    }
    let sittings = try rows(
      """
      SELECT sitting.sitting AS name, coalesce(begun_at, changed_at) AS begun,
        (SELECT value FROM sitting_item AS item WHERE item.sitting = sitting.sitting AND kind = 'entry'
          AND (instr(value, '"takes"') OR instr(value, '"batch"')) ORDER BY item.name LIMIT 1) AS made,
        (SELECT value FROM sitting_item AS item WHERE item.sitting = sitting.sitting AND kind = 'entry'
          ORDER BY instr(value, '"looks"') > 0, item.name LIMIT 1) AS first
      FROM sitting WHERE first IS NOT NULL
      """)
    for row in sittings {
      guard let name = row["name"]?.text, let begun = row["begun"]?.integer else { continue }
      let line = (row["made"]?.text ?? row["first"]?.text).flatMap {
        try? Canonical.value(Entry.self, from: Array($0.utf8)).line
      }
      var tally = Tally()
      var instances: Set<String> = []
      // What it made of a batch's takes stands under its name and the batch's key.
      for (kept, byInstance) in tallies where kept == name || kept.hasPrefix("\(name) ") {
        for (id, one) in byInstance {
          instances.insert(id)
          tally.add(one)
        }
      }
      found.append(
        PastWork(
          kind: .sitting(name), begunAt: begun, title: line ?? "", instances: instances.count, takes: tally.takes,
          resolved: tally.resolved, unresolved: tally.unresolved, others: tally.others))
    }
    return found.sorted { ($0.begunAt / 1000, $0.order, $0.begunAt) < ($1.begunAt / 1000, $1.order, $1.begunAt) }
  }

  /// What the takes of one instance come to.
  private struct OfInstance {
    var takes = 0
    var isResolved = false
    var isUnresolved = false
  }

  private struct Tally {
    var takes = 0
    var resolved = 0
    var unresolved = 0
    var others = 0

    mutating func add(_ one: OfInstance?) {
      guard let one else {
        others += 1
        return
      }
      takes += one.takes
      if one.isResolved { resolved += 1 } else if one.isUnresolved { unresolved += 1 } else { others += 1 }
    }
  }

  /// By the name in the journal and the instance.
  private func tallies() throws -> [String: [String: OfInstance]] {
    var found: [String: [String: OfInstance]] = [:]
    let counts = try rows(
      """
      SELECT sitting, instance_id, count(*) AS n, max(coalesce(verdict, '') = 'resolved') AS resolved,
        max(coalesce(verdict, '') IN ('unresolved', 'suspect')) AS unresolved
      FROM take GROUP BY sitting, instance_id
      """)
    for row in counts {
      guard let sitting = row["sitting"]?.text, let id = row["instance_id"]?.text else { continue }
      found[sitting, default: [:]][id] = OfInstance(
        takes: row["n"]?.integer ?? 0, isResolved: row["resolved"]?.integer == 1,
        isUnresolved: row["unresolved"]?.integer == 1)
    }
    return found
  }
}

extension PastWork {
  /// Of two that began in the same second the batch comes after the sitting that ran it.
  fileprivate var order: Int {
    switch kind {
    case .sitting: 0
    case .batch(let id): id
    }
  }
}

extension Session {
  /// The sittings and batches of the journal, the first begun first: their numbers are their places, from 1.
  package func pastWork() throws -> [PastWork] { try host.journal.pastWork() }

  /// Opens an older sitting or batch by its number. A sitting takes the place of this one, which the journal keeps; of a
  /// batch the failures are walked from now on.
  ///
  /// - Returns: what it is, and the sources of rows that are not there any more.
  /// - Throws: `SessionError.noSuchSitting`, and what `resume` throws.
  package func openPast(_ number: Int) async throws -> (work: PastWork, missing: [String]) {
    let all = try pastWork()
    guard all.indices.contains(number - 1) else { throw SessionError.noSuchSitting(number, of: all.count) }
    let work = all[number - 1]
    switch work.kind {
    case .batch(let id):
      opened.mark(id, isRun: false, settings: settings, position: made.count)
      opened.walked = id
      failures = nil
      return (work, [])
    case .sitting(let name):
      keepSitting()
      begin(anew: UUID().uuidString.lowercased())
      return (work, try await resume(name))
    }
  }

  /// Everything as at the start, under another name.
  private func begin(anew name: String) {
    sitting = name
    keptItems = KeptItems()
    (datasets, solveRates, ratesSource) = ([], SolveRates([:]), nil)
    (paused, ranBatch, failures, stopped, isStopNew) = ([:], nil, nil, nil, false)
    (script, keptScriptFile, usedSections, edited) = (nil, nil, [], [:])
    (models, modelFolders, knownPaths, saved) = ([:], [:], nil, [])
    opened = OpenedTakes()
  }
}
