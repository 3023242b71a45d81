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
    signals.keepPrompt()
    await greet()
    await initialize()
    let known = Mutex(await interpreter.session.known())
    try await withReader(known: { known.withLock { $0 } }) { reader in
      var isFirst = true
      while true {
        let event = try await signals.waiting(interrupt: reader.interrupt) {
          try await reader.next(prompt: "ramp> ", continuation: "  ... ")
        }
        switch event {
        case .endOfInput: return
        case .interrupted: continue
        case .line(let text):
          if isFirst, let problem = await (reader as? LibeditReader)?.historyProblem { await printer.fail(problem) }
          isFirst = false
          let ending = await carryOut(text)
          if ending == .leaves { return }
          // Whoever interrupts a line of a pasted block means the block.
          if ending == .interrupted { await reader.forgetAhead() }
          // What is known is read from the repository, so that Control-C ends this too.
          _ = await signals.watch {
            let now = await interpreter.session.known()
            known.withLock { $0 = now }
          }
        }
      }
    }
  }

  private func greet() async {
    let text =
      "ramp \(Program.version)   \(await interpreter.session.greeting())\n"
      + "`help tour` walks you through; `help` lists the words"
    let width = Screen.width(of: STDERR_FILENO)
    await printer.warn(
      text.split(separator: "\n").map { Width.wrapped(String($0), to: width) }.joined(separator: "\n"))
  }

  /// Carries out `init.ramp` of the user's configuration, where there is one. What is wrong with it is said, and the
  /// prompt comes all the same.
  private func initialize() async {
    let path = Places.configuration(environment) + "/init.ramp"
    guard FileManager.default.fileExists(atPath: path) else { return }
    _ = await signals.watch {
      do {
        try await interpreter.source(path, showing: .full, isTrusted: true)
      } catch {
        await printer.fail(error)
      }
    }
  }

  private enum Ending {
    case done
    case interrupted
    /// The sitting is to end.
    case leaves
  }

  /// Carries out the lines of `text`. What is wrong with them is said, and the prompt goes on; so it does after
  /// Control-C, which ends the line.
  private func carryOut(_ text: String) async -> Ending {
    let leaves = Mutex(false)
    let signal = await signals.watch {
      do {
        for command in try LineParser.commands(text) {
          let line = try command.line(parameters: await interpreter.session.parameters)
          if try await interpreter.run(line, showing: .full) { return leaves.withLock { $0 = true } }
        }
      } catch {
        await printer.fail(error)
      }
    }
    if leaves.withLock({ $0 }) { return .leaves }
    return signal == nil ? .done : .interrupted
  }

  private func withReader(
    known: @escaping @Sendable () -> Known, _ body: (any LineReader) async throws -> Void
  ) async throws {
    guard LibeditReader.fits(environment: environment) else {
      return try await body(PlainReader(promptOutput: STDERR_FILENO))
    }
    let served = ServedModels { [session = interpreter.session] in await session.servedModels() }
    let reader = LibeditReader(
      historyPath: Places.history(environment),
      keeps: { [secrets = interpreter.session.host.secrets] in Passwords.hidden(in: secrets.hidden(in: $0)) },
      completion: { line, cursor in
        Completion.words(line: line, cursor: cursor, known: known(), served: served.names)
      })
    try await body(reader)
  }
}
