import Attempts
import Foundation
import Instances
import Journal
import Models
import Script
import Sessions
import TestWorld

let django = "django__django-11000"
let flask = "flask__flask-5063"

/// The second place of the practice row's repair, which its first prompt does not show.
let secondPlace = "django/forms/formsets.py:258-288"

private let practiceSet = Result { try PracticeSet.dataset() }
private let practiceReplies = Dictionary(
  uniqueKeysWithValues: [django, flask].map { id in
    (id, PracticeSet.replies(of: id).map { PracticeReply(needs: $0.needs, text: $0.text) })
  })

/// The live world of the tests: practice rows, git, tests and files are real.
func testHost() throws -> SessionHost {
  SessionHost(
    workspace: { try await TestWorld.shared.workspace(of: $0, options: $1.workspace) },
    makePatch: { try await TestWorld.shared.patch($0) },
    applyPatch: { try await TestWorld.shared.apply($0, to: $1) },
    journal: try Journal(at: nil, migrations: SessionTables.migrations), effects: Effects(),
    practice: { try practiceSet.get() }, practiceReplies: { practiceReplies[$0] ?? [] },
    readFile: { path in
      guard let data = FileManager.default.contents(atPath: path) else { throw SessionError.noFile(path) }
      return Array(data)
    },
    writeFile: { try Data($1).write(to: URL(fileURLWithPath: $0)) })
}

/// A sitting whose relative paths begin in `folder`, by default a new one.
func sitting(
  in folder: String? = nil, script: String = "", mode: RecordMode? = nil, live: Bool = false,
  isScript: Bool = false, settings: Settings = Settings()
) async throws -> Session {
  let session = Session(host: try testHost(), permissions: Permissions(isScript: isScript), settings: settings)
  let folder = try folder ?? Scratch.newFolder()
  try await session.begin(
    try ScriptFile.parse(Array(script.utf8), name: "s.ramp"), at: "\(folder)/s.ramp", mode: mode, live: live)
  return session
}

/// A sitting that has saved `session` and replays it in a folder of its own, with `change` made to the file's text.
func replay(
  of session: Session, mode: RecordMode? = nil, live: Bool = false, _ change: (String) -> String = { $0 }
) async throws -> Session {
  let path = try Scratch.newFolder() + "/saved.ramp"
  _ = try await session.save(to: path, force: false)
  let text = change(try String(contentsOfFile: path, encoding: .utf8))
  let folder = try Scratch.newFolder()
  let beside = (path as NSString).deletingPathExtension + ".recording.jsonl"
  if FileManager.default.fileExists(atPath: beside) {
    try FileManager.default.copyItem(atPath: beside, toPath: "\(folder)/saved.recording.jsonl")
  }
  return try await sitting(in: folder, script: text, mode: mode, live: live, isScript: true)
}

/// What an error says, and what it says to type next.
func said(by body: () async throws -> some Any) async -> String {
  do {
    _ = try await body()
    return "nothing is wrong"
  } catch {
    let error = error as? any LocalizedError
    return [error?.errorDescription, error?.recoverySuggestion].compactMap(\.self).joined(separator: "\n")
  }
}

func contents(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
