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
  let takes: [String: [Take]]

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
      case .takes(let instance, let ids):
        lines.append(entry.line)
        commands += 1
        expected = []
        guard let last = ids.last, let take = takes[instance]?.first(where: { $0.id == last }) else { continue }
        for words in Expectation.lines(for: take) { expect(LineParser.quoted(words)) }
      }
    }
    return (ScriptFile.header + lines.joined(separator: "\n") + "\n", commands, expectations)
  }

  /// True for a line about an instance of which no take was made.
  private func isIdle(_ entry: Entry) -> Bool {
    switch entry.kind {
    case .changes(_, let instance?), .undoes(_, let instance?): takes[instance] == nil
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
      case .looks, .remarks, .expects: continue
      case .takes, .changes(nil, _): open = [:]
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
  package func save(to path: String, force: Bool) throws -> Saved {
    guard !made.isEmpty else { throw SessionError.nothingToSave }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: self.path(path), isDirectory: &isFolder), isFolder.boolValue {
      throw SessionError.unwritable(path, reason: "it is a folder")
    }
    // A session may be written again over itself, and not over another's.
    let isAgain = saved.contains(self.path(path))
    try keepOther(path, force: force, word: "save") { isAgain && $0.starts(with: ScriptFile.header.utf8) }
    let writer = SessionWriter(
      entries: entries, settings: SettingTable.differences(initialSettings, from: Settings()), takes: takes)
    let (text, commands, expectations) = writer.commands()
    if !ambiguous.isEmpty { throw SessionError.ambiguous(ambiguous) }
    let exchanges = try exchangeSections()
    let recording = try RecordingFile(exchanges, beside: path)
    let file = try ScriptFile(
      name: path, text: text, sections: try pinnedSections(chosen: writer.templates()) + recording.sections)
    let bytes = file.serialized()
    // The recording first: a session never names one that is not there.
    let beside = try recording.bytes.map { try write($0, to: RecordingFile.path(beside: path)) }
    let written = try write(bytes, to: path)
    saved.insert(written)
    return Saved(
      path: written, commands: commands, expectations: expectations,
      replies: exchanges.count { $0.kind == "reply" }, bytes: bytes.count, recording: beside)
  }

  /// The script that was replayed from `path`, and before it the recording beside it where there is one, with the
  /// replies and prompts of this replay in place of those it had. Where it `stopped` before its end, those of takes that
  /// it did not come to stay: a reply that was paid for is never thrown away. Nil without a script, and where nothing is
  /// new.
  package func rerecorded(at path: String, stopped: Bool = false) throws -> [(path: String, bytes: [UInt8])]? {
    guard let script else { return nil }
    func isExchange(_ section: Section) -> Bool { ["reply", "thoughts", "prompt"].contains(section.kind) }
    let old = script.sections.filter(isExchange)
    let kept = script.sections.filter { !isExchange($0) && $0.kind != "recording" }
    let new = try exchangeSections().filter(isExchange)
    let titles = Set(new.map(\.title))
    let exchanges = new + (stopped ? old.filter { !titles.contains($0.title) } : [])
    let (recording, before) = (try RecordingFile(exchanges, beside: path), try RecordingFile(old, beside: path))
    func written(_ file: RecordingFile) throws -> [UInt8] {
      try ScriptFile(name: script.name, text: "", sections: file.sections).serialized() + (file.bytes ?? [])
    }
    if try written(recording) == written(before) { return nil }
    let file = try ScriptFile(name: script.name, text: script.text, sections: kept + recording.sections)
    // The recording first: a session never names one that is not there.
    return (recording.bytes.map { [(RecordingFile.path(beside: path), $0)] } ?? []) + [(path, file.serialized())]
  }

  /// Rows and templates that the takes were made of, and templates of the sitting's own that a line chooses.
  private func pinnedSections(chosen: Set<String>) throws -> [Section] {
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
    let shown = Set(
      made.flatMap { $0.chain.prompt?.prompt.messages.flatMap(\.parts) ?? [] }.compactMap { part in
        if case .skill(let name) = part.origin { name } else { nil }
      })
    // All that there are where one was shown: which fit is decided anew.
    let skills =
      shown.isEmpty
      ? []
      : try self.skills().map { one in
        Section(kind: "skill", name: one.skill.name, body: Array(one.skill.source.utf8))
      }
    return (rows + templates + skills).map { $0.pinned() }
  }

  /// Replies, prompts and tweaks of all takes in the order they were made.
  private func exchangeSections() throws -> [Section] {
    try made.flatMap { take in
      let name = try take.settings.model.map(ModelName.init(parsing:)) ?? ModelName(.practice)
      return try Recordings.sections(
        of: take, instanceHash: used[take.instanceID]?.hash ?? Hash(of: ""), modelName: name.title,
        template: take.chain.prompt.flatMap { usedTemplates[$0.prompt.template] })
    }
  }
}
