import ArgumentParser
import Sessions
import Terminal

/// `history [PATTERN]`: the lines that were typed at prompts, this one's and earlier ones'.
package struct HistoryCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "history", abstract: "List the lines that were typed at the prompt; a pattern keeps those with it.",
    discussion: "Control-R searches them while typing. Each line is kept once, where it was typed last.")
  package static let examples = ["history", "history context", "history --last 5"]

  @Argument(help: "Part of a line.")
  var pattern: String?

  @Option(help: "The most lines, the newest ones.")
  var last: Int = 50

  package init() {}

  package func validate() throws {
    if last < 1 { throw ValidationError("--last is a number from 1 on") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let lines = session.host.history().filter { line in pattern.map { line.contains($0) } ?? true }
    return Done(HistoryOutput(lines: Array(lines.suffix(last))))
  }
}

struct HistoryOutput: Output {
  let lines: [String]

  func text(_ look: Look) -> String {
    if lines.isEmpty { return "no lines\n" }
    return lines.map { "  \(Untrusted.cleanLine($0))\n" }.joined()
  }

  func json() throws -> [String] {
    struct Line: Encodable { let line: String }
    return try lines.map { try JSONLine.of(Line(line: $0)) }
  }
}
