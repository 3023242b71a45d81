import Foundation

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

  /// The members of an object by id; nil for an object that is a prediction itself.
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
    return found.contains { $0.id == Prediction.CodingKeys.instanceID.rawValue } ? nil : found
  }

  private struct Fields: Decodable {
    var instance_id: String?
    var model_name_or_path: String?
    var model_patch: String?
  }

  private static func prediction(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, id: String?, source: String, place: DatasetError.Place
  ) throws(DatasetError) -> Prediction {
    let fields: Fields
    do {
      fields = try JSONDecoder().decode(Fields.self, from: Data(text[range]))
    } catch {
      throw .wrongType(
        source: source, place: place, field: "row", expected: "an object of strings", found: "something else")
    }
    guard let id = fields.instance_id ?? id else {
      throw .missingField(source: source, place: place, field: Prediction.CodingKeys.instanceID.rawValue)
    }
    guard RowRule.isSafe(id: id) else { throw .unsafeID(source: source, place: place, id: id) }
    return Prediction(instanceID: id, model: fields.model_name_or_path ?? "", patch: fields.model_patch ?? "")
  }
}
