import Content
import Foundation
import Script

/// `NAME.recording.jsonl` beside `NAME.ramp`: the replies and prompts of a session that are too many for the session
/// file, which names it, and its hash, in a section `recording`.
struct RecordingFile {
  /// Replies and prompts of more than this many bytes go to a file of their own.
  static let limit = 1_000_000

  /// The sections that a session file holds in place of `exchanges`, and the recording where there is to be one.
  let sections: [Section]
  let bytes: [UInt8]?

  init(_ exchanges: [Section], beside path: String) throws {
    let exchanges = exchanges.map { $0.pinned() }
    guard exchanges.reduce(0, { $0 + $1.body.count }) > RecordingFile.limit else {
      (sections, bytes) = (exchanges, nil)
      return
    }
    let bytes = try RecordingFile.written(exchanges)
    let name = (RecordingFile.path(beside: path) as NSString).lastPathComponent
    sections = [
      Section(kind: "recording", attributes: [Attribute("of", Hash(of: bytes).hex)], body: Array("\(name)\n".utf8))
    ]
    self.bytes = bytes
  }

  /// Where the recording of the session at `path` is written.
  static func path(beside path: String) -> String {
    (path.hasSuffix(".ramp") ? String(path.dropLast(5)) : path) + ".recording.jsonl"
  }

  private struct Line: Codable {
    let kind: String
    let name: String
    let attributes: [[String]]
    let body: Data
  }

  /// One JSON object per section; the body in base64, because it may hold any bytes.
  private static func written(_ sections: [Section]) throws -> [UInt8] {
    try sections.reduce(into: []) { bytes, section in
      bytes += try Canonical.bytes(
        Line(
          kind: section.kind, name: section.name,
          attributes: section.attributes.map { [$0.key] + ($0.value.map { [$0] } ?? []) }, body: Data(section.body)))
      bytes.append(10)
    }
  }

  private static func read(_ bytes: [UInt8], name: String) throws -> [Section] {
    try bytes.split(separator: 10).enumerated().map { index, line in
      do {
        let line = try Canonical.value(Line.self, from: Array(line))
        return Section(
          kind: line.kind, name: line.name,
          attributes: line.attributes.compactMap { pair in pair.first.map { Attribute($0, pair.dropFirst().first) } },
          body: Array(line.body))
      } catch {
        throw SessionError.unreadable("\(name):\(index + 1)", reason: "it is no line of a recording")
      }
    }
  }

  /// `file` with the sections of the recording that it names; as it is where it names none.
  static func joined(_ file: ScriptFile, at path: String, read: (String) throws -> [UInt8]) throws -> ScriptFile {
    guard let section = file.section("recording") else { return file }
    let name = (section.text.trimmingCharacters(in: .whitespacesAndNewlines) as NSString).lastPathComponent
    let place = (PathText.folder(of: path) as NSString).appendingPathComponent(name)
    let bytes = try read(place)
    if let hash = section[attribute: "of"], hash != Hash(of: bytes).hex { throw SessionError.otherRecording(place) }
    let sections = try RecordingFile.read(bytes, name: place)
    do throws(ScriptError) {
      return try ScriptFile(name: file.name, text: file.text, sections: file.sections + sections)
    } catch {
      throw SessionError.unreadable(place, reason: error.localizedDescription)
    }
  }
}
