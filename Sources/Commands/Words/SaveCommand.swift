import ArgumentParser
import Models
import Sessions
import Terminal

/// `save FILE`: writes the sitting as a session file.
package struct SaveCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Write the sitting as a session file, which replays headless.",
    discussion: """
      It holds the lines that changed something, what each run came to as `expect` lines, and every row, template, \
      prompt, reply and test outcome that was used, by hash. `ramp FILE` replays it, and with `--outcomes recorded` without \
      running tests. A phase is saved as a batch of the same instances, so that nothing is drawn and no results are written \
      again; of a batch, replies and outcomes go to `NAME.recording.jsonl` beside the file. Instances that came to no end \
      about the model are left out. A sitting that could not be replayed is not written, with the reason.
      """)
  package static let examples = ["save saved.ramp"]
  package static let completions: [Candidates] = [.file]

  @Argument(help: "The file; `.ramp` is the usual ending.")
  var file: String

  @Flag(help: "Take the place of a file that this sitting has not written.")
  var force = false

  package init() {}

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let path = await session.path(file)
    let saved = try await session.save(to: file, force: force) { [file] script, hasReplies in
      var check = try await ScriptCheck(of: session)
      try await check.read(script, name: file, at: path, mode: hasReplies ? RecordMode.none : nil)
    }
    return Done(SaveOutput(saved: saved))
  }
}

struct SaveOutput: Output {
  let saved: Saved

  func text(_ look: Look) -> String {
    let kilobytes = max(1, (saved.bytes + 500) / 1000)
    return "\(Untrusted.cleanLine(saved.path))   \(Amount.of(saved.commands, "command")), "
      + "\(Amount.of(saved.expectations, "expectation")), "
      + "\(saved.replies) repl\(saved.replies == 1 ? "y" : "ies"), \(Amount.count(kilobytes)) kB\n"
      + (saved.recording.map { "\(Untrusted.cleanLine($0))   its replies, prompts and test outcomes\n" }
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
