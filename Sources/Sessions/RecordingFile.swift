import Content
import Foundation
import Script

/// `NAME.recording.jsonl` beside `NAME.ramp`: the replies, prompts and test outcomes of a session that are too many for
/// the session file, or of a batch. The session names it, and its hash, in a section `recording`.
struct RecordingFile {
  /// Replies and prompts of more than this many bytes go to a file of their own.
  static let limit = 1_000_000

  /// The sections that a session file holds in place of `exchanges`, and the recording where there is to be one.
  let sections: [Section]
  let bytes: [UInt8]?

  /// With `isApart` they go to the recording however few they are.
  init(_ exchanges: [Section], beside path: String, isApart: Bool = false) throws {
    var writer = Writer(isApart: isApart)
    try writer.add(exchanges)
    try self.init(writer, beside: path)
  }

  init(_ writer: Writer, beside path: String) throws {
    var writer = writer
    if writer.sections.reduce(0, { $0 + $1.body.count }) > RecordingFile.limit { try writer.move() }
    guard writer.isApart, !writer.bytes.isEmpty else {
      (sections, bytes) = (writer.sections, nil)
      return
    }
    let name = (RecordingFile.path(beside: path) as NSString).lastPathComponent
    sections = [
      Section(
        kind: "recording", attributes: [Attribute("of", Hash(of: writer.bytes).hex)], body: Array("\(name)\n".utf8))
    ]
    bytes = writer.bytes
  }

  /// What is added piece by piece: of what goes to a recording nothing but its lines is kept.
  struct Writer {
    private(set) var isApart: Bool
    private(set) var sections: [Section] = []
    private(set) var bytes: [UInt8] = []

    init(isApart: Bool) { self.isApart = isApart }

    mutating func add(_ more: [Section]) throws {
      let more = more.map { $0.pinned() }
      if isApart { bytes += try RecordingFile.written(more) } else { sections += more }
    }

    fileprivate mutating func move() throws {
      bytes += try RecordingFile.written(sections)
      (isApart, sections) = (true, [])
    }
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
