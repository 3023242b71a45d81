import Content
import Context
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

  /// Why a reading came to nothing; nil where it did not.
  init?(_ reading: ReplyReading) {
    guard let error = reading.error else { return nil }
    code = error.code
    message = reading.message ?? error.code
    feedback = reading.feedback ?? error.feedback
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
  /// All of the edits applied, or nil: some of them only where a setting says so, and then `notes` names the others.
  package let application: Application?
  package let problem: EditProblem?
  /// The format asked for, where the reply is in another; nil elsewhere, and in what an older version kept.
  package var asked: String?
  /// What person and model should know of edits that were applied; nil where there is nothing.
  package var notes: [EditNote]?
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
    let options = plan.settings.editing
    key.add(option: "format.strict", options.strict.rawValue)
    key.add(option: "edits.partial", options.partial.rawValue)
    key.add(option: "edits.tests", options.tests.rawValue)
    key.add(option: "edits.imports", options.imports.rawValue)
    key.add(option: "shown", EditsStage.shown(chain).map(\.description).joined(separator: "\n"))
    if plan.settings.reproduce == .on { key.add(option: "reproduce", "on") }
    if let stack = plan.stack { key.add(option: "stack", stack.words) }
    return key
  }

  func make(_ plan: Plan, _ chain: Chain, in workshop: Workshop) async throws -> Made {
    guard let reply = chain.reply else { throw AttemptError.missing(.reply) }
    let workspace = try await workshop.files()
    let text = plan.settings.edits(in: reply.text)
    let setup = EditsStage.setup(plan.settings, plan.instance, chain)
    let reading = try await ReplyReading(text, setup, on: WorkspaceFiles(workspace: workspace))
    var artifact = EditsArtifact(
      format: reading.format.rawValue, edits: reading.edits, application: reading.application,
      problem: EditProblem(reading), asked: reading.asked?.rawValue, notes: reading.notes.isEmpty ? nil : reading.notes)
    if reading.format == .diff, let whole = try await diff(ReplyText(text).answer, setup, workspace, workshop.world) {
      artifact = whole
      artifact.asked = reading.asked?.rawValue
    }
    artifact.isTainted = plan.stack?.isTainted == true ? true : nil
    return Made(artifact: .edits(artifact))
  }

  /// How a row's reply is read.
  static func setup(_ settings: Settings, _ instance: Instance, _ chain: Chain) -> ReplyReading.Setup {
    var setup = ReplyReading.Setup(format: settings.format, isTest: { EditsStage.isTest($0, of: instance) })
    setup.options = settings.editing
    setup.shown = shown(chain)
    setup.issue = instance.problemStatement
    return setup
  }

  /// The lines that the prompt showed.
  private static func shown(_ chain: Chain) -> [Span] {
    let cut = chain.prompt?.cut ?? []
    return (chain.context?.parts ?? []).map(\.span).filter { !cut.contains($0) }
  }

  /// A whole unified diff as git makes it (the gold patch, say) is git's to apply. Nil where git does not take it: then
  /// its hunks are edits like others.
  private func diff(
    _ text: String, _ setup: ReplyReading.Setup, _ workspace: any Workspace, _ world: World
  ) async throws -> EditsArtifact? {
    guard EditsStage.isDiff(text) else { return nil }
    do {
      let all = try await world.applyPatch(Array(text.utf8), workspace)
      let tests = all.map(\.path).filter(setup.isTest)
      let changes = all.filter { !setup.isTest($0.path) }
      if let test = tests.first, setup.options.tests == .refuse {
        return EditsArtifact(
          format: "diff", edits: [], application: nil, problem: EditProblem(.testFile(path: test, edit: 1)))
      }
      if changes.isEmpty, !tests.isEmpty {
        return EditsArtifact(
          format: "diff", edits: [], application: nil, problem: EditProblem(.onlyTests(paths: tests)))
      }
      var application = Application(changes: changes, edits: [])
      let files = try await TriedFiles(setup, on: WorkspaceFiles(workspace: workspace))
      let notes =
        (tests.isEmpty ? [] : [EditNote.tests(tests)]) + (try await files.mend(&application))
        + EditNote.drops(changes, issue: setup.issue)
      return EditsArtifact(
        format: "diff", edits: [], application: application, problem: nil, notes: notes.isEmpty ? nil : notes)
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
