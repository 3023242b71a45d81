import Content
import Edits

/// The edits as a unified diff, computed by git, and the files as they become.
package struct PatchArtifact: Hashable, Codable, Sendable {
  /// The unified diff; empty where nothing changed.
  package let diff: String
  package let changes: [FileChange]
  /// What the files say apart from their layout: a patch that comes to the same was tried before. Nil in what an older
  /// version kept.
  package let code: Hash?
  /// True where hidden tests had a part in a change that it holds; nil elsewhere.
  package var isTainted: Bool?

  package init(diff: String, changes: [FileChange]) {
    self.diff = diff
    self.changes = changes
    code = CodeForm.hash(changes)
  }

  /// What a session compares: the hash of the diff's bytes.
  package var hash: Hash { Hash(of: diff) }

  /// Lines added and removed.
  package var counts: (added: Int, removed: Int) {
    var counts = (added: 0, removed: 0)
    var inHunk = false
    for line in diff.utf8.split(separator: 10, omittingEmptySubsequences: false) {
      if line.starts(with: "diff --git ".utf8) { inHunk = false }
      if line.starts(with: "@@ ".utf8) {
        inHunk = true
      } else if inHunk, line.first == UInt8(ascii: "+") {
        counts.added += 1
      } else if inHunk, line.first == UInt8(ascii: "-") {
        counts.removed += 1
      }
    }
    return counts
  }
}

struct PatchStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard chain.edits?.application != nil, let edits = chain.content(of: .edits) else { return nil }
    var key = Key(of: .patch)
    key.add(input: "edits", edits)
    if let stack = plan.stack { key.add(option: "stack", stack.words) }
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    guard let application = chain.edits?.application else { throw AttemptError.missing(.edits) }
    let changes = (plan.stack?.merged(with: application.changes) ?? application.changes)
      .filter { $0.before != $0.after }
    return Made(artifact: .patch(try await artifact(changes, plan, workshop)))
  }

  /// What is rewritten by hand on top of a tainted change stays tainted.
  private func artifact(_ changes: [FileChange], _ plan: Plan, _ workshop: Workshop) async throws -> PatchArtifact {
    let diff = try await workshop.world.makePatch(changes)
    var patch = PatchArtifact(diff: String(decoding: diff, as: UTF8.self), changes: changes)
    patch.isTainted = plan.stack?.isTainted == true ? true : nil
    return patch
  }

  func tweaked(_ text: String, _ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Artifact {
    let changes = try await workshop.world.applyPatch(Array(text.utf8), try await workshop.workspace())
    return .patch(try await artifact(changes, plan, workshop))
  }
}
