import ArgumentParser
import Attempts
import Script
import Sessions

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
    for command in script.lines {
      do {
        let line = try command.line(parameters: parameters)
        let parsed = try WordTable.parse(line.words.map(\.text))
        if let param = parsed as? ParamCommand { parameters[param.name] = param.value }
        try Check.settings(parsed)
      } catch {
        throw LineError(name: file, line: command.number, cause: error)
      }
    }
    return Done(CheckOutput(file: file, lines: script.lines.count, sections: script.sections.count))
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
}

struct CheckOutput: Output {
  let file: String
  let lines: Int
  let sections: Int

  func text(_ look: Look) -> String {
    "\(file)   \(Amount.of(lines, "command")), \(Amount.of(sections, "section")), nothing wrong\n"
  }

  func json() throws -> [String] {
    struct Line: Encodable { let file: String, commands, sections: Int, ok: Bool }
    return [try JSONLine.of(Line(file: file, commands: lines, sections: sections, ok: true))]
  }
}
