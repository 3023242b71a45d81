import Content
import Edits
import Instances
import Journal
import Models
import Synchronization
import Workspaces

/// The effects of an attempt. Everything else in this target is a function of values; the live forms of these are named
/// in one file of the program.
package struct World: Sendable {
  /// The repository of a row at its base commit, and the place where its tests run.
  package var workspace: @Sendable (Instance, Settings) async throws -> any Workspace
  package var model: any Model
  /// The unified diff of changed files, by git.
  package var makePatch: @Sendable ([FileChange]) async throws -> [UInt8]
  /// The files that a unified diff changes in a workspace, by git; nothing is written.
  package var applyPatch: @Sendable ([UInt8], any Workspace) async throws -> [FileChange]
  package var journal: Journal
  package var effects: Effects
  /// What tests said when it was recorded, in place of running them: throws where a run was not. Nil runs them.
  package var recorded: (@Sendable (Stage, _ key: Hash, Instance) throws -> Artifact)?

  package init(
    workspace: @escaping @Sendable (Instance, Settings) async throws -> any Workspace, model: any Model,
    makePatch: @escaping @Sendable ([FileChange]) async throws -> [UInt8],
    applyPatch: @escaping @Sendable ([UInt8], any Workspace) async throws -> [FileChange], journal: Journal,
    effects: Effects = Effects()
  ) {
    self.workspace = workspace
    self.model = model
    self.makePatch = makePatch
    self.applyPatch = applyPatch
    self.journal = journal
    self.effects = effects
  }
}

/// How often the outside was called: stages that were kept show zero.
package final class Effects: Sendable {
  /// Counts of calls. `git` counts commands of git, `model` replies asked for, `tests` test runs.
  package struct Counts: Hashable, Codable, Sendable {
    package var git = 0
    package var model = 0
    package var tests = 0
  }

  private let state = Mutex(Counts())
  private let gitCalls: @Sendable () -> Int

  /// `gitCalls` tells how many git commands have been run so far.
  package init(gitCalls: @escaping @Sendable () -> Int = { 0 }) {
    self.gitCalls = gitCalls
  }

  package var counts: Counts {
    var counts = state.withLock { $0 }
    counts.git = gitCalls()
    return counts
  }

  func countModel() { state.withLock { $0.model += 1 } }
  func countTests() { state.withLock { $0.tests += 1 } }
}
