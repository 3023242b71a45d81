import Models

/// The members of an object of JSON, read by name, with the place of what is wrong.
struct PhaseFields {
  let place: String
  let members: [String: AnyJSON]

  init(_ value: AnyJSON, at place: String) throws(PhaseFileError) {
    guard case .object(let members) = value else {
      throw .wrongType(place.isEmpty ? "the whole" : place, expected: "an object")
    }
    self.place = place
    self.members = members
  }

  func path(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }

  /// The value of the first of these keys that is there and not null.
  private func value(_ keys: [String]) -> (key: String, value: AnyJSON)? {
    for key in keys {
      if let value = members[key], value != .null { return (key, value) }
    }
    return nil
  }

  private func read<Value>(
    _ keys: [String], _ expected: String, _ convert: (AnyJSON) -> Value?
  ) throws(PhaseFileError) -> Value? {
    guard let (key, found) = value(keys) else { return nil }
    guard let value = convert(found) else { throw .wrongType(path(key), expected: expected) }
    return value
  }

  func text(_ keys: String...) throws(PhaseFileError) -> String? {
    try read(keys, "a text") { if case .text(let text) = $0 { text } else { nil } }
  }

  func flag(_ keys: String...) throws(PhaseFileError) -> Bool? {
    try read(keys, "true or false") { if case .flag(let flag) = $0 { flag } else { nil } }
  }

  /// A number that is not below 0.
  func number(_ keys: String...) throws(PhaseFileError) -> Double? {
    try read(keys, "a number of 0 or more") { if case .number(let number) = $0, number >= 0 { number } else { nil } }
  }

  /// A whole number that is not below 0.
  func whole(_ keys: String...) throws(PhaseFileError) -> Int? {
    try read(keys, "a whole number of 0 or more", PhaseFields.whole)
  }

  func list(_ keys: String...) throws(PhaseFileError) -> [AnyJSON]? {
    try read(keys, "a list") { if case .list(let list) = $0 { list } else { nil } }
  }

  /// An object of texts.
  func textsByName(_ key: String) throws(PhaseFileError) -> [String: String]? {
    guard let fields = try object(key) else { return nil }
    var texts: [String: String] = [:]
    for name in fields.members.keys { texts[name] = try fields.text(name) }
    return texts
  }

  func object(_ key: String) throws(PhaseFileError) -> PhaseFields? {
    guard let (_, found) = value([key]) else { return nil }
    return try PhaseFields(found, at: path(key))
  }

  func texts(_ key: String) throws(PhaseFileError) -> [String]? {
    try read([key], "a list of texts") { value in
      guard case .list(let list) = value else { return nil }
      let texts = list.compactMap { if case .text(let text) = $0 { text } else { String?.none } }
      return texts.count == list.count ? texts : nil
    }
  }

  /// A word of an enumeration.
  func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ type: Word.Type) throws(PhaseFileError) -> Word?
  where Word.RawValue == String {
    guard let text = try text(key) else { return nil }
    guard let word = Word(rawValue: text) else {
      throw .wrongValue(
        path(key), value: text, expected: "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return word
  }

  func required<Value>(_ value: Value?, _ key: String) throws(PhaseFileError) -> Value {
    guard let value else { throw .missing(path(key)) }
    return value
  }

  /// The names of the members that are none of `known`, each with its place.
  func unknown(_ known: Set<String>) -> [String] { members.keys.filter { !known.contains($0) }.sorted().map(path) }

  static func whole(_ value: AnyJSON) -> Int? {
    guard case .number(let number) = value, number >= 0, number <= 9e15 else { return nil }
    return Int(exactly: number)
  }
}
