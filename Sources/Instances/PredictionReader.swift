/// Reads predictions as SWE-bench's harness takes them: JSONL, a JSON list, or an object by instance id.
package enum PredictionReader {
  /// The predictions of the file at `path`.
  package static func read(path: String) throws(DatasetError) -> [Prediction] {
    try read(bytes: try FileBytes.read(path), source: path)
  }

  /// The predictions of the text `bytes`, which came from `source`; of an object by id, in the order of its keys in
  /// the text. An empty text holds none.
  package static func read(bytes: [UInt8], source: String) throws(DatasetError) -> [Prediction] {
    try bytes.withUnsafeBufferPointer { (text) throws(DatasetError) -> [Prediction] in
      let found = try JSONElements(text, source: source)
      if found.isOneObject, let object = found.elements.first, let members = members(text, object.range) {
        return try members.enumerated().map { (index, member) throws(DatasetError) in
          try prediction(text, member.range, id: member.id, source: source, place: .element(index + 1))
        }
      }
      return try found.elements.map { (element) throws(DatasetError) in
        var scanner = JSONScanner(text, element.range)
        let object: JSONSlice
        do throws(JSONFault) {
          object = try scanner.value()
          try scanner.finish()
        } catch {
          throw found.error(error, in: element)
        }
        return try prediction(text, object.outside, id: nil, source: source, place: element.place)
      }
    }
  }

  /// The members of an object by id; nil for an object that is a prediction itself, as any of its fields tells.
  private static func members(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> [(id: String, range: Range<Int>)]? {
    var found: [(id: String, range: Range<Int>)] = []
    var scanner = JSONScanner(text, range)
    guard text[range.lowerBound] == UInt8(ascii: "{") else { return nil }
    do throws(JSONFault) {
      try scanner.object { (scanner, key) throws(JSONFault) in
        let value = try scanner.value(depth: 1)
        found.append((JSONText.string(key, in: text), value.outside))
      }
    } catch {
      return nil
    }
    return found.contains { Prediction.CodingKeys(rawValue: $0.id) != nil } ? nil : found
  }

  private static func prediction(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, id: String?, source: String, place: DatasetError.Place
  ) throws(DatasetError) -> Prediction {
    typealias Field = Prediction.CodingKeys
    func wrong(_ field: String, _ expected: String, _ found: String) -> DatasetError {
      .wrongType(source: source, place: place, field: field, expected: expected, found: found)
    }
    guard text[range.lowerBound] == UInt8(ascii: "{") else { throw wrong("row", "an object", "something else") }
    var fields: [Field: String] = [:]
    var told: Set<Field> = []
    var other: (field: Field, kind: JSONSlice.Kind)?
    var scanner = JSONScanner(text, range)
    do throws(JSONFault) {
      try scanner.object { (scanner, key) throws(JSONFault) in
        let value = try scanner.value(depth: 1)
        guard let field = Field(rawValue: JSONText.string(key, in: text)) else { return }
        told.insert(field)
        switch value.kind {
        case .string: fields[field] = JSONText.string(value, in: text)
        case .null: fields[field] = nil
        default: other = (field, value.kind)
        }
      }
    } catch {
      throw wrong("row", "an object of strings", "something else")
    }
    if let other { throw wrong(other.field.rawValue, "a string", other.kind.rawValue) }
    if let bytes = scanner.unproven, String(validating: text[bytes], as: UTF8.self) == nil {
      throw wrong("row", "UTF-8", "other bytes")
    }
    guard let id = fields[.instanceID] ?? id else {
      throw .missingField(source: source, place: place, field: Field.instanceID.rawValue)
    }
    guard RowRule.isSafe(id: id) else { throw .unsafeID(source: source, place: place, id: id) }
    // A patch that is null is an empty one; a prediction that tells of none is in another form, and may hold one.
    guard told.contains(.patch) else {
      throw .missingField(source: source, place: place, field: Field.patch.rawValue)
    }
    return Prediction(instanceID: id, model: fields[.model] ?? "", patch: fields[.patch] ?? "")
  }
}
