import Models
import Workspaces

/// Called between stages: progress, breakpoints, `follow`, cancellation and audits are interceptors. Throwing stops the
/// take; what was made before stays in the journal.
package protocol Interceptor: Sendable {
  /// A stage is about to be made.
  func willMake(_ stage: Stage, of plan: Plan) async throws

  /// More of the reply has come.
  func replied(_ text: String, in plan: Plan) async

  /// The model's server gave no answer and is asked again.
  func retrying(_ retry: Retry, in plan: Plan) async

  /// The row's environment is being made.
  func preparing(_ news: EnvironmentNews, in plan: Plan) async

  /// The row's environment was made.
  func prepared(_ made: MadeEnvironment, in plan: Plan) async

  /// A stage was made or kept, and is in the journal.
  func didRecord(_ record: StageRecord, in chain: Chain, of plan: Plan) async throws
}

extension Interceptor {
  package func willMake(_ stage: Stage, of plan: Plan) async throws {}
  package func replied(_ text: String, in plan: Plan) async {}
  package func retrying(_ retry: Retry, in plan: Plan) async {}
  package func preparing(_ news: EnvironmentNews, in plan: Plan) async {}
  package func prepared(_ made: MadeEnvironment, in plan: Plan) async {}
  package func didRecord(_ record: StageRecord, in chain: Chain, of plan: Plan) async throws {}
}
