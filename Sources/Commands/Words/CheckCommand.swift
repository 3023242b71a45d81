import ArgumentParser
import Script
import Sessions
import Terminal

/// `check FILE`: reads a script without carrying anything out.
package struct CheckCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read a script without carrying anything out, and say what is wrong with it.",
    discussion: """
      Every line is parsed and every section's hash checked; instances, settings, stages, templates, models, files and \
      failure codes must be there. What cannot be known here and sections that no line needs are named.
      """)
  package static let examples = ["check steps.ramp"]
  package static let completions: [Candidates] = [.file]

  @Argument(help: "The script.")
  var file: String

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let path = try await session.files.readable(file)
    let script: ScriptFile
    do {
      script = try ScriptFile.parse(try session.host.readFile(path), name: file)
    } catch let error as ScriptError {
      throw LineError(name: file, line: error.line ?? 1, cause: error)
    }
    var check = try await ScriptCheck(of: session)
    try await check.read(script, name: file, at: path)
    return Done(
      CheckOutput(
        file: file, lines: script.lines.count, sections: script.sections.count,
        unneeded: ScriptCheck.unneeded(script.sections, by: check.commands).map { "line \($0.line), \($0.title)" },
        unknown: check.unknown))
  }
}

struct CheckOutput: Output {
  let file: String
  let lines: Int
  let sections: Int
  /// The sections that no line needs, with their lines.
  let unneeded: [String]
  /// What could not be checked, in words.
  let unknown: [String]

  func text(_ look: Look) -> String {
    let counts = "\(Amount.of(lines, "command")), \(Amount.of(sections, "section"))"
    let head = "\(Untrusted.cleanLine(file))   \(counts), nothing wrong\n"
    return head + unknown.map { "  \(Untrusted.cleanLine($0))\n" }.joined()
      + unneeded.map { "  no line needs the section of \($0)\n" }.joined()
  }

  func json() throws -> [String] {
    struct Line: Encodable { let file: String, commands, sections: Int, ok: Bool, unneeded, unknown: [String] }
    return [
      try JSONLine.of(
        Line(file: file, commands: lines, sections: sections, ok: true, unneeded: unneeded, unknown: unknown))
    ]
  }
}
