import Content
import Edits
import Instances
import Repositories
import Workspaces

/// Why a reply's edits were not applied.
package struct EditProblem: Hashable, Codable, Sendable {
  /// The reason code, one word for tables and counts: `EditError.code`, or `diff_refused`.
  package let code: String
  /// What is wrong, for a person.
  package let message: String
  /// What is wrong, for the model: with the nearest real lines where there are any.
  package let feedback: String

  init(_ error: EditError) {
    code = error.code
    message = error.errorDescription ?? error.code
    feedback = error.feedback
  }

  init(_ error: PatchError) {
    if case .unsafePath = error { code = "outside_repository" } else { code = "diff_refused" }
    message = error.errorDescription ?? code
    feedback = "The diff was refused: \(message)."
  }

  /// True where the reply held no edit at all, or none that changes anything.
  package var isNoEdit: Bool { ["no_edit", "prose_only", "no_change"].contains(code) }
}

/// The edits of a reply and what they make of the files, or the reason why nothing was applied.
package struct EditsArtifact: Hashable, Codable, Sendable {
  /// The format the reply was read in: `search`, `whole`, `lines`, or `diff` where it is a unified diff.
  package let format: String
  package let edits: [Edit]
  /// All of the edits applied, or nil: never some of them.
  package let application: Application?
  package let problem: EditProblem?
}

struct EditsStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard let reply = chain.reply, reply.isUsable, let hash = chain.content(of: .reply) else { return nil }
    var key = Key(stage: "edits", version: 1)
    key.add(input: "reply", hash)
    key.add(input: "workspace", chain.content(of: .workspace))
    key.add(input: "row", plan.instance.hash)
    key.add(option: "format", plan.settings.format.rawValue)
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    guard let reply = chain.reply else { throw AttemptError.missing(.reply) }
    let workspace = try await workshop.workspace()
    let artifact =
      if EditsStage.isDiff(reply.text) {
        try await diff(reply.text, plan.instance, workspace, workshop.world)
      } else {
        try await edits(reply.text, plan, workspace)
      }
    return Made(artifact: .edits(artifact))
  }

  private func edits(_ text: String, _ plan: Plan, _ workspace: any Workspace) async throws -> EditsArtifact {
    let format = plan.settings.format
    let edits: [Edit]
    do {
      edits = try EditReader.edits(in: text, format: format)
    } catch {
      return EditsArtifact(format: format.rawValue, edits: [], application: nil, problem: EditProblem(error))
    }
    // The applier reads files one by one and git gives them all at once: every path an edit may mean is asked for.
    let paths = try await workspace.paths()
    let links = Set(try await workspace.links())
    let asked = Set(edits.flatMap { meant(by: $0.path) })
    let files = try await workspace.read(
      asked.union(asked.flatMap(RepositoryPath.folders)).intersection(paths).sorted())
    let folders = Set(paths.flatMap(RepositoryPath.folders))
    do {
      let application = try EditApplier.apply(
        edits, isTestFile: { EditsStage.isTest($0, of: plan.instance) },
        folders: folders, links: links, read: { files[$0] })
      return EditsArtifact(format: format.rawValue, edits: edits, application: application, problem: nil)
    } catch let error as EditError {
      return EditsArtifact(format: format.rawValue, edits: edits, application: nil, problem: EditProblem(error))
    }
  }

  /// The paths that the applier may look up for one that a reply names: without `./`, and without `a/` or `b/`.
  private func meant(by path: String) -> [String] {
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    return [String(rest)] + (rest.hasPrefix("a/") || rest.hasPrefix("b/") ? [String(rest.dropFirst(2))] : [])
  }

  /// A unified diff is never asked for; where one comes (the gold patch, say) git applies it strictly or not at all.
  private func diff(
    _ text: String, _ instance: Instance, _ workspace: any Workspace, _ world: World
  ) async throws -> EditsArtifact {
    do {
      let changes = try await world.applyPatch(Array(text.utf8), workspace)
      if let test = changes.first(where: { EditsStage.isTest($0.path, of: instance) }) {
        return EditsArtifact(
          format: "diff", edits: [], application: nil, problem: EditProblem(.testFile(path: test.path, edit: 1)))
      }
      return EditsArtifact(
        format: "diff", edits: [], application: Application(changes: changes, edits: []), problem: nil)
    } catch let error as PatchError {
      return EditsArtifact(format: "diff", edits: [], application: nil, problem: EditProblem(error))
    }
  }

  static func isDiff(_ text: String) -> Bool {
    let head = text.drop { $0.isWhitespace }
    return head.hasPrefix("diff --git ") || (head.hasPrefix("--- a/") && text.contains("\n+++ b/"))
  }

  static func isTest(_ path: String, of instance: Instance) -> Bool {
    TestFile.isTest(path) || instance.testFiles.contains(path)
  }
}
