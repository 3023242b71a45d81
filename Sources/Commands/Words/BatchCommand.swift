import ArgumentParser
import Attempts
import Campaigns
import Grading
import Instances
import Sessions
import Terminal

/// `batch IDS`: many instances, each with all its attempts.
package struct BatchCommand: SessionCommand {
  package static let configuration = CommandConfiguration(
    commandName: "batch", abstract: "Run many instances, each with all its attempts.",
    discussion: """
      Answers and tests overlap. An instance that came to an end before with the same row, settings and templates is \
      kept and not run again; infrastructure failures are no results and are tried again. Ctrl-C begins no new instance \
      and lets what runs come to its end, twice stops at once; the same line goes on. What was added to contexts by hand \
      plays no part.
      """)
  package static let examples = [
    "batch django__django-11000 sympy__sympy-14308 --model gold --attempts 1",
    "batch --where \"repo = pallets/flask\" --model gold",
  ]
  package static let makesTakes = true
  package static let completions: [Candidates] = [.instance]

  @Argument(help: "The instances.")
  var instances: [String] = []

  @Option(help: "Rows for which this holds, e.g. \"repo = django/django and last = apply_failed\".")
  var `where`: String?

  @Flag(help: "All rows.")
  var all = false

  @Option(
    help: "Keep it as a run of this phase: nothing is drawn, no gate is asked, no results are written.",
    transform: PhaseCommand.phase)
  var phase: Phase?

  @OptionGroup var options: BatchOptions

  package init() {}

  package func validate() throws {
    if all || `where` != nil, !instances.isEmpty { throw ValidationError("name instances, or say --where or --all") }
    if !all, `where` == nil, instances.isEmpty { throw ValidationError("name instances, or say --where or --all") }
  }

  package func run(in session: Session, at desk: Desk) async throws -> Done {
    let ids = try await ids(in: session)
    guard !ids.isEmpty else { throw BatchError.empty }
    try await session.checkUnmixed(ids)
    let settings = try await options.settings(in: session)
    let name = phase.map { PhaseRun.name($0, campaign: settings.campaign ?? "default") } ?? "batch"
    let repetition = options.again ? try await session.repetitions(of: name) : 0
    let run = try await options.run(
      ids, as: name, settings: settings, repetition: repetition, in: session, at: desk)
    if let failure = run.result.failure { throw failure }
    let output = BatchOutput(result: run.result, total: ids.count)
    await desk.report(output)
    guard !run.result.isStopped else {
      throw BatchError.stopped(done: run.result.records.count, of: ids.count)
    }
    return Done(ReportedOutput(summary: output.summary), .changes(slot: nil))
  }

  private func ids(in session: Session) async throws -> [String] {
    if !instances.isEmpty {
      var seen: Set<String> = []
      return instances.filter { seen.insert($0).inserted }
    }
    let condition = try `where`.map(RowCondition.init)
    var ids: [String] = []
    for (row, set) in try await session.rows() {
      let last = await session.ownTakes[row.id].flatMap { Steering.counted($0).last { $0.verdict != nil } }
      let kept = last == nil ? try await session.lastRecord(of: row.id) : nil
      let subject = RowCondition.Subject(
        id: row.id, repository: row.repo, set: set, difficulty: try row.instance().difficulty,
        verdict: last?.verdict?.word.rawValue ?? kept.map { $0.verified ? "resolved" : "unresolved" },
        failure: last?.verdict?.failure?.rawValue ?? kept?.failure?.rawValue)
      if condition?.holds(subject) ?? true { ids.append(row.id) }
    }
    return ids
  }
}

/// What a batch came to.
struct BatchOutput: Output {
  let result: BatchResult
  let total: Int

  private var resolved: Int { result.records.count { $0.verified } }
  private var errors: [InstanceRecord] { result.records.filter { $0.stop.isInfrastructure } }

  var summary: String { "\(resolved) of \(total) resolved" }

  func text(_ look: Look) -> String {
    var parts = ["\(resolved) of \(total) resolved"]
    if result.records.count < total { parts.append("\(total - result.records.count) not run") }
    if !errors.isEmpty { parts.append("\(Amount.of(errors.count, "error")) that say nothing about the model") }
    if result.kept > 0 { parts.append("\(result.kept) kept from before") }
    return look.style.apply(.heading, parts.joined(separator: ", ")) + "\n"
      + InstanceList(records: result.records, option: "--batch", retry: nil).text(look)
  }

  func json() throws -> [String] {
    struct Line: Encodable { let total, run, resolved, errors, kept: Int, stopped: Bool }
    return [
      try JSONLine.of(
        Line(
          total: total, run: result.records.count, resolved: resolved, errors: errors.count, kept: result.kept,
          stopped: result.isStopped))
    ]
  }
}
