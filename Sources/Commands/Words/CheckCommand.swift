import ArgumentParser
import Attempts
import Script
import Sessions
import Terminal

/// `check FILE`: reads a script without carrying anything out.
package struct CheckCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read a script without carrying anything out, and say what is wrong with it.",
    discussion: "Every line is parsed, every section's hash checked, and sections that no line needs are named.")
  package static let examples = ["check steps.ramp"]
  package static let completions: [Candidates] = [.file]

  @Argument(help: "The script.")
  var file: String

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let path = await session.path(file)
    let script: ScriptFile
    do {
      script = try ScriptFile.parse(try session.host.readFile(path), name: file)
    } catch let error as ScriptError {
      throw LineError(name: file, line: error.line ?? 1, cause: error)
    }
    var parameters = await session.parameters
    var commands: [any SessionCommand] = []
    for command in script.lines {
      do {
        let line = try command.line(parameters: parameters)
        let parsed = try WordTable.parse(line.words.map(\.text)).command
        if let param = parsed as? ParamCommand { parameters[param.name] = param.value }
        try Check.settings(parsed)
        commands.append(parsed)
      } catch {
        throw LineError(name: file, line: command.number, cause: error)
      }
    }
    return Done(
      CheckOutput(
        file: file, lines: script.lines.count, sections: script.sections.count,
        unneeded: Check.unneeded(script.sections, by: commands).map { "line \($0.line), \($0.title)" }))
  }
}

/// What can be said of a line without carrying it out.
enum Check {
  static func settings(_ command: any SessionCommand) throws {
    switch command {
    case let set as SetCommand:
      var settings = Settings()
      try SettingTable.setting(set.name).set(set.value, in: &settings)
    case let expect as ExpectCommand: _ = try Expectation(words: expect.words)
    default: break
    }
  }

  /// The sections that none of `commands` can ask for: of an instance that is not run, or of a kind that nothing reads.
  static func unneeded(_ sections: [Section], by commands: [any SessionCommand]) -> [Section] {
    // What another script runs is not known.
    if commands.contains(where: { $0 is SourceCommand }) { return [] }
    let run = Set(commands.compactMap { ($0 as? RunCommand)?.instance })
    return sections.filter { section in
      switch section.kind {
      case "row", "reply", "prompt": !run.contains(section.name.split(separator: "/").first.map(String.init) ?? "")
      case "tweak": !commands.contains { $0 is TweakCommand }
      case "scripted": !commands.contains { ($0 as? ModelUseCommand)?.name.hasPrefix("scripted") ?? false }
      case "template", "recording": false
      default: true
      }
    }
  }
}

struct CheckOutput: Output {
  let file: String
  let lines: Int
  let sections: Int
  /// The sections that no line needs, with their lines.
  let unneeded: [String]

  func text(_ look: Look) -> String {
    let counts = "\(Amount.of(lines, "command")), \(Amount.of(sections, "section"))"
    let head = "\(Untrusted.cleanLine(file))   \(counts), nothing wrong\n"
    return head + unneeded.map { "  no line needs the section of \($0)\n" }.joined()
  }

  func json() throws -> [String] {
    struct Line: Encodable { let file: String, commands, sections: Int, ok: Bool, unneeded: [String] }
    return [try JSONLine.of(Line(file: file, commands: lines, sections: sections, ok: true, unneeded: unneeded))]
  }
}
