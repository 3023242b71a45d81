import Attempts
import Context
import Instances

extension Session {
  /// Adds lines to what the current instance's prompts show.
  ///
  /// - Returns: the instance they belong to.
  package func addContext(_ spans: [Span], of id: String?) async throws -> String {
    let id = try contextInstance(id)
    try await check(spans, of: id)
    for span in spans where !(added[id] ?? []).contains(span) { added[id, default: []].append(span) }
    dropped[id]?.removeAll { spans.contains($0) }
    for span in spans { note(Change(slot: "context \(span)", text: "context + \(span)")) }
    return id
  }

  /// Takes lines, or files, out of what the current instance's prompts show.
  package func dropContext(_ spans: [Span], of id: String?) async throws -> String {
    let id = try contextInstance(id)
    try await check(spans, of: id)
    for span in spans {
      let slot = "context \(span)"
      if added[id]?.contains(span) ?? false {
        // What was added by hand is taken back; what the strategy chose is kept out.
        added[id]?.removeAll { $0 == span }
        if pending.contains(where: { $0.slot == slot }) {
          pending.removeAll { $0.slot == slot }
          continue
        }
      } else if !(dropped[id] ?? []).contains(span) {
        dropped[id, default: []].append(span)
      }
      note(Change(slot: slot, text: "context - \(span)"))
    }
    return id
  }

  /// The selection that the next take of the current instance would show, without making a take.
  package func previewContext(of id: String?) async throws -> (id: String, selection: ContextSelection) {
    let id = try contextInstance(id)
    let (instance, _) = try instance(id)
    var options = settings.context
    options.tokensRatio = settings.tokensRatio
    let workspace = try await host.workspace(instance, settings)
    let selection = try await ContextSelector.select(
      issue: instance.problemStatement, tree: WorkspaceTree(workspace: workspace), options: options,
      added: added[id] ?? [], dropped: dropped[id] ?? [])
    return (id, selection)
  }

  private func contextInstance(_ id: String?) throws -> String {
    if let id { return try instance(id).instance.id }
    guard let current else { throw SessionError.noCurrentInstance }
    return current
  }

  /// Every span must lie in a file of the commit; the selector says what is wrong with one that does not.
  private func check(_ spans: [Span], of id: String) async throws {
    let (instance, _) = try instance(id)
    let workspace = try await host.workspace(instance, settings)
    try await ContextSelector.check(spans, in: WorkspaceTree(workspace: workspace))
  }
}
