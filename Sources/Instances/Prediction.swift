import Foundation

/// What a model proposes for one instance, in the form that SWE-bench's harness takes.
package struct Prediction: Hashable, Codable, Sendable {
  /// `instance_id`.
  package var instanceID: String
  /// `model_name_or_path`.
  package var model: String
  /// `model_patch`: a unified diff, or the empty string where there is none.
  package var patch: String

  package enum CodingKeys: String, CodingKey, Sendable {
    case instanceID = "instance_id"
    case model = "model_name_or_path"
    case patch = "model_patch"
  }

  /// A prediction whose patch ends in a newline where it is not empty: git refuses a patch that does not.
  package init(instanceID: String, model: String, patch: String) {
    self.instanceID = instanceID
    self.model = model
    self.patch = patch.isEmpty || patch.utf8.last == 0x0A ? patch : patch + "\n"
  }

  /// Reads the three fields; a patch that is null or left out is empty, and so is a model's name.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      instanceID: try fields.decode(String.self, forKey: .instanceID),
      model: try fields.decodeIfPresent(String.self, forKey: .model) ?? "",
      patch: try fields.decodeIfPresent(String.self, forKey: .patch) ?? "")
  }

  /// The shapes that the harness takes.
  package enum Shape: String, CaseIterable, Sendable {
    /// JSONL: one prediction a line.
    case lines
    /// A JSON list.
    case list
    /// A JSON object by instance id; of two predictions with one id the last is written.
    case byID = "by_id"
  }

  /// JSONL: one prediction a line in the order given, keys sorted, the last line ended too.
  package static func jsonl(_ predictions: some Sequence<Prediction>) throws -> [UInt8] {
    try encoded(predictions, as: .lines)
  }

  /// The bytes of a file of predictions: one a line in the order given, keys sorted, the last line ended too.
  package static func encoded(_ predictions: some Sequence<Prediction>, as shape: Shape) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let all = Array(predictions)
    var rows: [[UInt8]] = []
    switch shape {
    case .lines, .list: rows = try all.map { Array(try encoder.encode($0)) }
    case .byID:
      let last = Dictionary(all.enumerated().map { ($1.instanceID, $0) }, uniquingKeysWith: { $1 })
      for (index, prediction) in all.enumerated() where last[prediction.instanceID] == index {
        rows.append(
          Array(try encoder.encode(prediction.instanceID)) + Array(": ".utf8) + Array(try encoder.encode(prediction)))
      }
    }
    let (open, close) = shape == .lines ? ("", "") : shape == .list ? ("[\n", "]\n") : ("{\n", "}\n")
    var bytes = Array(open.utf8)
    for (index, row) in rows.enumerated() {
      bytes += row
      if shape != .lines, index < rows.count - 1 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(0x0A)
    }
    return bytes + Array(close.utf8)
  }
}
