import Content
import Foundation

/// Why no reply came. Never the fault of the model's weights.
package enum ModelError: Error, Hashable, Sendable {
  case unknownKind(String)
  case needsFile(ModelName.Kind)
  /// The practice set has no replies for this instance.
  case noPracticeReply(instance: String)
  /// The row has no gold patch.
  case noGoldPatch(instance: String)
  /// The scripted replies for this instance are used up.
  case scriptEnded(instance: String, given: Int)
  /// Nothing was recorded for what was asked, and asking a model is not allowed. `uses` counts how often the same was
  /// recorded and has been replayed already.
  case notRecorded(request: Hash, instance: String, uses: Int)
}

extension ModelError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .unknownKind(let kind): "no kind of model `\(kind)`"
    case .needsFile(let kind): "the model `\(kind.rawValue)` needs a file"
    case .noPracticeReply(let instance): "no hand-written practice reply for \(instance)"
    case .noGoldPatch(let instance): "the row \(instance) has no gold patch"
    case .scriptEnded(let instance, let given):
      given == 0 ? "no scripted reply for \(instance)" : "the \(given) scripted replies for \(instance) are used up"
    case .notRecorded(_, let instance, let uses):
      uses == 0
        ? "no reply was recorded for this prompt of \(instance)"
        : "this prompt of \(instance) was recorded \(uses) times and is asked once more"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .unknownKind(let kind):
      {
        let near = Nearest.names(to: kind, in: ModelName.Kind.allCases.map(\.rawValue))
        return (near.isEmpty ? "" : "nearest: \(near.joined(separator: ", ")); ") + "`model list` shows what there is"
      }()
    case .needsFile(let kind): "`model use \(kind.rawValue):FILE`"
    case .noPracticeReply: "practice replies exist for practice rows only; `model use gold` answers for any row"
    case .noGoldPatch: "choose another model: `model list`"
    case .scriptEnded: "add a reply to the file, or `repeat` to its last section's header"
    case .notRecorded: "to ask the model again: `--record new_episodes`"
    }
  }
}
