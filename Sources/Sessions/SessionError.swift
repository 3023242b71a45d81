import Attempts
import Foundation
import Grading
import Repositories

/// Why a line of the language could not be done. What was there before is unchanged.
package enum SessionError: Error, Hashable, Sendable {
  case unknownInstance(String, sets: [String], nearest: [String])
  case unknownSetting(String, nearest: [String])
  case badValue(setting: String, value: String, choices: [String], help: String)
  /// A URL with a user or a password in it, which would be kept in sessions and the journal.
  case credentials(setting: String)
  /// A script names a model's server that no person named.
  case serverNotNamed(address: String, host: String)
  /// A script names a file outside its folder.
  case notReadable(String, folder: String)
  case unknownStage(String, nearest: [String])
  case unknownFailure(String, nearest: [String])
  case unknownTemplate(String, nearest: [String])
  /// A template that others include makes no prompt by itself.
  case templatePart(String)
  case unknownSkill(String, nearest: [String])
  case unknownSet(String, nearest: [String])
  /// Nothing has been run yet, so there is no current instance.
  case noCurrentInstance
  /// The same on a line of the shell, which begins a sitting of its own.
  case newSitting(line: String)
  /// The instance has no take of that number.
  case noTake(String, instance: String, takes: [String])
  /// The stage made nothing in that take.
  case noArtifact(Stage, take: String)
  /// A section that the script lacks.
  case noSection(String, sections: [String])
  case noFile(String)
  case unreadable(String, reason: String)
  case unwritable(String, reason: String)
  /// The disk that the file would be on is full.
  case noRoom(String)
  /// Writing outside the script's folder needs a flag.
  case outsideFolder(String, folder: String)
  /// A word that a script may not use without a flag.
  case notInScript(String, flag: String)
  /// Scripts that source each other without end.
  case sourceTooDeep(String)
  /// An expectation that does not hold.
  case expectationFailed(String, found: String)
  case badExpectation(String)
  /// Nothing has been run.
  case nothingToSave
  /// Takes were made of different contents of one name (`row ID`, `template NAME`), and a session has room for one.
  case ambiguous([String])
  /// The recording beside a session is another than it was saved with.
  case otherRecording(String)
  /// A prompt that differs from the recorded one.
  case diverged(Divergence)
  /// There is nothing to be exported.
  case nothingToExport(steered: Int)
  /// A file that the word behind it would have to take the place of.
  case fileExists(String, word: String, target: String? = nil)
  /// A shell command that did not end with 0.
  case shellFailed(String, status: Int32)
  /// A text can be edited only by a person at a terminal.
  case noEditor(String)
  /// Fewer rows are loaded than were asked for.
  case tooFewRows(wanted: Int, found: Int)
  /// Practice rows and real ones in one batch.
  case mixedRows
  /// The journal holds no sitting that could be gone on with.
  case noSitting
  /// A text came back from the editor as it was.
  case unchanged(String)
  /// The editor did not end with 0, so nothing was changed. What it had written all the same is in the file `kept`.
  case editorFailed(String, status: Int32, kept: String?)
}

extension SessionError: LocalizedError {
  package var errorDescription: String? {
    switch self {
    case .unknownInstance(let id, let sets, let nearest):
      "no instance \(id) in \(sets.joined(separator: ", "))" + SessionError.list("; nearest: ", nearest)
    case .unknownSetting(let name, let nearest): "no setting `\(name)`" + SessionError.list("; nearest: ", nearest)
    case .badValue(let setting, let value, let choices, let help):
      "`\(setting)` cannot be `\(value)`: "
        + (choices.isEmpty ? help : "it is one of \(choices.joined(separator: ", "))")
    case .serverNotNamed(let address, _):
      "a script asks no server but those that you name, and \(address) is none of them"
    case .notReadable(let path, let folder):
      "\(path) lies outside the script's folder \(folder), and a script reads no other"
    case .credentials(setting: "model.header"):
      "`model.header` holds no secret itself: settings are kept in sessions and in the journal"
    case .credentials(let setting):
      "`\(setting)` holds no user and no password: settings are kept in sessions and in the journal"
    case .unknownStage(let name, let nearest): "no stage `\(name)`" + SessionError.list("; nearest: ", nearest)
    case .unknownFailure(let name, let nearest):
      "no failure code `\(name)`" + SessionError.list("; nearest: ", nearest)
    case .unknownTemplate(let name, let nearest): "no template `\(name)`" + SessionError.list("; nearest: ", nearest)
    case .templatePart(let name): "`\(name)` is a part that other templates include"
    case .unknownSkill(let name, let nearest): "no skill `\(name)`" + SessionError.list("; nearest: ", nearest)
    case .unknownSet(let name, let nearest): "no set `\(name)` is loaded" + SessionError.list("; loaded: ", nearest)
    case .noCurrentInstance: "no instance has been run yet"
    case .newSitting: "no instance has been run in this sitting: a line of the shell begins a new one"
    case .noTake(let take, let instance, let takes):
      takes.isEmpty
        ? "\(instance) has not been run yet"
        : "\(instance) has no take \(take); there are \(takes.joined(separator: ", "))"
    case .noArtifact(let stage, let take): "take \(take) has no \(stage.rawValue)"
    case .noSection(let title, let sections): "no section `\(title)`" + SessionError.list("; there are ", sections)
    case .noFile(let path): "no file \(path)"
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
    case .noRoom(let path): "\(path) cannot be written: no room is left on its disk"
    case .outsideFolder(let path, let folder): "\(path) lies outside the script's folder \(folder)"
    case .notInScript(let word, _): "`\(word)` may not stand in a script"
    case .sourceTooDeep(let path): "\(path) is played from itself, or more than 16 deep"
    case .expectationFailed(let text, let found): "expected \(text), found \(found)"
    case .badExpectation(let text): "`expect \(text)` says nothing that can be checked"
    case .nothingToSave: "nothing has been run in this sitting, so there is nothing to save"
    case .ambiguous(let names):
      "takes were made of different contents of \(names.joined(separator: ", ")), and a session can hold one of each"
    case .otherRecording(let path): "\(path) is not the recording that the session was saved with"
    case .diverged(let divergence): divergence.description
    case .nothingToExport(let steered):
      steered == 0
        ? "no attempt of this sitting has a reply"
        : "a person steered every take of this sitting, and such patches are no model's predictions"
    case .fileExists(let path, _, _): "\(path) is there already"
    case .shellFailed(let command, let status): "`\(command)` ended with status \(status)"
    case .noEditor(let word): "`\(word)` opens an editor, and no person is at a terminal here"
    case .tooFewRows(let wanted, let found): "\(wanted) rows are wanted, and \(found) are there"
    case .mixedRows: "practice rows and real rows are never run together"
    case .noSitting: "there is no earlier sitting to go on with"
    case .unchanged(let what): "the \(what) came back as it was, so nothing was changed"
    case .editorFailed(let editor, let status, _):
      "the editor `\(editor)` ended with status \(status), so nothing was changed"
    }
  }

