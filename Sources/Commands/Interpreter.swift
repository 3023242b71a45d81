import Content
import Foundation
import Script
import Sessions
import Synchronization
import Terminal

/// Carries out lines of the language in a session, for the prompt, a script, `-c`, standard input and the shell alike.
package struct Interpreter: Sendable {
  package let session: Session
  let printer: Printer
  /// What reports tell of the lines; nil where none was asked for.
  let cases: CaseLog?

  package init(session: Session, printer: Printer, cases: CaseLog? = nil) {
    self.session = session
    self.printer = printer
    self.cases = cases
  }

  /// How the results of a line are shown.
  package enum Showing: Sendable {
    /// In full, stages as they are made.
    case full
    /// One line for a command that changes something, in full for one that looks.
    case list
    /// Not at all.
    case nothing
  }

  /// Carries out one line. Throws what is wrong with it; what it did before stays.
  ///
  /// - Returns: true where the sitting is to end.
  @discardableResult
  package func run(_ line: Line, showing: Showing) async throws -> Bool {
    guard !line.words.isEmpty else { return false }
    // A key that was typed is kept nowhere.
    let line = line.mapped(session.host.secrets.hidden)
    let request = try WordTable.parse(line.words.map(\.text))
    let command = request.command
    try await check(line.output, of: command)
    let json = printer.json || request.json
    let collected = Collected()
    let printer = (line.output == .shown ? printer : printer.redirected(to: collected.add)).with(json: json)
    let start = ContinuousClock.now
    let unwritten = Unwritten()
    let desk = Desk(
      say: { output in if case .full = showing { await unwritten.keep { try await printer.show(output) } } },
      report: { output in
        // What goes into a file or a pipe is wanted whatever is shown.
        if case .nothing = showing, line.output == .shown { return }
        await unwritten.keep { try await printer.show(output) }
      },
      warn: { await printer.warn($0) }, progress: self.printer.progress, interpreter: self,
      showsStages: showing.isFull && !json, json: json, cases: cases)
    let done: Done
    await session.begin(line: LineParser.quoted(request.words))
    do {
      done = try await command.run(in: session, at: desk)
    } catch {
      await desk.progress?.end()
      await session.rememberUnfinished()
      // A program that asked for JSON on this line alone is told by nobody else.
      if request.json, !self.printer.json { await self.printer.end(error) }
      throw error
    }
    await session.remember(Entry(line: LineParser.quoted(done.savedAs ?? request.words), kind: done.kind))
    switch showing {
    case .full: try await printer.show(done.output, paging: done.kind == .looks)
    case .list:
      if json || done.kind == .looks {
        try await printer.show(done.output)
      } else {
        await printer.list(line: line, summary: done.output.summary, took: ContinuousClock.now - start)
      }
    case .nothing: if line.output != .shown { try await printer.show(done.output) }
    }
    try unwritten.check()
    switch line.output {
    case .shown: break
    case .file(let path): _ = try await session.write(Array(collected.text.utf8), to: path)
    case .pipe(let command): try await session.shell(command, input: Array(collected.text.utf8))
    }
    return done.leaves
  }

  /// Refuses, before anything is done, what may not stand here.
  private func check(_ output: LineOutput, of command: any SessionCommand) async throws {
    if output == .shown { return }
    // What they say is a sentence, and a sentence may well hold these marks.
    if command is NoteCommand || command is ExpectCommand {
      throw LanguageError.badArguments(
        word: type(of: command).fullWord, message: "quote the text, for it holds a `|` or `>`")
    }
    if case .pipe(let text) = output { try await session.checkShell("| \(text)") }
  }

  /// Carries out commands one after the other; the first error stops them. Those that follow `always` are carried out
  /// at the end, in their order, whatever stopped the others; what is wrong with one of them is told and stops nothing.
  ///
  /// - Parameters:
  ///   - commands: the lines of one script.
  ///   - name: what the script is called in messages.
  ///   - showing: how the results are shown.
  ///   - tell: told what is wrong with a line that follows `always`; nil warns on the printer.
  /// - Returns: true where one of them ends the sitting.
  /// - Throws: `LineError` of the first line that fails, or of a line that follows `always` and cannot be understood,
  ///   before anything is done; `CancellationError`.
  @discardableResult
  package func run(
    _ commands: [CommandText], name: String, showing: Showing, tell: (@Sendable (String) async -> Void)? = nil
  ) async throws -> Bool {
    let script = ScriptLines(commands)
    let parameters = await session.parameters
    try script.checkDeferred(name: name, parameters: parameters)
    let result: Result<Bool, any Error>
    do { result = .success(try await carryOut(script.commands, name: name, showing: showing)) } catch {
      result = .failure(error)
    }
    await finish(script.deferred, name: name, showing: showing, tell: tell)
    return try result.get()
  }

  private func carryOut(_ commands: [CommandText], name: String, showing: Showing) async throws -> Bool {
    for (index, command) in commands.enumerated() {
      let start = ContinuousClock.now
      do {
        try Task.checkCancellation()
        let line = try command.line(parameters: await session.parameters)
        let leaves = try await run(line, showing: showing)
        await cases?.held(command, of: name, in: session, took: ContinuousClock.now - start)
        if leaves { return true }
      } catch {
        // What a signal ends may end with an error of its own.
        await cases?.failed(
          command, Task.isCancelled ? CancellationError() : error, of: name, in: session,
          took: ContinuousClock.now - start, notReached: commands[(index + 1)...])
        if error is CancellationError { throw error }
        throw LineError(name: name, line: command.number, cause: error)
      }
    }
    return false
  }

  /// Carries out the lines that follow `always`, in a task of their own: a signal that ended the others does not end
  /// these.
  private func finish(
    _ commands: [CommandText], name: String, showing: Showing, tell: (@Sendable (String) async -> Void)?
  ) async {
    guard !commands.isEmpty else { return }
    let lines = Task {
      for command in commands {
        do {
          try await run(try command.line(parameters: await session.parameters), showing: showing)
        } catch {
          let failure = LineError(name: name, line: command.number, cause: error)
          let text = [Explained.text(failure), Explained.suggestion(failure)].compactMap(\.self)
            .joined(separator: "\n  ")
          if let tell { await tell(text) } else { await printer.warn(text) }
        }
      }
    }
    await lines.value
  }
}

