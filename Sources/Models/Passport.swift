import Content

/// What answered, as far as the server tells: kept with every reply, so that two can be compared. No address and no key
/// is in it.
package struct Passport: Hashable, Codable, Sendable {
  /// The fields that there may be, in the order in which they are shown.
  package enum Field: String, CaseIterable, Codable, Sendable {
    case protocolName = "protocol"
    case server, model, digest, parameters, quantization
    /// The short hash of the chat template.
    case template
    /// The window that is loaded now, in tokens; of one slot.
    case window
    /// The window that the model was trained for.
    case trainedWindow = "trained window"
    /// How many requests are answered at once.
    case slots
    /// What was asked for, in one line.
    case options
  }

  private var values: [String: String] = [:]

  package init() {}

  /// That of a model that no server answers for.
  package init(model: String, sampling: Sampling) {
    self[.model] = model
    self[.options] = sampling.line
  }

  package subscript(field: Field) -> String? {
    get { values[field.rawValue] }
    set {
      let text = ServerText.line(newValue ?? "", limit: 200)
      values[field.rawValue] = text.isEmpty ? nil : text
    }
  }

  /// The fields that are known.
  package var fields: [(field: Field, value: String)] {
    Field.allCases.compactMap { field in self[field].map { (field, $0) } }
  }

  /// The fields in which two differ; nil stands for one that is not known.
  package func differences(to other: Passport) -> [(field: Field, old: String?, new: String?)] {
    Field.allCases.compactMap { self[$0] == other[$0] ? nil : ($0, self[$0], other[$0]) }
  }

  /// The window that is loaded, where it is known.
  package var loadedWindow: Int? { self[.window].flatMap { Int($0) } }

  /// A template by its hash: the text itself may be long.
  static func short(_ template: String) -> String { String(Hash(of: template).short) }
}

extension Sampling {
  /// What is asked for, in one line.
  var line: String {
    var parts = [
      "num_ctx \(numCtx)", "num_predict \(numPredict)", "temperature \(temperature)", "seed \(seed)",
      "repeat_penalty \(repeatPenalty)",
    ]
    if let topP { parts.append("top_p \(topP)") }
    if let topK { parts.append("top_k \(topK)") }
    if let minP { parts.append("min_p \(minP)") }
    if let stop { parts.append("stop \(stop.count)") }
    if let grammar { parts.append("grammar \(Hash(of: grammar).short)") }
    if let schema { parts.append("schema \(Hash(of: schema).short)") }
    return parts.joined(separator: ", ")
  }
}
