import Attempts
import Journal
import Models
import Prompts
import Script
import Sessions

/// What can be said of a script without making a take: its lines are read one by one, in a sitting of their own in which
/// those that only choose (`load`, `set`, `model use`, `template use`) are carried out. No server is asked.
struct ScriptCheck: Sendable {
  private let session: Session
  /// The commands read so far, those of sourced scripts too.
  private(set) var commands: [any SessionCommand] = []
  /// What could not be checked, in words.
  private(set) var unknown: [String] = []
  /// Sets that are not here, so that their ids are not known.
  private var missing: [String] = []
  /// True once a line may have made files.
  private var writes = false

  /// A check with the effects and parameters of `outer`, which is not touched.
  init(of outer: Session) async throws {
    var host = outer.host.with(journal: try Journal(at: nil, migrations: SessionTables.migrations))
    let hub = host.hub
    host.hub = { name, server, _, progress in try await hub(name, server, false, progress) }
    session = Session(host: host, permissions: await outer.permissions)
    await session.fix(outer.parameters)
  }

  /// Reads the script that lies at `path`, or will; `mode` says how its replies are used.
  ///
  /// - Throws: `LineError` of the first line that is wrong.
  mutating func read(_ script: ScriptFile, name: String, at path: String, mode: RecordMode? = nil) async throws {
    try await session.begin(script, at: path, mode: mode, live: false)
    try templates(of: script, name: name)
    try await read(script.lines, name: name)
  }

  private func templates(of script: ScriptFile, name: String) throws {
    for section in script.sections where section.kind == "template" {
      do {
        let included = script.sections.filter { $0.kind == "template" }.map { ($0.name, $0.text) }
        let sources = BuiltinTemplates.sources.merging(included) { $1 }
        try TemplateText(name: section.name, source: section.text, includes: sources).check()
      } catch {
        throw LineError(name: name, line: section.line, cause: error)
      }
    }
  }

  private mutating func read(_ lines: [CommandText], name: String) async throws {
    let script = ScriptLines(lines)
    // What follows `always` comes last.
    for command in script.commands + script.deferred {
      do {
        let line = try command.line(parameters: await session.parameters)
        guard !line.words.isEmpty else { continue }
        if ScriptLines.isDeferred(command) { throw AlwaysError.nothing }
        let parsed = try WordTable.parse(line.words.map(\.text)).command
        commands.append(parsed)
        try await check(parsed)
        if line.output != .shown { writes = true }
      } catch SessionError.noFile(let path) where writes {
        unknown.append("\(name):\(command.number): \(path) is not here; a line above may make it")
      } catch {
        throw LineError(name: name, line: command.number, cause: error)
      }
    }
  }

  private mutating func check(_ command: any SessionCommand) async throws {
    switch command {
    case let param as ParamCommand: await session.param(param.name, param.value)
    case let set as SetCommand: _ = try await session.set(set.name, to: set.value)
    case let use as TemplateUseCommand: _ = try await session.set("template", to: use.name)
    case let show as TemplateShowCommand: if let name = show.name { _ = try await session.template(name) }
    case let edit as TemplateEditCommand: try await add(edit)
    case let use as ModelUseCommand:
      try await session.useModel(try ModelName(parsing: use.name), url: use.url ?? ModelName.aliasURL(use.name))
    case let expect as ExpectCommand: _ = try Expectation(words: expect.words)
    case let load as LoadCommand:
      let loaded = try await session.load(load.source)
      if loaded.isPinnedOnly { missing.append(loaded.name) }
    case let tweak as TweakCommand: try await check(tweak)
    case let source as SourceCommand: try await read(source)
    case let replay as ReplayCommand: _ = try await session.bytes(at: replay.file)
    case let check as CheckCommand: _ = try await session.bytes(at: check.file)
    case is SaveCommand, is ExportPredictionsCommand, is ShellCommand, is GradeCommand: writes = true
    default: break
    }
    if let id = ScriptCheck.instance(of: command) { try await check(id) }
  }

  private func add(_ edit: TemplateEditCommand) async throws {
    let standard = await session.settings.templateName
    let name = edit.name ?? standard
    let text = try await session.templateText(name, file: edit.file).text
    _ = try await session.set("template", to: try await session.addTemplate(text, from: name))
  }

  private func check(_ tweak: TweakCommand) async throws {
    guard tweak.stage.isTweakable else { throw AttemptError.notTweakable(tweak.stage) }
    guard let file = tweak.file else { return }
    try Tweak(stage: tweak.stage, text: String(decoding: try await session.bytes(at: file), as: UTF8.self)).check()
  }

  private mutating func read(_ source: SourceCommand) async throws {
    let outer = self
    self = try await session.sourcing(source.file) { script in
      var inner = outer
      try inner.templates(of: script, name: script.name)
      try await inner.read(script.lines, name: script.name)
      return inner
    }
  }

  /// The instance that a line names, where it names one.
  private static func instance(of command: any SessionCommand) -> String? {
    switch command {
    case let run as RunCommand: run.instance
    case let info as InfoCommand: info.instance
    case let attempts as AttemptsCommand: attempts.instance
    case let add as ContextAddCommand: add.instance
    case let drop as ContextDropCommand: drop.instance
    case let list as ContextListCommand: list.instance
    case let open as OpenCommand: open.namedInstance
    default: nil
    }
  }

  private mutating func check(_ id: String) async throws {
    do {
      _ = try await session.instance(id)
    } catch let error as SessionError {
      guard case .unknownInstance = error, !missing.isEmpty else { throw error }
      let said = "whether \(id) is in \(missing.joined(separator: ", ")) cannot be said: its rows are not here"
      if !unknown.contains(said) { unknown.append(said) }
    }
  }

  /// The sections that none of `commands` can ask for: of an instance that is not run, or of a kind that nothing reads.
  static func unneeded(_ sections: [Section], by commands: [any SessionCommand]) -> [Section] {
    let run = Set(
      commands.flatMap { command -> [String] in
        switch command {
        case let run as RunCommand: run.instance.map { [$0] } ?? []
        case let open as OpenCommand: open.namedInstance.map { [$0] } ?? []
        case let batch as BatchCommand: batch.instances
        default: []
        }
      })
    return sections.filter { section in
      switch section.kind {
      case "row", "reply", "thoughts", "prompt":
        !run.contains(section.name.split(separator: "/").first.map(String.init) ?? "")
      case "tweak": !commands.contains { $0 is TweakCommand }
      case "scripted": !commands.contains { ($0 as? ModelUseCommand)?.name.hasPrefix("scripted") ?? false }
      case "opened": !commands.contains { ($0 as? OpenCommand)?.namedInstance == section.name }
      case "batch": !commands.contains { ($0 as? ExpectCommand)?.words == ["batch", section.name] }
      case "template", "recording", "skill", "outcomes", "baseline": false
      default: true
      }
    }
  }
}
