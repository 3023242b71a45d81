import Attempts
import Content
import Foundation
import Instances
import Models
import Prompts
import Script

/// What `save` wrote.
package struct Saved: Hashable, Sendable {
  package let path: String
  package let commands: Int
  package let expectations: Int
  package let replies: Int
  package let bytes: Int
  /// Where replies and prompts went if they were too many for the session file.
  package let recording: String?
}

/// Makes a session file of a sitting: the lines that matter, what they expect, and the sections that pin everything a
/// replay needs.
struct SessionWriter {
  let entries: [Entry]
  let settings: [(name: String, value: String)]
  let made: [MadeTake]
  /// By the numbers that the journal gives them.
  var batches: [Int: SavedBatch] = [:]

  /// The commands, one a line, with what was superseded as comments.
  func commands() -> (text: String, commands: Int, expectations: Int) {
    var lines = settings.map { LineParser.quoted(["set", $0.name, $0.value]) }
    var commands = lines.count
    var expectations = 0
    // What is expected of the last take.
    var expected: Set<String> = []
    func expect(_ line: String) {
      guard expected.insert(line).inserted else { return }
      lines.append(line)
      expectations += 1
    }
    let superseded = superseded()
    for (index, entry) in entries.enumerated() {
      switch entry.kind {
      case .looks: continue
      case .remarks:
        lines.append(entry.line)
        commands += 1
      case .changes, .undoes:
        if isIdle(entry) {
          lines.append("# no take was made of it: \(entry.line)")
        } else if superseded.contains(index) {
          lines.append("# superseded: \(entry.line)")
        } else {
          lines.append(entry.line)
          commands += 1
        }
      case .expects: expect(entry.line)
      case .opens(let instance, let batch):
        guard isUsed(instance, after: index) else { continue }
        lines.append(line(opening: instance, of: batch, after: index))
        commands += 1
        expected = []
      case .batch(let batch):
        guard let saved = batches[batch] else { continue }
        lines += saved.lines
        commands += saved.ids.isEmpty ? 0 : 1
        expected = []
        for line in saved.expectations { expect(line) }
      case .takes(let instance, let ids, let batch):
        lines.append(entry.line)
        commands += 1
        expected = []
        guard let last = ids.last, !goesOn(last, of: instance, batch, after: index),
          let take = made.first(where: {
            $0.take.instanceID == instance && $0.take.id == last && $0.batch == batch
          })?.take
        else { continue }
        for words in Expectation.lines(for: take) { expect(LineParser.quoted(words)) }
      }
    }
    return (ScriptFile.header + lines.joined(separator: "\n") + "\n", commands, expectations)
  }

  /// `open ID`, with the batch where another one of the file has the instance too.
  private func line(opening id: String, of batch: Int?, after index: Int) -> String {
    guard let batch else { return LineParser.quoted(["open", id, "--own"]) }
    let before = entries[..<index].compactMap { entry -> SavedBatch? in
      guard case .batch(let number) = entry.kind else { return nil }
      return batches[number].flatMap { $0.ids.contains(id) ? $0 : nil }
    }
    guard let saved = batches[batch], before.count > 1 else { return LineParser.quoted(["open", id]) }
    return LineParser.quoted(["open", id, "--batch", "\(saved.number)"])
  }

  /// True where something was made of what was opened, or changed for it: else it was only looked at.
  private func isUsed(_ id: String, after index: Int) -> Bool {
    for entry in entries[(index + 1)...] {
      switch entry.kind {
      case .opens(id, _): return false
      case .takes(id, _, _), .changes(_, id?), .undoes(_, id?): return true
      default: continue
      }
    }
    return false
  }

  /// True where a later line goes on with a take: what it came to is known only then.
  private func goesOn(_ take: TakeID, of instance: String, _ batch: Int?, after index: Int) -> Bool {
    entries[(index + 1)...].contains { entry in
      guard case .takes(instance, let ids, batch) = entry.kind else { return false }
      return ids.contains(take)
    }
  }

