import Attempts
import Content
import Foundation
import Instances
import Journal
import Prompts

/// Which batch is meant.
package enum BatchPick: Hashable, Sendable {
  /// The last one, or the last that has the instance.
  case last
  /// The last run of a phase, by its number.
  case phase(Int)
  /// A batch by its number in the journal, or the last one of a name.
  case named(String)
}

/// What `open` brought into view.
package struct Opened: Sendable {
  package let instanceID: String
  /// The batch that made the takes; nil where they are the sitting's own.
  package let title: String?
  package let takes: [Take]
  /// What it came to; nil where it came to no end.
  package let record: InstanceRecord?
  /// The settings in which the batch differs from the sitting.
  package let differences: [(name: String, batch: String, sitting: String)]
  /// Its place among those that failed, from 1, and how many they are; nil where it did not fail.
  package let place: (number: Int, of: Int)?
  /// True where lines that were added or dropped by hand belong to the sitting's own takes and were put aside.
  package let leavesContext: Bool
}

extension Session {
  // MARK: - Batches

  /// The batch that `pick` means. Those of this sitting come before the journal's.
  ///
  /// - Parameters:
  ///   - pick: which one.
  ///   - id: an instance of which it has takes; nil is any.
  /// - Returns: the batch.
  /// - Throws: `SessionError.noBatch`, `.notInBatch`.
  package func batch(_ pick: BatchPick, having id: String? = nil) throws -> KeptBatch {
    let all = try host.journal.batches(having: id)
    let own = Set(opened.marks.filter(\.isRun).map(\.batch))
    let ordered = all.filter { own.contains($0.id) } + all.filter { !own.contains($0.id) }
    let found: [KeptBatch]
    switch pick {
    case .last:
      let walked = opened.walked ?? opened.last
      found = id == nil ? ordered.filter { $0.id == walked } + ordered : ordered
    case .phase(let number):
      let name = "\(settings.campaign ?? "default")/phase \(number)"
      found = ordered.filter { $0.name == name } + ordered.filter { $0.name.hasSuffix("/phase \(number)") }
    case .named(let text):
      found = ordered.filter { Int(text) == $0.id } + ordered.filter { $0.name == text || $0.title == text }
    }
    guard let id else {
      guard let batch = found.first else { throw SessionError.noBatch(Session.words(of: pick)) }
      return batch
    }
    for batch in found {
      if let key = batch.keys[id], try host.journal.hasTakes(key, of: id) { return batch }
    }
    if let batch = found.first { throw SessionError.notInBatch(id, batch: batch.title) }
    throw SessionError.noBatchOf(id, Session.words(of: pick))
  }

  private static func words(of pick: BatchPick) -> String? {
    switch pick {
    case .last: nil
    case .phase(let number): "phase \(number)"
    case .named(let name): name
    }
  }

  /// The last batch of this sitting, or else of the journal; nil where there is none.
  package func lastBatch() -> KeptBatch? { try? batch(.last) }

  /// The instances of a batch in their order, each with what it came to; nil where it came to no end.
  package func results(of batch: KeptBatch) throws -> [(id: String, record: InstanceRecord?)] {
    let ids = try host.journal.basis(of: batch)?.ids ?? batch.keys.keys.sorted()
    return try ids.map { id in
      (id, try batch.keys[id].flatMap { Hash(hex: $0) }.flatMap { try host.journal.result($0) })
    }
  }

  /// The instances of a batch that were not resolved and of which there are takes, in their order.
  package func failed(in batch: KeptBatch) throws -> [String] {
    try results(of: batch).filter { id, record in
      guard record?.verified != true, let key = batch.keys[id] else { return false }
      return try host.journal.hasTakes(key, of: id)
    }.map(\.id)
  }

  /// The takes that a batch made of an instance.
  package func takes(of id: String, in batch: KeptBatch) throws -> [Take] {
    try batch.keys[id].map { try host.journal.batchTakes($0, of: id) } ?? []
  }

  // MARK: - Opening

  /// Brings the takes of an instance into view that a batch made, and makes it the current one.
  ///
  /// The batch's takes stay as they are. What is made of them is a take of this sitting, and steered.
  package func open(_ id: String, of pick: BatchPick = .last) throws -> Opened {
    if pick == .last, let carried = try carriedOrigin(of: id) { return try open(id, carried.origin, carried.takes) }
    return try open(id, in: try batch(pick, having: id))
  }

  /// The next instance that failed, or the one before, of the batch that was run or opened last.
  package func open(walking step: Int) throws -> Opened {
    let batch = try batch(.last)
    let failed = try failed(in: batch)
    guard let first = failed.first, let last = failed.last else { throw SessionError.noneFailed(batch.title) }
    guard opened.walked == batch.id, let current, let index = failed.firstIndex(of: current) else {
      return try open(step > 0 ? first : last, in: batch)
    }
    guard failed.indices.contains(index + step) else {
      throw SessionError.noMoreFailed(current, of: failed.count, in: batch.title, isLast: step > 0)
    }
    return try open(failed[index + step], in: batch)
  }

  /// The sitting's own takes of an instance, where a batch's are in view.
  package func openOwn(_ id: String?) throws -> Opened {
    guard let id = id ?? current else { throw SessionError.noCurrentInstance }
    guard !(opened.aside[id] ?? takes[id] ?? []).isEmpty else { throw SessionError.noTake("", instance: id, takes: []) }
    if let own = opened.close(id) { takes[id] = own }
    current = id
    return Opened(
      instanceID: id, title: nil, takes: takes[id] ?? [], record: nil, differences: [], place: nil,
      leavesContext: false)
  }

