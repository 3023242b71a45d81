import Attempts
import Models
import Terminal
import Workspaces

/// Shows each stage as it is made, and what is being waited for.
struct StageReporter: Interceptor {
  let desk: Desk
  private let environment: EnvironmentReporter

  init(desk: Desk) {
    self.desk = desk
    environment = EnvironmentReporter(desk)
  }

  func willMake(_ stage: Stage, of plan: Plan) async throws {
    await desk.progress?.begin(StageLine.name(of: stage))
  }

  func replied(_ text: String, in plan: Plan) async {
    await desk.progress?.stream(text)
  }

  func retrying(_ retry: Retry, in plan: Plan) async {
    await desk.progress?.end()
    await desk.warn(Untrusted.cleanLine(retry.description))
    await desk.progress?.begin(StageLine.name(of: .reply))
  }

  func preparing(_ news: EnvironmentNews, in plan: Plan) async { await environment.told(news) }

  func prepared(_ made: MadeEnvironment, in plan: Plan) async {
    await environment.made(made)
    await desk.progress?.begin(StageLine.name(of: .baseline))
  }

  func didRecord(_ record: StageRecord, in chain: Chain, of plan: Plan) async throws {
    await desk.progress?.end()
    guard desk.showsStages else { return }
    if record.stage == .workspace, !plan.strategy.isEmpty { await desk.say(StrategyOutput(plan: plan)) }
    guard StageReporter.isShown(record) else { return }
    await desk.say(StageOutput(record: record, chain: chain))
  }

  /// Stages that were kept are named in one line at the end, but for the verdict, which every take has to say; feedback
  /// is shown by `show feedback`.
  static func isShown(_ record: StageRecord) -> Bool {
    record.stage == .verdict || record.how != .kept && record.stage != .feedback
  }
}

/// What an attempt does otherwise than the one before.
struct StrategyOutput: Output {
  let plan: Plan

  func text(_ look: Look) -> String {
    let text = "  \(Width.padded("ladder", to: 9))  \(Untrusted.cleanLine(plan.strategy.joined(separator: "; ")))"
    return Width.wrapped(text, to: look.width, indent: 13) + "\n"
  }

  func json() throws -> [String] { [] }
}

struct StageOutput: Output {
  let record: StageRecord
  let chain: Chain

  func text(_ look: Look) -> String { StageLine(record: record, chain: chain).text(look) }

  func json() throws -> [String] { [] }
}
