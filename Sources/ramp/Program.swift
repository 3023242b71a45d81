import Commands
import Foundation
import Journal
import Models
import Repositories
import Script
import Sessions
import Synchronization
import Terminal
import Workspaces

/// The program: reads its arguments, wires the live world, carries out the lines, gives an exit status.
struct Program: Sendable {
  static let version = "0.1.0"
  static let versionLine = "ramp \(version)\n"

  private let words: [String]
  /// Made when something asks for it: `--version` does not.
  private var environment: [String: String] { ProcessInfo.processInfo.environment }

  init(_ words: [String]) {
    self.words = words
  }

  /// Exit status, as DESIGN's table has it.
  enum Status {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    /// A gate is shut.
    static let shut: Int32 = 3
    static let usage: Int32 = 64
    static let unavailable: Int32 = 69
    static let preempted: Int32 = 75
    static let interrupted: Int32 = 130
  }

  func run() async -> Int32 {
    let arguments: Arguments
    do {
      arguments = try Arguments(
        words, isWord: { (try? WordTable.word($0)) != nil }, isFile: FileManager.default.fileExists)
    } catch {
      await printer(json: false, color: .auto).fail(error)
      return Status.usage
    }
    switch arguments.work {
    case .version:
      Streams.out(Program.versionLine)
      return Status.done
    case .help:
      Streams.out(Arguments.usage + "\n")
      return Status.done
    case .input, .commands, .script, .words: return await work(arguments)
    }
  }

  private func work(_ arguments: Arguments) async -> Int32 {
    let printer = printer(
      json: arguments.json, color: arguments.color,
      isPrompt: arguments.work == .input && Screen.isTerminal(STDIN_FILENO))
    let signals = Signals()
    let status = Mutex(Status.done)
    let hasFailed = Mutex(false)
    let signal = await signals.watch {
      do {
        try await carryOut(arguments, printer, signals)
      } catch {
        if !(error is CancellationError) {
          hasFailed.withLock { $0 = true }
          await printer.fail(error)
        }
        let result = Program.status(of: error)
        status.withLock { $0 = result }
      }
    }
    // A program is told so once, as of any other error.
    if signal != nil, printer.json, !hasFailed.withLock({ $0 }) { await printer.end(CancellationError()) }
    switch signal {
    case SIGINT?: return Status.interrupted
    case SIGTERM?: return Status.preempted
    default: return status.withLock { $0 }
    }
  }

  private func carryOut(_ arguments: Arguments, _ printer: Printer, _ signals: Signals) async throws {
    let isScript = if case .script = arguments.work { true } else { false }
    let isKept = arguments.continues || keepsTakes(arguments.work)
    let path = arguments.journal ?? (isKept ? Places.journal(environment) : nil)
    var host = Live.host(journal: try Live.journal(at: path), environment: environment)
    let isTerminal = arguments.work == .input && Screen.isTerminal(STDIN_FILENO)
    if isTerminal {
      host.edit = { [secrets = host.secrets] in secrets.hidden(in: try await TerminalTools.edit($0, named: $1)) }
    }
    host.onSecondInterrupt = { signals.onSecond($0) }
    host.version = Program.version
    host.processors = max(1, ProcessInfo.processInfo.activeProcessorCount)
    let permissions = Permissions(
      isScript: isScript || (arguments.work == .input && !isTerminal), shell: arguments.allowShell,
      write: arguments.allowWrite, noSandbox: arguments.allowNoSandbox, keyHosts: arguments.keyHosts,
      read: arguments.allowRead, servers: arguments.servers, typed: Array(arguments.parameters.values))
    if case .script(let file) = arguments.work {
      let player = Player(host: host, permissions: permissions, printer: printer)
      let played = try await player.play(
        path: file, mode: arguments.record, live: arguments.live, parameters: arguments.parameters)
      await printer.show(played)
      return
    }
    let session = Session(host: host, permissions: permissions)
    await session.fix(arguments.parameters)
    if let mode = arguments.record {
      try await session.begin(ScriptFile(text: ""), at: nil, mode: mode, live: arguments.live)
    }
    if arguments.continues {
      for source in try await session.resume() {
        await printer.warn("\(source) is not here any more; its rows are not loaded")
      }
    }
    let interpreter = Interpreter(session: session, printer: printer)
    switch arguments.work {
    case .commands(let text):
      let lines = try Program.commands(text, name: "-c")
      for remark in await session.unusedParameters(in: lines) { await printer.warn(remark) }
      try await interpreter.run(lines, name: "-c", showing: .full)
    case .words(let words):
      let line = Line(
        number: 1, words: words.map { Word(text: $0, column: 1) }, source: words.joined(separator: " "))
      do {
        try await interpreter.run(line, showing: .full)
      } catch SessionError.noCurrentInstance where !arguments.continues {
        throw SessionError.newSitting(line: LineParser.quoted(words))
      }
    case .input where isTerminal:
      try await Prompt(interpreter: interpreter, printer: printer, environment: environment, signals: signals).run()
    default:
      let bytes = try Streams.input(limit: 512 << 20)
      let script: ScriptFile
      do { script = try ScriptFile.parse(bytes, name: "stdin") } catch {
        throw LineError(name: "stdin", line: error.line ?? 1, cause: error)
      }
      for remark in await session.unusedParameters(in: script.lines) { await printer.warn(remark) }
      try await session.begin(script, at: nil, mode: arguments.record, live: arguments.live)
      try await interpreter.run(script.lines, name: "stdin", showing: .full)
    }
  }

  /// False where nothing is made that outlives the program: a script keeps to itself, and a line may only look.
  private func keepsTakes(_ work: Arguments.Work) -> Bool {
    switch work {
    case .script, .version, .help: false
    case .words(let words): (try? WordTable.parse(words)).map { type(of: $0.command).makesTakes } ?? false
    case .input, .commands: true
    }
  }

  private static func commands(_ text: String, name: String) throws -> [CommandText] {
    do throws(ScriptError) { return try LineParser.commands(text) } catch {
      throw LineError(name: name, line: error.line ?? 1, cause: error)
    }
  }

  private func printer(json: Bool, color: ColorOption, isPrompt: Bool = false) -> Printer {
    let isTerminal = Screen.isTerminal(STDOUT_FILENO)
    let style = Style.decide(option: color, environment: environment, isTerminal: isTerminal)
    // Waiting is shown on standard error, to whoever sees that.
    let seesWaiting = Screen.isTerminal(STDERR_FILENO) && !Screen.isDumb(environment: environment) && !json
    let progress = WaitingLine(
      style: Style.decide(option: color, environment: environment, isTerminal: seesWaiting),
      width: { Screen.width(of: STDERR_FILENO) }, write: Streams.err)
    return Printer(
      look: Look(style: style, width: isTerminal ? Screen.width(of: STDOUT_FILENO) : nil), json: json,
      out: Streams.out, err: Streams.err, page: isPrompt && isTerminal ? TerminalTools.page : nil,
      progress: seesWaiting ? progress : nil)
  }

  /// The exit status that an error stands for.
  static func status(of error: any Error) -> Int32 {
    switch (error as? LineError)?.root ?? error {
    case is CancellationError: Status.interrupted
    case let error where BatchError.isShut(error): Status.shut
    case is WorkspaceError, is GitError: Status.unavailable
    case let error as ServerError where error.isAbsence: Status.unavailable
    case is Arguments.Wrong: Status.usage
    default: Status.failed
    }
  }
}
