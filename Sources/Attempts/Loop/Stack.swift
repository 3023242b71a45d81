import Content
import Grading
import Prompts
import Workspaces

/// The change of an earlier attempt that an attempt begins from, in place of the base commit alone (`set stack on`).
package struct Stack: Hashable, Sendable {
  /// The attempt that made it, from 1.
  package let attempt: Int
  package let changes: [FileChange]
  /// True where hidden tests had a part in the change or in its being chosen: what the model is shown of it tells of
  /// them.
  package let isTainted: Bool

  package init(attempt: Int, changes: [FileChange], isTainted: Bool) {
    self.attempt = attempt
    self.changes = changes
    self.isTainted = isTainted
  }

  /// The change that the attempt behind `takes` begins from: the best so far where the hidden tests may tell which that
  /// is, or else the last one. What is no Python is not built on. Nil where there is none.
  package init?(behind takes: [Take], feedback: FeedbackMode) {
    let whole = takes.filter { take in
      take.chain.patch?.changes.isEmpty == false && take.verdict?.failure != .syntaxError
        && take.verdict?.word != .suspect && (feedback == .hidden || !take.chain.isTainted)
    }
    guard let take = feedback == .hidden ? Take.best(of: whole) : whole.last, let patch = take.chain.patch else {
      return nil
    }
    self.init(
      attempt: take.id.attempt, changes: patch.changes,
      isTainted: feedback == .hidden || take.chain.isTainted)
  }

  /// What the key of a stage that reads it holds.
  var words: String {
    let changes = (try? Canonical.hash(changes))?.hex ?? ""
    return "\(attempt) \(isTainted) \(changes)"
  }

  /// Where a passage of a file with the change in it comes from; nil for a file that the change leaves alone.
  func origin(of path: String) -> Origin? {
    guard changes.contains(where: { $0.path == path }) else { return nil }
    return isTainted ? .hiddenTest : .feedback(attempt: attempt)
  }

  /// The change of the base commit that this one comes to with `more` on top, whose `before` are files with this one in
  /// them.
  func merged(with more: [FileChange]) -> [FileChange] {
    let later = Dictionary(more.map { ($0.path, $0) }) { $1 }
    let own = changes.map { old in
      FileChange(path: old.path, before: old.before, after: later[old.path].map(\.after) ?? old.after)
    }
    let paths = Set(changes.map(\.path))
    return own + more.filter { !paths.contains($0.path) }
  }
}

/// A commit with a change in it.
struct StackedWorkspace: Workspace {
  let base: any Workspace
  let stack: Stack

  var commit: String { base.commit }

  func paths() async throws -> [String] {
    let gone = Set(stack.changes.filter { $0.after == nil }.map(\.path))
    let new = stack.changes.filter { $0.before == nil && $0.after != nil }.map(\.path)
    let paths = try await base.paths().filter { !gone.contains($0) }
    return new.isEmpty ? paths : Set(paths + new).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  func links() async throws -> [String] { try await base.links() }

  func read(_ paths: [String]) async throws -> [String: [UInt8]] {
    var files = try await base.read(paths)
    for change in stack.changes where paths.contains(change.path) { files[change.path] = change.after }
    return files
  }

  func prepare(_ told: @escaping @Sendable (EnvironmentNews) async -> Void) async throws -> MadeEnvironment? {
    try await base.prepare(told)
  }

  func runTests(_ run: TestRun) async throws -> TestLog {
    var run = run
    run.changes = stack.merged(with: run.changes)
    return try await base.runTests(run)
  }
}