  package var recoverySuggestion: String? {
    switch self {
    case .unknownInstance(_, let sets, _):
      sets == ["practice"]
        ? "`instances` lists them; to load SWE-bench rows: `load FILE.jsonl`"
        : "`instances` lists them" + (sets.contains("practice") ? "" : "; `load practice` adds the practice set")
    case .unknownSetting: "`settings` lists them"
    case .badValue(let setting, _, _, _): "`settings \(setting)` shows what it is now"
    case .serverNotNamed(_, let host):
      "to let it: `--allow-server \(host)`; a URL that you type as a parameter, `-p NAME=URL`, may be asked too"
    case .notReadable:
      "to let it: `--allow-read`; a path that you type as a parameter, `-p NAME=PATH`, may be read too"
    case .credentials(setting: "repositories"):
      "leave out what stands before the `@`, and start ramp with \(Git.headerVariable)='https://HOST/ Authorization: Basic BASE64'"
    case .credentials(setting: "datasets.server"):
      "leave out what stands before the `@`; a token of the hub belongs into the environment variable HF_TOKEN"
    case .credentials(setting: "model.header"):
      "put it into an environment variable and name that, in single quotes: "
        + "`set model.header 'Authorization: Bearer $GATEWAY_KEY'`"
    case .credentials:
      "leave out what stands before the `@`; a server's key belongs into the environment variable OPENAI_API_KEY"
    case .unknownStage: "stages: \(Stage.allCases.map(\.rawValue).joined(separator: ", "))"
    case .unknownFailure: "codes: \((FailureCode.allCases.map(\.rawValue) + ["none"]).joined(separator: ", "))"
    case .unknownTemplate: "`template list` shows what there is"
    case .templatePart(let name):
      "write your own as a section `-- template/\(name) --` or as `templates/\(name).jinja` beside init.ramp"
    case .unknownSkill: "`skill list` shows what there is"
    case .unknownSet: "`load FILE` or `load practice`"
    case .newSitting(let line): "`ramp --continue \(line)` goes on with the last one"
    case .noCurrentInstance: "`run ID` first; `instances` lists the ids"
    case .noTake(_, let instance, let takes): takes.isEmpty ? "`run \(instance)` first" : "`attempts` lists them"
    case .noArtifact(let stage, _):
      "`show` lists what was made; `rerun --through \(stage.rawValue)` goes on as far as it can"
    case .noSection(let title, _): "add `-- \(title) --` and its text below the commands, or name a file with `--file`"
    case .noFile: "check the path; relative ones begin at the current folder"
    case .noRoom: "free some room, or name another place; what was there is as it was"
    case .unreadable, .unwritable: "check the path and its permissions"
    case .outsideFolder: "`ramp --allow-write SCRIPT` lets a script write anywhere"
    case .notInScript(_, let flag): "`ramp \(flag) SCRIPT` allows it"
    case .sourceTooDeep: "remove the circle"
    case .expectationFailed: nil
    case .badExpectation:
      "`expect verdict resolved`, `expect failure logic_error`, `expect patch HASH`, `expect attempts 2`, "
        + "`expect prompt contains TEXT`"
    case .nothingToSave: "`run ID` first"
    case .ambiguous: "begin a new sitting for the other one"
    case .otherRecording:
      "bring back the one it was saved with, or remove `of=...` from the section's header to accept it"
    case .diverged(let divergence): divergence.suggestion
    case .nothingToExport: "`run ID` first"
    case .fileExists(let path, let word, let target): "`\(word) --force \(target ?? path)` takes its place"
    case .shellFailed, .unchanged: nil
    case .tooFewRows: "`load lite`, or ask for fewer"
    case .mixedRows: "name the ids of one kind; `unload practice` leaves the real ones"
    case .noSitting: "start without `--continue`"
    case .noEditor(let word): "`\(word) --file FILE` takes the text from a file; `help \(word)` shows another way"
    case .editorFailed(_, _, let kept?): "what was written is in \(kept): `--file` takes it up again"
    case .editorFailed: "`! echo $EDITOR` shows which it is; start ramp with another, or give the text with `--file`"
    }
  }

  private static func list(_ lead: String, _ items: [String]) -> String {
    items.isEmpty ? "" : lead + items.joined(separator: ", ")
  }
}
