/// The line above a section: `-- kind/name key=value flag --`.
enum SectionHeader {
  /// What a header says: the section's names, and its attributes with the flags of the body's spelling.
  typealias Content = (kind: String, name: String, attributes: [Attribute])

  /// The header of `section`, without its line end.
  static func written(_ section: Section) -> [UInt8] {
    var text = "-- \(section.title)"
    for attribute in section.attributes + SectionBody.flags(of: section.body) {
      text += " \(attribute.key)"
      if let value = attribute.value { text += "=" + written(value) }
    }
    return Array((text + " --").utf8)
  }

  /// Reads a header line, its line end taken away.
  static func read(_ line: ArraySlice<UInt8>, number: Int) throws(ScriptError) -> Content {
    func refuse(_ fault: ScriptError.HeaderFault) -> ScriptError { .malformedHeader(line: number, fault: fault) }
    var line = line
    while let last = line.last, isBlank(last) || last == ASCII.carriageReturn { line.removeLast() }
    guard line.count > 6, line.starts(with: "-- ".utf8), line.suffix(3).elementsEqual(" --".utf8) else {
      throw refuse(.frame)
    }
    let inner = line.dropFirst(3).dropLast(3)
    let end = inner.firstIndex(where: isBlank) ?? inner.endIndex
    let title = inner[..<end]
    let slash = title.firstIndex(of: UInt8(ascii: "/")) ?? title.endIndex
    let kind = String(decoding: title[..<slash], as: UTF8.self)
    guard isKind(title[..<slash]) else { throw refuse(.kind(kind)) }
    let name = title[slash...].dropFirst()
    guard slash == title.endIndex || isName(name) else { throw refuse(.name(String(decoding: title, as: UTF8.self))) }
    var attributes: [Attribute] = []
    var rest = inner[end...]
    while true {
      rest = rest.drop(while: isBlank)
      if rest.isEmpty { break }
      let word = rest
      guard let attribute = attribute(&rest) else {
        throw refuse(.attribute(String(decoding: word.prefix(80), as: UTF8.self)))
      }
      if attributes.contains(where: { $0.key == attribute.key }) { throw refuse(.repeatedAttribute(attribute.key)) }
      attributes.append(attribute)
    }
    return (kind, String(decoding: name, as: UTF8.self), attributes)
  }

  static func isKind(_ bytes: some Collection<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy { isTitle($0) && $0 != UInt8(ascii: "/") }
  }

  static func isName(_ bytes: some Collection<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy(isTitle)
  }

  static func isKey(_ bytes: some Collection<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy { isTitle($0) && !"/+:@".utf8.contains($0) }
  }

  private static func isTitle(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "._/+:@-".utf8.contains(byte)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == ASCII.space || byte == ASCII.tab }

  /// Takes one attribute from the front of `rest`, or nothing where it is none.
  private static func attribute(_ rest: inout ArraySlice<UInt8>) -> Attribute? {
    let end = rest.firstIndex { isBlank($0) || $0 == UInt8(ascii: "=") } ?? rest.endIndex
    let key = String(decoding: rest[..<end], as: UTF8.self)
    guard isKey(rest[..<end]) else { return nil }
    rest = rest[end...]
    guard rest.first == UInt8(ascii: "=") else { return Attribute(key) }
    rest = rest.dropFirst()
    guard rest.first == ASCII.doubleQuote else {
      let value = rest.prefix { !isBlank($0) }
      rest = rest[value.endIndex...]
      return value.isEmpty || value.contains(ASCII.doubleQuote)
        ? nil : Attribute(key, String(decoding: value, as: UTF8.self))
    }
    rest = rest.dropFirst()
    guard let value = quoted(&rest), rest.first.map(isBlank) ?? true else { return nil }
    return Attribute(key, value)
  }

  /// Takes the rest of a quoted value and its closing quote.
  private static func quoted(_ rest: inout ArraySlice<UInt8>) -> String? {
    var value: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == ASCII.doubleQuote { return String(decoding: value, as: UTF8.self) }
      guard byte == ASCII.backslash else {
        value.append(byte)
        continue
      }
      guard let letter = rest.popFirst(), let meant = escapes.first(where: { $0.letter == letter }) else { return nil }
      value.append(meant.byte)
    }
    return nil
  }

  private static func written(_ value: String) -> String {
    if SectionHeader.isName(value.utf8) { return value }
    var text: [UInt8] = [ASCII.doubleQuote]
    for byte in value.utf8 {
      if let escape = escapes.first(where: { $0.byte == byte }) {
        text += [ASCII.backslash, escape.letter]
      } else {
        text.append(byte)
      }
    }
    text.append(ASCII.doubleQuote)
    return String(decoding: text, as: UTF8.self)
  }

  private static let escapes: [(byte: UInt8, letter: UInt8)] = [
    (ASCII.doubleQuote, ASCII.doubleQuote), (ASCII.backslash, ASCII.backslash),
    (ASCII.newline, UInt8(ascii: "n")), (ASCII.carriageReturn, UInt8(ascii: "r")),
    (ASCII.tab, UInt8(ascii: "t")), (ASCII.nul, UInt8(ascii: "0")),
  ]
}
