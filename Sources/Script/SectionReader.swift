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
    Array(takeLines { !$0.starts(with: "--".utf8) }).withLineFeeds(atEnd: true)
  }

  /// The sections, after `commandPart()`.
  mutating func sections() throws(ScriptError) -> [Section] {
    var sections: [Section] = []
    while index < bytes.count {
      let number = line
      let header = try SectionHeader.read(takeLine().prefix { $0 != ASCII.newline }, number: number)
      guard let body = SectionBody.read(takeLines { !$0.starts(with: "-- ".utf8) }, flags: header.attributes) else {
        throw .badBase64(line: number, section: header.name.isEmpty ? header.kind : "\(header.kind)/\(header.name)")
      }
      sections.append(
        Section(kind: header.kind, name: header.name, attributes: header.attributes, body: body, line: number))
    }
    return sections
  }

  /// The next line with its end, passed.
  private mutating func takeLine() -> ArraySlice<UInt8> {
    let rest = bytes[index...]
    let taken = rest[..<(rest.firstIndex(of: ASCII.newline).map { $0 + 1 } ?? rest.endIndex)]
    index = taken.endIndex
    line += 1
    return taken
  }

  /// The next lines for which `holds`, given all the bytes from the line on, is true; passed.
  private mutating func takeLines(while holds: (ArraySlice<UInt8>) -> Bool) -> ArraySlice<UInt8> {
    var taken = bytes[index..<index]
    while index < bytes.count, holds(bytes[index...]) { taken = bytes[taken.startIndex..<takeLine().endIndex] }
    return taken
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
