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
  /// Replies and prompts above this many bytes go to a file of their own.
  static let limit = 1_000_000

  let entries: [Entry]
  let settings: [(name: String, value: String)]
  let takes: [String: [Take]]

  /// The commands, one a line, with what was superseded as comments.
  func commands() -> (text: String, commands: Int, expectations: Int) {
    var lines = settings.map { LineParser.quoted(["set", $0.name, $0.value]) }
    var commands = lines.count
    var expectations = 0
    let superseded = superseded()
    for (index, entry) in entries.enumerated() {
      switch entry.kind {
      case .looks: continue
      case .changes, .undoes:
        if superseded.contains(index) {
          lines.append("# superseded: \(entry.line)")
        } else {
          lines.append(entry.line)
          commands += 1
        }
      case .expects:
        if lines.last != entry.line, !lines.suffix(4).contains(entry.line) {
          lines.append(entry.line)
          expectations += 1
        }
      case .takes(let instance, let ids):
        lines.append(entry.line)
        commands += 1
        guard let last = ids.last, let take = takes[instance]?.first(where: { $0.id == last }) else { continue }
        for words in Expectation.lines(for: take) {
          lines.append(LineParser.quoted(words))
          expectations += 1
        }
      }
    }
    return (ScriptFile.header + lines.joined(separator: "\n") + "\n", commands, expectations)
  }

  /// The entries that a later one made meaningless before any take saw them.
  private func superseded() -> Set<Int> {
    var gone: Set<Int> = []
    var open: [String: Int] = [:]
    for (index, entry) in entries.enumerated() {
      switch entry.kind {
      case .looks, .expects: continue
      case .takes: open = [:]
      case .changes(let slot):
        guard let slot else { continue }
        if let earlier = open.updateValue(index, forKey: slot) { gone.insert(earlier) }
      case .undoes(let slot, let own):
        if let earlier = open.removeValue(forKey: slot) {
          gone.formUnion([earlier, index])
        } else if let earlier = open.updateValue(index, forKey: own) {
          gone.insert(earlier)
        }
      }
    }
    return gone
  }

  // MARK: - The recording beside a session

  private struct Line: Codable {
    let kind: String
    let name: String
    let attributes: [[String]]
    let body: Data
  }

  /// Where the recording of a session lies: `NAME.recording.jsonl` beside `NAME.ramp`.
  static func recordingPath(_ path: String) -> String {
    let base = path.hasSuffix(".ramp") ? String(path.dropLast(5)) : path
    return base + ".recording.jsonl"
  }

  /// One JSON object per section; the body in base64, because it may hold any bytes.
  static func recording(_ sections: [Section]) throws -> [UInt8] {
    try sections.reduce(into: []) { bytes, section in
      bytes += try Canonical.bytes(
        Line(
          kind: section.kind, name: section.name, attributes: section.attributes.map { [$0.key, $0.value ?? ""] },
          body: Data(section.body)))
      bytes.append(10)
    }
  }

  static func readRecording(_ bytes: [UInt8], name: String) throws -> [Section] {
    try bytes.split(separator: 10).enumerated().map { index, line in
      do {
        let line = try Canonical.value(Line.self, from: Array(line))
        return Section(
          kind: line.kind, name: line.name,
          attributes: line.attributes.filter { $0.count == 2 }.map { Attribute($0[0], $0[1].isEmpty ? nil : $0[1]) },
          body: Array(line.body))
      } catch {
        throw SessionError.unreadable("\(name):\(index + 1)", reason: "it is no line of a recording")
      }
    }
  }
}

extension Session {
  /// Writes the sitting as a session file.
  package func save(to path: String, force: Bool) throws -> Saved {
    let made = takes.values.flatMap(\.self)
    guard !made.isEmpty else { throw SessionError.nothingToSave }
    if !force, FileManager.default.fileExists(atPath: self.path(path)) {
      // A session may be written again over itself; another file is not lost without being asked.
      guard let old = try? host.readFile(self.path(path)), old.starts(with: ScriptFile.header.utf8) else {
        throw SessionError.fileExists(path)
      }
    }
    let writer = SessionWriter(
      entries: entries, settings: SettingTable.differences(initialSettings, from: Settings()), takes: takes)
    let (text, commands, expectations) = writer.commands()
    let exchanges = try exchangeSections()
    let isLarge = exchanges.reduce(0) { $0 + $1.body.count } > SessionWriter.limit
    let file = try ScriptFile(
      name: path, text: text, sections: try pinnedSections() + (isLarge ? [] : exchanges).map { $0.pinned() })
    let bytes = file.serialized()
    let written = try write(bytes, to: path)
    var recording: String?
    if isLarge {
      recording = try write(
        try SessionWriter.recording(exchanges.map { $0.pinned() }), to: SessionWriter.recordingPath(path))
    }
    return Saved(
      path: written, commands: commands, expectations: expectations,
      replies: exchanges.count { $0.kind == "reply" }, bytes: bytes.count, recording: recording)
  }

  /// The script with the replies and prompts of this replay in place of those it had.
  package func rerecorded() throws -> [UInt8]? {
    guard let script else { return nil }
    let kept = script.sections.filter { $0.kind != "reply" && $0.kind != "prompt" }
    let new = try exchangeSections().filter { $0.kind == "reply" || $0.kind == "prompt" }
    return try ScriptFile(name: script.name, text: script.text, sections: kept + new.map { $0.pinned() }).serialized()
  }

  /// Rows and templates that the takes were made of.
  private func pinnedSections() throws -> [Section] {
    let rows = try used.values.sorted { $0.id < $1.id }.filter { takes[$0.id] != nil }.map {
      Section(kind: "row", name: $0.id, body: try Canonical.bytes($0) + [10])
    }
    let names = Set(takes.values.flatMap { $0.compactMap { $0.chain.prompt?.prompt.template } })
    let templates = try names.sorted().map {
      Section(kind: "template", name: $0, body: Array(try template($0).source.utf8))
    }
    return (rows + templates).map { $0.pinned() }
  }

  /// Replies, prompts and tweaks of all takes, instance by instance in the order they were made.
  private func exchangeSections() throws -> [Section] {
    try takes.sorted { $0.key < $1.key }.flatMap { id, made in
      try made.flatMap { take in
        let name = try take.settings.model.map(ModelName.init(parsing:)) ?? ModelName(.practice)
        return try Recordings.sections(of: take, instanceHash: used[id]?.hash ?? Hash(of: ""), modelName: name.title)
      }
    }
  }
}
