import Content
import Instances
import Models
import Workspaces

/// How one stage makes its artifact. One file per stage.
protocol StageMaker: Sendable {
  /// What the artifact depends on, or nil where there is nothing to make (no tests for an empty patch).
  func key(_ plan: Plan, _ chain: Chain) -> Key?

  /// Makes the artifact from those before it.
  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made

  /// The artifact that a person wrote in its place.
  func tweaked(_ text: String, _ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Artifact
}

extension StageMaker {
  func tweaked(_ text: String, _ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Artifact {
    throw AttemptError.notTweakable(plan.tweak?.stage ?? .workspace)
  }
}

extension Key {
  /// The key of a stage without its inputs yet.
  init(of stage: Stage) { self.init(stage: stage.rawValue, version: stage.version) }
}

/// An artifact as it comes from its maker.
struct Made: Sendable {
  let artifact: Artifact
  /// Bytes that belong to it and are not hashed with it, by name.
  var attachments: [String: [UInt8]] = [:]
  /// How long writing it took, where that is known apart from the wait for it.
  var writing: Duration?
}

extension Stage {
  var maker: any StageMaker {
    switch self {
    case .workspace: WorkspaceStage()
    case .baseline: BaselineStage()
    case .context: ContextStage()
    case .prompt: PromptStage()
    case .reply: ReplyStage()
    case .edits: EditsStage()
    case .patch: PatchStage()
    case .outcomes: OutcomesStage()
    case .verdict: VerdictStage()
    case .feedback: FeedbackStage()
    }
  }

  /// Whether a person may replace this stage's artifact.
  package var isTweakable: Bool {
    switch self {
    case .prompt, .reply, .patch, .feedback: true
    case .workspace, .baseline, .context, .edits, .outcomes, .verdict: false
    }
  }
}

/// Who hears of an environment that is made before tests run.
package struct EnvironmentWatcher: Sendable {
  /// Called as the making goes on.
  package var told: @Sendable (EnvironmentNews) async -> Void
  /// Called when it is made.
  package var made: @Sendable (MadeEnvironment) async -> Void

  package init(
    told: @escaping @Sendable (EnvironmentNews) async -> Void = { _ in },
    made: @escaping @Sendable (MadeEnvironment) async -> Void = { _ in }
  ) {
    self.told = told
    self.made = made
  }
}

/// The effects of one take, with the workspace opened when the first stage asks for it.
actor Workshop {
  nonisolated let world: World
  nonisolated let replied: @Sendable (String) async -> Void
  nonisolated let retrying: @Sendable (Retry) async -> Void
  nonisolated let watcher: EnvironmentWatcher
  private let plan: Plan
  private var opened: (any Workspace)?
  /// How long the row's environment was waited for since `takePreparation` was last called; nil when it was there.
  private var preparation: Duration?

  init(
    world: World, plan: Plan, replied: @escaping @Sendable (String) async -> Void,
    retrying: @escaping @Sendable (Retry) async -> Void = { _ in }, watcher: EnvironmentWatcher = EnvironmentWatcher()
  ) {
    self.world = world
    self.plan = plan
    self.replied = replied
    self.retrying = retrying
    self.watcher = watcher
  }

  func workspace() async throws -> any Workspace {
    if let opened { return opened }
    let workspace = try await world.workspace(plan.instance, plan.settings)
    opened = workspace
    return workspace
  }

  /// Makes the row's environment when it is not there yet. The time counts for no stage.
  func prepare() async throws {
    let workspace = try await workspace()
    let start = ContinuousClock.now
    do {
      guard let made = try await workspace.prepare(watcher.told) else { return }
      preparation = (preparation ?? .zero) + (.now - start)
      await watcher.made(made)
    } catch {
      preparation = (preparation ?? .zero) + (.now - start)
      throw error
    }
  }

  func takePreparation() -> Duration? {
    defer { preparation = nil }
    return preparation
  }

  /// The files as the model is shown them and its edits are applied to: those of the commit, with the change that the
  /// attempt begins from.
  func files() async throws -> any Workspace {
    let workspace = try await workspace()
    return plan.stack.map { StackedWorkspace(base: workspace, stack: $0) } ?? workspace
  }
}
