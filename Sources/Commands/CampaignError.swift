import Foundation

/// Why a word about campaigns is not carried out.
package enum CampaignError: Error, Hashable, Sendable {
  case notRun(Int, folder: String)
  case nothingChanged(Int)
  case nothingRun(folder: String)
  /// Practice rows in a notebook, which would be rates of no model.
  case practiceNotebook(folder: String)
  /// The journal knows of no batch.
  case noBatch
  case noSuchRun(String)
  /// The journal knows of no run of this phase.
  case notKept(Int)
  /// The journal knows of no batch of this name.
  case noSuchBatch(String)
  /// Nobody could be asked: no instance reached a model. Why, in the words of the first.
  case noModelAsked(Int, reason: String)
  /// No instance of this batch has come to an end.
  case nothingEnded(String)
}

extension CampaignError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .notRun(let phase, let folder): "phase \(phase) has not been run: no results in \(folder)"
    case .nothingChanged(let phase):
      "nothing has changed since phase \(phase) was run: every instance would come to the same"
    case .practiceNotebook(let folder): "the results in \(folder) are of practice rows, and say nothing of a model"
    case .nothingRun(let folder): "no phase has been run: no results in \(folder)"
    case .noBatch: "no batch and no phase has been run with this journal"
    case .noSuchRun(let name): "there is no run `\(name)`"
    case .notKept(let phase): "phase \(phase) of this campaign has not been run with this journal"
    case .noSuchBatch(let name): "no batch `\(name)` has been run with this journal"
    case .noModelAsked(let phase, let reason):
      "no model was asked in phase \(phase), so it has no results and counts as no run: \(reason)"
    case .nothingEnded(let name): "no instance of \(name) has come to an end"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .notRun(let phase, _): "`phase \(phase)` runs it; `--out DIR` names another folder"
    case .nothingChanged: "change a setting, a template or the model; or `--again` to see how far two equal runs differ"
    case .practiceNotebook: "run phases on real rows: `load lite`, `phase 1 --model KIND:NAME --out DIR`"
    case .nothingRun: "`phase 1` runs the first; `--out DIR` names another folder"
    case .noBatch: "`batch` or `phase` runs one; `ramp --journal FILE` names the journal of a script"
    case .notKept(let phase): "`phase \(phase)` runs it; `set campaign NAME` and `ramp --journal FILE` name others"
    case .noSuchBatch: "`follow --once` shows the last one; a phase is called `CAMPAIGN/phase N`"
    case .noModelAsked: "`why --batch`; `preflight --all` tries the rows without a model, `model check` the server"
    case .nothingEnded: "`resume` goes on with it"
    case .noSuchRun:
      "name a file, or a phase of the folder: `2` is the last run of phase 2, `2.1` its first; `results` lists them"
    }
  }
}