  private func open(_ id: String, in batch: KeptBatch) throws -> Opened {
    guard let key = batch.keys[id] else { throw SessionError.noBatchOf(id, batch.title) }
    let kept = try host.journal.batchTakes(key, of: id)
    let origin = try origin(of: id, in: batch, key: key, takes: kept)
    opened.mark(batch.id, isRun: false, settings: settings, position: made.count)
    opened.walked = batch.id
    return try open(id, origin, kept)
  }

  private func open(_ id: String, _ origin: OpenedTakes.Origin, _ kept: [Take]) throws -> Opened {
    let isSame = opened.origins[id]?.key == origin.key && opened.origins[id]?.ids == origin.ids
    let leaves = !isSame && !((added[id] ?? []).isEmpty && (dropped[id] ?? []).isEmpty)
    if !isSame {
      opened.open(id, origin, own: takes[id] ?? [])
      (added[id], dropped[id], undropped[id]) = (nil, nil, nil)
      pending.removeAll { $0.instanceID == id }
      let mine = made.filter { $0.take.instanceID == id && $0.batch == origin.batch }.map(\.take)
      takes[id] = kept + mine
    }
    stopped = nil
    current = id
    let batch = origin.batch > 0 ? try host.journal.batch(origin.batch) : nil
    let failed = try batch.map(failed) ?? []
    return Opened(
      instanceID: id, title: origin.title, takes: takes[id] ?? [],
      record: try Hash(hex: origin.key).flatMap(host.journal.result),
      differences: OpenedTakes.differences(origin.settings, from: settings),
      place: failed.firstIndex(of: id).map { ($0 + 1, failed.count) }, leavesContext: leaves)
  }

  /// What `open` needs to know of a batch's takes of an instance.
  func origin(of id: String, in batch: KeptBatch, key: String, takes: [Take]) throws -> OpenedTakes.Origin {
    let basis = try host.journal.basis(of: batch)
    let row: (instance: Instance, set: String)
    if let kept = try basis.flatMap({ try keptRow(id, in: $0) }) { row = kept } else { row = try loaded(id) }
    var settings = basis?.settings ?? takes.first?.settings ?? settings
    // Those of an attempt alone are its rung's.
    (settings.attemptSampling, settings.isEscalated) = (nil, nil)
    if let basis, let model = settings.model { modelFolders[model] = basis.folder }
    return OpenedTakes.Origin(
      batch: batch.id, title: batch.title, key: key, row: row.instance, set: row.set, settings: settings,
      templates: basis?.templates ?? [], ids: Set(takes.map(\.id)))
  }

  private func keptRow(_ id: String, in basis: BatchBasis) throws -> (instance: Instance, set: String)? {
    guard let bytes = try basis.rows[id].flatMap(host.journal.bytes) else { return nil }
    return (try Canonical.value(Instance.self, from: bytes), basis.sets[id] ?? "")
  }

  /// A row that no loaded set has: of a take, or of a batch of the journal. Nil where there is none.
  func remembered(_ id: String) throws -> (instance: Instance, set: String)? {
    if let origin = opened.origins[id] { return (origin.row, origin.set) }
    for batch in try host.journal.batches(having: id) {
      if let basis = try host.journal.basis(of: batch), let row = try keptRow(id, in: basis) { return row }
    }
    return used[id].map { ($0, "the sitting") }
  }

  // MARK: - Looking

  /// The takes of an instance that are in view, or else those of the last batch that has it, with its title.
  package func takesToShow(of id: String?) throws -> (takes: [Take], title: String?) {
    guard let id = id ?? current else { throw nothingCurrent() }
    if let takes = takes[id], !takes.isEmpty { return (takes, opened.origins[id]?.title) }
    _ = try instance(id)
    guard let batch = try? batch(.last, having: id), let key = batch.keys[id] else {
      throw SessionError.noTake("", instance: id, takes: [])
    }
    return (try host.journal.batchTakes(key, of: id), batch.title)
  }

  /// Why there is no current instance, with what to type next.
  package func nothingCurrent() -> SessionError {
    guard let batch = lastBatch() else { return .noCurrentInstance }
    return .nothingOpened(batch: batch.title, failed: (try? failed(in: batch).count) ?? 0)
  }

  /// The takes of this sitting that may count: what was made of a batch's takes is steered, and the batch's own count in
  /// its results.
  package var ownTakes: [String: [Take]] {
    takes.filter { opened.origins[$0.key] == nil }.merging(opened.aside) { own, _ in own }.filter { !$0.value.isEmpty }
  }

  /// True for a take that a person had a hand in; those of a batch that is only looked at, `title`, are none.
  package func isSteered(_ take: Take, of title: String?) -> Bool {
    title != nil && opened.origins[take.instanceID] == nil ? false : isSteered(take)
  }

  /// True for a take that a person had a hand in.
  package func isSteered(_ take: Take) -> Bool {
    if let origin = opened.origins[take.instanceID] { return !origin.ids.contains(take.id) }
    return !Steering.counted(takes[take.instanceID] ?? []).contains { $0.id == take.id }
  }
}

extension Journal {
  /// True where a batch made takes under a key.
  func hasTakes(_ key: String, of id: String) throws -> Bool {
    try !rows(
      "SELECT 1 AS n FROM take WHERE sitting = ? AND instance_id = ? LIMIT 1",
      [.text(Journal.batchSitting(key)), .text(id)]
    ).isEmpty
  }
}
