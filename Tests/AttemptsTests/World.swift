import Content
import Context
import Foundation
import Instances
import Journal
import Models
import Prompts
import Repositories
import Synchronization
import TestPrograms
import Workspaces

@testable import Attempts

let pythons = Pythons()

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A world as the program wires it, over repositories in a temporary folder, with its calls of git counted.
struct Bench: Sendable {
  let world: World
  let folder: String
  /// Every call of git, by whomever.
  let calls: Counter

  /// A world in `folder` that asks `model`.
  init(
    _ model: any Model, in folder: String, path: String? = nil,
    open: (@Sendable (Instance, Settings) async throws -> any Workspace)? = nil
  ) throws {
    let calls = Counter()
    let git = Git(count: calls)
    let live: @Sendable (Instance, Settings) async throws -> any Workspace = { instance, settings in
      let mirror =
        try await PracticeSet.repository(
          of: instance.id, commit: instance.baseCommit, in: "\(folder)/practice", git: git)
        ?? Mirror(repo: instance.repo, path: "\(folder)/\(instance.repo).git", git: git)
      let tree = try await mirror.tree(at: instance.baseCommit)
      try FileTree.makeFolder("scratch", under: folder)
      guard let path else {
        return RepositoryWorkspace(
          tree, options: settings.workspace, git: git, pythons: pythons, scratch: "\(folder)/scratch")
      }
      return RepositoryWorkspace(
        tree, options: settings.workspace, git: git, pythons: pythons, path: path, scratch: "\(folder)/scratch")
    }
    self.folder = folder
    self.calls = calls
    world = World(
      workspace: open ?? live, model: model, makePatch: { try await PatchMaker.patch($0, git: git) },
      applyPatch: { patch, workspace in
        try await PatchApplier.apply(patch, to: { try await workspace.read([$0])[$0] }, git: git)
      },
      journal: try Journal(at: nil, migrations: AttemptTables.migrations), effects: Effects(gitCalls: { calls.value }))
  }

  /// Makes the take that `plan` describes.
  @discardableResult func make(_ plan: Plan, watching: [any Interceptor] = []) async throws -> Take {
    try await Runner(world: world, sitting: "tests", interceptors: watching).make(plan)
  }

  /// The stages that the journal has of a take, in the order they were made.
  func journaled(_ id: TakeID = TakeID(attempt: 1, take: 1)) throws -> [Stage] {
    try world.journal.rows(
      "SELECT stage FROM stage WHERE attempt = ? AND take = ? ORDER BY rowid",
      [.integer(id.attempt), .integer(id.take)]
    ).compactMap { $0["stage"]?.text.flatMap { Stage(rawValue: $0) } }
  }
}

/// Runs `body` with a world that asks `model`, in a folder of its own.
@discardableResult func withBench<Value: Sendable>(
  _ model: any Model, path: String? = nil, _ body: (Bench) async throws -> Value
) async throws -> Value {
  try await TemporaryFolder.use { folder async throws in try await body(Bench(model, in: folder, path: path)) }
}

/// True where this machine lets bubblewrap work.
let hasSandbox = Child.hasSandbox

/// The settings of a new session, without the sandbox where this machine allows none.
let defaults: Settings = {
  var settings = Settings()
  settings.workspace.sandbox = hasSandbox ? .on : .off
  return settings
}()

/// A plan with the template that its settings name.
func plan(
  _ instance: Instance, _ id: TakeID = TakeID(attempt: 1, take: 1), settings: Settings = defaults,
  base: Take? = nil, from: Stage? = nil, through: Stage = .feedback, earlier: FeedbackArtifact? = nil,
  tweak: Tweak? = nil
) -> Plan {
  let template = BuiltinTemplates.named(settings.templateName)
  return Plan(
    instance: instance, id: id, settings: settings,
    template: TemplateText(name: settings.templateName, source: template?.source ?? ""), earlier: earlier, base: base,
    from: from, through: through, tweak: tweak)
}

/// A row of the practice set.
func practice(_ id: String) throws -> Instance {
  guard let row = try PracticeSet.dataset().row(id) else { throw Missing(name: id) }
  return try row.instance()
}

/// The model that answers practice rows with the replies written for them.
let practiceModel = PracticeModel { id in
  PracticeSet.replies(of: id).map { PracticeReply(needs: $0.needs, text: $0.text) }
}

/// The model that answers practice rows with their gold patches.
let goldModel = GoldModel { id in try? practice(id).patch }

/// A model that always says `text`.
func saying(_ text: String) -> ScriptedModel {
  ScriptedModel(name: "told", replies: [ScriptedReply(instanceID: nil, text: text, repeats: true)])
}

/// Something a test needs is not there.
struct Missing: Error { let name: String }

/// A reply in SEARCH/REPLACE form; an empty `search` makes a new file.
func block(_ path: String, _ search: String, _ replacement: String) -> String {
  func lines(_ text: String) -> String { text.isEmpty || text.hasSuffix("\n") ? text : text + "\n" }
  return "\(path)\n```python\n<<<<<<< SEARCH\n\(lines(search))=======\n\(lines(replacement))>>>>>>> REPLACE\n```\n"
}

/// Writes down what the runner says, and what each stage cost in calls.
final class Watcher: Interceptor {
  /// One word of the runner's.
  enum Event: Hashable {
    case willMake(Stage)
    case replied(String)
    case recorded(Stage, String)
  }

  private struct State {
    var events: [Event] = []
    var last = Effects.Counts()
    var costs: [Stage: Effects.Counts] = [:]
  }

  private let state: Mutex<State>
  private let effects: Effects
  private let will: @Sendable (Stage) async throws -> Void
  private let did: @Sendable (StageRecord) async throws -> Void

  /// Watches a world with these `effects`; `will` and `did` are done after an event was written down.
  init(
    _ effects: Effects = Effects(), will: @escaping @Sendable (Stage) async throws -> Void = { _ in },
    did: @escaping @Sendable (StageRecord) async throws -> Void = { _ in }
  ) {
    self.effects = effects
    self.will = will
    self.did = did
    var start = State()
    start.last = effects.counts
    state = Mutex(start)
  }

  var events: [Event] { state.withLock { $0.events } }

  /// The stages announced as about to be made.
  var announced: [Stage] {
    events.compactMap { event in
      if case .willMake(let stage) = event { stage } else { nil }
    }
  }

  /// How often the reply went on.
  var replies: Int { events.count { if case .replied = $0 { true } else { false } } }

  /// The calls made between the record of the stage before and this stage's.
  func cost(of stage: Stage) -> Effects.Counts { state.withLock { $0.costs[stage] ?? Effects.Counts() } }

  func willMake(_ stage: Stage, of plan: Plan) async throws {
    state.withLock { $0.events.append(.willMake(stage)) }
    try await will(stage)
  }

  func replied(_ text: String, in plan: Plan) async {
    state.withLock { $0.events.append(.replied(text)) }
  }

  func didRecord(_ record: StageRecord, in chain: Chain, of plan: Plan) async throws {
    let now = effects.counts
    state.withLock { state in
      state.events.append(.recorded(record.stage, record.how.word))
      var cost = Effects.Counts()
      cost.git = now.git - state.last.git
      cost.model = now.model - state.last.model
      cost.tests = now.tests - state.last.tests
      state.costs[record.stage] = cost
      state.last = now
    }
    try await did(record)
  }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
