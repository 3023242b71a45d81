import Content

/// One `key=value` or bare flag of a section header.
package struct Attribute: Hashable, Sendable {
  /// Letters, digits, `.`, `_` and `-`.
  package let key: String
  /// Its value, or nil for a flag.
  package let value: String?

  /// The attribute `key=value`, or the flag `key`.
  package init(_ key: String, _ value: String? = nil) {
    self.key = key
    self.value = value
  }
}

/// One section of a script file: bytes of any kind under a kind and a name.
///
/// How the body is written (`base64`, `no-eol`, `cr`) is not part of a section: it follows from the body. Two sections are
/// equal where kind, name, attributes and body are, wherever they stand.
package struct Section: Sendable {
  /// What it holds, such as `reply`: one or more of `A-Za-z0-9._+:@-`.
  package let kind: String
  /// Which one, such as `django__django-11000/1.1`: of `A-Za-z0-9._/+:@-`; empty where the kind has only one.
  package let name: String
  /// The header's attributes in their order, without `base64`, `no-eol` and `cr`.
  package private(set) var attributes: [Attribute]
  /// The exact bytes.
  package let body: [UInt8]
  /// The 1-based line of its header, or 0 where it was not read from a file.
  package let line: Int

  /// A section. Attributes called `base64`, `no-eol` or `cr` are dropped: they follow from the body.
  package init(kind: String, name: String = "", attributes: [Attribute] = [], body: [UInt8], line: Int = 0) {
    self.kind = kind
    self.name = name
    self.attributes = attributes.filter { !SectionBody.keys.contains($0.key) }
    self.body = body
    self.line = line
  }

  /// `kind/name`, or the kind alone.
  package var title: String { name.isEmpty ? kind : "\(kind)/\(name)" }

  /// The body as text; bytes that are not UTF-8 become U+FFFD.
  package var text: String { String(decoding: body, as: UTF8.self) }

  /// The section with its attribute `sha256` set to the hash of its body, last where it is new.
  package func pinned() -> Section {
    var section = self
    let attribute = Attribute(Section.hashKey, Hash(of: body).hex)
    if let index = attributes.firstIndex(where: { $0.key == Section.hashKey }) {
      section.attributes[index] = attribute
    } else {
      section.attributes.append(attribute)
    }
    return section
  }

  /// The value of an attribute; empty for a flag, nil where there is none.
  package subscript(attribute key: String) -> String? {
    attributes.first { $0.key == key }.map { $0.value ?? "" }
  }

  static let hashKey = "sha256"

  /// Checks that the section can be written and read back: its names, and that `sha256` fits the body.
  func check() throws(ScriptError) {
    func refuse(_ fault: ScriptError.HeaderFault) -> ScriptError { .malformedHeader(line: line, fault: fault) }
    guard SectionHeader.isKind(kind.utf8) else { throw refuse(.kind(kind)) }
    guard name.isEmpty || SectionHeader.isName(name.utf8) else { throw refuse(.name(name)) }
    var keys: Set<String> = []
    for attribute in attributes {
      guard SectionHeader.isKey(attribute.key.utf8) else { throw refuse(.attribute(attribute.key)) }
      guard keys.insert(attribute.key).inserted else { throw refuse(.repeatedAttribute(attribute.key)) }
    }
    guard let said = self[attribute: Section.hashKey] else { return }
    guard let expected = Hash(hex: said) else { throw refuse(.hash(said)) }
    let actual = Hash(of: body)
    if actual == expected { return }
    throw .hashMismatch(
      line: line, section: title, expected: expected.hex, actual: actual.hex,
      lineEnds: Hash(of: body.withLineFeeds()) == expected)
  }
}

extension Section: Hashable {
  package static func == (left: Section, right: Section) -> Bool {
    left.kind == right.kind && left.name == right.name && left.attributes == right.attributes
      && left.body == right.body
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(name)
    hasher.combine(attributes)
    hasher.combine(body)
  }
}
