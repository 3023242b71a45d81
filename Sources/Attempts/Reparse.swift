import Edits
import Instances
import Workspaces

/// A take's recorded reply, read again in a format of one's choice. The model is not asked, and the take stays as it is.
package struct Reparse: Sendable {
  package let instanceID: String
  package let take: TakeID
  /// The format it was read in then, and the reason code of what went wrong; nil where nothing did.
  package let formatBefore: String
  package let codeBefore: String?
  package let reading: ReplyReading
  /// True where other files come out, or another reason.
  package let isOther: Bool

  /// - Parameters:
  ///   - take: a take with a complete reply.
  ///   - instance: its row.
  ///   - format: the format to read it in; nil is that of the take's settings.
  ///   - rule: which of several places is taken.
  ///   - workspace: the row's files.
  /// - Throws: `AttemptError.missing` where there is no reply; what reading the files throws.
  package init(
    _ take: Take, of instance: Instance, as format: EditFormat?, rule: PlaceRule = .only, in workspace: any Workspace
  ) async throws {
    guard let reply = take.chain.reply else { throw AttemptError.missing(.reply) }
    var setup = EditsStage.setup(take.settings, instance, take.chain)
    setup.format = format ?? take.settings.format
    setup.rule = rule
    let reading = try await ReplyReading(
      take.settings.edits(in: reply.text), setup, on: WorkspaceFiles(workspace: workspace))
    instanceID = take.instanceID
    self.take = take.id
    self.reading = reading
    let before = take.chain.edits
    formatBefore = before?.format ?? ""
    codeBefore = before?.problem?.code
    isOther =
      before?.problem?.code != reading.error?.code || before?.application?.changes != reading.application?.changes
  }
}
