import Attempts
import Content
import Foundation
import Journal
import Models
import Script
import Sessions
import Terminal

/// Plays a script headless: in a session of its own, with a journal of its own.
package struct Player: Sendable {
  private let host: SessionHost
  private let permissions: Permissions
  private let printer: Printer?
  private let desk: Desk?
  /// What reports tell of the lines; nil where none was asked for.
  private let cases: CaseLog?

  /// The scripts that are being played, the outermost first.
  @TaskLocal private static var playing: [String] = []

  /// A player that lists the lines as they are carried out.
  package init(host: SessionHost, permissions: Permissions, printer: Printer, cases: CaseLog? = nil) {
    self.host = host
    self.permissions = permissions
    self.printer = printer
    self.cases = cases
    desk = nil
  }

  /// A player inside a sitting: what it came to is the result of one line.
  init(host: SessionHost, permissions: Permissions, desk: Desk) {
    self.host = host
    self.permissions = permissions
    self.desk = desk
    printer = nil
    cases = nil
  }

  /// Plays the script at `path`; `mode` and `live` say whether the model may be asked.
  ///
  /// - Throws: `LineError` of the first line that fails, with the file's name.
  package func play(
    path: String, mode: RecordMode?, live: Bool, outcomes: OutcomeMode = .run, parameters: [String: String] = [:],
    name: String? = nil
  ) async throws -> PlayOutput {
    let name = name ?? path
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard !Player.playing.contains(real), Player.playing.count < 16 else { throw SessionError.sourceTooDeep(path) }
    let script: ScriptFile
    do {
      script = try ScriptFile.parse(try host.readFile(path), name: name)
    } catch let error as ScriptError {
      throw LineError(name: name, line: error.line ?? 1, cause: error)
    }
    return try await Player.$playing.withValue(Player.playing + [real]) {
      try await play(script, path: path, name: name, mode: mode, live: live, outcomes: outcomes, parameters: parameters)
    }
  }

  private func play(
    _ script: ScriptFile, path: String, name: String, mode: RecordMode?, live: Bool, outcomes: OutcomeMode,
    parameters: [String: String]
  ) async throws -> PlayOutput {
    var allowed = permissions
    allowed.isScript = true
    let session = Session(host: host, permissions: allowed)
    await session.fix(parameters)
    try await session.begin(script, at: path, mode: mode, live: live, outcomes: outcomes)
    try await session.checkParameters(in: script.lines, name: name)
    let isReplay = await session.recordMode == RecordMode.none
    if isReplay { await printer?.note("\(name)   replaying recorded replies, network off\n") }
    let interpreter = Interpreter(session: session, printer: printer ?? .silent, cases: cases)
    let failure: (any Error)?
    do {
      try await interpreter.run(script.lines, name: name, showing: printer == nil ? .nothing : .list) { await warn($0) }
      failure = nil
    } catch {
      failure = error
    }
    await cases?.finish(session)
    if let mode = await session.recordMode, mode != RecordMode.none,
      let files = try await session.rerecorded(at: path, stopped: failure != nil)
    {
      // Within a sitting it is for that to say where may be written.
      let writer = desk?.interpreter.session ?? session
      for file in files { _ = try await writer.write(file.bytes, to: file.path, inFolder: false) }
      await warn("\(name): recorded anew")
    }
    if let failure { throw failure }
    for section in await session.unusedSections() where isReplay {
      await warn(
        "\(name):\(section.line): section \(section.title) was never used; remove it, or the line that used it is gone")
    }
    return PlayOutput(
      name: name, expectations: await session.expectations, isReplay: isReplay, runsTests: outcomes == .run,
      takes: await session.takes.mapValues { $0.map(TakeState.init) })
  }

  private func warn(_ text: String) async {
    await printer?.warn(text)
    await desk?.warn(text)
  }
}

/// What a replay must come to again: the verdicts and the content of every stage.
package struct TakeState: Hashable, Codable, Sendable {
  package let take: String
  package let verdict: String?
  /// Content hashes by stage.
  package let contents: [String: String]

  package init(_ take: Take) {
    self.take = take.id.description
    verdict = take.verdict?.word.rawValue
    contents = Dictionary(
      take.records.map { ($0.stage.rawValue, $0.content.hex) }, uniquingKeysWith: { $1 })
  }
}

package struct PlayOutput: Output {
  package let name: String
  package let expectations: Int
  package let isReplay: Bool
  /// False where what tests said was taken from the recording.
  package let runsTests: Bool
  package let takes: [String: [TakeState]]

  package var summary: String { "\(expectations) of \(expectations) expectations hold" }

  package func text(_ look: Look) -> String {
    let told = runsTests ? "\n" : "; tests not run: outcomes as recorded\n"
    if expectations == 0 { return "done; nothing was expected" + told }
    return look.style.apply(.good, "\(expectations) of \(expectations) expectations hold") + told
  }

  package func json() throws -> [String] {
    struct Line: Encodable {
      let ok = true, script: String, expectations: Int, replay, testsRun: Bool, takes: [String: [TakeState]]
    }
    return [
      try JSONLine.of(
        Line(script: name, expectations: expectations, replay: isReplay, testsRun: runsTests, takes: takes))
    ]
  }
}

extension Printer {
  /// A printer that shows nothing.
  static let silent = Printer(
    look: Look(style: Style(color: false), width: nil), json: false, out: { _ in }, err: { _ in })
}
