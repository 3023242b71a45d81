import ArgumentParser
import Attempts
import Content
import Script
import Sessions

/// `run ID`: makes the next attempt of an instance.
package struct RunCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Make one attempt at an instance; again, the next one with what was learnt.",
    discussion: """
      What an attempt does otherwise than the one before is the setting `ladder`; a change that was tried before is \
      told and not tested again. With `--attempts N` it goes on by itself until the instance is resolved, has had N \
      attempts, gets the same answers again (stuck) or has spent its budget, and ends with the record of the instance. \
      `--through patch` or earlier needs no environment. An attempt whose model was not asked yet, or that was stopped, \
      goes on: it is the same attempt, with its own sampling.
      """)
  package static let examples = [
    "run django__django-11000", "run django__django-11000 --through prompt",
    "run django__django-11000 --attempts 3",
  ]
  package static let makesTakes = true
  package static let completions: [Candidates] = [.instance]

  @Argument(help: "The instance; without one, the current.")
  var instance: String?

  @Option(help: "The last stage to make. \(Stage.values(standard: .feedback))", transform: Stage.init(typed:))
  var through: Stage = .feedback

  @Option(help: "Go on until resolved or this many attempts were made.")
  var attempts: Int?

  package init() {}

  package func validate() throws {
    if let attempts, !(1...100).contains(attempts) { throw ValidationError("--attempts is a number from 1 to 100") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    guard let id = if let instance { instance } else { await session.current } else {
      throw await session.nothingCurrent()
    }
    guard let attempts else {
      let take = try await session.run(id, through: through, watching: [StageReporter(desk: desk)])
      return Done(
        try await TakeOutput(take, session: session, showsStages: !desk.showsStages),
        .takes(instanceID: id, ids: [take.id]), savedAs: words(id))
    }
    if let last = await session.takes[id]?.last, await session.openAttempt(of: id) == nil,
      last.id.attempt >= attempts || last.verdict?.word == .resolved
    {
      let count = "\(id) has had \(Amount.of(last.id.attempt, "attempt"))"
      let word = last.verdict?.word.rawValue ?? "without a verdict"
      return Done(
        MessageOutput(
          "\(count), \(word); `run \(id)` makes one more",
          fields: ["instance_id": id, "attempts": "\(last.id.attempt)", "verdict": word]))
    }
    do {
      let solved = try await session.solve(
        id, attempts: attempts, through: through, watching: [StageReporter(desk: desk)]
      ) { take, isLast in
        await desk.say(
          try await TakeOutput(take, session: session, showsStages: isLast && !desk.showsStages, hints: isLast))
      }
      return Done(
        InstanceOutput(record: solved.record), .takes(instanceID: id, ids: solved.made.map(\.id)), savedAs: words(id))
    } catch let failure as LoopFailure {
      if let last = failure.made.last {
        await remember(id, failure.made.map(\.id), upTo: last.id.attempt, in: session)
      }
      throw failure.underlying
    }
  }

  /// The line with the instance in it, which another sitting may not know.
  private func words(_ id: String) -> [String] {
    ["run", id] + (attempts.map { ["--attempts", "\($0)"] } ?? [])
      + (through == .feedback ? [] : ["--through", through.rawValue])
  }

  /// The attempts that were made before one failed are there and count: a saved session makes them and no more.
  private func remember(_ id: String, _ made: [TakeID], upTo attempts: Int, in session: Session) async {
    let words =
      ["run", id, "--attempts", "\(attempts)"] + (through == .feedback ? [] : ["--through", through.rawValue])
    await session.remember(Entry(line: LineParser.quoted(words), kind: .takes(instanceID: id, ids: made)))
  }
}

extension Stage {
  /// The stages, for the help of an argument that is one.
  static func values(standard: Stage? = nil) -> String {
    "(values: \(allCases.map(\.rawValue).joined(separator: ", "))"
      + (standard.map { "; default: \($0.rawValue)" } ?? "") + ")"
  }

  /// The stage that is typed. Throws naming the nearest.
  package init(typed name: String) throws {
    guard let stage = Stage(spoken: name) else {
      throw SessionError.unknownStage(
        name, nearest: Nearest.names(to: name, in: Stage.allCases.map(\.rawValue) + ["tests"]))
    }
    self = stage
  }
}
