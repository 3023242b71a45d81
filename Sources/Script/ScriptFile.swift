/// A script: commands on top, then sections that carry what the commands need (rows, templates, recorded replies).
///
/// A saved session is one, with `# ramp session 1` on its first line. Serializing what was parsed gives the same bytes
/// where the file was written by `serialized()`; other spellings (CRLF, a missing last line end) are read and
/// normalized.
package struct ScriptFile: Hashable, Sendable {
  /// The newest session format that is read, and the one that is written.
  package static let currentVersion = 1

  /// What the file is called in messages.
  package let name: String
  /// The version that its first line names, or 1 where it names none.
  package let version: Int
  /// The command part as it stands: commands, comments and blank lines, each line ending in LF.
  package let text: String
  /// The commands in their order.
  package let lines: [CommandText]
  /// The sections in their order; no two have the same kind and name.
  package let sections: [Section]

  /// A script of commands and sections.
  ///
  /// - Parameters:
  ///   - name: what the file is called in messages.
  ///   - text: the command part, comments and all; begin with `header` for a session.
  ///   - sections: what the commands need.
  /// - Throws: what `parse` would throw of the file that is written from it.
  package init(name: String = "", text: String, sections: [Section] = []) throws(ScriptError) {
    var bytes = Array(text.utf8).withLineFeeds(atEnd: true)
    if let last = bytes.last, last != ASCII.newline { bytes.append(ASCII.newline) }
    self.name = name
    self.text = String(decoding: bytes, as: UTF8.self)
    self.sections = sections
    version = try ScriptFile.version(bytes)
    try ScriptFile.checkCommands(bytes)
    lines = try LineParser.commands(self.text)
    try ScriptFile.check(sections)
  }

  /// The first line of a session file, with its line end.
  package static let header = "# ramp session \(currentVersion)\n"

  /// The file that `bytes` hold.
  ///
  /// - Parameters:
  ///   - bytes: the whole file; a UTF-8 byte order mark is skipped.
  ///   - name: what the file is called in messages.
  /// - Returns: commands and sections, each section's `sha256` checked.
  /// - Throws: at the first fault, with its line.
  package static func parse(_ bytes: [UInt8], name: String) throws(ScriptError) -> ScriptFile {
    var reader = SectionReader(bytes)
    let commands = reader.commandPart()
    if let line = commands.firstInvalidLine() { throw .notUTF8(line: line) }
    let text = String(decoding: commands, as: UTF8.self)
    _ = try version(commands)
    return try ScriptFile(name: name, text: text, sections: try reader.sections())
  }

  /// The bytes of the file.
  package func serialized() -> [UInt8] {
    var bytes = Array(text.utf8)
    for section in sections {
      bytes += SectionHeader.written(section)
      bytes.append(ASCII.newline)
      bytes += SectionBody.written(section.body)
    }
    return bytes
  }

  /// The section of this kind and name.
  package func section(_ kind: String, _ name: String = "") -> Section? {
    sections.first { $0.kind == kind && $0.name == name }
  }

  private static func version(_ bytes: [UInt8]) throws(ScriptError) -> Int {
    let mark = "# ramp session"
    let line = String(decoding: bytes.prefix { $0 != ASCII.newline }, as: UTF8.self)
    guard line == mark || line.hasPrefix(mark + " ") else { return currentVersion }
    guard let version = Int(line.dropFirst(mark.count + 1)), version > 0 else {
      throw .unreadableVersion(line: 1, text: String(line.prefix(80)))
    }
    if version > currentVersion { throw .newerVersion(line: 1, found: version, supported: currentVersion) }
    return version
  }

  private static func checkCommands(_ bytes: [UInt8]) throws(ScriptError) {
    var line = 1
    var isStart = true
    for (index, byte) in bytes.enumerated() {
      if byte == ASCII.nul { throw .nul(line: line) }
      if isStart, byte == ASCII.dash, index + 1 < bytes.count, bytes[index + 1] == ASCII.dash {
        throw .malformedHeader(line: line, fault: .frame)
      }
      isStart = byte == ASCII.newline
      if isStart { line += 1 }
    }
  }

  private static func check(_ sections: [Section]) throws(ScriptError) {
    var seen: [String: Int] = [:]
    for section in sections {
      try section.check()
      if let first = seen.updateValue(section.line, forKey: section.title) {
        throw .duplicateSection(line: section.line, first: first, section: section.title)
      }
    }
  }
}
