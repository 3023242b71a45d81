import Attempts
import Content
import Foundation
import Instances
import Journal
import Models
import Script
import Sessions
import Synchronization
import Terminal
import TestPrograms
import TestWorld
import Testing

@testable import Commands

let django = "django__django-11000"
let flask = "flask__flask-5063"

private let practiceSet = Result { try PracticeSet.dataset() }
private let practiceReplies = Dictionary(
  uniqueKeysWithValues: [django, flask].map { id in
    (id, PracticeSet.replies(of: id).map { PracticeReply(needs: $0.needs, text: $0.text) })
  })

/// The live world of the tests: practice rows, git, tests and files are real. In the editor a person makes `edit` of a
/// text.
func testHost(edit: @escaping @Sendable (String) -> String = { $0 + "{# edited #}" }) throws -> SessionHost {
  var host = SessionHost(
    workspace: { try await TestWorld.shared.workspace(of: $0, options: $1.workspace) },
    makePatch: { try await TestWorld.shared.patch($0) },
    applyPatch: { try await TestWorld.shared.apply($0, to: $1) },
    journal: try Journal(at: nil, migrations: SessionTables.migrations), effects: Effects(),
    practice: { try practiceSet.get() }, practiceReplies: { practiceReplies[$0] ?? [] },
    readFile: { path in
      guard let data = FileManager.default.contents(atPath: path) else { throw SessionError.noFile(path) }
      return Array(data)
    },
    writeFile: { try Data($1).write(to: URL(fileURLWithPath: $0)) },
    shell: { command, input in
      let child = try Child("/bin/sh", ["-c", command])
      child.write(input ?? [])
      child.closeInput()
      _ = await child.output()
      return await child.ended()
    },
    edit: { text, _ in edit(text) },
    keepText: { text, name in
      guard let path = try? Scratch.newFolder() + "/" + name else { return nil }
      return FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) ? path : nil
    }, history: { ["run \(django)", "context add \u{1B}x"] })
  host.commit = { repo, name, settings in
    try await TestWorld.shared.change(of: name, repo: repo, source: settings.repositories)
  }
  return host
}

/// What was said on one stream.
final class Said: Sendable {
  private let state = Mutex("")

  func add(_ text: String) { state.withLock { $0 += text } }

  /// What came since the last call.
  func take() -> String {
    state.withLock { text in
      defer { text = "" }
      return text
    }
  }
}

/// A sitting that lines are typed in. Relative paths begin in `folder`.
struct Sitting {
  let session: Session
  let folder: String
  let out = Said()
  let err = Said()

  init(
    in folder: String? = nil, script: ScriptFile? = nil, isScript: Bool = false, host: SessionHost? = nil
  ) async throws {
    session = Session(host: try host ?? testHost(), permissions: Permissions(isScript: isScript))
    self.folder = try folder ?? Scratch.newFolder()
    try await session.begin(
      try script ?? ScriptFile(text: ""), at: "\(self.folder)/sitting.ramp", mode: nil, live: false)
  }

  func interpreter(json: Bool = false) -> Interpreter {
    let printer = Printer(
      look: Look(style: Style(color: false), width: nil), json: json, out: { [out] in out.add($0) },
      err: { [err] in err.add($0) })
    return Interpreter(session: session, printer: printer)
  }

  /// Carries out the lines of `text` as if they were typed, and gives what came on standard output.
  @discardableResult func type(_ text: String, json: Bool = false) async throws -> String {
    _ = out.take()
    for command in try LineParser.commands(text) {
      let line = try command.line(parameters: await session.parameters)
      try await interpreter(json: json).run(line, showing: .full)
    }
    return out.take()
  }

  /// What is wrong with a line, and what to type next, as a person reads it.
  func fault(of text: String) async -> String {
    do {
      try await type(text)
      return "nothing is wrong"
    } catch {
      return [Explained.text(error), Explained.suggestion(error)].compactMap(\.self).joined(separator: "\n")
    }
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")), as: UTF8.self)
  }
}

/// The characters of `text` that a terminal would obey, as numbers; newline and tab are none.
func controls(in text: String) -> [String] {
  text.unicodeScalars.compactMap { scalar in
    switch scalar.value {
    case 9, 10: nil
    case ..<32, 127, 0x80...0x9F, 0x2028...0x202E, 0x2066...0x2069: "U+" + String(scalar.value, radix: 16)
    default: nil
    }
  }
}

/// The faults of JSON lines: no object, or a key that is not in snake_case (a dataset's own are all capitals).
func faults(ofJSON text: String) -> [String] {
  text.split(separator: "\n").flatMap { line -> [String] in
    guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
      return ["no object: \(line.prefix(200))"]
    }
    return keys(of: object).filter { $0.wholeMatch(of: /[a-z][a-z0-9_]*|[A-Z][A-Z0-9_]*/) == nil }
  }
}

/// All keys in a value. Below these the keys are data: instances, tests.
private func keys(of value: Any) -> [String] {
  if let list = value as? [Any] { return list.flatMap(keys) }
  guard let object = value as? [String: Any] else { return [] }
  return object.flatMap { key, value in
    guard ["outcomes", "takes"].contains(key), let inner = value as? [String: Any] else {
      return [key] + keys(of: value)
    }
    return [key] + inner.values.flatMap(keys)
  }
}
