import ArgumentParser
import Sessions
import Terminal

/// `save FILE`: writes the sitting as a session file.
package struct SaveCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Write the sitting as a session file, which replays headless.",
    discussion: """
      It holds the lines that changed something, what each run came to as `expect` lines, and every row, template, \
      prompt and reply that was used, by hash. `ramp FILE` replays it.
      """)
  package static let examples = ["save saved.ramp"]
  package static let completions: [Candidates] = [.file]

  @Argument(help: "The file; `.ramp` is the usual ending.")
  var file: String

  @Flag(help: "Take the place of a file that this sitting has not written.")
  var force = false

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    Done(SaveOutput(saved: try await session.save(to: file, force: force)))
  }
}

struct SaveOutput: Output {
  let saved: Saved

  func text(_ look: Look) -> String {
    let kilobytes = max(1, (saved.bytes + 500) / 1000)
    return "\(Untrusted.cleanLine(saved.path))   \(Amount.of(saved.commands, "command")), "
      + "\(Amount.of(saved.expectations, "expectation")), "
      + "\(saved.replies) repl\(saved.replies == 1 ? "y" : "ies"), \(Amount.count(kilobytes)) kB\n"
      + (saved.recording.map { "\(Untrusted.cleanLine($0))   the replies and prompts, too many for the session file\n" }
        ?? "")
  }

  func json() throws -> [String] {
    struct Line: Encodable { let path: String, commands, expectations, replies, bytes: Int, recording: String? }
    return [
      try JSONLine.of(
        Line(
          path: saved.path, commands: saved.commands, expectations: saved.expectations, replies: saved.replies,
          bytes: saved.bytes, recording: saved.recording))
    ]
  }
}