  /// True for a line about an instance of which no take was made.
  private func isIdle(_ entry: Entry) -> Bool {
    switch entry.kind {
    case .changes(_, let instance?), .undoes(_, let instance?): !made.contains { $0.take.instanceID == instance }
    default: false
    }
  }

  /// The templates that the lines choose.
  func templates() -> Set<String> {
    let superseded = superseded()
    return Set(
      entries.enumerated().compactMap { index, entry in
        guard case .changes("set template", _) = entry.kind, !superseded.contains(index) else { return nil }
        return (try? LineParser.words(entry.line))?.last?.text
      })
  }

  /// The entries that a later one made meaningless before any take saw them.
  private func superseded() -> Set<Int> {
    var gone: Set<Int> = []
    var open: [String: Int] = [:]
    for (index, entry) in entries.enumerated() where !isIdle(entry) {
      switch entry.kind {
      case .looks, .remarks, .expects, .opens: continue
      case .takes, .batch, .changes(nil, _): open = [:]
      case .changes(let slot?, _):
        if let earlier = open.updateValue(index, forKey: slot) { gone.insert(earlier) }
      case .undoes(let slot, _):
        if let earlier = open.removeValue(forKey: slot) { gone.formUnion([earlier, index]) }
      }
    }
    return gone
  }
}