extension Interpreter {
  /// Carries out the lines of another script in this sitting; `isTrusted` says that the user keeps it for this.
  ///
  /// - Returns: true where one of them ends the sitting.
  @discardableResult
  package func source(_ path: String, showing: Showing, isTrusted: Bool = false) async throws -> Bool {
    try await session.sourcing(path, isTrusted: isTrusted) { script in
      try await run(script.lines, name: script.name, showing: showing)
    }
  }
}

/// The first result of a line that could not be written, which ends the line once its work is done.
private final class Unwritten: Sendable {
  private let first = Mutex<(any Error)?>(nil)

  func keep(_ show: @Sendable () async throws -> Void) async {
    do { try await show() } catch { first.withLock { $0 = $0 ?? error } }
  }

  func check() throws { if let error = first.withLock({ $0 }) { throw error } }
}

/// What a line says, kept for a file or a shell command.
private final class Collected: Sendable {
  private let state = Mutex("")

  var text: String { state.withLock { $0 } }

  @Sendable func add(_ more: String) { state.withLock { $0 += more } }
}

extension Interpreter.Showing {
  fileprivate var isFull: Bool { if case .full = self { true } else { false } }
}

/// An error with the script and line it happened on.
package struct LineError: Error, LocalizedError {
  package let name: String
  /// 1-based.
  package let line: Int
  package let cause: any Error

  package init(name: String, line: Int, cause: any Error) {
    self.name = name
    self.line = line
    self.cause = cause
  }

  package var errorDescription: String? { "\(name):\(line): \(Explained.text(cause))" }

  package var recoverySuggestion: String? { Explained.suggestion(cause) }

  /// The error itself, below all scripts that sourced one another.
  package var root: any Error { (cause as? LineError)?.root ?? cause }
}

/// What an error says of itself.
package enum Explained {
  /// What is wrong.
  package static func text(_ error: any Error) -> String { ErrorText.of(error) }

  /// What to type next, where there is something.
  package static func suggestion(_ error: any Error) -> String? {
    (error as? any LocalizedError)?.recoverySuggestion
  }
}
