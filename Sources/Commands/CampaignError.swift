import Foundation

/// Why a word about campaigns is not carried out.
package enum CampaignError: Error, Hashable, Sendable {
  case notRun(Int, folder: String)
  case nothingChanged(Int)
  case nothingRun(folder: String)
  /// The journal knows of no batch.
  case noBatch
  case noSuchRun(String)
  /// Two runs that differ in more than what they are to be compared by.
  case manyFactors([String])
  case otherInstances(missing: Int, added: Int)
}

extension CampaignError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .notRun(let phase, let folder): "phase \(phase) has not been run: no results in \(folder)"
    case .nothingChanged(let phase):
      "nothing has changed since phase \(phase) was run: every instance would come to the same"
    case .nothingRun(let folder): "no phase has been run: no results in \(folder)"
    case .noBatch: "no batch and no phase has been run with this journal"
    case .noSuchRun(let name): "there is no run `\(name)`"
    case .manyFactors(let names): "the two differ in \(names.count) things: \(names.joined(separator: ", "))"
    case .otherInstances(let missing, let added):
      "the two are of other instances: \(missing) are missing in the second, and \(added) in the first"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .notRun(let phase, _): "`phase \(phase)` runs it; `--out DIR` names another folder"
    case .nothingChanged: "change a setting, a template or the model; or `--again` to see how far two equal runs differ"
    case .nothingRun: "`phase 1` runs the first; `--out DIR` names another folder"
    case .noBatch: "`batch` or `phase` runs one; `ramp --journal FILE` names the journal of a script"
    case .noSuchRun:
      "name a file, or a phase of the folder: `2` is the last run of phase 2, `2.1` its first; `results` lists them"
    case .manyFactors(let names):
      "what differs beside one declared thing may be the cause: \(names.map { "`--factor \($0)`" }.joined(separator: " ")) declares all of it"
    case .otherInstances: "only the same instances can be compared, one by one; `--common` takes those of both"
    }
  }
}
