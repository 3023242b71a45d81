import Attempts
import Context
import Instances

extension Session {
  /// Adds lines to what the current instance's prompts show.
  ///
  /// - Returns: the instance they belong to, and whether that changed anything.
  package func addContext(_ spans: [Span], of id: String?) async throws -> (id: String, changed: Bool) {
    let id = try contextInstance(id)
    try await check(spans, of: id)
    let new = spans.filter { !(added[id] ?? []).contains($0) || (dropped[id] ?? []).contains($0) }
    for span in new {
      if !(added[id] ?? []).contains(span) { added[id, default: []].append(span) }
      if dropped[id]?.contains(span) ?? false {
        dropped[id]?.removeAll { $0 == span }
        undropped[id, default: []].insert(span)
      }
      note(Change(slot: "context \(id) \(span)", text: "context + \(span)", instanceID: id))
    }
    return (id, !new.isEmpty)
  }

  /// Takes lines, or files, out of what the current instance's prompts show. What was added by hand is taken back, so
  /// that all is as before it was added; what the strategy chose is kept out.
  ///
  /// - Returns: the instance they belong to, and whether that changed anything.
  package func dropContext(_ spans: [Span], of id: String?) async throws -> (id: String, changed: Bool) {
    let id = try contextInstance(id)
    try await check(spans, of: id)
    var changed = false
    for span in spans {
      let slot = "context \(id) \(span)"
      if added[id]?.contains(span) ?? false {
        added[id]?.removeAll { $0 == span }
        if undropped[id]?.remove(span) != nil { dropped[id, default: []].append(span) }
        changed = true
        if pending.contains(where: { $0.slot == slot }) {
          pending.removeAll { $0.slot == slot }
          continue
        }
      } else if !(dropped[id] ?? []).contains(span) {
        dropped[id, default: []].append(span)
        changed = true
      } else {
        continue
      }
      note(Change(slot: slot, text: "context - \(span)", instanceID: id))
    }
    return (id, changed)
  }

  /// The selection that the next take of the current instance would show, without making a take.
  package func previewContext(of id: String?) async throws -> (id: String, selection: ContextSelection) {
    let id = try contextInstance(id)
    let (instance, _) = try instance(id)
    let settings = settings(of: id)
    var options = settings.context
    options.tokensRatio = try tokenRatio(of: id)
    let workspace = try await host.workspace(instance, settings)
    let selection = try await ContextSelector.select(
      issue: instance.problemStatement, tree: WorkspaceTree(workspace: workspace), options: options,
      added: added[id] ?? [], dropped: dropped[id] ?? [])
    return (id, selection)
  }

  /// False where the last take's prompt shows nothing of `span`, as far as there is one.
  package func isShown(_ span: Span, of id: String) -> Bool {
    guard let parts = takes[id]?.last?.chain.context?.parts else { return true }
    return parts.contains { $0.span.path == span.path && $0.span.first <= span.last && span.first <= $0.span.last }
  }

  private func contextInstance(_ id: String?) throws -> String {
    if let id { return try instance(id).instance.id }
    guard let current else { throw nothingCurrent() }
    return current
  }

  /// Every span must lie in a file of the commit; the selector says what is wrong with one that does not.
  private func check(_ spans: [Span], of id: String) async throws {
    let (instance, _) = try instance(id)
    let workspace = try await host.workspace(instance, settings(of: id))
    try await ContextSelector.check(spans, in: WorkspaceTree(workspace: workspace))
  }
}
