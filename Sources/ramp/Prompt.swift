import Commands
import Foundation
import Script
import Sessions
import Synchronization
import Terminal

/// The prompt: reads lines from a person and carries them out one after the other.
struct Prompt: Sendable {
  let interpreter: Interpreter
  let printer: Printer
  let environment: [String: String]
  let signals: Signals

  func run() async throws {
    await printer.warn(
      """
      ramp \(Program.version)   practice set (stand-ins made for ramp, not SWE-bench rows)
      replies are practice (hand-written); `model list` shows who else can answer
      `help` lists the words; a first one: run django__django-11000
      """)
    let reader = reader()
    while true {
      let event = try await signals.waiting(interrupt: reader.interrupt) {
        try await reader.next(prompt: "ramp> ", continuation: "  ... ")
      }
      switch event {
      case .endOfInput: return
      case .interrupted: continue
      case .line(let text):
        let leaves = Mutex(false)
        _ = await signals.watch {
          let result = await carryOut(text)
          leaves.withLock { $0 = result }
        }
        if leaves.withLock({ $0 }) { return }
      }
    }
  }

  /// True where the line ends the sitting. What is wrong with it is said, and the prompt goes on.
  private func carryOut(_ text: String) async -> Bool {
    do {
      for command in try LineParser.commands(text) {
        let line = try command.line(parameters: await interpreter.session.parameters)
        if try await interpreter.run(line, showing: .full) { return true }
      }
    } catch {
      await printer.fail(error)
    }
    return false
  }

  private func reader() -> any LineReader {
    guard LibeditReader.fits(environment: environment) else {
      return PlainReader(promptOutput: STDERR_FILENO)
    }
    let folder = Places.state(environment)
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return LibeditReader(
      historyPath: folder + "/history",
      completion: { line, cursor in
        Completion.words(line: line, cursor: cursor)
      })
  }
}
