import Content
import Instances
import Workspaces

/// The repository of a row at its base commit.
package struct WorkspaceArtifact: Hashable, Codable, Sendable {
  package let instanceID: String
  /// The row, by the hash of its canonical bytes.
  package let row: Hash
  package let repo: String
  package let commit: String
  /// How many files the commit holds.
  package let files: Int
}

struct WorkspaceStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    var key = Key(of: .workspace)
    key.add(input: "row", plan.row)
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    let workspace = try await workshop.workspace()
    let files = try await workspace.paths().count
    return Made(
      artifact: .workspace(
        WorkspaceArtifact(
          instanceID: plan.instance.id, row: plan.row, repo: plan.instance.repo, commit: workspace.commit,
          files: files)))
  }
}