extension Session {
  /// Writes the sitting as a session file.
  ///
  /// - Parameters:
  ///   - path: the file, as a line names it.
  ///   - force: a file that this sitting has not written gives way.
  ///   - check: reads the session before anything is written; what it throws is why it is not.
  /// - Returns: what was written.
  /// - Throws: `SessionError.nothingToSave`, `.ambiguous`, `.unreplayable`.
  package func save(
    to path: String, force: Bool,
    check: @Sendable (_ file: ScriptFile, _ hasReplies: Bool) async throws -> Void = { _, _ in }
  ) async throws -> Saved {
    let batches = try savedBatches()
    guard !made.isEmpty || batches.contains(where: { !$0.ids.isEmpty }) else { throw SessionError.nothingToSave }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: self.path(path), isDirectory: &isFolder), isFolder.boolValue {
      throw SessionError.unwritable(path, reason: "it is a folder")
    }
    // A session may be written again over itself, and not over another's.
    let isAgain = saved.contains(self.path(path))
    try keepOther(path, force: force, word: "save") { isAgain && $0.starts(with: ScriptFile.header.utf8) }
    let writer = SessionWriter(
      entries: entries, settings: SettingTable.differences(initialSettings, from: Settings()), made: made,
      batches: Dictionary(batches.map { ($0.batch, $0) }, uniquingKeysWith: { $1 }))
    let (text, commands, expectations) = writer.commands()
    if !ambiguous.isEmpty { throw SessionError.ambiguous(ambiguous) }
    let exchanges = try exchanges(batches)
    let recording = try RecordingFile(exchanges.writer, beside: path)
    let carried = try carriedSections(batches)
    let pinned = try pinnedSections(chosen: writer.templates(), exchanges: exchanges) + exchanges.summaries + carried
    let file = try ScriptFile(name: path, text: text, sections: pinned + recording.sections)
    do {
      let sections = pinned + recording.sections.filter { $0.kind != "recording" }
      try await check(try ScriptFile(name: path, text: text, sections: sections), exchanges.replies > 0)
    } catch {
      throw SessionError.unreplayable((error as? any LocalizedError)?.errorDescription ?? "\(error)")
    }
    let bytes = file.serialized()
    // The recording first: a session never names one that is not there.
    let beside = try recording.bytes.map { try write($0, to: RecordingFile.path(beside: path)) }
    let written = try write(bytes, to: path)
    saved.insert(written)
    return Saved(
      path: written, commands: commands, expectations: expectations, replies: exchanges.replies, bytes: bytes.count,
      recording: beside)
  }

  /// The script that was replayed from `path`, and before it the recording beside it where there is one, with the
  /// replies and prompts of this replay in place of those it had. Where it `stopped` before its end, those of takes that
  /// it did not come to stay: a reply that was paid for is never thrown away. Nil without a script, and where nothing is
  /// new.
  package func rerecorded(at path: String, stopped: Bool = false) throws -> [(path: String, bytes: [UInt8])]? {
    guard let script else { return nil }
    let kinds = ["reply", "thoughts", "prompt"] + RecordedOutcomes.kinds.map(\.rawValue)
    func isExchange(_ section: Section) -> Bool { kinds.contains(section.kind) }
    let old = script.sections.filter(isExchange)
    let kept = script.sections.filter { !isExchange($0) && $0.kind != "recording" }
    let batches = try savedBatches()
    let isApart = !batches.isEmpty
    let new = try exchanges(batches, isApart: false).writer.sections.filter(isExchange)
    let titles = Set(new.map(\.title))
    let exchanges = new + (stopped ? old.filter { !titles.contains($0.title) } : [])
    let recording = try RecordingFile(exchanges, beside: path, isApart: isApart)
    let before = try RecordingFile(old, beside: path, isApart: isApart)
    func written(_ file: RecordingFile) throws -> [UInt8] {
      try ScriptFile(name: script.name, text: "", sections: file.sections).serialized() + (file.bytes ?? [])
    }
    if try written(recording) == written(before) { return nil }
    let file = try ScriptFile(name: script.name, text: script.text, sections: kept + recording.sections)
    // The recording first: a session never names one that is not there.
    return (recording.bytes.map { [(RecordingFile.path(beside: path), $0)] } ?? []) + [(path, file.serialized())]
  }

  /// Rows and templates that the takes were made of, and templates of the sitting's own that a line chooses.
  private func pinnedSections(chosen: Set<String>, exchanges: Exchanges) throws -> [Section] {
    let usedTemplates = exchanges.templates
    let unused = edited.filter { chosen.contains($0.key) && usedTemplates[$0.key] == nil }
    let rows = try used.values.sorted { $0.id < $1.id }.map {
      Section(kind: "row", name: $0.id, body: try Canonical.bytes($0) + [10])
    }
    let included = usedTemplates.values.reduce(into: [String: String]()) { all, template in
      all.merge(template.includes ?? [:]) { known, _ in known }
    }
    let sources = usedTemplates.mapValues(\.source).merging(unused) { used, _ in used }
      .merging(included) { used, _ in used }
    let templates = sources.sorted { $0.key < $1.key }.map {
      Section(kind: "template", name: $0.key, body: Array($0.value.utf8))
    }
    // All that there are where one was shown: which fit is decided anew.
    let skills =
      !exchanges.showsSkills
      ? []
      : try self.skills().map { one in
        Section(kind: "skill", name: one.skill.name, body: Array(one.skill.source.utf8))
      }
    return (rows + templates + skills).map { $0.pinned() }
  }

  // MARK: - Batches

  /// The batches that lines of this sitting ran, in their order, as they are saved.
  private func savedBatches() throws -> [SavedBatch] {
    var found: [SavedBatch] = []
    var number = 0
    for entry in entries {
      guard case .batch(let id) = entry.kind, let batch = try host.journal.batch(id),
        let basis = try host.journal.basis(of: batch), let settings = basis.settings
      else { continue }
      let results = try results(of: batch)
      let ended = results.filter { $0.record != nil }
      if !ended.isEmpty { number += 1 }
      found.append(
        SavedBatch(
          batch: id, number: number, ids: ended.map(\.id), left: results.filter { $0.record == nil }.map(\.id),
          resolved: ended.count { $0.record?.verified == true }, settings: settings, attempts: basis.attempts,
          isAgain: basis.repetition > 0, phase: batch.title.firstMatch(of: /^phase ([1-5])/).flatMap { Int($0.1) },
          typed: entry.line))
    }
    return found
  }

  /// Everything that the takes of a session exchanged, and what it was made from.
  private struct Exchanges {
    var writer: RecordingFile.Writer
    /// What the takes of each batch came to.
    var summaries: [Section] = []
    var templates: [String: TemplateText]
    var replies = 0
    var showsSkills = false
    /// The test runs that stand in it.
    var outcomes: Set<Hash> = []
  }

  /// Replies, prompts, tweaks and test outcomes of all takes in the order in which they were made. The takes of a batch
  /// are read one instance after the other.
  private func exchanges(_ batches: [SavedBatch], isApart: Bool? = nil) throws -> Exchanges {
    let isApart = isApart ?? batches.contains { !$0.ids.isEmpty }
    var exchanges = Exchanges(writer: RecordingFile.Writer(isApart: isApart), templates: usedTemplates)
    let numbers = Dictionary(batches.map { ($0.batch, $0.number) }, uniquingKeysWith: { $1 })
    var keys: Set<String> = []
    var position = 0
    func addMade(upTo end: Int) throws {
      for made in made[min(position, end)..<end] {
        let place = made.batch.map { numbers[$0].map { "/batch-\($0)" } ?? "/opened" } ?? ""
        try add(made.take, named: "\(made.take.instanceID)/\(made.take.id)\(place)", to: &exchanges)
      }
      position = max(position, end)
    }
    for saved in batches {
      try addMade(upTo: min(made.count, opened.marks.first { $0.batch == saved.batch }?.position ?? position))
      guard let batch = try host.journal.batch(saved.batch), let basis = try host.journal.basis(of: batch) else {
        continue
      }
      var lines: [String] = []
      for id in saved.ids {
        guard let key = batch.keys[id] else { continue }
        let takes = try host.journal.batchTakes(key, of: id)
        lines += takes.map(BatchSummary.line)
        // What an earlier batch of the file made is kept, and not made again.
        guard keys.insert(key).inserted else { continue }
        for take in takes {
          if let name = take.chain.prompt?.prompt.template, exchanges.templates[name] == nil {
            exchanges.templates[name] = try basis.templates.first { $0.name == name } ?? template(name)
          }
          try add(take, named: "\(id)/\(take.id)/batch-\(saved.number)", to: &exchanges)
        }
      }
      if !saved.ids.isEmpty { exchanges.summaries.append(BatchSummary.section(saved.number, lines)) }
    }
    try addMade(upTo: made.count)
    return exchanges
  }

  private func add(_ take: Take, named name: String, to exchanges: inout Exchanges) throws {
    let model = try take.settings.model.map(ModelName.init(parsing:)) ?? ModelName(.practice)
    let sections = try Recordings.sections(
      of: take, named: name, instanceHash: used[take.instanceID]?.hash ?? Hash(of: ""), modelName: model.title,
      template: take.chain.prompt.flatMap { exchanges.templates[$0.prompt.template] })
    exchanges.replies += sections.count { $0.kind == "reply" }
    exchanges.showsSkills =
      exchanges.showsSkills
      || take.chain.prompt?.prompt.messages.flatMap(\.parts).contains { part in
        if case .skill = part.origin { true } else { false }
      } == true
    try exchanges.writer.add(sections + RecordedOutcomes.sections(of: take, kept: &exchanges.outcomes))
  }

  /// The takes that were opened of batches that the file does not run.
  private func carriedSections(_ batches: [SavedBatch]) throws -> [Section] {
    var origins: [String: Set<Int>] = [:]
    for case .takes(let id, _, let batch?) in entries.map(\.kind) { origins[id, default: []].insert(batch) }
    return try origins.sorted { $0.key < $1.key }.compactMap { id, numbers in
      let carried = numbers.filter { number in !batches.contains { $0.batch == number && $0.ids.contains(id) } }
      guard let number = carried.first else { return nil }
      guard numbers.count == 1 else {
        throw SessionError.unreplayable("takes were made of those of several batches of \(id), of earlier sittings too")
      }
      if number == 0 { return section("opened", id) }
      guard let batch = try host.journal.batch(number), let key = batch.keys[id] else {
        throw SessionError.unreplayable("the journal has lost batch \(number), of which takes of \(id) were opened")
      }
      let kept = try host.journal.batchTakes(key, of: id)
      let carriedTakes = try CarriedTakes(try origin(of: id, in: batch, key: key, takes: kept), kept)
      return Section(kind: "opened", name: id, body: try Canonical.bytes(carriedTakes) + [10]).pinned()
    }
  }
}
