import Content
import Edits
import Instances
import Prompts
import Repositories
import Workspaces

/// Why a reply's edits were not applied.
package struct EditProblem: Hashable, Codable, Sendable {
  /// The reason code, one word for tables and counts: `EditError.code`.
  package let code: String
  /// What is wrong, for a person.
  package let message: String
  /// What is wrong, for the model: with the nearest real lines where there are any.
  package let feedback: String

  package init(_ error: EditError) {
    code = error.code
    message = error.errorDescription ?? error.code
    feedback = error.feedback
  }

  /// A path in a diff that leads out of the repository.
  fileprivate init(_ error: PatchError) {
    code = "outside_repository"
    message = error.errorDescription ?? code
    feedback = "The diff was refused: \(message)."
  }

  /// True where the reply held no edit at all, or none that changes anything.
  package var isNoEdit: Bool { ["no_edit", "prose_only", "no_change"].contains(code) }
}

/// The edits of a reply and what they make of the files, or the reason why nothing was applied.
package struct EditsArtifact: Hashable, Codable, Sendable {
  /// The format the reply was read in, `diff` where it is a unified diff.
  package let format: String
  package let edits: [Edit]
  /// All of the edits applied, or nil: never some of them.
  package let application: Application?
  package let problem: EditProblem?
  /// True where the files held a change in which hidden tests had a part; nil elsewhere.
  package var isTainted: Bool?
}

struct EditsStage: StageMaker {
  func key(_ plan: Plan, _ chain: Chain) -> Key? {
    guard let reply = chain.reply, reply.isUsable, let hash = chain.content(of: .reply) else { return nil }
    var key = Key(of: .edits)
    key.add(input: "reply", hash)
    key.add(input: "workspace", chain.content(of: .workspace))
    key.add(input: "row", plan.row)
    key.add(option: "format", plan.settings.format.rawValue)
    if plan.settings.reproduce == .on { key.add(option: "reproduce", "on") }
    if let stack = plan.stack { key.add(option: "stack", stack.words) }
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    guard let reply = chain.reply else { throw AttemptError.missing(.reply) }
    let workspace = try await workshop.files()
    let text = plan.settings.edits(in: reply.text)
    let reading = try await EditsStage.reading(text, as: plan.settings.format, plan.instance, workspace)
    var artifact = EditsArtifact(
      format: reading.format.rawValue, edits: reading.edits, application: reading.application,
      problem: reading.error.map(EditProblem.init))
    if reading.format == .diff, let whole = try await diff(text, plan.instance, workspace, workshop.world) {
      artifact = whole
    }
    artifact.isTainted = plan.stack?.isTainted == true ? true : nil
    return Made(artifact: .edits(artifact))
  }

  /// A reply read in `format` and tried on the files of a row.
  static func reading(
    _ text: String, as format: EditFormat, rule: PlaceRule = .only, _ instance: Instance, _ workspace: any Workspace
  ) async throws -> ReplyReading {
    try await ReplyReading(
      text, format: format, on: WorkspaceFiles(workspace: workspace), rule: rule,
      isTest: { EditsStage.isTest($0, of: instance) })
  }

  /// A whole unified diff as git makes it (the gold patch, say) is git's to apply. Nil where git does not take it: then
  /// its hunks are edits like others.
  private func diff(
    _ text: String, _ instance: Instance, _ workspace: any Workspace, _ world: World
  ) async throws -> EditsArtifact? {
    guard EditsStage.isDiff(text) else { return nil }
    do {
      let changes = try await world.applyPatch(Array(text.utf8), workspace)
      if let test = changes.first(where: { EditsStage.isTest($0.path, of: instance) }) {
        return EditsArtifact(
          format: "diff", edits: [], application: nil, problem: EditProblem(.testFile(path: test.path, edit: 1)))
      }
      return EditsArtifact(
        format: "diff", edits: [], application: Application(changes: changes, edits: []), problem: nil)
    } catch let error as PatchError {
      guard case .unsafePath = error else { return nil }
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
