import Foundation

/// Why a file of predictions was refused, with what to type next: it is graded, never loaded.
package enum PredictionError: Error, Hashable, Sendable {
  /// The file holds no prediction.
  case empty(source: String)
  /// What is in the file is no prediction.
  case refused(DatasetError)
}

extension PredictionError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .empty(let source): "\(source) holds no predictions"
    case .refused(let error): error.errorDescription
    }
  }

  package var recoverySuggestion: String? {
    let shape = #"{"instance_id": "owner__name-1", "model_name_or_path": "m", "model_patch": "diff ..."}"#
    return switch self {
    case .empty: "name a file with one prediction a line: \(shape); `export predictions` writes one"
    case .refused(.cut): "get the file again, it was not written to its end; nothing was graded"
    case .refused(.unsafeID(let source, let place, let id)):
      DatasetError.unsafeID(source: source, place: place, id: id).recoverySuggestion
    case .refused: "a prediction is \(shape): correct that place, then `grade --predictions` again"
    }
  }
}
