/// Cuts a file into its command part and its sections.
struct SectionReader {
  private let bytes: [UInt8]
  private var index: Int
  private var line = 1

  /// A reader of `bytes`; a UTF-8 byte order mark is skipped.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The bytes above the first line that begins with `--`, with LF line ends.
  mutating func commandPart() -> [UInt8] {
    let start = index
    while index < bytes.count, !bytes[index...].starts(with: "--".utf8) { skipLine() }
    return Array(bytes[start..<index]).withLineFeeds(atEnd: true)
  }

  /// The sections, after `commandPart()`.
  mutating func sections() throws(ScriptError) -> [Section] {
    var sections: [Section] = []
    while index < bytes.count {
      let number = line
      let header = try SectionHeader.read(bytes[index...].prefix { $0 != ASCII.newline }, number: number)
      skipLine()
      let start = index
      while index < bytes.count, !bytes[index...].starts(with: "-- ".utf8) { skipLine() }
      guard let body = SectionBody.read(bytes[start..<index], flags: header.attributes) else {
        throw .badBase64(line: number, section: header.name.isEmpty ? header.kind : "\(header.kind)/\(header.name)")
      }
      sections.append(
        Section(kind: header.kind, name: header.name, attributes: header.attributes, body: body, line: number))
    }
    return sections
  }

  private mutating func skipLine() {
    index = (bytes[index...].firstIndex(of: ASCII.newline) ?? bytes.count - 1) + 1
    line += 1
  }
}

extension [UInt8] {
  /// The 1-based first line that is not UTF-8, or nil where all are.
  func firstInvalidLine() -> Int? {
    if String(validating: self, as: UTF8.self) != nil { return nil }
    let lines = split(separator: ASCII.newline, omittingEmptySubsequences: false)
    return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
  }
}
